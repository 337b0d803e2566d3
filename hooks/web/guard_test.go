package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"simpul/hooks/lang"
	"simpul/hooks/testkit"
	"simpul/hooks/web"

	"simpul/hooks/testkit/check"
)

func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	w := world(t)
	for name, of := range map[string]struct {
		header, value string
		refused       bool
	}{
		"another site":               {"Sec-Fetch-Site", "cross-site", true},
		"a sister of this host":      {"Sec-Fetch-Site", "same-site", true},
		"our own page":               {"Sec-Fetch-Site", "same-origin", false},
		"typed by the reader":        {"Sec-Fetch-Site", "none", false},
		"old browser, another site":  {"Origin", "https://evil.example", true},
		"old browser, another port":  {"Origin", "http://example.com:8443", true},
		"old browser, hidden origin": {"Origin", "null", true},
		"old browser, our own page":  {"Origin", "http://example.com", false},
		"older still, says nothing":  {"X-Nothing", "", false},
	} {
		c := w.As(w.Partner)
		c.Header.Set(of.header, of.value)
		answer := c.Post("/test/who")
		check.Equal(t, name+": status", answer.Status, map[bool]int{true: http.StatusForbidden, false: http.StatusOK}[of.refused])
		if got := c.Get("/test/who"); got.Status != http.StatusOK || got.Body != w.Partner.Id {
			t.Errorf("%s: reading answers %d", name, got.Status)
		}
	}
}

func TestARefusedFormIsExplainedAndChangesNothing(t *testing.T) {
	w := world(t)
	before := w.Fresh(w.Partner).GetString("language")
	for _, language := range lang.Languages {
		c := w.As(w.Partner)
		c.SetCookie("language", language)
		c.Header.Set("Sec-Fetch-Site", "cross-site")
		isErrorPage(t, c.Post("/me/language", "value", "en").Want(http.StatusForbidden), language, http.StatusForbidden)
	}
	check.Equal(t, "the language", w.Fresh(w.Partner).GetString("language"), before)
}

// pages are some of every kind, with what they answer to the partner.
func pages(w *testkit.World) map[string]int {
	r := w.Make("tasks", "programme", w.Kopi.Id, "title", "Jadwal home visit", "organisation", w.Puskesmas.Id,
		"accountable", w.Initiator.Id, "due_on", "2026-12-10", "state", "todo", "urgency", "normal")
	return map[string]int{
		"/": http.StatusOK, "/me": http.StatusOK, "/programmes": http.StatusOK, "/programmes/kopi": http.StatusOK,
		"/programmes/kopi/tasks": http.StatusOK, "/tasks/" + r.Id: http.StatusOK, "/sign-in": http.StatusSeeOther,
		"/tasks/none": http.StatusNotFound, "/no/such/page": http.StatusNotFound, "/programmes/rantang": http.StatusNotFound,
		"/test/fall": http.StatusInternalServerError, "/test/refused": http.StatusNotFound,
	}
}

func TestEveryPageHoldsBrowsersToItsRules(t *testing.T) {
	w := world(t)
	signedIn, guest := w.As(w.Partner), w.As(nil)
	for path, status := range pages(w) {
		kept(t, path, signedIn.Get(path).Want(status))
		kept(t, path+" as a guest", guest.Get(path))
	}
	kept(t, "the sign-in page", guest.Get("/sign-in").Want(http.StatusOK))
	kept(t, "a form", guest.Post("/sign-in", "email", "nobody").Want(http.StatusUnprocessableEntity))
}

// kept checks what every answer tells the browser to hold to.
func kept(t *testing.T, what string, r *testkit.Response) {
	t.Helper()
	policy := r.Header.Get("Content-Security-Policy")
	for _, part := range []string{"default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"} {
		check.Contains(t, what+": the content policy lacks", policy, part)
	}
	if strings.Contains(policy, "unsafe") || strings.Contains(policy, "http:") || strings.Contains(policy, "*") {
		t.Errorf("%s: the content policy is loose: %s", what, policy)
	}
	for header, want := range map[string]string{
		"Referrer-Policy":            "same-origin",
		"X-Content-Type-Options":     "nosniff",
		"X-Frame-Options":            "SAMEORIGIN",
		"Cross-Origin-Opener-Policy": "same-origin",
		"Permissions-Policy":         "camera=(self), geolocation=(), microphone=()",
		"Cache-Control":              "private, no-store",
		"Strict-Transport-Security":  "",
	} {
		if got := r.Header.Get(header); got != want {
			t.Errorf("%s: %s is %q, want %q", what, header, got, want)
		}
	}
}

func TestHTTPSIsInsistedOnWhereItIsSpoken(t *testing.T) {
	w := world(t)
	https(w)
	check.Equal(t, "header Strict-Transport-Security", w.As(nil).Get("/sign-in").Header.Get("Strict-Transport-Security"), "max-age=31536000")
}

func TestPagesCarryNothingTheContentPolicyForbids(t *testing.T) {
	w := world(t)
	c := w.As(w.Partner)
	for path := range pages(w) {
		doc := c.Get(path).Doc()
		if n := doc.Find("style, [style], script:not([src]), [onclick], [onload], iframe, base").Length(); n > 0 {
			t.Errorf("%s holds %d forbidden elements", path, n)
		}
		for _, attribute := range []string{"src", "href", "action"} {
			for _, node := range doc.Find("script[src], img[src], link[href], form[action]").Nodes {
				for _, a := range node.Attr {
					if a.Key == attribute && (!strings.HasPrefix(a.Val, "/") || strings.HasPrefix(a.Val, "//")) {
						t.Errorf("%s takes %s from %s", path, node.Data, a.Val)
					}
				}
			}
		}
	}
}

func TestAGuestSignsInFirstAndComesBack(t *testing.T) {
	w := world(t)
	for path, want := range map[string]string{
		"/":                                "/sign-in",
		"/programmes":                      "/sign-in?next=%2Fprogrammes",
		"/programmes/kopi/tasks?state=a+b": "/sign-in?next=%2Fprogrammes%2Fkopi%2Ftasks%3Fstate%3Da%2Bb",
	} {
		check.Equal(t, path, w.As(nil).Get(path).Want(http.StatusSeeOther).Header.Get("Location"), want)
	}
	sent := httptest.NewRequest(http.MethodPost, "/tasks/x/state", nil)
	check.Equal(t, "a form is answered", w.As(nil).Do(sent).Want(http.StatusUnauthorized).Doc().Find(`form[action="/sign-in"]`).Length(), 1)
}

func TestOnlyPathsOfThisHubAreLocal(t *testing.T) {
	for target, local := range map[string]bool{
		"/": true, "/me": true, "/tasks/a?x=1&y=2#z": true, "/programmes/kopi?next=https://evil.example": true, "/a b": true,
		"": false, "me": false, "https://evil.example": false, "//evil.example": false, "///evil.example": false,
		"/\\evil.example": false, "\\\\evil.example": false, "http:/evil": false, "javascript:alert(1)": false,
		"/\t/evil.example": false, "\t//evil.example": false, "/\r\nSet-Cookie: a=b": false, "https:evil.example": false,
		" //evil.example": false, "/%zz": false, "?next=/": false, "#x": false, "mailto:a@b": false, "/\x00": false,
		"//evil.example/%2f..": false, "http://example.com@evil.example/": false, "/%2F/evil.example": true,
	} {
		want := "/"
		if local {
			want = target
		}
		if got := web.Local(target); got != want {
			t.Errorf("%q leads to %q, want %q", target, got, want)
		}
	}
}
