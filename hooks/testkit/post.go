package testkit

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"testing"
)

// Part returns the text of one part, such as text/plain; "" if there is none.
func (p Post) Part(kind string) string {
	return strings.ReplaceAll(p.Exact(kind), "\r\n", "\n")
}

// Exact is Part with the line breaks as they were sent.
func (p Post) Exact(kind string) string {
	m, err := mail.ReadMessage(bytes.NewReader(p.Raw))
	if err != nil {
		return ""
	}
	return within(m.Header.Get("Content-Type"), m.Body, kind)
}

// Calendar reads the object with one event that goes along with the message.
func (p Post) Calendar(t testing.TB) Calendar {
	t.Helper()
	return ReadCalendar(t, p.object(t))
}

// Calendars reads the events that go along with the message.
func (p Post) Calendars(t testing.TB) []Calendar {
	t.Helper()
	return ReadCalendars(t, p.object(t))
}

// object is the calendar object of the message, which must be there twice and the same.
func (p Post) object(t testing.TB) string {
	t.Helper()
	part, file := p.Exact("text/calendar"), p.Exact("application/ics")
	if part == "" || part != file {
		t.Fatalf("the letter to %s brings %q and the file %q", p.To, part, file)
	}
	return part
}

// within looks for a part among others, and within those.
func within(outer string, body io.Reader, kind string) string {
	_, params, err := mime.ParseMediaType(outer)
	if err != nil {
		return ""
	}
	for parts := multipart.NewReader(body, params["boundary"]); ; {
		part, err := parts.NextRawPart()
		if err != nil {
			return ""
		}
		is := part.Header.Get("Content-Type")
		if strings.HasPrefix(is, "multipart/") {
			if text := within(is, part, kind); text != "" {
				return text
			}
			continue
		}
		if strings.HasPrefix(is, kind) {
			return decoded(part)
		}
	}
}

func decoded(part *multipart.Part) string {
	reader := io.Reader(quotedprintable.NewReader(part))
	if part.Header.Get("Content-Transfer-Encoding") == "base64" {
		reader = base64.NewDecoder(base64.StdEncoding, part)
	}
	text, err := io.ReadAll(reader)
	if err != nil {
		return ""
	}
	return string(text)
}
