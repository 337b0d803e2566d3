package mail

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"mime/quotedprintable"
	"net/textproto"
	"strings"

	gomail "github.com/wneessen/go-mail"
)

// invitation puts text, HTML and calendar object side by side into the letter, and the object once more behind them as a
// file, because some calendars look for the one and some for the other (RFC 6047).
//
// The library would write the same boundary around both multiparts, and a reader could not tell where the inner one ends.
// So the inner one is written here, and both follow from what is frozen on the row.
func invitation(msg *gomail.Msg, d Delivery) error {
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	// Neither boundary may begin with the other.
	if err := parts.SetBoundary("calendar" + d.Boundary); err != nil {
		return fmt.Errorf("boundary of a letter: %w", err)
	}
	for _, part := range [][2]string{{"text/plain", d.TextBody}, {"text/html", d.HTMLBody},
		{"text/calendar; method=" + methodOf(d.Calendar), d.Calendar}} {
		if err := alternative(parts, part[0], part[1]); err != nil {
			return fmt.Errorf("parts of a letter: %w", err)
		}
	}
	if err := parts.Close(); err != nil {
		return fmt.Errorf("parts of a letter: %w", err)
	}
	kind := gomail.ContentType("multipart/alternative;\r\n boundary=" + parts.Boundary())
	msg.SetBodyString(kind, body.String(), gomail.WithPartEncoding(gomail.NoEncoding))
	return msg.AttachReader("invite.ics", strings.NewReader(d.Calendar), gomail.WithFileContentType("application/ics"))
}

// alternative writes one way to read the letter.
func alternative(parts *multipart.Writer, kind, text string) error {
	part, err := parts.CreatePart(textproto.MIMEHeader{
		"Content-Transfer-Encoding": {"quoted-printable"}, "Content-Type": {kind + "; charset=UTF-8"},
	})
	if err != nil {
		return err
	}
	out := quotedprintable.NewWriter(part)
	if _, err := out.Write([]byte(text)); err != nil {
		return err
	}
	return out.Close()
}

// methodOf is what a calendar object asks for; a line of its own that nothing people type can begin.
func methodOf(calendar string) string {
	_, rest, _ := strings.Cut(calendar, "\r\nMETHOD:")
	method, _, _ := strings.Cut(rest, "\r\n")
	return method
}
