package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/mail"
	"strings"
	"time"
	"unicode"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/mailer"
	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

const (
	// perLine letters go over one connection; common servers close it at 100.
	perLine = 50
	// idleLine is how long an unused connection is trusted.
	idleLine = 30 * time.Second
	// quitTime is how long a server may take to say goodbye.
	quitTime = 5 * time.Second
	// lastWords is how long a letter on its way may still take once the hub is being stopped.
	lastWords = 3 * time.Second
)

// terms are how the sender deals with any mail server.
type terms struct {
	dial  time.Duration  // patience until signed in
	send  time.Duration  // patience for each answer; too little makes letters uncertain
	roots *x509.CertPool // whom to trust; nil is whom the system trusts
	helo  string         // what the hub calls itself unless the settings say so
}

// line is one signed-in connection to the mail server, reused for many letters.
type line struct {
	settings core.SMTPConfig
	patience time.Duration
	client   *gomail.Client
	session  *smtp.Client
	conn     net.Conn
	watching func() bool // stops watching the dial's context
	sent     int
	used     time.Time
}

// dialLine connects and signs in. The TCP connection, greeting, TLS and sign-in together get terms.dial. Errors are
// channelErrors.
func dialLine(ctx context.Context, settings core.SMTPConfig, terms terms) (*line, error) {
	ctx, cancel := context.WithTimeout(ctx, terms.dial)
	defer cancel()
	l := &line{settings: settings, patience: terms.send, used: time.Now()}
	client, err := gomail.NewClient(settings.Host, l.options(ctx, terms)...)
	if err != nil {
		return nil, lineFault(err)
	}
	l.client = client
	l.session, err = client.DialToSMTPClientWithContext(ctx)
	if l.watching != nil {
		l.watching()
	}
	if err != nil {
		l.cut()
		return nil, lineFault(err)
	}
	return l, nil
}

func (l *line) options(ctx context.Context, terms terms) []gomail.Option {
	s := l.settings
	config := &tls.Config{ServerName: s.Host, MinVersion: tls.VersionTLS12, RootCAs: terms.roots}
	helo := s.LocalName
	if helo == "" {
		helo = terms.helo
	}
	options := []gomail.Option{
		gomail.WithPort(s.Port), gomail.WithTimeout(terms.send), gomail.WithTLSConfig(config),
		gomail.WithTLSPolicy(l.policy()), gomail.WithHELO(helo), gomail.WithDialContextFunc(l.connect(ctx, config)),
		// Strict servers hang up on too many commands that carry no letter.
		gomail.WithoutNoop(), gomail.WithoutRset(), gomail.WithoutSMTPUTF8(),
	}
	if s.Username != "" || s.Password != "" {
		options = append(options, gomail.WithSMTPAuth(authOf(s)), gomail.WithUsername(s.Username), gomail.WithPassword(s.Password))
	}
	return options
}

// policy demands STARTTLS wherever a password would cross a network.
func (l *line) policy() gomail.TLSPolicy {
	if l.settings.Password != "" && !loopback(l.settings.Host) {
		return gomail.TLSMandatory
	}
	return gomail.TLSOpportunistic
}

// authOf picks the mechanism set in the admin UI. A password goes unencrypted to this very machine only.
func authOf(s core.SMTPConfig) gomail.SMTPAuthType {
	login, open := s.AuthMethod == mailer.SMTPAuthLogin, loopback(s.Host) && !s.TLS
	switch {
	case login && open:
		return gomail.SMTPAuthLoginNoEnc
	case login:
		return gomail.SMTPAuthLogin
	case open:
		return gomail.SMTPAuthPlainNoEnc
	}
	return gomail.SMTPAuthPlain
}

func loopback(host string) bool {
	address := net.ParseIP(host)
	return host == "localhost" || address != nil && address.IsLoopback()
}

// connect keeps hold of the socket, because only the socket can be closed without saying goodbye: after a broken letter
// a QUIT would end, and so deliver, the half of it.
func (l *line) connect(dial context.Context, config *tls.Config) gomail.DialContextFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		l.conn = conn
		// The library watches its context only while connecting; a server silent later is cut off here.
		l.watching = context.AfterFunc(dial, func() { _ = conn.SetDeadline(time.Now()) })
		if !l.settings.TLS {
			return conn, nil
		}
		secure := tls.Client(conn, config)
		return secure, secure.HandshakeContext(ctx)
	}
}

// usable reports whether the next letter may go over this connection.
func (l *line) usable(settings core.SMTPConfig) bool {
	return l != nil && l.settings == settings && l.sent < perLine && time.Since(l.used) < idleLine
}

// send hands one finished message to the server. When ctx ends it waits lastWords longer and then cuts the line.
func (l *line) send(ctx context.Context, from, to string, message []byte) verdict {
	l.deadline(time.Now().Add(l.patience))
	stop := context.AfterFunc(ctx, func() { l.deadline(time.Now().Add(lastWords)) })
	defer stop()
	l.session.SkipSMTPUTF8(isASCII(from) && isASCII(to))
	l.sent++
	defer func() { l.used = time.Now() }()
	if err := l.session.Mail(path(from)); err != nil {
		return judge(stepMail, err)
	}
	if err := l.session.Rcpt(path(to)); err != nil {
		return judge(stepRcpt, err)
	}
	data, err := l.session.Data()
	if err != nil {
		return judge(stepData, err)
	}
	_, err = data.Write(message)
	// After half a message the connection must not be used for anything: the next command would end, and so deliver, the half.
	if err == nil {
		err = data.Close()
	}
	if err != nil {
		return judge(stepBody, err)
	}
	return verdict{state: StateSent, words: clip(data.(*smtp.DataCloser).ServerResponse(), maxWords)}
}

// path is an address as MAIL and RCPT name it.
func path(address string) string { return (&mail.Address{Address: address}).String() }

// isASCII reports whether a server without SMTPUTF8 (RFC 6531) can be named the address.
func isASCII(address string) bool {
	return !strings.ContainsFunc(address, func(r rune) bool { return r > unicode.MaxASCII })
}

// quit says goodbye and closes the connection.
func (l *line) quit() {
	l.deadline(time.Now().Add(quitTime))
	// Whatever the server answers, every letter is already settled.
	_ = l.client.CloseWithSMTPClient(l.session)
	l.cut()
}

// cut closes the socket at once.
func (l *line) cut() {
	if l.conn != nil {
		_ = l.conn.Close()
	}
}

func (l *line) deadline(at time.Time) {
	if l.conn != nil {
		_ = l.conn.SetDeadline(at)
	}
}
