package clock

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
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

// ErrNotADay says that typed text is not a day that exists.
var ErrNotADay = errors.New("not a day")

// ErrNotATime says that typed text is not a time of day.
var ErrNotATime = errors.New("not a time of day")

// Years outside this span are slips of the finger (0206, 20226), not dates anybody means.
const (
	earliestYear = 1900
	latestYear   = 2199
)

var (
	yearFirst = regexp.MustCompile(`^(\d{4})-(\d{1,2})-(\d{1,2})$`)
	dayFirst  = regexp.MustCompile(`^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$`)
	inWords   = regexp.MustCompile(`^(\d{1,2})[ -]([a-z]+)\.?,?[ -](\d{4})$`)
	ofTheDay  = regexp.MustCompile(`^(\d{1,2})[.:](\d{2})$`)
	weekday   = regexp.MustCompile(`^(?:` +
		`sen(?:in)?|sel(?:asa)?|rab(?:u)?|kam(?:is)?|jum(?:'?at)?|sab(?:tu)?|min(?:ggu)?|ahad|` +
		`mon(?:day)?|tue(?:sday)?|wed(?:nesday)?|thu(?:rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?` +
		`)\.?, ?`)
)

// months holds the beginnings by which a month is known in Indonesian and English, with the spellings people use.
var months = map[string]time.Month{
	"jan": time.January, "januari": time.January, "january": time.January,
	"feb": time.February, "februari": time.February, "pebruari": time.February, "february": time.February,
	"mar": time.March, "maret": time.March, "march": time.March,
	"apr": time.April, "april": time.April,
	"mei": time.May, "may": time.May,
	"jun": time.June, "juni": time.June, "june": time.June,
	"jul": time.July, "juli": time.July, "july": time.July,
	"agu": time.August, "agt": time.August, "ags": time.August, "agust": time.August,
	"agustus": time.August, "aug": time.August, "august": time.August,
	"sep": time.September, "sept": time.September, "september": time.September,
	"okt": time.October, "oktober": time.October, "oct": time.October, "october": time.October,
	"nov": time.November, "nop": time.November, "november": time.November, "nopember": time.November,
	"des": time.December, "desember": time.December, "dec": time.December, "december": time.December,
}

// ParseDay reads a day as people type it and returns it as YYYY-MM-DD. It takes 2026-12-10, 10/12/2026,
// 10-12-2026, 10.12.2026, "10 Desember 2026", "10 Des 2026" and the English months, with or without the weekday
// in front. Numbers always mean day, then month. The error is ErrNotADay, also for 31/02/2026.
func ParseDay(typed string) (string, error) {
	text := strings.ToLower(strings.Join(strings.Fields(typed), " "))
	text = weekday.ReplaceAllString(text, "")
	if part := yearFirst.FindStringSubmatch(text); part != nil {
		return civil(part[1], part[2], part[3])
	}
	if part := dayFirst.FindStringSubmatch(text); part != nil {
		return civil(part[3], part[2], part[1])
	}
	if part := inWords.FindStringSubmatch(text); part != nil {
		return civil(part[3], strconv.Itoa(int(months[part[2]])), part[1])
	}
	return "", ErrNotADay
}

// civil puts year, month and day together, refusing a day that the calendar does not have.
func civil(yearText, monthText, dayText string) (string, error) {
	year, _ := strconv.Atoi(yearText)
	month, _ := strconv.Atoi(monthText)
	day, _ := strconv.Atoi(dayText)
	if year < earliestYear || year > latestYear {
		return "", ErrNotADay
	}
	date := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	// time.Date turns 31 February into 3 March, so what comes out must be what went in.
	if date.Month() != time.Month(month) || date.Day() != day {
		return "", ErrNotADay
	}
	return date.Format(dayForm), nil
}

// ParseTime reads a time of day as people type it, 09:00, 9:00 or 09.00, and returns it as HH:MM. The error is
// ErrNotATime.
func ParseTime(typed string) (string, error) {
	part := ofTheDay.FindStringSubmatch(strings.TrimSpace(typed))
	if part == nil {
		return "", ErrNotATime
	}
	hour, _ := strconv.Atoi(part[1])
	minute, _ := strconv.Atoi(part[2])
	if hour > 23 || minute > 59 {
		return "", ErrNotATime
	}
	return time.Date(earliestYear, 1, 1, hour, minute, 0, 0, time.UTC).Format("15:04"), nil
}
