package account_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

func TestSigningOutClearsThisBrowser(t *testing.T) {
	w := testkit.New(t)
	here, there := w.As(w.Partner), w.As(w.Partner)
	r := here.Post("/sign-out").Want(http.StatusSeeOther)
	if to := r.Header.Get("Location"); to != "/sign-in" || here.Cookie("simpul") != "" {
		t.Errorf("leads to %s, cookie %q", to, here.Cookie("simpul"))
	}
	check.Equal(t, "the browser is told to clear", r.Header.Get("Clear-Site-Data"), `"cache", "storage"`)
	says(t, here.Follow(r), ".flash", "account.signed_out")
	isSomebody(t, here, "")
	isSomebody(t, there, partner)
	w.As(nil).Post("/sign-out").Want(http.StatusSeeOther)
}

func TestSigningOutEverywhereEndsEverySession(t *testing.T) {
	w := testkit.New(t)
	for address, person := range map[string]*core.Record{partner: w.Partner, "admin@example.org": w.Administrator} {
		here, there := w.As(person), w.As(person)
		path := "/api/collections/programmes/records/" + w.Kopi.Id
		there.API(http.MethodGet, path, nil).Want(http.StatusOK)
		r := here.Post("/me/sign-out-everywhere").Want(http.StatusSeeOther)
		says(t, here.Follow(r), ".flash", "users.signed_out_everywhere")
		isSomebody(t, here, "")
		isSomebody(t, there, "")
		if status := there.API(http.MethodGet, path, nil).Status; status == http.StatusOK {
			t.Errorf("%s: a token over the API still works", address)
		}
		again := w.As(nil)
		again.Post("/sign-in", "email", address, "password", testkit.Password).Want(http.StatusSeeOther)
		isSomebody(t, again, address)
	}
	w.As(nil).Post("/me/sign-out-everywhere").Want(http.StatusUnauthorized)
	isSomebody(t, w.As(w.OtherPartner), "other-partner@example.org")
}

func TestReadingAPageNeverSignsOut(t *testing.T) {
	w := testkit.New(t)
	c := w.As(w.Partner)
	for _, path := range []string{"/sign-out", "/me/sign-out-everywhere", "/me/language", "/me/theme"} {
		c.Get(path).Want(http.StatusNotFound)
	}
	isSomebody(t, c, partner)
}

func TestAGuestChoosesLanguageAndTheme(t *testing.T) {
	w := testkit.New(t)
	c := w.As(nil)
	r := c.Post("/me/language", "value", "en", "back", "/sign-in?next=%2Fme").Want(http.StatusSeeOther)
	check.Equal(t, "leads", r.Header.Get("Location"), "/sign-in?next=%2Fme")
	kept := r.Header.Get("Set-Cookie")
	for _, part := range []string{"language=en", "Path=/", "Max-Age=31536000", "HttpOnly", "SameSite=Lax"} {
		check.Contains(t, "the cookie", kept, part)
	}
	check.Equal(t, "the page is titled", c.Get("/sign-in").Text("h1"), "Sign in")
	for theme, want := range map[string]string{"dark": "dark", "light": "light", "auto": ""} {
		c.Post("/me/theme", "value", theme, "back", "/sign-in").Want(http.StatusSeeOther)
		if got, _ := c.Get("/sign-in").Doc().Find("html").Attr("data-theme"); got != want {
			t.Errorf("%s shows as %q", theme, got)
		}
	}
}

func TestAPersonsLanguageIsKeptWithThePerson(t *testing.T) {
	w := testkit.New(t)
	c := w.As(w.Partner)
	c.Post("/me/language", "value", "en", "back", "/me").Want(http.StatusSeeOther)
	check.Equal(t, "stored", w.Fresh(w.Partner).GetString("language"), "en")
	check.Equal(t, "on another device the page is titled", w.As(w.Partner).Get("/me").Text("h1"), "My account")
	admin := w.As(w.Administrator)
	admin.Post("/me/language", "value", "en", "back", "/me").Want(http.StatusSeeOther)
	check.Equal(t, "an administrator's page is titled", admin.Get("/me").Text("h1"), "My account")
}

func TestUnknownChoicesAreRefusedAndLeadNowhereElse(t *testing.T) {
	w := testkit.New(t)
	for path, values := range map[string][]string{"/me/language": {"", "xx", "EN", "id\x00"}, "/me/theme": {"", "pink", "dark;"}} {
		for _, value := range values {
			r := w.As(w.Partner).Post(path, "value", value, "back", "/").Want(http.StatusBadRequest)
			if !strings.Contains(r.Body, "<h1>") {
				t.Errorf("%s %q: no page", path, value)
			}
		}
	}
	check.Equal(t, "the language", w.Fresh(w.Partner).GetString("language"), "id")
	for _, back := range []string{"https://evil.example", "//evil.example", "", "/\\evil"} {
		for _, path := range []string{"/me/theme", "/me/language"} {
			value := map[string]string{"/me/theme": "dark", "/me/language": "id"}[path]
			check.Equal(t, path, w.As(nil).Post(path, "value", value, "back", back).Want(http.StatusSeeOther).Header.Get("Location"), "/")
		}
	}
}
