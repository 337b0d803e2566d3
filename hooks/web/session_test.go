package web_test

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/lang"
	"simpul/hooks/testkit"
	"simpul/hooks/testkit/check"
	"simpul/hooks/web"
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

func TestSession_Cookie_HostOnly(t *testing.T) {
	w := world(t)
	plain := cookie(t, signIn(w.As(nil)).Want(http.StatusSeeOther), "simpul")
	check.That(t, !plain.Secure, "a cookie over plain http is marked as secure and would be dropped")
	tls := httptest.NewRequest(http.MethodPost, "https://hub.example.org/sign-in",
		strings.NewReader("email=partner@example.org&password="+testkit.Password))
	tls.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	direct := cookie(t, w.As(nil).Do(tls).Want(http.StatusSeeOther), "__Host-simpul")
	https(w)
	proxied := cookie(t, signIn(w.As(nil)).Want(http.StatusSeeOther), "__Host-simpul")
	for way, c := range map[string]*http.Cookie{"plain": plain, "TLS": direct, "behind a proxy": proxied} {
		check.That(t, c.HttpOnly && c.SameSite == http.SameSiteLaxMode && c.Path == "/" && c.Domain == "", "%s: %s", way, c)
		check.Equal(t, way+": lasts", c.MaxAge, 14*24*3600)
		check.That(t, way == "plain" || c.Secure, "%s: not secure", way)
	}
}

