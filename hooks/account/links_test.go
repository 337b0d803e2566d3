package account_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

const newPassword = "kalimat baru yang panjang"

var linked = regexp.MustCompile(`(/sign-in/[a-z-]+/)[A-Za-z0-9._-]+`)

// path reads the link out of the nth message to an address.
func path(w *testkit.World, address string, n int) string {
	w.Helper()
	found := linked.FindString(letter(w, address, n).GetString("html_body"))
	if found == "" {
		w.Fatalf("no link in %s", letter(w, address, n).GetString("html_body"))
	}
	return found
}

func TestReset_Link_SetsPassword(t *testing.T) {
	w := testkit.New(t)
	before := w.As(w.Partner)
	guest := w.As(nil)
	guest.Get("/sign-in/reset").Want(http.StatusOK)
	says(t, guest.Follow(guest.Post("/sign-in/reset", "email", partner)), ".flash", "account.reset_sent")
	link := path(w, partner, 1)

	// A scanner opens the link, and again; that changes nothing.
	for range 2 {
		w.As(nil).Get(link).Want(http.StatusOK)
	}
	isSomebody(t, before, partner)

	for name, of := range map[string]struct {
		one, two, field, key string
		most                 int
	}{
		"nothing typed":    {"", "", "password", "problem.needed", 0},
		"too short":        {"singkat-1", "singkat-1", "password", "problem.too_short", 0},
		"too long":         {strings.Repeat("x", 201), strings.Repeat("x", 201), "password", "problem.too_long", 71},
		"too long to keep": {strings.Repeat("x", 100), strings.Repeat("x", 100), "password", "problem.too_long", 71},
		"in wide letters":  {strings.Repeat("語", 30), strings.Repeat("語", 30), "password", "problem.too_long", 71},
		"not the same":     {newPassword, newPassword + " ", "passwordConfirm", "problem.not_the_same", 0},
		"typed once":       {newPassword, "", "passwordConfirm", "problem.needed", 0},
	} {
		r := guest.Post(link, "password", of.one, "passwordConfirm", of.two)
		check.Equal(t, name+": status", r.Status, http.StatusUnprocessableEntity)
		label := map[string]string{"password": "Kata sandi baru", "passwordConfirm": "Ulangi kata sandi baru"}[of.field]
		says(t, r, "#"+of.field+"-error", of.key, "label", label, "n", of.most)
		check.That(t, of.one == "" || !strings.Contains(r.Body, of.one), "%s: the password comes back", name)
	}
	isSomebody(t, before, partner)

	says(t, guest.Follow(guest.Post(link, "password", newPassword, "passwordConfirm", newPassword)), ".flash", "account.reset_done")
	isSomebody(t, before, "")
	w.As(nil).Post("/sign-in", "email", partner, "password", testkit.Password).Want(http.StatusUnprocessableEntity)
	c := w.As(nil)
	c.Post("/sign-in", "email", partner, "password", newPassword).Want(http.StatusSeeOther)
	isSomebody(t, c, partner)
	hasExpired(t, w, link, "password", "lagi-kalimat-baru", "passwordConfirm", "lagi-kalimat-baru")
}

// hasExpired asserts that a link only says that it works no longer.
func hasExpired(t *testing.T, w *testkit.World, link string, fields ...string) {
	t.Helper()
	for _, r := range []*testkit.Response{w.As(nil).Get(link), w.As(nil).Post(link, fields...)} {
		if r.Status != http.StatusGone {
			t.Errorf("%.40s answers %d, want 410", link, r.Status)
			continue
		}
		says(t, r, "h1", "account.expired_title")
	}
}

func TestReset_OtherSession_Ends(t *testing.T) {
	w := testkit.New(t)
	w.As(nil).Post("/sign-in/reset", "email", partner).Want(http.StatusSeeOther)
	c := w.As(w.OtherPartner)
	c.Post(path(w, partner, 1), "password", newPassword, "passwordConfirm", newPassword).Want(http.StatusSeeOther)
	isSomebody(t, c, "")
	isSomebody(t, w.As(w.OtherPartner), "other-partner@example.org")
}

func TestReset_UnknownAddress_SameAnswer(t *testing.T) {
	w := testkit.New(t)
	var first *testkit.Response
	for _, address := range []string{partner, "stranger@example.org", "disabled@example.org", "admin@example.org", partner} {
		r := w.As(nil).Post("/sign-in/reset", "email", address)
		if first == nil {
			first = r
		}
		check.That(t, r.Status == http.StatusSeeOther && r.Body == first.Body && r.Header.Get("Location") == first.Header.Get("Location"), "%s: status %d", address, r.Status)
	}
	letter(w, partner, 1)
	for _, nobody := range []string{"stranger@example.org", "disabled@example.org", "admin@example.org"} {
		check.Equal(t, nobody, len(messages(w, nobody)), 0)
	}
	for _, typed := range []string{"", "x", "a\xff@b.c"} {
		r := w.As(nil).Post("/sign-in/reset", "email", typed).Want(http.StatusUnprocessableEntity)
		check.That(t, r.Text("#email-error") != "", "%q: nothing is said", typed)
	}
}

