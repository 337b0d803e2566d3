package outbox

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"simpul/hooks/notify/smtp"
)

// inspected is a message as Python's email library reads it.
type inspected struct {
	Defects  []string
	Headers  [][2]string
	From, To []string
	Date     string
	Parts    map[string]string
	Methods  []string
	Shape    string
}

// inspect fails without Python: a reader other than our own library is the point.
func inspect(t *testing.T, letter []byte) inspected {
	t.Helper()
	cmd := exec.Command("python3", "testdata/inspect.py")
	cmd.Stdin = bytes.NewReader(letter)
	var words bytes.Buffer
	cmd.Stderr = &words
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("python3: %v %s", err, words.String())
	}
	var found inspected
	check(t, json.Unmarshal(out, &found))
	return found
}

// header returns all values of a header.
func (i inspected) header(name string) (values []string) {
	for _, h := range i.Headers {
		if h[0] == name {
			values = append(values, h[1])
		}
	}
	return values
}

func (i inspected) one(t *testing.T, name string) string {
	t.Helper()
	if values := i.header(name); len(values) == 1 {
		return values[0]
	}
	t.Fatalf("%s stands there %d times in %v", name, len(i.header(name)), i.Headers)
	return ""
}

func TestA14TheFormatOfAMessage(t *testing.T) {
	for zone, offset := range map[string]string{"Asia/Jakarta": "+07:00", "Asia/Makassar": "+08:00", "Asia/Jayapura": "+09:00"} {
		t.Run(zone, func(t *testing.T) {
			var s smtp.DKIM
			a, w := sentTo(t, zone, func(w *world, l *Message) {
				s = w.signs(newKey(t, "rsa"))
				w.said.Subject = "Tenggat Kamis, 10 Desember 2026 – évaluasi triwulan dan hal lain yang memanjangkan judul surat ini"
				w.said.Lines = []string{strings.Repeat("Tugas “Jadwal kunjungan” perlu selesai. ", 60)}
			})
			found := inspect(t, a.body)
			if len(found.Defects) > 0 {
				t.Errorf("defects: %v", found.Defects)
			}
			if !slices.Equal(found.From, []string{"hub@hub.example.org"}) || !slices.Equal(found.To, []string{"mitra1@example.org"}) {
				t.Errorf("from %v to %v", found.From, found.To)
			}
			if !strings.HasSuffix(found.Date, offset) || found.one(t, "subject") != w.said.Subject {
				t.Errorf("dated %s, called %q", found.Date, found.one(t, "subject"))
			}
			if id := found.one(t, "message-id"); !strings.HasSuffix(id, "@hub.example.org>") {
				t.Errorf("Message-ID %s", id)
			}
			if found.one(t, "auto-submitted") != "auto-generated" || found.one(t, "list-unsubscribe-post") != "List-Unsubscribe=One-Click" ||
				!strings.HasPrefix(found.one(t, "list-unsubscribe"), "<https://hub.example.org"+StopPath) {
				t.Errorf("headers %v", found.Headers)
			}
			if len(found.Parts) != 2 || !strings.Contains(found.Parts["text/plain"], "Jadwal kunjungan") || !strings.Contains(found.Parts["text/html"], "Jadwal kunjungan") {
				t.Errorf("parts %v", found.Parts)
			}
			if len(a.body) > 60_000 {
				t.Errorf("%d bytes", len(a.body))
			}
			if signatures := verify(t, a.body, s); len(signatures) != 1 || signatures[0].Err != nil {
				t.Errorf("signature: %+v", signatures)
			}
		})
	}
}

func TestA14TheFeedbackNamesNobody(t *testing.T) {
	a, w := sentTo(t, "Asia/Jakarta", func(_ *world, l *Message) {
		l.Rule, l.Programme, l.User = "rule00000000001", "programme000001", ""
	})
	feedback := inspect(t, a.body).one(t, "feedback-id")
	parts := strings.Split(feedback, ":")
	if len(parts) != 4 || parts[0] != "rule00000000001" || parts[1] != "task_due" || parts[2] != "programme000001" {
		t.Fatalf("Feedback-ID %s", feedback)
	}
	if n := len(parts[3]); n < 5 || n > 15 {
		t.Errorf("the hub's part has %d signs, mail services want 5 to 15", n)
	}
	d := w.rows()[0]
	for _, personal := range []string{d.Recipient, d.ID, "mitra1", "example.org"} {
		if strings.Contains(feedback, personal) {
			t.Errorf("Feedback-ID %s holds %s", feedback, personal)
		}
	}
}

// hostile is what somebody types to smuggle a header in.
var hostile = []string{"Rapat\r\nBcc: semua@evil.example", "Rapat\nBcc: semua@evil.example", "Rapat\rBcc: semua@evil.example",
	"Rapat\r\n\r\n<p>badan</p>", "Rapat\x00Bcc: semua@evil.example", "Rapat\u2028Bcc: semua@evil.example", "=?utf-8?q?Rapat=0D=0ABcc:_x?=",
	strings.Repeat("panjang ", 200) + "\r\nBcc: semua@evil.example"}

func TestA14NothingPeopleTypeBecomesAHeader(t *testing.T) {
	plain, _ := sentTo(t, "Asia/Jakarta", func(w *world, _ *Message) { w.signs(newKey(t, "ed25519")) })
	usual := len(inspect(t, plain.body).Headers)
	for _, evil := range hostile {
		a, _ := sentTo(t, "Asia/Jakarta", func(w *world, l *Message) {
			w.signs(newKey(t, "ed25519"))
			settings, err := w.Settings().Clone()
			check(t, err)
			settings.Meta.SenderName = evil[:min(len(evil), 200)]
			check(t, w.Save(settings))
			_, err = w.NonconcurrentDB().Update("hub_settings", dbx.Params{"hub_name": evil}, nil).Execute()
			check(t, err)
			w.said = Contents{Subject: evil, Greeting: evil, Lines: []string{evil}, Why: evil, Button: Link{evil, evil}}
			l.Rule, l.Programme, l.AnchorAt = evil, evil, evil
		})
		found := inspect(t, a.body)
		if len(found.header("bcc")) > 0 || len(found.Headers) != usual || len(found.To) != 1 || len(found.From) != 1 {
			t.Errorf("%q: %v", evil, found.Headers)
		}
	}
}

func TestAnAddressWithALineBreakIsRefusedByTheLedger(t *testing.T) {
	w := newWorld(t)
	o := newOffice(t)
	w.connectTo("127.0.0.1", o.port)
	for i, evil := range []string{"a@example.org\r\nBcc: b@evil.example", "a@example.org>,<b@evil.example", "a@example.org, b@evil.example", "Nama <a@example.org>", "a b@example.org"} {
		l := letter(i)
		l.Email = evil
		w.queue(l)
		w.flush(monday)
		w.expect(l, StateFailed, ReasonBadAddress)
	}
	if n := len(o.got()); n != 0 {
		t.Errorf("%d letters left", n)
	}
}
