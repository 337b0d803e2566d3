package access_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

// publicNames are the only typed words that the activity keeps.
var publicNames = []string{"hub_settings.hub_name", "organisations.name", "programmes.name", "programmes.slug"}

// TestTheActivityKeepsNoTypedWords types a marker into every text of every
// collection and looks for it in the activity.
func TestTheActivityKeepsNoTypedWords(t *testing.T) {
	w := testkit.New(t)
	typedInto, seen := 0, []string{}
	for _, f := range oneOfEach(w) {
		c := f.record.Collection()
		for _, field := range c.Fields {
			name := c.Name + "." + field.GetName()
			if c.Name == "activity" || !holdsWords(field) || !typeInto(w, f.record, field) {
				continue
			}
			typedInto++
			if told(w, f.record.Id, field.GetName()) {
				seen = append(seen, name)
			}
		}
	}
	slices.Sort(seen)
	check.Same(t, "fields whose words are kept", seen, publicNames)
	if typedInto < 60 {
		t.Errorf("only %d fields took the marker", typedInto)
	}
}

// oneOfEach is one stored record of every collection that is no view.
func oneOfEach(w *testkit.World) []fixture {
	out, seen := []fixture{}, map[string]bool{}
	for _, f := range fixtures(w) {
		c := f.record.Collection()
		if !seen[c.Name] && !c.IsView() {
			seen[c.Name] = true
			out = append(out, f)
		}
	}
	return out
}

const marker = "penanda"

func holdsWords(f core.Field) bool {
	switch f.Type() {
	case core.FieldTypeText, core.FieldTypeEditor, core.FieldTypeEmail, core.FieldTypeURL:
		return f.GetName() != core.FieldNameId
	}
	return false
}

// typeInto saves a record with the marker in one field, if it takes it.
func typeInto(w *testkit.World, r *core.Record, f core.Field) bool {
	row := w.Fresh(r)
	value := marker
	switch f.Type() {
	case core.FieldTypeEmail:
		value = marker + "@example.org"
	case core.FieldTypeURL:
		value = "https://example.org/" + marker
	}
	row.Set(f.GetName(), value)
	return w.App.Save(row) == nil
}

// told reports whether an entry about the record holds the marker for the field.
func told(w *testkit.World, id, field string) bool {
	return slices.ContainsFunc(entries(w, id), func(e *core.Record) bool {
		return strings.Contains(strings.Join(changesOf(w, e)[field], " "), marker)
	})
}
