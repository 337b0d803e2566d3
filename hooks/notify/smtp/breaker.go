package smtp

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

// The reasons why a server cannot be used. Each has a sentence under mail.channel.<code>.
const (
	FaultNoSuchHost      = "no_such_host"
	FaultRefused         = "connection_refused"
	FaultTimedOut        = "timed_out"
	FaultUnreachable     = "unreachable"
	FaultTLSUntrusted    = "tls_untrusted"
	FaultTLSWrongName    = "tls_wrong_name"
	FaultTLSInvalid      = "tls_invalid"
	FaultTLSMissing      = "tls_missing"
	FaultWrongPassword   = "wrong_password"
	FaultAuthMissing     = "auth_missing"
	FaultGreetingRefused = "greeting_refused"
	FaultSenderRefused   = "sender_refused"
)

// pauses is how long no message is tried after one fault, two in a row, and so on.
var pauses = []time.Duration{1 * time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 16 * time.Minute, 30 * time.Minute}

// Breaker tells whether a server may be tried. Its zero value lets everything through.
type Breaker struct {
	Reason      string    // why it is open, a Fault… code; empty while the server works
	Detail      string    // the server's or the network's own words
	Faults      int       // faults in a row
	PausedUntil time.Time // no message is tried before this
	settings    core.SMTPConfig
}

// Allows reports whether messages may be tried now. New settings close the breaker at once, and so does a clock that was
// set back: no pause is as long as that.
func (b Breaker) Allows(now time.Time, settings core.SMTPConfig) bool {
	rest := b.PausedUntil.Sub(now)
	return b.Reason == "" || rest <= 0 || rest > pauses[len(pauses)-1] || b.settings != settings
}

// Trip notes one more fault and pauses, longer each time.
func (b Breaker) Trip(now time.Time, settings core.SMTPConfig, fault TransportError) Breaker {
	pause := pauses[min(b.Faults, len(pauses)-1)]
	return Breaker{Reason: fault.Reason, Detail: clip(fault.Error()), Faults: b.Faults + 1,
		PausedUntil: now.Add(pause), settings: settings}
}

// TransportError is a fault of the connection or of the sender's address, never of a message.
type TransportError struct {
	Reason string // a Fault… code
	Err    error
}

func (e TransportError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e TransportError) Unwrap() error { return e.Err }

// transportError classifies an error met while dialling, greeting, encrypting or signing in.
func transportError(err error) TransportError { return TransportError{faultOf(err), err} }

func faultOf(err error) string {
	if fault := tlsFault(err); fault != "" {
		return fault
	}
	if fault := answerFault(err); fault != "" {
		return fault
	}
	var dns *net.DNSError
	var network net.Error
	switch {
	case errors.As(err, &dns):
		return FaultNoSuchHost
	case errors.Is(err, syscall.ECONNREFUSED):
		return FaultRefused
	case errors.As(err, &network) && network.Timeout():
		return FaultTimedOut
	}
	return FaultUnreachable
}

func tlsFault(err error) string {
	var untrusted x509.UnknownAuthorityError
	var wrongName x509.HostnameError
	var invalid x509.CertificateInvalidError
	var notTLS tls.RecordHeaderError
	switch {
	case errors.As(err, &untrusted):
		return FaultTLSUntrusted
	case errors.As(err, &wrongName):
		return FaultTLSWrongName
	case errors.As(err, &invalid):
		return FaultTLSInvalid
	case errors.As(err, &notTLS), strings.Contains(err.Error(), "STARTTLS"):
		return FaultTLSMissing
	}
	return ""
}

func answerFault(err error) string {
	var answer *textproto.Error
	coded := errors.As(err, &answer)
	switch {
	case strings.Contains(err.Error(), "SMTP AUTH failed") && coded:
		return FaultWrongPassword
	case strings.Contains(err.Error(), "AUTH"):
		return FaultAuthMissing
	case coded:
		return FaultGreetingRefused
	}
	return ""
}
