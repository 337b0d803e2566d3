package access_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"
	"simpul/hooks/testkit/golden"
)

// TestOnlyAllowedFieldsChange sends, for every collection and person, each
// field alone as a change. What was changed by it must be what people have
// read and agreed to. The administrator's line shows what can change at all.
func TestOnlyAllowedFieldsChange(t *testing.T) {
	w := testkit.New(t)
	all := fixtures(w)
	s := takeSnapshot(w)
	var table strings.Builder
	seen := map[string]bool{}
	for _, f := range all {
		if f.record.Collection().IsView() || seen[f.record.Id] {
			continue
		}
		seen[f.record.Id] = true
		fmt.Fprintf(&table, "%s\n", f.name)
		for _, a := range askers(w) {
			fmt.Fprintf(&table, "  %-14s %s\n", a.name, words(changeable(s, f, a)))
		}
	}
	golden.Check(t, "which_fields_change.txt", table.String())
}

func words(names []string) string {
	if len(names) == 0 {
		return "-"
	}
	return strings.Join(names, " ")
}

// changeable lists the fields of a record that a person can change one by one.
func changeable(s *snapshot, f fixture, a asker) (out []string) {
	w := s.w
	before := w.Fresh(f.record)
	for _, field := range before.Collection().Fields {
		name := field.GetName()
		value := another(w, before, field)
		if value == nil {
			continue
		}
		answer := w.As(a.record).API(http.MethodPatch, path(f), fields{name: value})
		if answer.Status >= http.StatusInternalServerError {
			w.Errorf("%s: %s %s: status %d", f.name, a.name, name, answer.Status)
		}
		if answer.Status == http.StatusOK {
			if fmt.Sprint(w.Fresh(before).Get(name)) != fmt.Sprint(before.Get(name)) {
				out = append(out, name)
			}
			s.restore()
		}
	}
	return out
}

func TestNobodyTypesWhenSomethingWasMade(t *testing.T) {
	w := testkit.New(t)
	r := task(w)
	for _, field := range []string{"created", "updated"} {
		if status := patch(w, w.Administrator, r, fields{field: "2020-01-02 03:04:05.000Z"}); status != http.StatusOK {
			t.Errorf("%s: status %d", field, status)
		}
		if got := w.Fresh(r).GetDateTime(field); got.Time().Year() == 2020 {
			t.Errorf("%s is %s", field, got)
		}
	}
}

// A duplicate is printed unescaped, so it always comes from its source.
func TestRenderedDuplicatesFollowTheirSource(t *testing.T) {
	w := testkit.New(t)
	r := task(w)
	r.Set("details", "Bawa **kartu**")
	if err := w.App.Save(r); err != nil {
		t.Fatal(err)
	}
	rendered := w.Fresh(r).GetString("details_html")
	if status := patch(w, w.Administrator, r, fields{"details_html": "<script>alert(1)</script>"}); status != http.StatusOK {
		t.Fatalf("status %d", status)
	}
	if got := w.Fresh(r).GetString("details_html"); got != rendered || !strings.Contains(got, "<strong>kartu</strong>") {
		t.Errorf("the twin reads %s", got)
	}
}

// TestOnlyAllowedFieldsAreSetAtCreation adds each field in turn to a body that
// is accepted, and looks for the value in what was made of it.
func TestOnlyAllowedFieldsAreSetAtCreation(t *testing.T) {
	w := testkit.New(t)
	all := fixtures(w)
	s := takeSnapshot(w)
	var table strings.Builder
	for _, f := range all {
		if f.body == nil || strings.Contains(f.name, "by the giver") {
			continue
		}
		fmt.Fprintf(&table, "%s\n", f.name)
		for _, a := range askers(w) {
			if !creatable(s, f, a) {
				continue
			}
			fmt.Fprintf(&table, "  %-14s %s\n", a.name, words(settable(s, f, a)))
		}
	}
	golden.Check(t, "which_fields_are_set.txt", table.String())
}

func creatable(s *snapshot, f fixture, a asker) bool {
	defer s.restore()
	return s.w.As(a.record).API(http.MethodPost, base(f), f.body).Status == http.StatusOK
}

// settable lists the fields besides those of the body that a person can set.
func settable(s *snapshot, f fixture, a asker) (out []string) {
	w := s.w
	for _, field := range f.record.Collection().Fields {
		name := field.GetName()
		value := another(w, f.record, field)
		if _, sent := f.body[name]; sent || value == nil || name == core.FieldNameId {
			continue
		}
		answer := w.As(a.record).API(http.MethodPost, base(f), with(f.body, name, value))
		if answer.Status >= http.StatusInternalServerError {
			w.Errorf("%s: %s %s: status %d", f.name, a.name, name, answer.Status)
		}
		if answer.Status == http.StatusOK {
			made := w.Only(f.record.Collection().Name, "id", answer.JSON()["id"])
			sent := fresh(w, f.record.Collection().Name, fields{name: value})
			if fmt.Sprint(made.Get(name)) == fmt.Sprint(sent.Get(name)) {
				out = append(out, name)
			}
			s.restore()
		}
	}
	return out
}
