package account_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/lang"
	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

const partner = "partner@example.org"

// messages are the rows of the ledger to one address, oldest first.
func messages(w *testkit.World, address string) []*core.Record {
	w.Helper()
	found := []*core.Record{}
	check.NoError(w, w.App.RecordQuery("deliveries").AndWhere(dbx.HashExp{"email": address, "kind": "account"}).OrderBy("_rowid_").All(&found))
	return found
}

// message waits for the nth message to an address: PocketBase writes it beside
// the answer, so that the time taken does not tell who is known.
func letter(w *testkit.World, address string, n int) *core.Record {
	w.Helper()
	for range 200 {
		if found := messages(w, address); len(found) >= n {
			return found[n-1]
		}
		time.Sleep(25 * time.Millisecond)
	}
	w.Fatalf("no letter %d to %s", n, address)
	return nil
}

var sixDigits = regexp.MustCompile(`\b\d{6}\b`)

// code reads the code out of the nth message to an address.
func code(w *testkit.World, address string, n int) string {
	w.Helper()
	found := sixDigits.FindString(letter(w, address, n).GetString("text_body"))
	if found == "" {
		w.Fatalf("no code in the letter to %s", address)
	}
	return found
}

// asked is a guest's browser that asked for a code.
func asked(w *testkit.World, address string, more ...string) *testkit.Client {
	w.Helper()
	c := w.As(nil)
	r := c.Post("/sign-in", append([]string{"email", address}, more...)...).Want(http.StatusSeeOther)
	if to := r.Header.Get("Location"); to != "/sign-in/code" {
		w.Fatalf("asking for a code leads to %s", to)
	}
	return c
}

// isSomebody asserts who is signed in, "" for nobody.
func isSomebody(t *testing.T, c *testkit.Client, email string) {
	t.Helper()
	r := c.Get("/me")
	if email == "" {
		check.Equal(t, "/me", r.Status, http.StatusSeeOther)
		return
	}
	if r.Status != http.StatusOK || r.Text(".page-head .quiet") != email {
		t.Errorf("/me answers %d as %q, want %s", r.Status, r.Text(".page-head .quiet"), email)
	}
}

// says asserts a sentence of the catalogue; before it may stand a word for
// those who cannot see that it is red.
func says(t *testing.T, r *testkit.Response, selector, key string, args ...any) {
	t.Helper()
	if got, want := r.Text(selector), lang.T("id", key, args...); !strings.HasSuffix(got, want) {
		t.Errorf("%s says %q, want %q", selector, got, want)
	}
}

// limited switches the hub's real rate limits on.
func limited(w *testkit.World) {
	w.Helper()
	settings := check.Must(w.App.Settings().Clone())
	settings.RateLimits.Enabled = true
	check.NoError(w, w.App.Save(settings))
}
