package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

// https makes the hub one that is reached by https.
func https(w *testkit.World) {
	w.Helper()
	settings := check.Must(w.App.Settings().Clone())
	settings.Meta.AppURL = "https://hub.example.org"
	check.NoError(w, w.App.Save(settings))
}

func signIn(c *testkit.Client) *testkit.Response {
	return c.Post("/sign-in", "email", "partner@example.org", "password", testkit.Password)
}

// cookie finds a cookie that an answer sets.
func cookie(t *testing.T, r *testkit.Response, name string) *http.Cookie {
	t.Helper()
	for _, c := range (&http.Response{Header: r.Header}).Cookies() {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("no cookie %s in %v", name, r.Header["Set-Cookie"])
	return nil
}

func sets(r *testkit.Response, name string) bool {
	for _, c := range (&http.Response{Header: r.Header}).Cookies() {
		if c.Name == name {
			return true
		}
	}
	return false
}

func TestTheSessionCookieIsForThisHostAlone(t *testing.T) {
	w := world(t)
	plain := cookie(t, signIn(w.As(nil)).Want(http.StatusSeeOther), "simpul")
	if plain.Secure {
		t.Error("a cookie over plain http is marked as secure and would be dropped")
	}
	tls := httptest.NewRequest(http.MethodPost, "https://hub.example.org/sign-in",
		strings.NewReader("email=partner@example.org&password="+testkit.Password))
	tls.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	direct := cookie(t, w.As(nil).Do(tls).Want(http.StatusSeeOther), "__Host-simpul")
	https(w)
	proxied := cookie(t, signIn(w.As(nil)).Want(http.StatusSeeOther), "__Host-simpul")
	for way, c := range map[string]*http.Cookie{"plain": plain, "TLS": direct, "behind a proxy": proxied} {
		if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
			t.Errorf("%s: %s", way, c)
		}
		check.Equal(t, way+": lasts", c.MaxAge, 14*24*3600)
		if way != "plain" && !c.Secure {
			t.Errorf("%s: not secure", way)
		}
	}
}

func TestAnAdministratorsSessionLastsADay(t *testing.T) {
	w := world(t)
	r := w.As(nil).Post("/sign-in", "email", "admin@example.org", "password", testkit.Password).Want(http.StatusSeeOther)
	check.Equal(t, "lasts", cookie(t, r, "simpul").MaxAge, 24*3600)
}

// lengthen changes how long tokens of users last from now on.
func lengthen(w *testkit.World, seconds int64) {
	w.Helper()
	c := check.Must(w.App.FindCollectionByNameOrId("users"))
	c.AuthToken.Duration = seconds
	check.NoError(w, w.App.Save(c))
}

func TestASessionIsRenewedPastHalfItsLife(t *testing.T) {
	w := world(t)
	const fortnight = 14 * 24 * 3600
	c := w.As(w.Partner) // holds a token of a fortnight
	before := c.Cookie("simpul")
	if r := c.Get("/test/who"); sets(r, "simpul") {
		t.Error("renewed at once")
	}
	lengthen(w, 2*fortnight-3600) // more than half is left
	if r := c.Get("/test/who"); sets(r, "simpul") {
		t.Error("renewed before half its life")
	}
	lengthen(w, 2*fortnight+3600)
	r := c.Get("/test/who")
	if !sets(r, "simpul") || c.Cookie("simpul") == before {
		t.Fatal("not renewed past half its life")
	}
	check.Equal(t, "renewed", cookie(t, r, "simpul").MaxAge, 2*fortnight+3600)
	if again := c.Get("/test/who"); again.Body != w.Partner.Id || sets(again, "simpul") {
		t.Error("the new token does not carry on")
	}
}

func TestALentTokenIsNotRenewed(t *testing.T) {
	w := world(t)
	token := check.Must(w.Partner.NewStaticAuthToken(time.Hour))
	c := w.As(nil)
	c.SetCookie("simpul", token)
	if r := c.Get("/test/who"); r.Body != w.Partner.Id || sets(r, "simpul") {
		t.Errorf("an hour's token became %v", r.Header["Set-Cookie"])
	}
}

func TestASessionEndsWithWhatItStoodFor(t *testing.T) {
	ends := map[string]func(w *testkit.World, r *core.Record) error{
		"disabled": func(w *testkit.World, r *core.Record) error {
			r.Set("disabled", true)
			return w.App.Save(r)
		},
		"another password": func(w *testkit.World, r *core.Record) error {
			r.SetPassword("kata-sandi-yang-baru")
			return w.App.Save(r)
		},
		"another address": func(w *testkit.World, r *core.Record) error {
			r.SetEmail("pindah@example.org")
			return w.App.Save(r)
		},
		"deleted": func(w *testkit.World, r *core.Record) error { return w.App.Delete(r) },
		"signed out everywhere, from another device": func(w *testkit.World, r *core.Record) error {
			w.As(r).Post("/me/sign-out-everywhere").Want(http.StatusSeeOther)
			return nil
		},
	}
	for name, end := range ends {
		w := world(t)
		c := w.As(w.Outsider)
		if got := c.Get("/test/who").Body; got != w.Outsider.Id {
			t.Fatalf("%s: begins as %s", name, got)
		}
		check.NoError(t, end(w, w.Fresh(w.Outsider)))
		check.Equal(t, name+": still", c.Get("/test/who").Body, "guest")
		check.Equal(t, name+": the dead cookie is kept", c.Cookie("simpul"), "")
	}
}

func TestASessionFromBeforeAnAccountWasDisabledNeverComesBack(t *testing.T) {
	w := world(t)
	c := w.As(w.Outsider)
	for _, disabled := range []bool{true, false} {
		r := w.Fresh(w.Outsider)
		r.Set("disabled", disabled)
		check.NoError(t, w.App.Save(r))
	}
	check.Equal(t, "enabled again, the old session", c.Get("/test/who").Body, "guest")
}

func TestACookieThatIsNoSessionIsForgotten(t *testing.T) {
	w := world(t)
	reset := check.Must(w.Partner.NewPasswordResetToken())
	file := check.Must(w.Partner.NewFileToken())
	good := check.Must(w.Partner.NewAuthToken())
	for name, value := range map[string]string{"noise": "xyz", "a reset link's token": reset, "a file token": file, "a forged token": good[:len(good)-4] + "AAAA"} {
		c := w.As(nil)
		c.SetCookie("simpul", value)
		if got := c.Get("/test/who").Body; got != "guest" || c.Cookie("simpul") != "" {
			t.Errorf("%s: %s, cookie %q", name, got, c.Cookie("simpul"))
		}
	}
}

func TestTheAPIIgnoresTheCookieAndPagesIgnoreTheHeader(t *testing.T) {
	w := world(t)
	token := w.As(w.Partner).Cookie("simpul")
	cookieOnly := httptest.NewRequest(http.MethodGet, "/api/collections/programmes/records/"+w.Kopi.Id, nil)
	check.Equal(t, "the API answers a cookie", w.As(w.Partner).Do(cookieOnly).Status, http.StatusNotFound)
	header := w.As(nil)
	header.Header.Set("Authorization", token)
	header.API(http.MethodGet, "/api/collections/programmes/records/"+w.Kopi.Id, nil).Want(http.StatusOK)
	check.Equal(t, "a page takes the header", header.Get("/test/who").Body, "guest")
	header.Get("/me").Want(http.StatusSeeOther)
}
