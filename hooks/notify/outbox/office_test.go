package outbox

import (
	"crypto/tls"
	"io"
	"log"
	"net"
	"sync"
	"testing"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// arrived is one message a server accepted.
type arrived struct {
	from, to string
	body     []byte
	session  int
}

// office is a real SMTP server that keeps every message.
type office struct {
	*smtp.Server
	port      int
	password  string // demanded when not empty
	onMessage func(n int)

	mu       sync.Mutex
	messages []arrived
	sessions int
	options  []smtp.MailOptions
}

func newOffice(t testing.TB, also ...func(*office)) *office {
	t.Helper()
	o := &office{}
	o.Server = smtp.NewServer(o)
	o.Domain = "mail.example.org"
	o.AllowInsecureAuth = true
	// Connections cut by a test are no news.
	o.ErrorLog = log.New(io.Discard, "", 0)
	for _, change := range also {
		change(o)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	o.port = listener.Addr().(*net.TCPAddr).Port
	go func() { _ = o.Serve(listener) }()
	t.Cleanup(func() { _ = o.Close() })
	return o
}

// wrapped makes the office speak TLS from the first byte.
func (o *office) wrapped(t testing.TB, config *tls.Config) *office {
	t.Helper()
	listener, err := tls.Listen("tcp", "127.0.0.1:0", config)
	check(t, err)
	o.port = listener.Addr().(*net.TCPAddr).Port
	go func() { _ = o.Serve(listener) }()
	return o
}

func (o *office) NewSession(*smtp.Conn) (smtp.Session, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.sessions++
	return &counter{office: o, number: o.sessions, known: o.password == ""}, nil
}

func (o *office) got() []arrived {
	o.mu.Lock()
	defer o.mu.Unlock()
	return append([]arrived(nil), o.messages...)
}

// counter is one session at the office.
type counter struct {
	office *office
	number int
	known  bool
	letter arrived
}

func (c *counter) AuthMechanisms() []string { return []string{sasl.Plain} }

func (c *counter) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, _, password string) error {
		if c.known = password == c.office.password; !c.known {
			return smtp.ErrAuthFailed
		}
		return nil
	}), nil
}

func (c *counter) Mail(from string, options *smtp.MailOptions) error {
	if !c.known {
		return smtp.ErrAuthRequired
	}
	c.letter = arrived{from: from, session: c.number}
	c.office.mu.Lock()
	defer c.office.mu.Unlock()
	c.office.options = append(c.office.options, *options)
	return nil
}

func (c *counter) Rcpt(to string, _ *smtp.RcptOptions) error {
	c.letter.to += to
	return nil
}

func (c *counter) Data(r io.Reader) error {
	body, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	c.letter.body = body
	c.office.mu.Lock()
	c.office.messages = append(c.office.messages, c.letter)
	n := len(c.office.messages)
	c.office.mu.Unlock()
	if c.office.onMessage != nil {
		c.office.onMessage(n)
	}
	return nil
}

func (c *counter) Reset() {}

func (c *counter) Logout() error { return nil }
