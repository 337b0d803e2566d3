package journeys_test

import (
	"regexp"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"
)

// town is the small world behind a real port, for people who change things.
type town struct {
	*testkit.World
	home string
}

func newTown(t testing.TB) *town {
	t.Helper()
	w := testkit.New(t)
	return &town{World: w, home: serve(t, w.Handler)}
}

// come opens a window for a person who is signed in already.
func (w *town) come(person *core.Record) *visitor {
	w.Helper()
	return newVisitor(w.TB, w.home).signedIn(person)
}

var digits = regexp.MustCompile(`\b\d{4,8}\b`)

// code reads the one-time code in the newest message to an address. With no mail
// server set, messages wait in the ledger.
func (w *town) code(email string) string {
	w.Helper()
	var rows []*core.Record
	// PocketBase writes the message beside the answer, so it may come a moment later.
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(30 * time.Millisecond) {
		var err error
		rows, err = w.App.FindRecordsByFilter("deliveries", "email = {:email} && state = 'held'", "-created", 1, 0, dbx.Params{"email": email})
		if err != nil {
			w.Fatal(err)
		}
		if len(rows) == 1 {
			break
		}
	}
	if len(rows) != 1 {
		w.Fatalf("no letter to %s is held", email)
	}
	found := digits.FindString(rows[0].GetString("text_body"))
	if found == "" {
		w.Fatalf("no code in %q", rows[0].GetString("text_body"))
	}
	return found
}

// enter signs a visitor in as people do: address, message, code.
func (w *town) enter(v *visitor, email string) {
	w.Helper()
	v.open("/")
	v.write("Alamat email", email)
	v.press("Lanjut")
	v.write("Kode dari email", w.code(email))
	v.press("Masuk")
	v.sees("Beranda")
}

// find returns a person of the world by the first part of their address.
func (w *town) find(name string) *core.Record {
	w.Helper()
	return w.Only("users", "email", name+"@example.org")
}
