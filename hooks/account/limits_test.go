package account_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"simpul/hooks/lang"
	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

// An office has one address for all of its people.
func TestThirtyPeopleOfOneOfficeSignInWithinAMinute(t *testing.T) {
	w := testkit.New(t)
	limited(w)
	for i := range 30 {
		address := fmt.Sprintf("orang-%d@example.org", i)
		w.Make("users", "email", address, "password", testkit.Password, "name", "Orang", "verified", true)
		c := w.As(nil)
		c.Get("/sign-in").Want(http.StatusOK)
		c.Post("/sign-in", "email", address).Want(http.StatusSeeOther)
		c.Post("/sign-in/code", "code", code(w, address, 1)).Want(http.StatusSeeOther)
		isSomebody(t, c, address)
	}
}

// from sends a sign-in from an address of the network.
func from(c *testkit.Client, address string, fields url.Values) *testkit.Response {
	req := httptest.NewRequest(http.MethodPost, "/sign-in", strings.NewReader(fields.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.RemoteAddr = address
	return c.Do(req)
}

func TestManyWrongPasswordsAreStoppedKindly(t *testing.T) {
	w := testkit.New(t)
	limited(w)
	guess := url.Values{"email": {partner}, "password": {"salah"}}
	for range 30 {
		from(w.As(nil), "198.51.100.7:1000", guess).Want(http.StatusUnprocessableEntity)
	}
	right := url.Values{"email": {partner}, "password": {testkit.Password}}
	for _, language := range lang.Languages {
		c := w.As(nil)
		c.SetCookie("language", language)
		c.Header.Set("X-Forwarded-For", "203.0.113.9")
		r := from(c, "198.51.100.7:1001", right).Want(http.StatusTooManyRequests)
		check.Equal(t, "titled", r.Text("h1"), lang.T(language, "page.error_429_title"))
		if !strings.Contains(r.Text("main"), lang.T(language, "page.error_429_text")) || strings.Contains(r.Body, "rate limit rule") {
			t.Errorf("says %s", r.Text("main"))
		}
	}
	from(w.As(nil), "203.0.113.9:1000", right).Want(http.StatusSeeOther)
}

func TestManyRequestsForCodesAndLinksAreStopped(t *testing.T) {
	w := testkit.New(t)
	limited(w)
	for path, allowed := range map[string]int{"/sign-in": 30, "/sign-in/reset": 10} {
		for i := range allowed {
			if r := w.As(nil).Post(path, "email", "stranger@example.org"); r.Status != http.StatusSeeOther {
				t.Fatalf("%s: request %d answers %d", path, i, r.Status)
			}
		}
		w.As(nil).Post(path, "email", "stranger@example.org").Want(http.StatusTooManyRequests)
	}
}

func TestTheAPICountsForItself(t *testing.T) {
	w := testkit.New(t)
	limited(w)
	wrong := map[string]string{"identity": partner, "password": "salah"}
	for i := range 60 {
		if r := w.As(nil).API(http.MethodPost, "/api/collections/users/auth-with-password", wrong); r.Status != http.StatusBadRequest {
			t.Fatalf("guess %d answers %d", i, r.Status)
		}
	}
	w.As(nil).API(http.MethodPost, "/api/collections/users/auth-with-password", wrong).Want(http.StatusTooManyRequests)
	w.As(nil).Post("/sign-in", "email", partner, "password", testkit.Password).Want(http.StatusTooManyRequests)
}

// Behind a proxy everybody would share its address, were the header that it
// sets not believed, also by what the page asks of the API.
func TestBehindATrustedProxyEverybodyCountsForThemselves(t *testing.T) {
	w := testkit.New(t)
	limited(w)
	settings := check.Must(w.App.Settings().Clone())
	settings.TrustedProxy.Headers = []string{"X-Real-IP"}
	check.NoError(t, w.App.Save(settings))
	guess := url.Values{"email": {partner}, "password": {"salah"}}
	for _, visitor := range []string{"203.0.113.1", "203.0.113.2", "203.0.113.3"} {
		c := w.As(nil)
		c.Header.Set("X-Real-IP", visitor)
		for i := range 30 {
			if r := from(c, "10.0.0.1:1000", guess); r.Status != http.StatusUnprocessableEntity {
				t.Fatalf("%s: guess %d answers %d", visitor, i, r.Status)
			}
		}
		from(c, "10.0.0.1:1000", guess).Want(http.StatusTooManyRequests)
	}
}
