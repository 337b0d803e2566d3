package contributions_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"
)

// sembako is the gift of the script: 20 packages from Puskesmas to Kopi.
func sembako(w *testkit.World, more ...any) *core.Record {
	w.Helper()
	fields := []any{"programme", w.Kopi.Id, "contributor", w.Puskesmas.Id, "kind", "goods", "item", "sembako",
		"quantity", 20, "unit", "package", "given_on", "2026-11-20", "logged_by", w.Partner.Id}
	return w.Make("contributions", append(fields, more...)...)
}

// inState makes a gift and puts it into a state of the review.
func inState(w *testkit.World, status string, more ...any) *core.Record {
	w.Helper()
	r := sembako(w, append([]any{"review_status", status}, more...)...)
	if r.GetString("review_status") != status {
		w.Fatalf("made %s, want %s", r.GetString("review_status"), status)
	}
	return r
}

// form is what a partner's browser sends; a later pair replaces an earlier one.
func form(w *testkit.World, changes ...string) []string {
	fields := []string{"once", "k-" + w.Name(), "programme", w.Kopi.Id, "contributor", w.Puskesmas.Id,
		"kind", "goods", "item", "sembako", "quantity", "20", "unit", "package"}
	return with(fields, changes...)
}

func with(fields []string, changes ...string) []string {
	out := append([]string{}, fields...)
	for i := 0; i+1 < len(changes); i += 2 {
		found := false
		for j := 0; j+1 < len(out); j += 2 {
			if out[j] == changes[i] {
				out[j+1], found = changes[i+1], true
			}
		}
		if !found {
			out = append(out, changes[i], changes[i+1])
		}
	}
	return out
}

// only returns the single contribution there is.
func only(w *testkit.World) *core.Record {
	w.Helper()
	return w.Only("contributions", "programme", w.Kopi.Id)
}

func wantText(t *testing.T, r *core.Record, field, want string) {
	t.Helper()
	if got := r.GetString(field); got != want {
		t.Errorf("%s is %q, want %q", field, got, want)
	}
}
