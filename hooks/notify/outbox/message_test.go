package outbox

import (
	"bytes"
	"flag"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"simpul/hooks/notify/smtp"
)

var update = flag.Bool("update", false, "write the golden letters anew")

func contains(text []byte, all ...string) bool {
	for _, part := range all {
		if !bytes.Contains(text, []byte(part)) {
			return false
		}
	}
	return true
}

// sentTo sends one message to a person in a time zone and returns it as it arrived.
func sentTo(t *testing.T, zone string, change func(*world, *Message)) (arrived, *world) {
	t.Helper()
	w := newWorld(t)
	o := newOffice(t)
	w.connectTo("127.0.0.1", o.port)
	w.run(`INSERT INTO contacts (id, position, name, time_zone) VALUES ('contact00000001', 'Kepala', 'Kepala', '` + zone + `')`)
	l := letter(1)
	l.Recipient = "contact00000001"
	change(w, &l)
	w.queue(l)
	w.flush(monday.Add(300 * time.Millisecond))
	if got := o.got(); len(got) == 1 {
		return got[0], w
	}
	t.Fatalf("%d letters arrived; %+v", len(o.got()), w.rows())
	return arrived{}, w
}

func parse(t *testing.T, a arrived) *mail.Message {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(a.body))
	check(t, err)
	return m
}

// parts decodes both alternatives of a message.
func parts(t *testing.T, m *mail.Message) map[string]string {
	t.Helper()
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	check(t, err)
	if kind != "multipart/alternative" {
		t.Fatalf("the letter is %s", kind)
	}
	found := map[string]string{}
	for reader := multipart.NewReader(m.Body, params["boundary"]); ; {
		part, err := reader.NextRawPart()
		if err == io.EOF {
			return found
		}
		check(t, err)
		kind, params, err := mime.ParseMediaType(part.Header.Get("Content-Type"))
		check(t, err)
		if params["charset"] != "UTF-8" || part.Header.Get("Content-Transfer-Encoding") != "quoted-printable" {
			t.Errorf("part %v", part.Header)
		}
		text, err := io.ReadAll(quotedprintable.NewReader(part))
		check(t, err)
		found[kind] = strings.ReplaceAll(string(text), "\r\n", "\n")
	}
}

func TestRender_Message_IsWellFormed(t *testing.T) {
	for zone, offset := range map[string]string{"Asia/Jakarta": "+0700", "Asia/Makassar": "+0800", "Asia/Jayapura": "+0900"} {
		t.Run(zone, func(t *testing.T) {
			a, w := sentTo(t, zone, func(*world, *Message) {})
			m, d := parse(t, a), w.rows()[0]
			for name, expected := range map[string]string{
				"From": `"Simpul Lima" <hub@hub.example.org>`, "To": "<mitra1@example.org>", "Subject": "Tenggat besok",
				"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All", "List-Id": "<task-due.hub.example.org>",
				"Message-Id": "<" + d.MessageID + ">", "Mime-Version": "1.0", "User-Agent": "", "X-Mailer": "", "Bcc": "", "Cc": "",
				"Feedback-Id": "hub:task_due:hub:simpula01eb8ca", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
			} {
				if got := m.Header.Get(name); got != expected || len(m.Header[name]) > 1 {
					t.Errorf("%s: %q, expected %q", name, m.Header[name], expected)
				}
			}
			if stop := m.Header.Get("List-Unsubscribe"); !strings.HasPrefix(stop, "<https://hub.example.org"+StopPath) {
				t.Errorf("List-Unsubscribe: %s", stop)
			}
			if !strings.HasSuffix(d.MessageID, "@hub.example.org") {
				t.Errorf("Message-ID %s is not at the hub's own domain", d.MessageID)
			}
			if date := m.Header.Get("Date"); !strings.HasSuffix(date, offset) {
				t.Errorf("Date %s is not in the recipient's zone", date)
			}
			if date, err := m.Header.Date(); err != nil || !date.Equal(monday) {
				t.Errorf("Date %v, %v", date, err)
			}
			if a.from != "hub@hub.example.org" || a.to != "mitra1@example.org" {
				t.Errorf("envelope %s → %s", a.from, a.to)
			}
			checkBodies(t, a, m)
		})
	}
}

func checkBodies(t *testing.T, a arrived, m *mail.Message) {
	t.Helper()
	both := parts(t, m)
	if len(both) != 2 || len(a.body) > maxMessage {
		t.Fatalf("%d parts, %d bytes", len(both), len(a.body))
	}
	for kind, text := range both {
		if n := strings.Count(text, "https://hub.example.org/tasks/1"); n == 0 || n > 2 {
			t.Errorf("%s: the one address stands there %d times", kind, n)
		}
	}
	if n := strings.Count(both["text/html"], "<a "); n != 3 {
		t.Errorf("%d links in a letter with one button, a way to stop and the settings", n)
	}
	for _, line := range bytes.Split(a.body, []byte("\r\n")) {
		if len(line) > 998 || bytes.ContainsAny(line, "\r\n") {
			t.Errorf("line %q", line)
		}
	}
}

