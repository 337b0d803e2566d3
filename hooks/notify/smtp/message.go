// Package smtp writes, signs and sends messages: one connection to a mail server, the bytes of a message, what the
// server's answer means, and when a faulty server is tried again. It knows no table.
package smtp

import (
	"bytes"
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"
	gomail "github.com/wneessen/go-mail"
)

// Message is one e-mail to one recipient.
type Message struct {
	ID                  string    // the Message-ID without its angle brackets
	Date                time.Time // in the recipient's time zone
	FromName, From, To  string
	Subject, Text, HTML string // HTML may be empty
	Calendar            string // an iCalendar object that goes along; may be empty
	ListID, FeedbackID  string // both may be empty
	Unsubscribe         string // where mail programs unsubscribe with one click (RFC 8058); may be empty
}

// Domain is the app's own domain: that of its address, or of its sender while it has no public address yet.
func Domain(meta core.MetaConfig) string {
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

// Bytes writes the message as RFC 5322 text. Its headers are folded here and not by whoever signs or sends it.
func (m Message) Bytes() ([]byte, error) {
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := msg.FromFormat(m.FromName, m.From); err != nil {
		return nil, TransportError{FaultSenderRefused, fmt.Errorf("sender of the hub: %w", err)}
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
func (m Message) label(msg *gomail.Msg) {
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
func (m Message) attachCalendar(msg *gomail.Msg) error {
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

// ReadParts reads text and HTML of a message as Bytes wrote it.
func ReadParts(message string) (text, html string) {
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

// ValidAddress reports whether a text is one bare address.
func ValidAddress(address string) bool {
	parsed, err := mail.ParseAddress(address)
	return err == nil && parsed.Address == address && !strings.ContainsAny(address, "\r\n ")
}
