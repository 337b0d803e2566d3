package reminders_test

import (
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
	"simpul/hooks/notify/outbox"
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

// passedYear goes through the year of the input and says each message as the list does.
func passedYear(t *testing.T) (*year, []outcome, []string) {
	t.Helper()
	y := newYear(t)
	begin := time.Now()
	messages := y.pass(y.Days)
	t.Logf("%d messages in %d days took %s", len(messages), y.Days, time.Since(begin).Round(time.Millisecond))
	rows := []string{}
	for _, o := range messages {
		rows = append(rows, y.row(o))
	}
	slices.Sort(rows)
	return y, messages, rows
}

func (y *year) row(o outcome) string {
	fate, because := o.State, o.Delayed
	switch o.State {
	case outbox.StateSent:
		fate = "leaves"
	case outbox.StateSkipped, outbox.StateCancelled:
		fate, because = "not", o.Reason
	}
	return strings.Join([]string{y.names[o.Rule], y.names[o.SubjectID], y.names[o.User+o.Recipient], o.occurrence(),
		o.DueAt.Time().UTC().Format(time.RFC3339), fate, o.at().UTC().Format(time.RFC3339), because}, " | ")
}

// occurrence is the time a message speaks of as the script's list names it.
func (o outcome) occurrence() string {
	switch {
	case o.Origin == outbox.OriginEscalation:
		return fmt.Sprintf("%s^%d", o.AnchorAt, o.Step)
	case strings.Contains(o.AnchorAt, "T"):
		return fmt.Sprintf("%s%+dh", o.AnchorAt, o.Step)
	}
	return fmt.Sprintf("%s%+d", o.AnchorAt, o.Step)
}

// A7: a whole year in three zones, with its leap day, the 31sts and its end, by
// the planner and the sender of the hub on the one hand and by a script that knows
// only the words of the rules on the other.
func TestA7AYearEqualsTheIndependentList(t *testing.T) {
	y, messages, got := passedYear(t)
	want := listed(t)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the lists differ (-script +hub):\n%s", diff)
	}
	zones, notable := map[string]int{}, map[string]int{}
	for _, o := range messages {
		p := y.people[o.User+o.Recipient]
		zones[y.programmes[p.Programme].Zone]++
		local := o.at().In(clock.Zone(y.zone(p)))
		notable[local.Format("01-02")]++
		if o.State == outbox.StateSent {
			y.check(p, o, local)
		}
	}
	if len(zones) != 3 || slices.Min(slices.Collect(maps.Values(zones))) < 50 {
		t.Errorf("messages by zone: %v", zones)
	}
	for _, day := range []string{"02-29", "01-31", "03-31", "08-31", "10-31", "12-29", "12-31"} {
		if notable[day] == 0 {
			t.Errorf("nothing is to leave on %s", day)
		}
	}
}

// check holds a message that left against what nobody may break.
func (y *year) check(p yearPerson, o outcome, local time.Time) {
	y.Helper()
	where := y.programmes[p.Programme]
	day, hour := local.Format(time.DateOnly), local.Format("15:04")
	mandatory := y.mandatory[o.Rule]
	wrong := map[string]bool{
		"on a day without mail":   y.off(day, where.Province, true),
		"on a holiday":            !mandatory && y.off(day, where.Province, false),
		"on a weekend off":        !mandatory && p.WeekendOff && !clock.IsWorkday(day),
		"at night":                !mandatory && (hour < "06:00" || hour >= "20:00"),
		"during Friday's prayer":  !mandatory && local.Weekday() == time.Friday && hour >= "11:30" && hour < "13:00",
		"before it is due":        o.at().Before(o.DueAt.Time()),
		"when it has no use left": !o.UsefulUntilAt.Time().After(o.at()),
	}
	for what, is := range wrong {
		if is {
			y.Errorf("%s leaves %s", y.row(o), what)
		}
	}
}
