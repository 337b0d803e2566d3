package access_test

import (
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

// another is a value for a field that is valid and differs from what the
// record holds; nil when there is none that JSON could carry.
func another(w *testkit.World, r *core.Record, f core.Field) any {
	w.Helper()
	switch f := f.(type) {
	case *core.TextField:
		return anotherText(r, f)
	case *core.SelectField:
		return anotherChoice(r, f)
	case *core.RelationField:
		return anotherRelation(w, r, f)
	case *core.NumberField:
		return r.GetFloat(f.Name) + 1
	case *core.BoolField:
		return !r.GetBool(f.Name)
	case *core.DateField:
		return "2027-01-02 03:04:05.000Z"
	case *core.EmailField:
		return "lain@example.org"
	case *core.URLField:
		return "https://example.org/lain"
	case *core.JSONField:
		return []string{"lain"}
	}
	return nil
}

func anotherText(r *core.Record, f *core.TextField) any {
	switch {
	case f.Name == core.FieldNameId:
		return "lainlainlain123"
	case strings.HasPrefix(f.Pattern, `^\d{4}`):
		return "2026-12-20"
	case strings.Contains(f.Pattern, `[0-5]`):
		return "09:30"
	case f.Name == "slug":
		return "lain-lain"
	case f.Name == core.FieldNameTokenKey:
		return strings.Repeat("lain", 13)
	}
	return "Lain"
}

func anotherChoice(r *core.Record, f *core.SelectField) any {
	held := r.GetStringSlice(f.Name)
	for _, code := range f.Values {
		if slices.Contains(held, code) {
			continue
		}
		if f.MaxSelect > 1 {
			return []string{code}
		}
		return code
	}
	return nil
}

func anotherRelation(w *testkit.World, r *core.Record, f *core.RelationField) any {
	w.Helper()
	target := check.Must(w.App.FindCachedCollectionByNameOrId(f.CollectionId))
	found := check.Must(w.App.FindAllRecords(target.Name))
	held := append(r.GetStringSlice(f.Name), r.Id)
	for _, other := range slices.Backward(found) {
		if !slices.Contains(held, other.Id) {
			return other.Id
		}
	}
	return nil
}
