package outbox

import (
	"bytes"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/tools/mailer"

	"simpul/hooks/notify/smtp"
)

// signs sets signing up with a key and returns it.
func (w *world) signs(key string) smtp.DKIM {
	w.Helper()
	s := smtp.DKIM{Domain: "example.org", Selector: "simpul", Key: key}
	_, err := w.NonconcurrentDB().Update("hub_settings", dbx.Params{"dkim_domain": s.Domain, "dkim_selector": s.Selector, "dkim_key": s.Key}, nil).Execute()
	check(w, err)
	return s
}

func newKey(t testing.TB, sort string) string {
	t.Helper()
	key, err := smtp.NewDKIMKey(sort)
	check(t, err)
	return key
}

// verify is what a mail service does: it reads the public key from DNS and checks every signature.
func verify(t *testing.T, letter []byte, s smtp.DKIM) []*dkim.Verification {
	t.Helper()
	name, text, err := s.Record()
	check(t, err)
	found, err := dkim.VerifyWithOptions(bytes.NewReader(letter), &dkim.VerifyOptions{LookupTXT: func(asked string) ([]string, error) {
		if asked != name {
			t.Errorf("%s is looked up, not %s", asked, name)
		}
		return []string{text}, nil
	}})
	check(t, err)
	return found
}

// tampered are changes on the way that a signature must show.
var tampered = map[string]func(letter string) string{
	"another address to stop at": func(l string) string { return strings.Replace(l, StopPath, "/other/", 1) },
	"a stop that is no longer one press": func(l string) string {
		return strings.Replace(l, "List-Unsubscribe=One-Click", "List-Unsubscribe=Two-Click", 1)
	},
	"a second way to stop": func(l string) string { return "List-Unsubscribe: <https://evil.example>\r\n" + l },
	"a second sender":      func(l string) string { return "From: bank@evil.example\r\n" + l },
	"a second subject":     func(l string) string { return "Subject: Hadiah\r\n" + l },
	"another day":          func(l string) string { return strings.Replace(l, "Date: Mon", "Date: Tue", 1) },
	"another feedback":     func(l string) string { return strings.Replace(l, "Feedback-ID: ", "Feedback-ID: x", 1) },
	"another body":         func(l string) string { return strings.Replace(l, "Jadwal", "Jadwol", 1) },
}

func TestProcessDue_DKIM_Signs(t *testing.T) {
	for _, sort := range []string{"rsa", "ed25519"} {
		t.Run(sort, func(t *testing.T) {
			var s smtp.DKIM
			a, _ := sentTo(t, "Asia/Jakarta", func(w *world, _ *Message) { s = w.signs(newKey(t, sort)) })
			found := verify(t, a.body, s)
			if len(found) != 1 || found[0].Err != nil || found[0].Domain != "example.org" || time.Since(found[0].Time) > time.Minute {
				t.Fatalf("the signature: %+v ", *found[0])
			}
			for what, change := range tampered {
				altered := change(string(a.body))
				if altered == string(a.body) {
					t.Fatalf("%s: nothing was changed in %s", what, a.body)
				}
				if found := verify(t, []byte(altered), s); len(found) != 1 || found[0].Err == nil {
					t.Errorf("%s passes", what)
				}
			}
		})
	}
}

func TestProcessDue_SignedResend_HasTheSameBytes(t *testing.T) {
	for _, sort := range []string{"rsa", "ed25519"} {
		w := newWorld(t)
		w.signs(newKey(t, sort))
		p := newPeer(t, script{".": drop})
		w.connectTo("127.0.0.1", p.port)
		w.queue(letter(1))
		w.flush(monday)
		p.change(nil)
		w.flush(monday.Add(11 * time.Minute))
		w.expect(letter(1), StateSent, "")
		copies := p.copies()
		if len(copies) != 2 || copies[0] != copies[1] || !strings.HasPrefix(copies[0], "DKIM-Signature:") {
			t.Errorf("%s: %d copies of\n%s", sort, len(copies), copies[0])
		}
	}
}

func TestTakeOver_DKIM_Signs(t *testing.T) {
	w := newWorld(t)
	s := w.signs(newKey(t, "ed25519"))
	o := newOffice(t)
	w.connectTo("127.0.0.1", o.port)
	check(t, pocketbaseMailer{w}.Send(&mailer.Message{To: []netmail.Address{{Address: "mitra@example.org"}}, Subject: "Kode", HTML: "<p>Kode</p>"}))
	got := o.got()
	if found := verify(t, got[0].body, s); len(found) != 1 || found[0].Err != nil {
		t.Errorf("%+v", found)
	}
	if bytes.Contains(got[0].body, []byte("\r\nList-Unsubscribe")) || bytes.Contains(got[0].body, []byte("\r\nFeedback-ID")) {
		t.Errorf("a letter of an account can be refused: %s", got[0].body)
	}
}

func TestProcessDue_BrokenKey_SendsUnsigned(t *testing.T) {
	for name, breakIt := range map[string]func(w *world){
		"altered behind the hub's back": func(w *world) { w.signs("kunci") },
		"a file that went away": func(w *world) {
			t.Setenv(smtp.KeyFile, filepath.Join(t.TempDir(), "none.pem"))
			w.signs("")
		},
	} {
		a, _ := sentTo(t, "Asia/Jakarta", func(w *world, _ *Message) { breakIt(w) })
		if contains(a.body, "DKIM-Signature") {
			t.Errorf("%s: signed all the same", name)
		}
	}
}

func TestLoadDKIM_KeyFile_IsRead(t *testing.T) {
	file := filepath.Join(t.TempDir(), "dkim.pem")
	key := newKey(t, "ed25519")
	check(t, os.WriteFile(file, []byte(key), 0o600))
	t.Setenv(smtp.KeyFile, file)
	a, w := sentTo(t, "Asia/Jakarta", func(w *world, _ *Message) { w.signs("") })
	s, err := LoadDKIM(w)
	check(t, err)
	if found := verify(t, a.body, s); s.Key != key || len(found) != 1 || found[0].Err != nil {
		t.Errorf("%+v", found)
	}
	if problems := (smtp.DKIM{Domain: "example.org", Selector: "simpul"}).Check(); len(problems) > 0 {
		t.Errorf("an empty field beside the file: %v", problems)
	}
}
