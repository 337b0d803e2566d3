package demo

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"simpul/hooks/testkit/check"
)

func TestIdsAreStableDistinctAndValid(t *testing.T) {
	if again := idOf("users", "inisiator"); again != idOf("users", "inisiator") || again == idOf("contacts", "inisiator") {
		t.Error("an id must depend on the collection and the key only")
	}
	valid := regexp.MustCompile(`^ex[a-z0-9]{13}$`)
	seen := map[string]string{}
	for collection, entries := range all(t) {
		for _, e := range entries {
			id := idOf(collection, e.key())
			if !valid.MatchString(id) {
				t.Errorf("%s %s has the id %q", collection, e.key(), id)
			}
			if other, twice := seen[id]; twice && collection != "sign_in" {
				t.Errorf("%s %s and %s share an id", collection, e.key(), other)
			}
			seen[id] = collection + " " + e.key()
		}
	}
}

func TestCountedDays(t *testing.T) {
	l := loader{now: loadDay} // a Wednesday
	for _, c := range []struct{ written, want string }{
		{"2023-11-01", "2023-11-01"},
		{"+0", "2026-11-18"},
		{"+1", "2026-11-19"},
		{"+3", "2026-11-23"}, // Saturday becomes Monday
		{"+4", "2026-11-23"},
		{"-1", "2026-11-17"},
		{"-3", "2026-11-13"}, // Sunday becomes Friday
		{"-4", "2026-11-13"},
	} {
		got, err := l.day(c.written, "Asia/Jakarta")
		if err != nil || got != c.want {
			t.Errorf("%s: %s, %v; want %s", c.written, got, err, c.want)
		}
	}
	for _, wrong := range []string{"", "+", "+soon", "2026-02-31"} {
		if day, err := l.day(wrong, "Asia/Jakarta"); err == nil {
			t.Errorf("%q was read as %s", wrong, day)
		}
	}
}

func TestTheDayOfLoadingIsTheLocalOne(t *testing.T) {
	l := loader{now: time.Date(2026, 11, 17, 16, 30, 0, 0, time.UTC)} // 23.30 in Jakarta, 00.30 in Tabanan
	jakarta, _ := l.day("+0", "Asia/Jakarta")
	tabanan, _ := l.day("+0", "Asia/Makassar")
	if jakarta != "2026-11-17" || tabanan != "2026-11-18" {
		t.Errorf("%s in Jakarta, %s in Tabanan", jakarta, tabanan)
	}
}

func TestInstantsAreLocal(t *testing.T) {
	l := loader{now: loadDay}
	at, err := l.instant("2024-03-04 09:00", "Asia/Makassar")
	if err != nil || !at.Equal(time.Date(2024, 3, 4, 1, 0, 0, 0, time.UTC)) {
		t.Errorf("%v, %v", at, err)
	}
	for _, wrong := range []string{"2024-03-04", "kemarin 09:00", "+1 25:00"} {
		if at, err := l.instant(wrong, "Asia/Jakarta"); err == nil {
			t.Errorf("%q was read as %v", wrong, at)
		}
	}
}

func TestDaysInsideATextAreWrittenDayFirst(t *testing.T) {
	l := loader{now: loadDay}
	got, err := l.withDays("rapat ({+1}) dan {sisanya} ({-1})", "Asia/Jakarta")
	if err != nil || got != "rapat (19/11/2026) dan {sisanya} (17/11/2026)" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestMistakesInTheFilesAreNamed(t *testing.T) {
	app := newApp(t)
	stages, err := app.FindCollectionByNameOrId("stages")
	must(t, err)
	for want, wrong := range map[string]entry{
		`no field "colour"`:         {"key": "x", "colour": "red"},
		`programmes has no "never"`: {"key": "x", "name": "X", "programme": "never"},
	} {
		l := loader{app: app, all: all(t), now: loadDay}
		if err := l.load(stages, wrong); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
	check.Equal(t, "count", count(t, app, "stages"), 0)
}

func TestTheZoneIsTheRecordsOwnElseItsProgrammesElseJakartas(t *testing.T) {
	l := loader{zones: zonesOf(all(t))}
	for want, e := range map[string]entry{
		"Asia/Jayapura": {"time_zone": "Asia/Jayapura", "programme": "kata-hati"},
		"Asia/Makassar": {"programme": "kata-hati"},
		"Asia/Jakarta":  {"meeting": "koordinasi-lalu"},
	} {
		check.Equal(t, fmt.Sprint(e), l.zone(e), want)
	}
}
