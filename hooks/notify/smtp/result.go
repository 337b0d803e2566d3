package smtp

import (
	"errors"
	"net/textproto"
	"regexp"
	"strings"
)

// maxReply is how much of a server's answer is kept, in bytes.
const maxReply = 500

// Class is what has become of a message.
type Class int

// The classes of results.
const (
	Accepted  Class = iota + 1 // the server has taken it
	Deferred                   // surely not taken; it may be tried again
	Rejected                   // refused for good
	Uncertain                  // nobody knows: the connection broke before the answer
)

// Result is what one attempt to send has come to.
type Result struct {
	Class          Class
	Reply          string // what the server said, or what went wrong
	UnknownAddress bool   // the recipient's address does not exist
	SenderRefused  bool   // the fault is the sender's address and not this message
}

// The steps of handing over a message, in the words that stand before an error.
const (
	stepMail = "sending SMTP MAIL FROM command"
	stepRcpt = "sending SMTP RCPT TO command"
	stepData = "sending SMTP DATA command"
	stepBody = "closing SMTP DATA writer"
)

// noSuchAddress finds the enhanced codes 5.1.x in a server's answer.
var noSuchAddress = regexp.MustCompile(`\b5\d\d "?5\.1\.(\d+)\b`)

// classify reads why a step failed. Only the server's code decides: an error without one is the network's.
func classify(step string, err error) Result {
	r := Result{Class: Deferred, Reply: clip(step + ": " + err.Error())}
	var answer *textproto.Error
	coded := errors.As(err, &answer)
	switch {
	case coded && answer.Code >= 500 && step == stepMail:
		// The sender is refused before any recipient was named, so it would be refused for everybody.
		r.SenderRefused = true
	case coded && answer.Code >= 500:
		r.Class, r.UnknownAddress = Rejected, UnknownAddress(r.Reply)
	case !coded && step == stepBody:
		// The whole message may have arrived and only the answer be lost.
		r.Class = Uncertain
	}
	return r
}

// UnknownAddress reports whether a server's answer says that the recipient's address is wrong. 5.1.7 and 5.1.8 speak of
// the sender.
func UnknownAddress(answer string) bool {
	found := noSuchAddress.FindStringSubmatch(answer)
	return found != nil && found[1] != "7" && found[1] != "8"
}

// clip makes valid text of at most maxReply bytes.
func clip(text string) string {
	return strings.ToValidUTF8(text[:min(len(text), maxReply)], "")
}
