package web_test

import (
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"
	"simpul/hooks/web"
)

// inside is a request to a hub.
func inside(w *testkit.World) *core.RequestEvent {
	e := asking()
	e.App = w.App
	return e
}

// sealed packs a value for the purpose "a".
func sealed(w *testkit.World, v any) string {
	w.Helper()
	out, err := web.Seal(inside(w), "a", v)
	if err != nil {
		w.Fatal(err)
	}
	return out
}

func TestWhatIsSealedComesBackInAnotherRequest(t *testing.T) {
	w := testkit.New(t)
	want := map[string]string{"judul": "Jadwal <besok> \"home visit\"\r\n\u00e9", "": "kosong"}
	got := map[string]string{}
	if !web.Unseal(inside(w), "a", sealed(w, want), &got) || len(got) != len(want) {
		t.Fatalf("unsealed %v", got)
	}
	for name, value := range want {
		if got[name] != value {
			t.Errorf("%q became %q", value, got[name])
		}
	}
}

func TestASealHoldsForItsPurposeItsValueAndItsHub(t *testing.T) {
	w, other := testkit.New(t), testkit.New(t)
	good := sealed(w, "satu")
	value, seal, _ := strings.Cut(good, ".")
	lent, _, _ := strings.Cut(sealed(w, "dua"), ".")
	for name, c := range map[string]struct {
		e       *core.RequestEvent
		purpose string
		text    string
	}{
		"another purpose":           {inside(w), "b", good},
		"no purpose":                {inside(w), "", good},
		"another hub":               {inside(other), "a", good},
		"another value":             {inside(w), "a", lent + "." + seal},
		"no seal":                   {inside(w), "a", value},
		"half a seal":               {inside(w), "a", good[:len(good)-4]},
		"a purpose inside the text": {inside(w), "", "a:" + good},
		"nothing":                   {inside(w), "a", ""},
	} {
		var got string
		if web.Unseal(c.e, c.purpose, c.text, &got) || got != "" {
			t.Errorf("%s: unsealed %q", name, got)
		}
	}
	var number int
	if web.Unseal(inside(w), "a", good, &number) {
		t.Error("a text passes for a number")
	}
	if _, err := web.Seal(inside(w), "a", func() {}); err == nil {
		t.Error("a function is sealed")
	}
}
