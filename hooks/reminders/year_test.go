package reminders_test

import (
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"simpul/hooks/clock"
	"simpul/hooks/reminders"
)

// The list that a Python script makes from the words of the rules; see there.
const yearFolder = "testdata/year/"

// listed reads the independent list, which names the script and the input it was made of.
func listed(t *testing.T) (rows []string) {
	t.Helper()
	file, err := os.Open(yearFolder + "year.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	reader := csv.NewReader(file)
	reader.FieldsPerRecord = -1
	all, err := reader.ReadAll()
	if err != nil || len(all) < 300 {
		t.Fatalf("the list has %d rows, %v", len(all), err)
	}
	for _, made := range all[:2] {
		body, err := os.ReadFile(yearFolder + made[0])
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(body); hex.EncodeToString(sum[:]) != made[1] {
			t.Fatalf("%s has changed since the list was made: in %s, run python3 year.py > year.csv", made[0], yearFolder)
		}
	}
	for _, row := range all[3:] {
		rows = append(rows, strings.Join(row, " | "))
	}
	return rows
}

// simulatedYear goes through the year of the input and says each letter as the list does.
func simulatedYear(t *testing.T) (*year, []reminders.Simulated, []string) {
	t.Helper()
	y := newYear(t)
	begin := time.Now()
	sim, err := reminders.Simulate(context.Background(), y.App, y.begins, y.Days)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d letters in %d days took %s", len(sim.Letters), y.Days, time.Since(begin).Round(time.Millisecond))
	rows := []string{}
	for _, l := range sim.Letters {
		rows = append(rows, y.row(l))
	}
	slices.Sort(rows)
	return y, sim.Letters, rows
}

func (y *year) row(l reminders.Simulated) string {
	at, fate, because := l.At, l.Fate, l.PutOff
	switch l.Fate {
	case reminders.FateAlone:
		fate = "leaves"
	case reminders.FateNot:
		at, because = l.DueAt.Time(), l.Reason
	case reminders.FateWaits:
		at = l.Until
	}
	return strings.Join([]string{y.names[l.Rule], y.names[l.SubjectID], y.names[l.User+l.Recipient], l.Occurrence,
		l.DueAt.Time().UTC().Format(time.RFC3339), fate, at.UTC().Format(time.RFC3339), because}, " | ")
}

// A7: a whole year in three zones, with its leap day, the 31sts and its end, by
// the planner, the sorter and the questions of the hub on the one hand and by a
// script that knows only the words of the rules on the other.
func TestA7ASimulatedYearEqualsTheIndependentList(t *testing.T) {
	y, letters, got := simulatedYear(t)
	want := listed(t)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the lists differ (-script +hub):\n%s", diff)
	}
	zones, notable := map[string]int{}, map[string]int{}
	for _, l := range letters {
		p := y.people[l.User+l.Recipient]
		zones[y.programmes[p.Programme].Zone]++
		local := l.At.In(clock.Zone(y.zone(p)))
		notable[local.Format("01-02")]++
		if l.Fate == reminders.FateAlone {
			y.check(p, l, local)
		}
	}
	if len(zones) != 3 || slices.Min(slices.Collect(maps.Values(zones))) < 50 {
		t.Errorf("letters by zone: %v", zones)
	}
	for _, day := range []string{"02-29", "01-31", "03-31", "08-31", "10-31", "12-29", "12-31"} {
		if notable[day] == 0 {
			t.Errorf("nothing is to leave on %s", day)
		}
	}
}

// check holds a letter that leaves against what nobody may break.
func (y *year) check(p yearPerson, l reminders.Simulated, local time.Time) {
	y.Helper()
	where := y.programmes[p.Programme]
	day, hour := local.Format(time.DateOnly), local.Format("15:04")
	mandatory := y.mandatory[l.Rule]
	wrong := map[string]bool{
		"on a day without mail":   y.off(day, where.Province, true),
		"on a holiday":            !mandatory && y.off(day, where.Province, false),
		"on a weekend off":        !mandatory && p.WeekendOff && !clock.IsWorkday(day),
		"at night":                !mandatory && (hour < "06:00" || hour >= "20:00"),
		"during Friday's prayer":  !mandatory && local.Weekday() == time.Friday && hour >= "11:30" && hour < "13:00",
		"before it is due":        l.At.Before(l.DueAt.Time()),
		"when it has no use left": !l.UsefulUntilAt.Time().After(l.At),
	}
	for what, is := range wrong {
		if is {
			y.Errorf("%s leaves %s", y.row(l), what)
		}
	}
}

// The same database at the same moment gives the same list, whatever ids are drawn.
func TestASimulationIsTheSameEachTime(t *testing.T) {
	y := newYear(t)
	lists := []string{}
	for range 2 {
		sim, err := reminders.Simulate(context.Background(), y.App, y.begins, 75)
		if err != nil {
			t.Fatal(err)
		}
		list := ""
		for _, l := range sim.Letters {
			list += fmt.Sprintln(l.Key, l.At, l.Fate, l.Reason, l.PutOff)
		}
		lists = append(lists, list)
	}
	if diff := cmp.Diff(lists[0], lists[1]); diff != "" || strings.Count(lists[0], "\n") < 40 {
		t.Errorf("the second time, %s", diff)
	}
}
