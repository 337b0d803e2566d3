package testkit

import (
	"bytes"
	"io"
	"log"
	"mime"
	"net"
	"net/mail"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/pocketbase/pocketbase/core"
)

// HubURL is the hub's public address once an Office is connected.
const HubURL = "https://hub.example.org"

// Office is a real SMTP server on this machine that keeps every message.
type Office struct {
	port int
	// Pause is how long each message takes to be accepted, once it is kept.
	Pause time.Duration
	// Heard is told of each message as soon as it is kept; nil is nobody.
	Heard func(n int)
	// Refuse answers an address with an error of the server, or nil; nil takes every address.
	Refuse func(to string) error

	mu       sync.Mutex
	messages []Post
	sessions int
}

// Post is one message that arrived.
type Post struct {
	To  string
	Raw []byte
	// Session numbers the connection it came over, from 1.
	Session int
}

// NewOffice opens an office, which closes with the test. Set its fields before
// the first message is sent.
func NewOffice(t testing.TB) *Office {
	t.Helper()
	o := &Office{}
	server := smtp.NewServer(o)
	server.Domain = "mail.example.org"
	// Connections cut by a test are no news.
	server.ErrorLog = log.New(io.Discard, "", 0)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o.port = listener.Addr().(*net.TCPAddr).Port
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	return o
}

// Connect enters the office in an app's settings, as an administrator would.
func (o *Office) Connect(app core.App) error {
	settings, err := app.Settings().Clone()
	if err != nil {
		return err
	}
	settings.SMTP = core.SMTPConfig{Enabled: true, Host: "127.0.0.1", Port: o.port}
	settings.Meta.SenderAddress = "hub@hub.example.org"
	settings.Meta.AppURL = HubURL
	return app.Save(settings)
}

// Messages returns what has arrived so far.
func (o *Office) Letters() []Post {
	o.mu.Lock()
	defer o.mu.Unlock()
	return append([]Post(nil), o.messages...)
}

// NewSession is go-smtp's.
func (o *Office) NewSession(*smtp.Conn) (smtp.Session, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.sessions++
	return &counter{office: o, number: o.sessions}, nil
}

// counter is one session at the office.
type counter struct {
	office *Office
	number int
	to     string
}

func (c *counter) Mail(string, *smtp.MailOptions) error { return nil }

func (c *counter) Rcpt(to string, _ *smtp.RcptOptions) error {
	c.to = to
	if c.office.Refuse != nil {
		return c.office.Refuse(to)
	}
	return nil
}

func (c *counter) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	o := c.office
	o.mu.Lock()
	o.messages = append(o.messages, Post{c.to, raw, c.number})
	n := len(o.messages)
	o.mu.Unlock()
	if o.Heard != nil {
		o.Heard(n)
	}
	time.Sleep(o.Pause)
	return nil
}

func (c *counter) Reset()        {}
func (c *counter) Logout() error { return nil }

// Header reads a line of the message's head, decoded.
func (p Post) Header(name string) string {
	m, err := mail.ReadMessage(bytes.NewReader(p.Raw))
	if err != nil {
		return err.Error()
	}
	words, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get(name))
	if err != nil {
		return err.Error()
	}
	return words
}
