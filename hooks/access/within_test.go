package access_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

func entered(t *testing.T, w *testkit.World, person, programme *core.Record) *access.Scope {
	t.Helper()
	d := at(w, person)
	check.Must(d.View("programmes", programme.Id))
	return d
}

func TestWithinReadsTheRowsOfOneProgramme(t *testing.T) {
	w := testkit.New(t)
	mine := task(w)
	baliTask(w)
	for name, d := range map[string]*access.Scope{
		"partner":       entered(t, w, w.Partner, w.Kopi),
		"observer":      entered(t, w, w.Observer, w.Kopi),
		"administrator": at(w, w.Administrator),
	} {
		q, err := d.QueryIn(w.Kopi, "tasks")
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var got []string
		if err := q.Select("tasks.id").Column(&got); err != nil || !slices.Equal(got, []string{mine.Id}) {
			t.Errorf("%s reads %v, %v", name, got, err)
		}
	}
}

func TestWithinRefusesWhoHasNotEntered(t *testing.T) {
	w := testkit.New(t)
	if _, err := at(w, w.Partner).QueryIn(w.Kopi, "tasks"); !errors.Is(err, access.ErrRefused) {
		t.Errorf("without viewing the programme: %v", err)
	}
	if _, err := entered(t, w, w.Partner, w.Kopi).QueryIn(w.Rantang, "tasks"); !errors.Is(err, access.ErrRefused) {
		t.Errorf("after viewing another programme: %v", err)
	}
	d := at(w, w.Partner)
	if _, err := d.View("programmes", w.Rantang.Id); !errors.Is(err, access.ErrRefused) {
		t.Fatal(err)
	}
	if _, err := d.QueryIn(w.Rantang, "tasks"); !errors.Is(err, access.ErrRefused) {
		t.Errorf("after being refused: %v", err)
	}
	check.Must(d.View("tasks", task(w).Id))
	if _, err := d.QueryIn(w.Kopi, "tasks"); !errors.Is(err, access.ErrRefused) {
		t.Errorf("after viewing something else in it: %v", err)
	}
}

func TestAProgrammeFoundBySlugCountsAsEntered(t *testing.T) {
	w := testkit.New(t)
	d := at(w, w.Partner)
	check.Must(d.First("programmes", "slug", "kopi"))
	if _, err := d.QueryIn(w.Kopi, "stakeholders"); err != nil {
		t.Error(err)
	}
}

// TestWithinRefusesCollectionsWithARuleOfTheirOwn asks for every collection
// that names a programme: only those under the common rule may be read so.
func TestWithinRefusesCollectionsWithARuleOfTheirOwn(t *testing.T) {
	w := testkit.New(t)
	d := entered(t, w, w.Partner, w.Kopi)
	common := check.Must(w.App.FindCollectionByNameOrId("tasks"))
	collections := check.Must(w.App.FindAllCollections())
	opened, kept := []string{}, []string{}
	for _, c := range collections {
		if c.Fields.GetByName("programme") == nil {
			continue
		}
		if _, err := d.QueryIn(w.Kopi, c.Name); err == nil {
			opened = append(opened, c.Name)
			check.Equal(t, c.Name+" has another rule and was opened", *c.ListRule, *common.ListRule)
			continue
		}
		kept = append(kept, c.Name)
	}
	slices.Sort(opened)
	want := []string{"indicators", "meetings", "milestones", "stages", "stakeholders", "tasks", "verified_contributions"}
	check.Same(t, "opened", opened, want)
	for _, name := range []string{"contributions", "comments", "evidence", "deliveries", "activity", "memberships"} {
		if !slices.Contains(kept, name) {
			t.Errorf("%s was opened", name)
		}
	}
}

func TestWithinNoticesAnUnknownCollection(t *testing.T) {
	w := testkit.New(t)
	if _, err := entered(t, w, w.Partner, w.Kopi).QueryIn(w.Kopi, "no_such_thing"); err == nil {
		t.Error("went unnoticed")
	}
}
