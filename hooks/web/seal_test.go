package web_test

import (
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/web"
)

// sealed packs a value for the purpose "a".
func sealed(t *testing.T, v any) string {
	t.Helper()
	out, err := web.Seal(asking(), "a", v)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestWhatIsSealedComesBackInAnotherRequest(t *testing.T) {
	want := map[string]string{"judul": "Jadwal <besok> \"home visit\"\r\n\u00e9", "": "kosong"}
	got := map[string]string{}
	if !web.Unseal(asking(), "a", sealed(t, want), &got) || len(got) != len(want) {
		t.Fatalf("unsealed %v", got)
	}
	for name, value := range want {
		if got[name] != value {
			t.Errorf("%q became %q", value, got[name])
		}
	}
}

func TestASealHoldsForItsPurposeItsValueAndItsHub(t *testing.T) {
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
		if web.Unseal(c.e, c.purpose, c.text, &got) || got != "" {
			t.Errorf("%s: unsealed %q", name, got)
		}
	}
	var number int
	if web.Unseal(asking(), "a", good, &number) {
		t.Error("a text passes for a number")
	}
	if _, err := web.Seal(asking(), "a", func() {}); err == nil {
		t.Error("a function is sealed")
	}
}