func TestVerify_GetRequest_ChangesNothing(t *testing.T) {
	w := testkit.New(t)
	r := w.Fresh(w.Partner)
	r.SetVerified(false)
	check.NoError(t, w.App.Save(r))
	w.As(nil).API(http.MethodPost, "/api/collections/users/request-verification", map[string]string{"email": partner}).Want(http.StatusNoContent)
	link := path(w, partner, 1)
	w.As(nil).Get(link).Want(http.StatusOK)
	check.That(t, !w.Fresh(r).Verified(), "opening the link was enough")
	c := w.As(nil)
	says(t, c.Follow(c.Post(link)), ".flash", "account.verify_done")
	check.That(t, w.Fresh(r).Verified(), "the button did nothing")
	check.That(t, w.Fresh(r).ValidatePassword(testkit.Password), "the password is another now")
}

func TestNewAddress_Password_Required(t *testing.T) {
	w := testkit.New(t)
	c := w.As(w.Partner)
	c.API(http.MethodPost, "/api/collections/users/request-email-change", map[string]string{"newEmail": "baru@example.org"}).Want(http.StatusNoContent)
	link := path(w, "baru@example.org", 1)
	w.As(nil).Get(link).Want(http.StatusOK)
	for _, typed := range []string{"", "salah", testkit.Password + " "} {
		r := w.As(nil).Post(link, "password", typed).Want(http.StatusUnprocessableEntity)
		says(t, r, "#password-error", map[bool]string{true: "problem.needed", false: "problem.wrong_password"}[typed == ""], "label", "Kata sandi")
	}
	if got := w.Fresh(w.Partner).Email(); got != partner {
		t.Fatalf("the address became %s", got)
	}
	guest := w.As(nil)
	says(t, guest.Follow(guest.Post(link, "password", testkit.Password)), ".flash", "account.new_address_done")
	check.Equal(t, "the address", w.Fresh(w.Partner).Email(), "baru@example.org")
	isSomebody(t, c, "")
	hasExpired(t, w, link, "password", testkit.Password)
}

func TestLinks_Invalid_Expired(t *testing.T) {
	w := testkit.New(t)
	token := func(make func() (string, error)) string {
		made := check.Must(make())
		return made
	}
	auth, reset := token(w.Partner.NewAuthToken), token(w.Partner.NewPasswordResetToken)
	super := token(w.Administrator.NewPasswordResetToken)
	gone := w.Fresh(w.Outsider)
	left := token(gone.NewPasswordResetToken)
	check.NoError(t, w.App.Delete(gone))
	bodies := []string{"password", newPassword, "passwordConfirm", newPassword}
	for _, page := range []string{"reset", "verify", "new-address"} {
		for _, bad := range []string{"x", auth, left, reset[:len(reset)-2], strings.Repeat("a", 3000)} {
			hasExpired(t, w, "/sign-in/"+page+"/"+bad, bodies...)
		}
	}
	hasExpired(t, w, "/sign-in/verify/"+reset, bodies...)
	check.Equal(t, "an administrator's link", w.As(nil).Post("/sign-in/reset/"+super, bodies...).Status, http.StatusGone)
	c := w.As(nil)
	c.Post("/sign-in", "email", "admin@example.org", "password", testkit.Password).Want(http.StatusSeeOther)
}

func TestLinks_AfterHalfHour_Expired(t *testing.T) {
	w := testkit.New(t)
	c := check.Must(w.App.FindCollectionByNameOrId("users"))
	for kind, life := range map[string]time.Duration{"password": c.PasswordResetToken.DurationTime(), "address": c.EmailChangeToken.DurationTime()} {
		check.That(t, life == 30*time.Minute, "a link to a new %s lasts %s, the letter says 30 minutes", kind, life)
	}
}

// Every link in every message that PocketBase writes leads to a page.
func TestLinks_EveryMail_LeadsToPage(t *testing.T) {
	w := testkit.New(t)
	c := check.Must(w.App.FindCollectionByNameOrId("users"))
	seen := 0
	for name, letter := range map[string]core.EmailTemplate{"reset": c.ResetPasswordTemplate, "verification": c.VerificationTemplate,
		"new address": c.ConfirmEmailChangeTemplate, "code": c.OTP.EmailTemplate, "alert": c.AuthAlert.EmailTemplate} {
		for _, found := range regexp.MustCompile(`href="\{APP_URL\}([^"]*)"`).FindAllStringSubmatch(letter.Body, -1) {
			seen++
			address := strings.ReplaceAll(found[1], "{TOKEN}", "a-token")
			if status := w.As(nil).Get(address).Status; status != http.StatusGone {
				t.Errorf("%s leads to %s, which answers %d", name, address, status)
			}
		}
	}
	check.Equal(t, "seen", seen, 6)
}
