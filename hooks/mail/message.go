package mail

import (
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"
	gomail "github.com/wneessen/go-mail"

	"simpul/hooks/clock"
)

// envelope is what makes two copies of a letter the same letter. It is frozen on the row before the first copy leaves.
type envelope struct {
	messageID string
	date      time.Time
	boundary  string
}

// envelopeOf keeps the row's Message-ID and boundary, or makes them at its first attempt. The date is that of writing.
func envelopeOf(d Delivery, meta core.MetaConfig, now time.Time) envelope {
	e := envelope{messageID: d.MessageID, date: now.Truncate(time.Second), boundary: d.Boundary}
	if e.messageID == "" {
		e.messageID = d.ID + "." + security.RandomString(12) + "@" + domainOf(meta)
	}
	if e.boundary == "" {
		e.boundary = security.RandomString(32)
	}
	return e
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

// compose writes the message of a claimed row. Two calls with the same row write the same bytes.
func compose(d Delivery, meta core.MetaConfig) (*gomail.Msg, error) {
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithBoundary(d.Boundary))
	if err := msg.FromFormat(oneLine(meta.SenderName), meta.SenderAddress); err != nil {
		return nil, channelError{ChannelSenderRefused, fmt.Errorf("sender of the hub: %w", err)}
	}
	if err := msg.To(d.Email); err != nil {
		return nil, fmt.Errorf("address of the recipient: %w", err)
	}
	msg.Subject(d.Subject)
	msg.SetMessageIDWithValue(d.MessageID)
	msg.SetDateWithValue(d.MailDate.Time().In(clock.Zone(d.Zone)))
	// Both keep holiday notices and other machines from answering.
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetGenHeader("X-Auto-Response-Suppress", "All")
	if d.Kind != KindAccount {
		label(msg, d, meta)
	}
	if d.Calendar != "" {
		return msg, invitation(msg, d)
	}
	msg.SetBodyString(gomail.TypeTextPlain, d.TextBody)
	if d.HTMLBody != "" {
		msg.AddAlternativeString(gomail.TypeTextHTML, d.HTMLBody)
	}
	return msg, nil
}

// validAddress reports whether a text is one bare address.
func validAddress(address string) bool {
	parsed, err := mail.ParseAddress(address)
	return err == nil && parsed.Address == address && !strings.ContainsAny(address, "\r\n ")
}

// needsUTF8 reports whether an address can only be named to a server that takes non-ASCII addresses.
func needsUTF8(addresses ...string) bool {
	for _, address := range addresses {
		for _, r := range address {
			if r > 127 {
				return true
			}
		}
	}
	return false
}
