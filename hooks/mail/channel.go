package mail

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/textproto"
	"strings"
	"syscall"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// The reasons why the mail server cannot be used. Each has a sentence under mail.channel.<code>.
const (
	ChannelNoSuchHost      = "no_such_host"
	ChannelRefused         = "connection_refused"
	ChannelTimedOut        = "timed_out"
	ChannelUnreachable     = "unreachable"
	ChannelTLSUntrusted    = "tls_untrusted"
	ChannelTLSWrongName    = "tls_wrong_name"
	ChannelTLSInvalid      = "tls_invalid"
	ChannelTLSMissing      = "tls_missing"
	ChannelWrongPassword   = "wrong_password"
	ChannelAuthMissing     = "auth_missing"
	ChannelGreetingRefused = "greeting_refused"
	ChannelSenderRefused   = "sender_refused"
)

// pauses is how long the channel rests after one fault, two in a row, and so on.
var pauses = []time.Duration{1 * time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 16 * time.Minute, 30 * time.Minute}

// Channel tells how the way to the mail server stands.
type Channel struct {
	Reason      string    // why it rests, a Channel… code; empty while it works
	Detail      string    // the server's or the network's own words
	Faults      int       // faults in a row
	PausedUntil time.Time // no letter is tried before this
	settings    core.SMTPConfig
}

// open reports whether letters may be tried now. New settings open it at once, and so does a clock that was set back: no
// pause is as long as that.
func (c Channel) open(now time.Time, settings core.SMTPConfig) bool {
	rest := c.PausedUntil.Sub(now)
	return c.Reason == "" || rest <= 0 || rest > pauses[len(pauses)-1] || c.settings != settings
}

// rest notes one more fault and pauses the channel, longer each time.
func (c Channel) rest(now time.Time, settings core.SMTPConfig, fault channelError) Channel {
	pause := pauses[min(c.Faults, len(pauses)-1)]
	return Channel{Reason: fault.reason, Detail: clip(fault.Error(), maxWords), Faults: c.Faults + 1,
		PausedUntil: now.Add(pause), settings: settings}
}

// channelError is a fault of the line, never of a letter.
type channelError struct {
	reason string
	cause  error
}

func (e channelError) Error() string { return e.cause.Error() }
func (e channelError) Unwrap() error { return e.cause }

// lineFault sorts an error met while dialling, greeting, encrypting or signing in.
func lineFault(err error) channelError {
	return channelError{lineReason(err), err}
}

func lineReason(err error) string {
	if reason := tlsReason(err); reason != "" {
		return reason
	}
	if reason := answerReason(err); reason != "" {
		return reason
	}
	var dns *net.DNSError
	var network net.Error
	switch {
	case errors.As(err, &dns):
		return ChannelNoSuchHost
	case errors.Is(err, syscall.ECONNREFUSED):
		return ChannelRefused
	case errors.As(err, &network) && network.Timeout():
		return ChannelTimedOut
	}
	return ChannelUnreachable
}

func tlsReason(err error) string {
	var untrusted x509.UnknownAuthorityError
	var wrongName x509.HostnameError
	var invalid x509.CertificateInvalidError
	var notTLS tls.RecordHeaderError
	switch {
	case errors.As(err, &untrusted):
		return ChannelTLSUntrusted
	case errors.As(err, &wrongName):
		return ChannelTLSWrongName
	case errors.As(err, &invalid):
		return ChannelTLSInvalid
	case errors.As(err, &notTLS), strings.Contains(err.Error(), "STARTTLS"):
		return ChannelTLSMissing
	}
	return ""
}

func answerReason(err error) string {
	var answer *textproto.Error
	coded := errors.As(err, &answer)
	switch {
	case strings.Contains(err.Error(), "SMTP AUTH failed") && coded:
		return ChannelWrongPassword
	case strings.Contains(err.Error(), "AUTH"):
		return ChannelAuthMissing
	case coded:
		return ChannelGreetingRefused
	}
	return ""
}
