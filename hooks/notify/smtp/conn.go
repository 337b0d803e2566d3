package smtp

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
	// perConn messages go over one connection; common servers close it at 100.
	perConn = 50
	// maxIdle is how long an unused connection is trusted.
	maxIdle = 30 * time.Second
	// quitTimeout is how long a server may take to answer QUIT.
	quitTimeout = 5 * time.Second
	// grace is how long a message on its way may still take once the context has ended.
	grace = 3 * time.Second
)

// Options are how to deal with any server.
type Options struct {
	DialTimeout time.Duration  // until signed in
	SendTimeout time.Duration  // for one message; too little makes outcomes uncertain
	RootCAs     *x509.CertPool // nil are those of the system
	Helo        string         // name of the client unless the settings say so
}

// Conn is one signed-in connection to a mail server, reused for many messages.
type Conn struct {
	settings core.SMTPConfig
	options  Options
	client   *gomail.Client
	session  *smtp.Client
	conn     net.Conn
	watching func() bool // stops watching the dial's context
	sent     int
	used     time.Time
}

// Dial connects and signs in. The TCP connection, greeting, TLS and sign-in together get DialTimeout. Errors are
// TransportErrors.
func Dial(ctx context.Context, settings core.SMTPConfig, options Options) (*Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, options.DialTimeout)
	defer cancel()
	c := &Conn{settings: settings, options: options, used: time.Now()}
	client, err := gomail.NewClient(settings.Host, c.clientOptions(ctx)...)
	if err != nil {
		return nil, transportError(err)
	}
	c.client = client
	c.session, err = client.DialToSMTPClientWithContext(ctx)
	if c.watching != nil {
		c.watching()
	}
	if err != nil {
		c.Close()
		return nil, transportError(err)
	}
	return c, nil
}

func (c *Conn) clientOptions(ctx context.Context) []gomail.Option {
	s := c.settings
	config := &tls.Config{ServerName: s.Host, MinVersion: tls.VersionTLS12, RootCAs: c.options.RootCAs}
	helo := s.LocalName
	if helo == "" {
		helo = c.options.Helo
	}
	options := []gomail.Option{
		gomail.WithPort(s.Port), gomail.WithTimeout(c.options.SendTimeout), gomail.WithTLSConfig(config),
		gomail.WithTLSPolicy(c.policy()), gomail.WithHELO(helo), gomail.WithDialContextFunc(c.dialer(ctx, config)),
		// Strict servers close the connection after too many commands that carry no message.
		gomail.WithoutNoop(), gomail.WithoutRset(), gomail.WithoutSMTPUTF8(),
	}
	if s.Username != "" || s.Password != "" {
		options = append(options, gomail.WithSMTPAuth(authOf(s)), gomail.WithUsername(s.Username), gomail.WithPassword(s.Password))
	}
	return options
}

// policy demands STARTTLS wherever a password would cross a network.
func (c *Conn) policy() gomail.TLSPolicy {
	if c.settings.Password != "" && !loopback(c.settings.Host) {
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

// dialer keeps the socket, because only the socket can be closed without QUIT: after half a message a QUIT would end, and
// so deliver, the half.
func (c *Conn) dialer(dial context.Context, config *tls.Config) gomail.DialContextFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		c.conn = conn
		// The library watches its context only while connecting; a server silent later is cut off here.
		c.watching = context.AfterFunc(dial, func() { _ = conn.SetDeadline(time.Now()) })
		if !c.settings.TLS {
			return conn, nil
		}
		secure := tls.Client(conn, config)
		return secure, secure.HandshakeContext(ctx)
	}
}

// Usable reports whether the next message may go over this connection; never over nil.
func (c *Conn) Usable(settings core.SMTPConfig) bool {
	return c != nil && c.settings == settings && c.sent < perConn && time.Since(c.used) < maxIdle
}

// Send hands one finished message to the server. When ctx ends it waits a little longer and then cuts the connection.
// Only after Accepted may the connection be used again. After Rejected it may be left with Quit, else with Close only.
func (c *Conn) Send(ctx context.Context, from, to string, message []byte) Result {
	c.deadline(time.Now().Add(c.options.SendTimeout))
	stop := context.AfterFunc(ctx, func() { c.deadline(time.Now().Add(grace)) })
	defer stop()
	c.session.SkipSMTPUTF8(isASCII(from) && isASCII(to))
	c.sent++
	defer func() { c.used = time.Now() }()
	if err := c.session.Mail(path(from)); err != nil {
		return classify(stepMail, err)
	}
	if err := c.session.Rcpt(path(to)); err != nil {
		return classify(stepRcpt, err)
	}
	data, err := c.session.Data()
	if err != nil {
		return classify(stepData, err)
	}
	_, err = data.Write(message)
	if err == nil {
		err = data.Close()
	}
	if err != nil {
		return classify(stepBody, err)
	}
	return Result{Class: Accepted, Reply: clip(data.(*smtp.DataCloser).ServerResponse())}
}

// path is an address as MAIL and RCPT name it.
func path(address string) string { return (&mail.Address{Address: address}).String() }

// isASCII reports whether a server without SMTPUTF8 (RFC 6531) can be named the address.
func isASCII(address string) bool {
	return !strings.ContainsFunc(address, func(r rune) bool { return r > unicode.MaxASCII })
}

// Quit ends the session and closes the connection.
func (c *Conn) Quit() {
	c.deadline(time.Now().Add(quitTimeout))
	// Whatever the server answers, the outcome of every message is known.
	_ = c.client.CloseWithSMTPClient(c.session)
	c.Close()
}

// Close closes the socket at once.
func (c *Conn) Close() {
	if c.conn != nil {
		_ = c.conn.Close()
	}
}

func (c *Conn) deadline(at time.Time) {
	if c.conn != nil {
		_ = c.conn.SetDeadline(at)
	}
}
