package mail

import (
	"bytes"
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"
	gomail "github.com/wneessen/go-mail"
)

// message is one e-mail to one recipient.
type message struct {
	ID                  string    // the Message-ID without its angle brackets
	Date                time.Time // in the recipient's time zone
	FromName, From, To  string
	Subject, Text, HTML string // HTML may be empty
	Calendar            string // an iCalendar object that goes along; may be empty
	ListID, FeedbackID  string // both may be empty
	Unsubscribe         string // where mail programs unsubscribe with one click (RFC 8058); may be empty
}

// newMessageID makes a Message-ID that says which row it belongs to.
func newMessageID(id string, meta core.MetaConfig) string {
	return id + "." + security.RandomString(12) + "@" + domainOf(meta)
}

// Domain is the hub's own domain: that of its address, or of its sender while the hub has no public address yet.
func Domain(app core.App) string { return domainOf(app.Settings().Meta) }

func domainOf(meta core.MetaConfig) string {
	if address, err := url.Parse(meta.AppURL); err == nil && public(address.Hostname()) {
		return address.Hostname()
	}
	if _, domain, found := strings.Cut(meta.SenderAddress, "@"); found && public(domain) {
		return domain
	}
	return "localhost.localdomain"
}

func public(host string) bool {
	return strings.Contains(host, ".") && net.ParseIP(host) == nil && !strings.ContainsAny(host, " <>@\r\n")
}

// bytes writes the message as RFC 5322 text. Its headers are folded here and not by whoever signs or sends it.
func (m message) bytes() ([]byte, error) {
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := msg.FromFormat(m.FromName, m.From); err != nil {
		return nil, channelError{ChannelSenderRefused, fmt.Errorf("sender of the hub: %w", err)}
	}
	if err := msg.To(m.To); err != nil {
		return nil, fmt.Errorf("address of the recipient: %w", err)
	}
	msg.Subject(m.Subject)
	msg.SetMessageIDWithValue(m.ID)
	msg.SetDateWithValue(m.Date)
	m.label(msg)
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	if m.Calendar != "" {
		if err := m.attachCalendar(msg); err != nil {
			return nil, fmt.Errorf("calendar object of the message: %w", err)
		}
	}
	var out bytes.Buffer
	if _, err := msg.WriteTo(&out); err != nil {
		return nil, fmt.Errorf("write the message: %w", err)
	}
	return out.Bytes(), nil
}

// label tells mail programs and mail services what sort of message it is and how to unsubscribe.
func (m message) label(msg *gomail.Msg) {
	// Both keep holiday notices and other machines from answering.
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetGenHeader("X-Auto-Response-Suppress", "All")
	if m.ListID != "" {
		msg.SetGenHeader("List-Id", "<"+m.ListID+">")
	}
	if m.FeedbackID != "" {
		msg.SetGenHeader("Feedback-ID", m.FeedbackID)
	}
	if oneClick(m.Unsubscribe) {
		// SetListUnsubscribe writes its argument as it stands, so that a line break in it would begin another header.
		msg.SetGenHeader("List-Unsubscribe", "<"+m.Unsubscribe+">")
		msg.SetGenHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
	}
}

// attachCalendar puts the object beside text and HTML, and once more behind them as a file, because some calendars look
// for the one and some for the other (RFC 6047).
func (m message) attachCalendar(msg *gomail.Msg) error {
	_, rest, _ := strings.Cut(m.Calendar, "\r\nMETHOD:")
	method, _, _ := strings.Cut(rest, "\r\n")
	msg.AddAlternativeString(gomail.ContentType("text/calendar; method="+method), m.Calendar)
	return msg.AttachReader("invite.ics", strings.NewReader(m.Calendar), gomail.WithFileContentType("application/ics"))
}

// oneClick reports whether an address may be offered to mail programs: RFC 8058 asks for https.
func oneClick(address string) bool {
	parsed, err := url.Parse(address)
	return err == nil && parsed.Scheme == "https" && parsed.Host != "" && !strings.ContainsAny(address, " <>\r\n")
}

// readParts reads text and HTML of a message as bytes wrote it.
func readParts(message string) (text, html string) {
	msg, err := gomail.EMLToMsgFromString(message)
	if err != nil {
		return "", ""
	}
	for _, part := range msg.GetParts() {
		// A part that cannot be decoded is shown empty.
		content, _ := part.GetContent()
		switch part.GetContentType() {
		case gomail.TypeTextPlain:
			text = string(content)
		case gomail.TypeTextHTML:
			html = string(content)
		}
	}
	return text, html
}

// validAddress reports whether a text is one bare address.
func validAddress(address string) bool {
	parsed, err := mail.ParseAddress(address)
	return err == nil && parsed.Address == address && !strings.ContainsAny(address, "\r\n ")
}