func TestRender_HostileText_IsEscaped(t *testing.T) {
	evil := "Rapat\r\nBcc: semua@example.org\r\n\r\n<script>alert(1)</script> \x00{{.}}"
	a, _ := sentTo(t, "Asia/Jakarta", func(w *world, l *Message) {
		w.said = Contents{Subject: evil, Greeting: evil, Lines: []string{evil}, Why: evil,
			Button: Link{evil, "javascript:alert(1)"}, Stop: Link{evil, `"><script>`}}
		l.Kind = "task_due"
	})
	m := parse(t, a)
	if m.Header.Get("Bcc") != "" || m.Header.Get("Subject") != "Rapat Bcc: semua@example.org <script>alert(1)</script> {{.}}" {
		t.Errorf("headers: %v", m.Header)
	}
	html := parts(t, m)["text/html"]
	if strings.Contains(html, "<script") || strings.Contains(html, `href="javascript`) {
		t.Errorf("html: %s", html)
	}
}

func TestProcessDue_NonASCIIHeaders_AreEncoded(t *testing.T) {
	a, _ := sentTo(t, "Asia/Jakarta", func(w *world, _ *Message) {
		w.said.Subject = "Rapat 09.00–11.30 — évaluasi ✓"
		settings, err := w.Settings().Clone()
		check(w, err)
		settings.Meta.SenderName = "Sentra “Margo Laras”"
		check(w, w.Save(settings))
	})
	head, _, _ := bytes.Cut(a.body, []byte("\r\n\r\n"))
	for _, b := range head {
		if b > 127 {
			t.Fatalf("a header is not ASCII: %s", head)
		}
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(parse(t, a).Header.Get("Subject"))
	if err != nil || subject != "Rapat 09.00–11.30 — évaluasi ✓" {
		t.Errorf("%q, %v", subject, err)
	}
}

var wishesToken = regexp.MustCompile(WishesPath + `[\w-]+`)

func TestRender_BothLanguages_MatchTheGoldenFiles(t *testing.T) {
	said := map[string]Contents{
		"id": {Subject: "Tenggat Kamis, 10 Desember 2026", Greeting: "Yth. Puskesmas Tambakaji,",
			Lines:  []string{"Tugas “Jadwal kunjungan rumah” perlu selesai Kamis, 10 Desember 2026.", "Program: KOPI REHAT & mitra."},
			Button: Link{"Buka tugas", "https://hub.example.org/tasks/1?a=1&b=2"},
			Why:    "Email ini sampai karena Anda pelaksana tugas ini.", Stop: Link{"Atur email pengingat", "https://hub.example.org/me"}},
		"en": {Subject: "Due Thursday, 10 December 2026", Greeting: "Dear Puskesmas Tambakaji,",
			Lines:  []string{"The task “Plan the home visits” is due on Thursday, 10 December 2026.", "Programme: KOPI REHAT & partners."},
			Button: Link{"Open the task", "https://hub.example.org/tasks/1?a=1&b=2"},
			Why:    "This email reached you because you carry out this task.", Stop: Link{"Set reminder emails", "https://hub.example.org/me"}},
	}
	for language, contents := range said {
		a, _ := sentTo(t, "Asia/Makassar", func(w *world, l *Message) { w.said, l.Language = contents, language })
		both := parts(t, parse(t, a))
		golden(t, "letter."+language+".txt", wishesToken.ReplaceAllString(both["text/plain"], WishesPath+"TOKEN"))
		golden(t, "letter."+language+".html", wishesToken.ReplaceAllString(both["text/html"], WishesPath+"TOKEN"))
		if !strings.Contains(both["text/html"], `<html lang="`+language+`"`) {
			t.Errorf("the letter does not say that it is in %s", language)
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		check(t, os.WriteFile("testdata/"+name, []byte(got), 0o644))
	}
	expected, err := os.ReadFile("testdata/" + name)
	check(t, err)
	if got != string(expected) {
		t.Errorf("%s differs:\n%s", name, got)
	}
}

func TestProcessDue_BadSender_TripsTheBreaker(t *testing.T) {
	w := newWorld(t)
	o := newOffice(t)
	w.connectTo("127.0.0.1", o.port)
	w.Settings().Meta.SenderAddress = "no address"
	w.queue(letter(1))
	w.flush(monday)
	d := w.expect(letter(1), StateRetry, DeferredBySMTP)
	if d.Attempts != 0 || w.sender.Channel().Reason != smtp.FaultSenderRefused {
		t.Errorf("%d attempts, channel %+v", d.Attempts, w.sender.Channel())
	}
	check(t, w.set(d.Key, dbx.Params{"next_attempt_at": ""}))
	w.Settings().Meta.SenderAddress = "hub@hub.example.org"
	w.flush(monday.Add(2 * time.Minute))
	w.expect(letter(1), StateSent, "")
}
