package lang

import (
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"

	"simpul/hooks/clock"
)

// Day writes a day for a list or a sentence: "Kam, 10 Des 2026". Text that is no day is written as it is, so that
// nothing stored is ever hidden.
func Day(language, day string) string {
	return written(language, day, func(date time.Time) string {
		return weekdayName(language, "short", date) + ", " + dayMonthYear(language, "short", date)
	})
}

// DayLong writes a day in full: "Kamis, 10 Desember 2026".
func DayLong(language, day string) string {
	return written(language, day, func(date time.Time) string {
		return weekdayName(language, "long", date) + ", " + dayMonthYear(language, "long", date)
	})
}

// DayDate writes a day in full without its weekday, as messages are dated: "10 Desember 2026".
func DayDate(language, day string) string {
	return written(language, day, func(date time.Time) string { return dayMonthYear(language, "long", date) })
}

// DayShort writes a day where room is scarce: "10 Des 2026".
func DayShort(language, day string) string {
	return written(language, day, func(date time.Time) string {
		return dayMonthYear(language, "short", date)
	})
}

// Clock writes the time of day an instant has in a zone, always naming the zone: "09.00 WIB".
func Clock(language string, t time.Time, zone string) string {
	return hourMinute(language, t, zone) + " " + clock.Abbreviation(zone)
}

// Moment writes an instant as day and time in a zone: "Kam, 10 Des 2026, 09.00 WIB".
func Moment(language string, t time.Time, zone string) string {
	return Day(language, clock.Day(t, zone)) + ", " + Clock(language, t, zone)
}

// Span writes the times between which something happens: "09.00–11.30 WITA". Without an end it says "09.00 WITA
// s.d. selesai"; an end on a later day is written with that day.
func Span(language string, from, to time.Time, zone string) string {
	if to.IsZero() {
		return T(language, "clock.open_end", "from", Clock(language, from, zone))
	}
	if clock.Day(from, zone) != clock.Day(to, zone) {
		return hourMinute(language, from, zone) + " – " + Moment(language, to, zone)
	}
	return hourMinute(language, from, zone) + "–" + Clock(language, to, zone)
}

// Ago says how long before now an instant was: "baru saja", "5 menit lalu", "2 jam lalu". From the seventh day on,
// and for an instant in the future, it writes the day in the given zone instead.
func Ago(language string, t time.Time, zone string) string {
	const week = 7 * 24 * time.Hour
	switch passed := clock.Now().Sub(t); {
	case passed < 0 || passed >= week:
		return DayShort(language, clock.Day(t, zone))
	case passed < time.Minute:
		return T(language, "clock.just_now")
	case passed < time.Hour:
		return T(language, "clock.minutes_ago", "n", int(passed.Minutes()))
	case passed < 24*time.Hour:
		return T(language, "clock.hours_ago", "n", int(passed.Hours()))
	default:
		return T(language, "clock.days_ago", "n", int(passed.Hours()/24))
	}
}

func written(language, day string, write func(time.Time) string) string {
	date, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return write(date)
}

// dayMonthYear writes the form both languages share: the day, then the month in words, then the year.
func dayMonthYear(language, length string, date time.Time) string {
	return strconv.Itoa(date.Day()) + " " + monthName(language, length, date) + " " + strconv.Itoa(date.Year())
}

func monthName(language, length string, date time.Time) string {
	return T(language, "clock.month_"+length+"."+strconv.Itoa(int(date.Month())))
}

// weekdayName numbers the days as Go does, from 0 for Sunday.
func weekdayName(language, length string, date time.Time) string {
	return T(language, "clock.weekday_"+length+"."+strconv.Itoa(int(date.Weekday())))
}

func hourMinute(language string, t time.Time, zone string) string {
	local := t.In(clock.Zone(zone))
	return local.Format("15") + catalogueOf(language).marks.time + local.Format("04")
}

// Month writes a month given as YYYY-MM in full: "Desember 2026".
func Month(language, month string) string {
	return written(language, month+"-01", func(date time.Time) string {
		return monthName(language, "long", date) + " " + strconv.Itoa(date.Year())
	})
}

// MonthShort writes a month given as YYYY-MM where room is scarce: "Des".
func MonthShort(language, month string) string {
	return written(language, month+"-01", func(date time.Time) string {
		return monthName(language, "short", date)
	})
}

// marks are the signs a language puts between the parts of a number and of a time.
type marks struct {
	thousands string
	decimal   string
	time      string
}

var marksOf = map[string]marks{
	"id": {thousands: ".", decimal: ",", time: "."},
	"en": {thousands: ",", decimal: ".", time: ":"},
}

// Money writes whole rupiah: Rp5.000.000 in Indonesian, Rp5,000,000 in English. There is no space in it, so an
// amount never breaks across two lines.
func Money(language string, rupiah int64) string {
	amount := "Rp" + grouped(rupiah, catalogueOf(language).marks.thousands)
	if rupiah < 0 {
		return "-" + strings.Replace(amount, "-", "", 1)
	}
	return amount
}

// Number writes a quantity with at most two decimals: 5.317 and 2,5 in Indonesian, 5,317 and 2.5 in English. What
// is no number (a division by zero) is written as a dash.
func Number(language string, value float64) string {
	return catalogueOf(language).number(value)
}

func (c *catalogue) number(value float64) string {
	if math.IsNaN(value) || math.IsInf(value, 0) {
		return "–"
	}
	text := strconv.FormatFloat(value, 'f', 2, 64)
	whole, decimals, _ := strings.Cut(text, ".")
	decimals = strings.TrimRight(decimals, "0")
	if whole == "-0" && decimals == "" {
		whole = "0"
	}
	whole = group(whole, c.marks.thousands)
	if decimals == "" {
		return whole
	}
	return whole + c.marks.decimal + decimals
}

func grouped(value int64, mark string) string {
	return group(strconv.FormatInt(value, 10), mark)
}

// group puts a mark between each three digits, counted from the right.
func group(digits, mark string) string {
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	if len(digits) <= 3 {
		return sign + digits
	}
	var out strings.Builder
	out.WriteString(sign)
	for i, digit := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			out.WriteString(mark)
		}
		out.WriteRune(digit)
	}
	return out.String()
}

// asNumber returns a value as a number if its type is one of Go's numbers.
func asNumber(value any) (float64, bool) {
	v := reflect.ValueOf(value)
	switch {
	case v.CanInt():
		return float64(v.Int()), true
	case v.CanUint():
		return float64(v.Uint()), true
	case v.CanFloat():
		return v.Float(), true
	default:
		return 0, false
	}
}
