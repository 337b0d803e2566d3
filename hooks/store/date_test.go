package store_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"simpul/hooks/clock"
	"simpul/hooks/store"
	"simpul/hooks/testkit"
	"simpul/hooks/testkit/check"
)

// dates are when a record was created and last changed, as the database has it.
func dates(w *testkit.World, r *core.Record) [2]string {
	w.Helper()
	fresh := w.Fresh(r)
	return [2]string{fresh.GetString("created"), fresh.GetString("updated")}
}

func TestDate_Records_ByClock(t *testing.T) {
	w := testkit.New(t)
	check.Equal(t, "the programme was created", dates(w, w.Kopi)[0], "2026-11-23 02:00:00.000Z")
	defer clock.Freeze(time.Date(2031, 5, 6, 7, 8, 9, 123456789, time.UTC))()
	made := w.Make("holidays", "on", "2031-01-02", "name", "Hari uji", "kind", "national_holiday")
	if got, want := dates(w, made), [2]string{"2031-05-06 07:08:09.123Z", "2031-05-06 07:08:09.123Z"}; got != want {
		t.Errorf("made at %v, want %v", got, want)
	}
	check.Equal(t, "the activity", w.Only("activity", "record", made.Id).GetString("created"), "2031-05-06 07:08:09.123Z")
	// Two changes at the same instant differ from each other, so that the second form is seen to be out of date.
	for _, want := range []string{"2031-05-06 07:08:09.124Z", "2031-05-06 07:08:09.125Z"} {
		made.Set("name", made.GetString("name")+".")
		check.NoError(t, w.App.Save(made))
		if got := dates(w, made); got != [2]string{"2031-05-06 07:08:09.123Z", want} {
			t.Errorf("changed at %v, want %s", got, want)
		}
	}
	// A clock that was wrong and has been set right dates what is saved then.
	defer clock.Freeze(time.Date(2027, 1, 2, 3, 4, 5, 0, time.UTC))()
	made.Set("name", "Hari")
	check.NoError(t, w.App.Save(made))
	check.Equal(t, "changed", dates(w, made)[1], "2027-01-02 03:04:05.000Z")
}

func TestDate_Given_Kept(t *testing.T) {
	w := testkit.New(t)
	given := check.Must(types.ParseDateTime("2025-02-03 04:05:06.000Z"))
	c := check.Must(w.App.FindCollectionByNameOrId("holidays"))
	r := core.NewRecord(c)
	r.Load(map[string]any{"on": "2027-01-02", "name": "Hari uji", "kind": "national_holiday"})
	r.SetRaw("created", given)
	check.NoError(t, w.App.Save(r))
	check.Equal(t, "dated", dates(w, r), [2]string{"2025-02-03 04:05:06.000Z", "2026-11-23 02:00:00.000Z"})
}

// PocketBase tells by the machine's time whether a code is too old, so it dates codes itself.
func TestDate_SystemCollections_ByMachine(t *testing.T) {
	w := testkit.New(t)
	code := core.NewOTP(w.App)
	code.SetCollectionRef(w.Partner.Collection().Id)
	code.SetRecordRef(w.Partner.Id)
	code.SetPassword("12345678")
	check.NoError(t, w.App.Save(code))
	if age := time.Since(code.Created().Time()); age < 0 || age > time.Minute {
		t.Errorf("a new code is %s old", age)
	}
}

func TestTick_Written_Read(t *testing.T) {
	dir := t.TempDir()
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir})
	if at, err := store.LastTick(app); err != nil || !at.IsZero() {
		t.Errorf("before the first: %s, %v", at, err)
	}
	first := time.Date(2026, 12, 7, 1, 0, 0, 0, time.UTC)
	for _, at := range []time.Time{first, first.Add(30 * time.Second), first.Add(-time.Hour)} {
		check.NoError(t, store.Tick(app, at))
		if got, err := store.LastTick(core.NewBaseApp(core.BaseAppConfig{DataDir: dir})); err != nil || !got.Equal(at) {
			t.Errorf("%s, %v, want %s", got, err, at)
		}
	}
	file := filepath.Join(dir, ".simpul.tick")
	check.NoError(t, os.WriteFile(file, []byte("2026-12"), 0o600))
	if at, err := store.LastTick(app); err != nil || !at.IsZero() {
		t.Errorf("a file cut off: %s, %v", at, err)
	}
	check.NoError(t, os.Remove(file))
	check.NoError(t, os.Mkdir(file, 0o700))
	if _, err := store.LastTick(app); err == nil {
		t.Error("a folder is read as a time")
	}
	if err := store.Tick(app, first); err == nil {
		t.Error("a tick that cannot be noted is no error")
	}
}
