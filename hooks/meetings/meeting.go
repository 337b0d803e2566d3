// Package meetings keeps when and where people come together, who came, what
// was written down about it and what was decided.
package meetings

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/lang"
)

// The states of a meeting, as they are stored.
const (
	Draft     = "draft"
	Scheduled = "scheduled"
	Held      = "held"
	Postponed = "postponed"
	Cancelled = "cancelled"
)

// The ways of meeting.
const (
	inPerson = "in_person"
	online   = "online"
	hybrid   = "hybrid"
)

var (
	kinds = []string{"coordination", "team", "technical_coordination", "socialisation", "launch", "fgd", "gathering", "training",
		"field_visit", "study_visit", "signing", "handover", "monitoring", "press", "seminar"}
	statuses = []string{Draft, Scheduled, Held, Postponed, Cancelled}
)

// Meeting is one record of the collection with the questions people ask of it.
type Meeting struct {
	core.BaseRecordProxy
}

// Wrap makes a meeting of its record.
func Wrap(r *core.Record) *Meeting {
	m := &Meeting{}
	m.SetProxyRecord(r)
	return m
}

// ID is the record's id.
func (m *Meeting) ID() string { return m.Record.Id }

// Programme is the id of the programme the meeting belongs to.
func (m *Meeting) Programme() string { return m.GetString("programme") }

// Title is what the meeting is called.
func (m *Meeting) Title() string { return m.GetString("title") }

// Status is the stored code of where the meeting stands.
func (m *Meeting) Status() string { return m.GetString("status") }

// Hours are the times of the meeting with the zone in which they are printed.
func (m *Meeting) Hours() Hours {
	return Hours{
		From: m.GetDateTime("starts_at").Time(),
		To:   m.GetDateTime("ends_at").Time(),
		Zone: m.GetString("time_zone"),
	}
}

// Where says in the reader's words where to go: the place, or that it is online.
func (m *Meeting) Where(language string) string {
	return where(language, m.GetString("mode"), m.GetString("place"))
}

// Link is the address of the online meeting, "" if nobody joins online.
func (m *Meeting) Link() string {
	if m.GetString("mode") == inPerson {
		return ""
	}
	return m.GetString("link")
}

// CalledOff reports whether nobody is to come although the meeting was called.
func (m *Meeting) CalledOff() bool { return m.Status() == Cancelled || m.Status() == Postponed }

// Called reports whether people are to come, or came.
func (m *Meeting) Called() bool { return m.Status() == Scheduled || m.Status() == Held }

// Over reports whether the meeting has begun by now, so that there may be
// something to write down.
func (m *Meeting) Over(now time.Time) bool { return m.Hours().From.Before(now) }

// URL is the address of the meeting's page.
func (m *Meeting) URL() string { return meetingURL(m.Record.Id) }

// MinutesURL is the address of the meeting's minutes.
func (m *Meeting) MinutesURL() string { return m.URL() + "/minutes" }

func meetingURL(id string) string { return "/meetings/" + id }

// where joins a place with the word for online, as the mode has it.
func where(language, mode, place string) string {
	parts := []string{}
	if place != "" {
		parts = append(parts, place)
	}
	if slices.Contains([]string{online, hybrid}, mode) {
		parts = append(parts, lang.T(language, "meetings.mode."+online))
	}
	return strings.Join(parts, " · ")
}

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
