package mail

import (
	"errors"
	"regexp"
	"strings"

	gomail "github.com/wneessen/go-mail"
)

// maxWords is how much of a mail server's answer is kept, in bytes.
const maxWords = 500

// verdict is what one attempt to send has come to.
type verdict struct {
	state   string // StateSent, StateRetry, StateFailed or StateUncertain
	words   string // what the mail server said, or what went wrong
	bounced bool   // the address itself does not exist
	channel bool   // the fault is the line's or the sender's, not the letter's
	broken  bool   // the connection must not be used again
}

// noSuchAddress finds the enhanced codes 5.1.x in a server's answer.
var noSuchAddress = regexp.MustCompile(`\b5\d\d "?5\.1\.(\d+)\b`)

// judge reads the outcome of one Send. Only the server's code decides: the library calls every network fault permanent,
// and taking its word for that would lose letters.
func judge(msg *gomail.Msg, err error) verdict {
	// Asked first: a letter may be accepted although an error followed.
	if msg.IsDelivered() {
		return verdict{state: StateSent, words: clip(msg.ServerResponse(), maxWords), broken: err != nil}
	}
	v := verdict{words: clip(words(err), maxWords), broken: true}
	var fault *gomail.SendError
	if !errors.As(err, &fault) {
		v.state = StateRetry
		return v
	}
	switch code := fault.ErrorCode(); {
	case code >= 500 && fault.Reason == gomail.ErrSMTPMailFrom:
		// The sender is refused before any recipient was named, so it would be refused for everybody.
		v.state, v.channel = StateRetry, true
	case code >= 500:
		v.state, v.bounced = StateFailed, bounced(v.words)
	case code >= 400:
		v.state = StateRetry
	case fault.Reason == gomail.ErrSMTPDataClose || fault.Reason == gomail.ErrWriteContent:
		// The whole letter may have arrived and only the answer be lost.
		v.state = StateUncertain
	default:
		v.state = StateRetry
	}
	return v
}

// bounced reports whether the answer says that the recipient's address is wrong. 5.1.7 and 5.1.8 speak of the sender.
func bounced(answer string) bool {
	found := noSuchAddress.FindStringSubmatch(answer)
	return found != nil && found[1] != "7" && found[1] != "8"
}

// words is what went wrong, without the address and the Message-ID the library adds: the row has both.
func words(err error) string {
	if err == nil {
		return ""
	}
	text, _, _ := strings.Cut(err.Error(), ", affected ")
	return text
}