func TestSession_Administrator_OneDay(t *testing.T) {
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

func TestSession_PastHalfLife_Renewed(t *testing.T) {
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

func TestSession_ForeignToken_NotRenewed(t *testing.T) {
	w := world(t)
	token := check.Must(w.Partner.NewStaticAuthToken(time.Hour))
	c := w.As(nil)
	c.SetCookie("simpul", token)
	if r := c.Get("/test/who"); r.Body != w.Partner.Id || sets(r, "simpul") {
		t.Errorf("an hour's token became %v", r.Header["Set-Cookie"])
	}
}

func TestSession_AccountChanged_Ends(t *testing.T) {
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

func TestSession_AccountDisabled_NeverRestored(t *testing.T) {
	w := world(t)
	c := w.As(w.Outsider)
	for _, disabled := range []bool{true, false} {
		r := w.Fresh(w.Outsider)
		r.Set("disabled", disabled)
		check.NoError(t, w.App.Save(r))
	}
	check.Equal(t, "enabled again, the old session", c.Get("/test/who").Body, "guest")
}

func TestSession_InvalidCookie_Cleared(t *testing.T) {
	w := world(t)
	reset := check.Must(w.Partner.NewPasswordResetToken())
	file := check.Must(w.Partner.NewFileToken())
	good := check.Must(w.Partner.NewAuthToken())
	for name, value := range map[string]string{"noise": "xyz", "a reset link's token": reset, "a file token": file, "a forged token": good[:len(good)-4] + "AAAA"} {
		c := w.As(nil)
		c.SetCookie("simpul", value)
		check.Same(t, name, []string{c.Get("/test/who").Body, c.Cookie("simpul")}, []string{"guest", ""})
	}
}

func TestSession_CookieAndHeader_SeparateUses(t *testing.T) {
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

func TestFlash_Redirect_ShownOnce(t *testing.T) {
	w := world(t)
	for _, language := range lang.Languages {
		c := w.As(nil)
		c.SetCookie("language", language)
		seen := c.Follow(c.Get("/test/flash")).Want(http.StatusOK)
		check.Equal(t, language, seen.Text(".flash"), lang.T(language, "account.signed_out"))
		check.Equal(t, language, c.Get("/sign-in").Text(".flash"), "")
	}
}

func TestFlash_ErrorPage_Shown(t *testing.T) {
	c := world(t).As(nil)
	c.Get("/test/flash")
	check.Equal(t, "says", c.Get("/no/such/page").Text(".flash"), lang.T("id", "account.signed_out"))
}

func TestFlash_Forged_Ignored(t *testing.T) {
	w := world(t)
	c := w.As(nil)
	c.Get("/test/flash")
	good := c.Cookie("flash")
	body, seal, ok := strings.Cut(good, ".")
	if !ok || seal == "" {
		t.Fatalf("the cookie %q has no seal", good)
	}
	packed := base64.RawURLEncoding.EncodeToString
	known := packed([]byte(`{"k":"account.signed_out"}`))
	for name, value := range map[string]string{
		"no seal":             known,
		"an empty seal":       known + ".",
		"the seal of another": packed([]byte(`{"k":"problem.needed","a":["label","Kirim uang ke 08123"]}`)) + "." + seal,
		"an undo of its own":  packed([]byte(`{"k":"account.signed_out","u":{"a":"/me/sign-out-everywhere","n":"x","v":"y","b":"/"}}`)) + "." + seal,
		"no key of ours":      packed([]byte(`{"k":"Anda menang"}`)) + "." + seal,
		"no JSON":             packed([]byte(`hello`)) + "." + seal,
		"no base64":           "%%%." + seal,
		"cut off":             good[:len(good)-1],
		"of another process":  body + "." + strings.Repeat("0", len(seal)),
		"markup":              "<script>",
	} {
		forger := w.As(nil)
		forger.SetCookie("flash", value)
		seen := forger.Get("/sign-in").Want(http.StatusOK)
		check.Equal(t, name, seen.Text(".flash"), "")
		check.That(t, seen.Doc().Find(".flash form").Length() == 0, "%s: offers an undo", name)
		check.Equal(t, name+": is kept", forger.Cookie("flash"), "")
	}
	honest := w.As(nil)
	honest.SetCookie("flash", good)
	if got := honest.Get("/sign-in").Text(".flash"); got == "" {
		t.Error("the good one says nothing")
	}
}

// sealed packs a value for the purpose "a".
func sealed(t *testing.T, v any) string {
	t.Helper()
	out := check.Must(web.Seal(asking(), "a", v))
	return out
}

func TestSignedValue_NextRequest_Read(t *testing.T) {
	want := map[string]string{"judul": "Jadwal <besok> \"home visit\"\r\n\u00e9", "": "kosong"}
	got := map[string]string{}
	if !web.Unseal(asking(), "a", sealed(t, want), &got) || len(got) != len(want) {
		t.Fatalf("unsealed %v", got)
	}
	for name, value := range want {
		check.Equal(t, "value", got[name], value)
	}
}

func TestSignedValue_OtherPurposeValueOrSite_Invalid(t *testing.T) {
	other := asking()
	site(t, nil).Attach(other)
	good := sealed(t, "satu")
	value, seal, _ := strings.Cut(good, ".")
	lent, _, _ := strings.Cut(sealed(t, "dua"), ".")
	for name, c := range map[string]struct {
		e       *core.RequestEvent
		purpose string
		text    string
	}{
		"another purpose":           {asking(), "b", good},
		"no purpose":                {asking(), "", good},
		"another process":           {other, "a", good},
		"another value":             {asking(), "a", lent + "." + seal},
		"no seal":                   {asking(), "a", value},
		"half a seal":               {asking(), "a", good[:len(good)-4]},
		"a purpose inside the text": {asking(), "", "a:" + good},
		"nothing":                   {asking(), "a", ""},
	} {
		var got string
		check.That(t, !web.Unseal(c.e, c.purpose, c.text, &got) && got == "", "%s: unsealed %q", name, got)
	}
	var number int
	check.That(t, !web.Unseal(asking(), "a", good, &number), "a text passes for a number")
	if _, err := web.Seal(asking(), "a", func() {}); err == nil {
		t.Error("a function is sealed")
	}
}

func TestSameOrigin_EachHeader_AllowsOrRefuses(t *testing.T) {
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

func TestSameOrigin_Refused_ErrorPage(t *testing.T) {
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

func TestHeaders_EveryPage_SecurityPolicy(t *testing.T) {
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
	check.Contains(t, what+": the content policy lacks", policy, "default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'")
	check.Lacks(t, what+": the content policy is loose", policy, "unsafe", "http:", "*")
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

func TestHeaders_HTTPS_StrictTransport(t *testing.T) {
	w := world(t)
	https(w)
	check.Equal(t, "header Strict-Transport-Security", w.As(nil).Get("/sign-in").Header.Get("Strict-Transport-Security"), "max-age=31536000")
}

func TestHeaders_ContentPolicy_PagesComply(t *testing.T) {
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
					check.That(t, a.Key != attribute || strings.HasPrefix(a.Val, "/") && !strings.HasPrefix(a.Val, "//"), "%s takes %s from %s", path, node.Data, a.Val)
				}
			}
		}
	}
}

func TestSignedIn_Guest_RedirectedBack(t *testing.T) {
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

func TestLocal_ForeignPaths_Refused(t *testing.T) {
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
