package mail

import (
	"errors"
	"net/textproto"
	"regexp"
)

// maxWords is how much of a mail server's answer is kept, in bytes.
const maxWords = 500

// verdict is what one attempt to send has come to. Only after StateSent may the connection be used again.
type verdict struct {
	state   string // StateSent, StateRetry, StateFailed or StateUncertain
	words   string // what the mail server said, or what went wrong
	bounced bool   // the address itself does not exist
	channel bool   // the fault is the line's or the sender's, not the letter's
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

// judge reads why a step failed. Only the server's code decides: an error without one is the network's.
func judge(step string, err error) verdict {
	v := verdict{state: StateRetry, words: clip(step+": "+err.Error(), maxWords)}
	var answer *textproto.Error
	coded := errors.As(err, &answer)
	switch {
	case coded && answer.Code >= 500 && step == stepMail:
		// The sender is refused before any recipient was named, so it would be refused for everybody.
		v.channel = true
	case coded && answer.Code >= 500:
		v.state, v.bounced = StateFailed, bounced(v.words)
	case !coded && step == stepBody:
		// The whole letter may have arrived and only the answer be lost.
		v.state = StateUncertain
	}
	return v
}

// bounced reports whether the answer says that the recipient's address is wrong. 5.1.7 and 5.1.8 speak of the sender.
func bounced(answer string) bool {
	found := noSuchAddress.FindStringSubmatch(answer)
	return found != nil && found[1] != "7" && found[1] != "8"
}
