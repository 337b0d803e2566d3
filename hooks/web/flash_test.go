package web_test

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"simpul/hooks/lang"

	"simpul/hooks/testkit/check"
)

func TestAFlashIsShownOnceInTheReadersLanguage(t *testing.T) {
	w := world(t)
	for _, language := range lang.Languages {
		c := w.As(nil)
		c.SetCookie("language", language)
		seen := c.Follow(c.Get("/test/flash")).Want(http.StatusOK)
		check.Equal(t, language, seen.Text(".flash"), lang.T(language, "account.signed_out"))
		check.Equal(t, language, c.Get("/sign-in").Text(".flash"), "")
	}
}

func TestAFlashIsShownOnAnErrorPageToo(t *testing.T) {
	c := world(t).As(nil)
	c.Get("/test/flash")
	check.Equal(t, "says", c.Get("/no/such/page").Text(".flash"), lang.T("id", "account.signed_out"))
}

func TestAForgedFlashSaysNothing(t *testing.T) {
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
		if seen.Doc().Find(".flash form").Length() > 0 {
			t.Errorf("%s: offers an undo", name)
		}
		check.Equal(t, name+": is kept", forger.Cookie("flash"), "")
	}
	honest := w.As(nil)
	honest.SetCookie("flash", good)
	if got := honest.Get("/sign-in").Text(".flash"); got == "" {
		t.Error("the good one says nothing")
	}
}
