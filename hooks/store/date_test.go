package store_test

import (
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"simpul/hooks/clock"
	"simpul/hooks/testkit"
)

// dates are when a record was created and last changed, as the database has it.
func dates(w *testkit.World, r *core.Record) [2]string {
	w.Helper()
	fresh := w.Fresh(r)
	return [2]string{fresh.GetString("created"), fresh.GetString("updated")}
}

func TestRecordsAreDatedByTheClock(t *testing.T) {
	w := testkit.New(t)
	if got := dates(w, w.Kopi)[0]; got != "2026-11-23 02:00:00.000Z" {
		t.Errorf("the programme was created at %s, want the world's own hour", got)
	}
	defer clock.Freeze(time.Date(2031, 5, 6, 7, 8, 9, 123456789, time.UTC))()
	made := w.Make("holidays", "on", "2031-01-02", "name", "Hari uji", "kind", "national_holiday")
	if got, want := dates(w, made), [2]string{"2031-05-06 07:08:09.123Z", "2031-05-06 07:08:09.123Z"}; got != want {
		t.Errorf("made at %v, want %v", got, want)
	}
	if got := w.Only("activity", "record", made.Id).GetString("created"); got != "2031-05-06 07:08:09.123Z" {
		t.Errorf("the activity says %s", got)
	}
	// Two changes at the same instant differ from each other, so that the second form is seen to be out of date.
	for _, want := range []string{"2031-05-06 07:08:09.124Z", "2031-05-06 07:08:09.125Z"} {
		made.Set("name", made.GetString("name")+".")
		if err := w.App.Save(made); err != nil {
			t.Fatal(err)
		}
		if got := dates(w, made); got != [2]string{"2031-05-06 07:08:09.123Z", want} {
			t.Errorf("changed at %v, want %s", got, want)
		}
	}
	// A clock that was wrong and has been set right dates what is saved then.
	defer clock.Freeze(time.Date(2027, 1, 2, 3, 4, 5, 0, time.UTC))()
	made.Set("name", "Hari")
	if err := w.App.Save(made); err != nil {
		t.Fatal(err)
	}
	if got := dates(w, made)[1]; got != "2027-01-02 03:04:05.000Z" {
		t.Errorf("changed at %s", got)
	}
}

func TestADateThatIsGivenStands(t *testing.T) {
	w := testkit.New(t)
	given, err := types.ParseDateTime("2025-02-03 04:05:06.000Z")
	if err != nil {
		t.Fatal(err)
	}
	c, err := w.App.FindCollectionByNameOrId("holidays")
	if err != nil {
		t.Fatal(err)
	}
	r := core.NewRecord(c)
	r.Load(map[string]any{"on": "2027-01-02", "name": "Hari uji", "kind": "national_holiday"})
	r.SetRaw("created", given)
	if err := w.App.Save(r); err != nil {
		t.Fatal(err)
	}
	if got := dates(w, r); got != [2]string{"2025-02-03 04:05:06.000Z", "2026-11-23 02:00:00.000Z"} {
		t.Errorf("dated %v", got)
	}
}

// PocketBase tells by the machine's time whether a code is too old, so it dates codes itself.
func TestCodesAreDatedByTheMachine(t *testing.T) {
	w := testkit.New(t)
	code := core.NewOTP(w.App)
	code.SetCollectionRef(w.Partner.Collection().Id)
	code.SetRecordRef(w.Partner.Id)
	code.SetPassword("12345678")
	if err := w.App.Save(code); err != nil {
		t.Fatal(err)
	}
	if age := time.Since(code.Created().Time()); age < 0 || age > time.Minute {
		t.Errorf("a new code is %s old", age)
	}
}
