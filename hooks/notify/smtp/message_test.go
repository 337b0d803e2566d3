package smtp

import (
	"mime"
	"net/mail"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit/golden"
)

// calendarObject holds characters of more than one byte and a line that looks like a boundary.
var calendarObject = strings.Join([]string{"BEGIN:VCALENDAR", "METHOD:REQUEST", "BEGIN:VEVENT", "UID:1@hub.example.org",
	`SUMMARY:Rapat “évaluasi”\; --=20`, "END:VEVENT", "END:VCALENDAR", ""}, "\r\n")

// messages are one of each shape, under the name of its golden file.
func messages() map[string]Message {
	plain := Message{ID: "a@hub.example.org", Date: time.Date(2026, 12, 7, 8, 0, 0, 0, time.FixedZone("", 7*60*60)),
		FromName: "Simpul Lima", From: "hub@hub.example.org", To: "mitra1@example.org", Subject: "Kode", Text: "Kode: 1\n"}
	full := plain
	full.FromName = "Sentra “Margo Laras”"
	full.Subject = "Rapat 09.00–11.30 — évaluasi ✓ dan hal lain yang memanjangkan judul surat ini sampai jauh sekali"
	full.HTML, full.ListID, full.FeedbackID = "<p>Évaluasi & a=b</p>", "task-due.hub.example.org", "r:task_due:p:simpul0001"
	full.Unsubscribe = "https://hub.example.org/unsubscribe/" + strings.Repeat("x", 90)
	invitation := full
	invitation.Calendar = calendarObject
	return map[string]Message{"text.eml": plain, "alternative.eml": full, "invitation.eml": invitation}
}

var boundaries = regexp.MustCompile(`boundary=(\S+)`)

func TestMessage_Bytes_MatchTheGoldenFiles(t *testing.T) {
	for name, m := range messages() {
		raw, err := m.Bytes()
		check(t, err)
		got := strings.ReplaceAll(string(raw), "\r\n", "\n")
		if strings.Count(got, "\n") != strings.Count(string(raw), "\r\n") || strings.Contains(got, "\r") {
			t.Errorf("%s: line breaks other than CRLF", name)
		}
		for i, found := range boundaries.FindAllStringSubmatch(got, -1) {
			got = strings.ReplaceAll(got, found[1], "boundary"+string(rune('1'+i)))
		}
		golden.Check(t, name, got)
	}
}

func TestReadParts_OfEveryShape_ReturnsTheTexts(t *testing.T) {
	for name, m := range messages() {
		raw, err := m.Bytes()
		check(t, err)
		text, html := ReadParts(string(raw))
		if strings.ReplaceAll(text, "\r\n", "\n") != m.Text || html != m.HTML {
			t.Errorf("%s: text = %q, html = %q", name, text, html)
		}
	}
}

func TestMessage_Bytes_LineBreaksInFieldsAddNoHeader(t *testing.T) {
	evil := "x\r\nBcc: all@evil.example"
	m := messages()["invitation.eml"]
	m.Subject, m.ListID, m.FeedbackID, m.ID = evil, evil, evil, evil
	m.Unsubscribe = "https://hub.example.org/" + evil
	raw, err := m.Bytes()
	check(t, err)
	parsed, err := mail.ReadMessage(strings.NewReader(string(raw)))
	check(t, err)
	if parsed.Header.Get("Bcc") != "" || parsed.Header.Get("List-Unsubscribe") != "" {
		t.Errorf("headers: %v", parsed.Header)
	}
	if kind, _, err := mime.ParseMediaType(parsed.Header.Get("Content-Type")); err != nil || kind != "multipart/mixed" {
		t.Errorf("content type = %q, %v", kind, err)
	}
	m.FromName = evil
	if _, err := m.Bytes(); err == nil {
		t.Error("a line break in the sender's name is no error")
	}
}

func TestDomain_PrefersTheAddressOfTheApp(t *testing.T) {
	for _, c := range []struct{ url, sender, domain string }{
		{"https://hub.example.org/x", "a@kemensos.example", "hub.example.org"},
		{"http://localhost:8090", "a@kemensos.example", "kemensos.example"},
		{"http://127.0.0.1:8090", "a@kemensos.example", "kemensos.example"},
		{"", "a@bad>domain.org", "localhost.localdomain"},
		{"http://[::1]:8090", "", "localhost.localdomain"},
	} {
		if got := Domain(core.MetaConfig{AppURL: c.url, SenderAddress: c.sender}); got != c.domain {
			t.Errorf("%s, %s: %s, expected %s", c.url, c.sender, got, c.domain)
		}
	}
}
