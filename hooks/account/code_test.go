package account_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

func TestSigningInByCode(t *testing.T) {
	w := testkit.New(t)
	c := asked(w, partner)
	c.Get("/sign-in/code").Want(http.StatusOK)
	row := letter(w, partner, 1)
	if row.GetString("state") != "held" || row.GetString("user") != w.Partner.Id || row.GetString("language") != "id" {
		t.Errorf("the letter is %s, to %q, in %q", row.GetString("state"), row.GetString("user"), row.GetString("language"))
	}
	check.Equal(t, "the letter is useful", row.GetDateTime("useful_until_at").Time().Sub(row.GetDateTime("due_at").Time()), 10*time.Minute)
	typed := code(w, partner, 1)
	if !strings.HasPrefix(row.GetString("subject"), typed) {
		t.Errorf("the subject %q does not begin with the code", row.GetString("subject"))
	}
	check.Equal(t, "leads", c.Post("/sign-in/code", "code", typed).Want(http.StatusSeeOther).Header.Get("Location"), "/")
	isSomebody(t, c, partner)
	if c.Cookie("code") != "" || c.Cookie("next") != "" {
		t.Error("the sign-in pages' cookies are kept")
	}
	if !w.Fresh(w.Partner).ValidatePassword(testkit.Password) {
		t.Error("the code replaced the password")
	}
}

// What is answered must not tell who is known here.
func TestKnownAndUnknownAddressesGetTheSameAnswer(t *testing.T) {
	w := testkit.New(t)
	secret := regexp.MustCompile(`code=[a-z0-9]{15};`)
	var first *testkit.Response
	for _, address := range []string{partner, "stranger@example.org", "disabled@example.org", "admin@example.org", "PARTNER@example.org"} {
		r := w.As(nil).Post("/sign-in", "email", address, "next", "/programmes")
		for i, c := range r.Header["Set-Cookie"] {
			r.Header["Set-Cookie"][i] = secret.ReplaceAllString(c, "code=X;")
		}
		if first == nil {
			first = r
			continue
		}
		if r.Status != first.Status || r.Body != first.Body {
			t.Errorf("%s: status %d, body %q", address, r.Status, r.Body)
		}
		check.Same(t, address+" (-known +this):\n", r.Header, first.Header)
	}
	letter(w, partner, 1)
	for _, nobody := range []string{"stranger@example.org", "disabled@example.org", "admin@example.org"} {
		check.Equal(t, nobody, len(messages(w, nobody)), 0)
	}
}

func TestAWrongCodeGetsTheSameAnswerAsAnUnknownAddress(t *testing.T) {
	w := testkit.New(t)
	known, unknown := asked(w, partner), asked(w, "stranger@example.org")
	right := code(w, partner, 1)
	for range 6 {
		a, b := known.Post("/sign-in/code", "code", wrong(right)), unknown.Post("/sign-in/code", "code", wrong(right))
		if a.Status != http.StatusUnprocessableEntity || a.Status != b.Status || a.Body != b.Body {
			t.Errorf("known %d, unknown %d", a.Status, b.Status)
		}
		says(t, a, ".field .error", "account.problem_code")
	}
}

// wrong is another code than the right one.
func wrong(right string) string {
	if right == "000000" {
		return "111111"
	}
	return "000000"
}

func TestFiveWrongCodesSpoilTheRightOne(t *testing.T) {
	w := testkit.New(t)
	c := asked(w, partner)
	right := code(w, partner, 1)
	for range 5 {
		c.Post("/sign-in/code", "code", wrong(right)).Want(http.StatusUnprocessableEntity)
	}
	c.Post("/sign-in/code", "code", right).Want(http.StatusUnprocessableEntity)
	isSomebody(t, c, "")
	other := asked(w, "other-partner@example.org")
	other.Post("/sign-in/code", "code", code(w, "other-partner@example.org", 1)).Want(http.StatusSeeOther)
	isSomebody(t, other, "other-partner@example.org")
}

func TestACodeIsTakenHoweverItIsTyped(t *testing.T) {
	for _, between := range []string{" ", "-", "  ", ". "} {
		w := testkit.New(t)
		c := asked(w, partner)
		right := code(w, partner, 1)
		c.Post("/sign-in/code", "code", " "+right[:3]+between+right[3:]+" ").Want(http.StatusSeeOther)
		isSomebody(t, c, partner)
	}
}

func TestAnExpiredCodeIsRefused(t *testing.T) {
	w := testkit.New(t)
	c := asked(w, partner)
	right := code(w, partner, 1)
	age(w, 11*time.Minute)
	says(t, c.Post("/sign-in/code", "code", right).Want(http.StatusUnprocessableEntity), ".field .error", "account.problem_code")
	isSomebody(t, c, "")
}

func TestACodeStillWorksAfterNineMinutes(t *testing.T) {
	w := testkit.New(t)
	c := asked(w, partner)
	right := code(w, partner, 1)
	age(w, 9*time.Minute)
	c.Post("/sign-in/code", "code", right).Want(http.StatusSeeOther)
	isSomebody(t, c, partner)
}

// age makes every code older.
func age(w *testkit.World, by time.Duration) {
	w.Helper()
	created := time.Now().UTC().Add(-by).Format("2006-01-02 15:04:05.000Z")
	check.Must(w.App.DB().Update("_otps", dbx.Params{"created": created}, nil).Execute())
}

func TestACodeWorksOnceAndOnlyWhereItWasAskedFor(t *testing.T) {
	w := testkit.New(t)
	c := asked(w, partner)
	right := code(w, partner, 1)
	thief := asked(w, "stranger@example.org")
	thief.Post("/sign-in/code", "code", right).Want(http.StatusUnprocessableEntity)
	isSomebody(t, thief, "")
	before := c.Cookie("code")
	c.Post("/sign-in/code", "code", right).Want(http.StatusSeeOther)
	again := w.As(nil)
	again.SetCookie("code", before)
	again.Post("/sign-in/code", "code", right).Want(http.StatusUnprocessableEntity)
	isSomebody(t, again, "")
}

func TestASecondCodeLeavesTheFirstForItsOwnBrowser(t *testing.T) {
	w := testkit.New(t)
	first := asked(w, partner)
	one := code(w, partner, 1)
	second := asked(w, partner)
	two := code(w, partner, 2)
	first.Post("/sign-in/code", "code", one).Want(http.StatusSeeOther)
	second.Post("/sign-in/code", "code", two).Want(http.StatusSeeOther)
	isSomebody(t, first, partner)
	isSomebody(t, second, partner)
}

func TestTheCodePageNeedsACodeAskedFor(t *testing.T) {
	w := testkit.New(t)
	c := w.As(nil)
	check.Equal(t, "leads", c.Get("/sign-in/code").Want(http.StatusSeeOther).Header.Get("Location"), "/sign-in")
	says(t, c.Follow(c.Post("/sign-in/code", "code", "123456")), ".flash", "account.code_again")
	waiting := asked(w, partner)
	for _, typed := range []string{"", "   ", strings.Repeat("1", 21), "\x00"} {
		r := waiting.Post("/sign-in/code", "code", typed).Want(http.StatusUnprocessableEntity)
		if r.Text(".field .error") == "" {
			t.Errorf("%q: nothing is said", typed)
		}
	}
}
