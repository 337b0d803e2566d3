package meetings

import (
	"strconv"
	"time"

	"simpul/hooks/clock"
	"simpul/hooks/lang"
)

// Hours are the times between which people meet. Zone is the meeting's own: a
// meeting in Tabanan is printed in WITA for every reader. To is zero when the
// end is open.
type Hours struct {
	From, To time.Time
	Zone     string
}

// Day is the day of the beginning, YYYY-MM-DD, in the meeting's zone.
func (h Hours) Day() string { return clock.Day(h.From, h.Zone) }

// Span writes the times: "09.00–11.30 WITA", "09.00 WITA s.d. selesai".
func (h Hours) Span(language string) string { return lang.Span(language, h.From, h.To, h.Zone) }

// When writes day and times: "Kam, 10 Des 2026, 09.00–11.30 WITA".
func (h Hours) When(language string) string {
	return lang.Day(language, h.Day()) + ", " + h.Span(language)
}

// Machine writes the beginning for programs, in RFC 3339 with the zone's offset.
func (h Hours) Machine() string { return h.From.In(clock.Zone(h.Zone)).Format(time.RFC3339) }

// Tile is the beginning as it stands on a leaf of a calendar.
type Tile struct{ Day, Month, Weekday string }

// Tile takes the day apart.
func (h Hours) Tile(language string) Tile {
	local := h.From.In(clock.Zone(h.Zone))
	return Tile{
		Day:     strconv.Itoa(local.Day()),
		Month:   lang.T(language, "clock.month_short."+strconv.Itoa(int(local.Month()))),
		Weekday: lang.T(language, "clock.weekday_long."+strconv.Itoa(int(local.Weekday()))),
	}
}

// typed is what a form shows of an instant: day and HH:MM in the zone, both ""
// for none.
func typed(t time.Time, zone string) (day, hour string) {
	if t.IsZero() {
		return "", ""
	}
	return clock.Day(t, zone), t.In(clock.Zone(zone)).Format("15:04")
}
