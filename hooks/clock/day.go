package clock

import (
	"fmt"
	"time"
)

// dayForm is how a day is stored everywhere; text in this form sorts like the days themselves.
const dayForm = "2006-01-02"

// Day returns the day, YYYY-MM-DD, on which the instant t falls in the named zone.
func Day(t time.Time, zone string) string {
	return t.In(Zone(zone)).Format(dayForm)
}

// Today returns the present day in the named zone. It differs between zones for two hours around midnight.
func Today(zone string) string {
	return Day(Now(), zone)
}

// AddDays returns the day n days after the given one, or before it when n is negative. What is not a day stays
// empty, so that a record without a due date yields no date.
func AddDays(day string, n int) string {
	date, err := time.Parse(dayForm, day)
	if err != nil {
		return ""
	}
	return date.AddDate(0, 0, n).Format(dayForm)
}

// DaysBetween returns how many days after from the day to is; negative when it is earlier, 0 when either is not a
// day.
func DaysBetween(from, to string) int {
	first, err := time.Parse(dayForm, from)
	if err != nil {
		return 0
	}
	last, err := time.Parse(dayForm, to)
	if err != nil {
		return 0
	}
	return int(last.Sub(first).Hours()) / 24
}

// At returns the instant, in UTC, at which a clock in the named zone shows the given day and time (HH:MM). The
// error is ErrNotADay or ErrNotATime.
func At(day, hourMinute, zone string) (time.Time, error) {
	if _, err := time.Parse(dayForm, day); err != nil {
		return time.Time{}, fmt.Errorf("%w: %q", ErrNotADay, day)
	}
	t, err := time.ParseInLocation(dayForm+" 15:04", day+" "+hourMinute, Zone(zone))
	if err != nil {
		return time.Time{}, fmt.Errorf("%w: %q", ErrNotATime, hourMinute)
	}
	return t.UTC(), nil
}

// IsWorkday reports whether a day is one from Monday to Friday. Public holidays are data and are looked up
// elsewhere. What is not a day is no working day.
func IsWorkday(day string) bool {
	weekday, known := Weekday(day)
	return known && weekday != time.Saturday && weekday != time.Sunday
}

// Weekday returns the day of the week; false for a text that is no day.
func Weekday(day string) (weekday time.Weekday, known bool) {
	date, err := time.Parse(dayForm, day)
	return date.Weekday(), err == nil
}
