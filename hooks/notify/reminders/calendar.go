package reminders

import (
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/notify/outbox"
)

// Calendar knows the holidays of one province.
type Calendar struct {
	free   map[string]bool // public holiday, joint leave, or the province's own
	silent map[string]bool // a day on which no message at all leaves
	// WeekendOff says that the person wants no messages at the weekend.
	weekendOff bool
}

// count goes n days from a day; of workdays only those count that are neither
// weekend nor holiday.
func (c Calendar) count(day string, n int, workdays bool) string {
	if !workdays {
		return clock.AddDays(day, n)
	}
	step := 1
	if n < 0 {
		step = -1
	}
	for left := n * step; left > 0; {
		day = clock.AddDays(day, step)
		if clock.IsWorkday(day) && !c.free[day] {
			left--
		}
	}
	return day
}

// longestHoliday bounds the search for an open day.
const longestHoliday = 30

// open moves a day off holidays: a message that looks ahead goes earlier, one
// that looks back later, so that both still help. What is mandatory only
// avoids days without any messages.
func (c Calendar) open(day string, ahead, mandatory bool) string {
	closed := c.free
	if mandatory {
		closed = c.silent
	}
	step := 1
	if ahead {
		step = -1
	}
	off := c.weekendOff && !mandatory
	for i := 0; i < longestHoliday && (closed[day] || off && !clock.IsWorkday(day)); i++ {
		day = clock.AddDays(day, step)
	}
	return day
}

// LoadCalendar gathers the holidays that hold in any of some provinces.
func LoadCalendar(app core.App, provinces ...string) (Calendar, error) {
	c := Calendar{free: map[string]bool{}, silent: map[string]bool{}}
	var days []struct {
		On     string `db:"on"`
		NoMail bool   `db:"no_mail"`
	}
	err := app.DB().Select("on", "no_mail").From("holidays").Where(dbx.In("province", anySlice(append(provinces, ""))...)).All(&days)
	if err != nil {
		return c, fmt.Errorf("holidays: %w", err)
	}
	for _, h := range days {
		c.free[h.On] = true
		c.silent[h.On] = c.silent[h.On] || h.NoMail
	}
	return c, nil
}

func anySlice(texts []string) []any {
	list := make([]any, len(texts))
	for i, text := range texts {
		list[i] = text
	}
	return list
}

// The hours in which nobody is written to: the night, and the prayer on Friday.
const (
	NightFrom   = "20:00"
	NightUntil  = "06:00"
	prayerFrom  = "11:30"
	prayerUntil = "13:00"
)

// SendWindow are what may keep a message to a person waiting.
type SendWindow struct {
	Calendar   Calendar
	Zone       string
	Hour       string // when messages to the person leave on the day after one without
	Mandatory  bool
	WeekendOff bool
}

// Opening returns the earliest instant from t on at which the message may leave,
// and why not at once.
func (w SendWindow) Opening(t time.Time) (opens time.Time, reason string) {
	opens = t
	for range longestHoliday {
		later, because := w.closed(opens)
		if because == "" {
			return opens, reason
		}
		opens, reason = later, because
	}
	return opens, reason
}

// NotBefore is until when a message claimed at an instant has to wait, and why;
// nothing when it may leave. The instant itself would lie ahead of the claim,
// whose own is read a little earlier.
func (w SendWindow) NotBefore(t time.Time) (time.Time, string) {
	opens, reason := w.Opening(t)
	if reason == "" {
		return time.Time{}, ""
	}
	return opens, reason
}

// closed returns until when nothing may leave at an instant, and why; no reason
// when it may.
func (w SendWindow) closed(t time.Time) (until time.Time, reason string) {
	day, hour := clock.Day(t, w.Zone), t.In(clock.Zone(w.Zone)).Format("15:04")
	weekday, _ := clock.Weekday(day)
	tomorrow := clock.AddDays(day, 1)
	switch {
	case w.Calendar.silent[day]:
		return w.At(tomorrow, w.Hour), outbox.ReasonHoliday
	case w.Mandatory:
		return t, ""
	case w.Calendar.free[day]:
		return w.At(tomorrow, w.Hour), outbox.ReasonHoliday
	case w.WeekendOff && !clock.IsWorkday(day):
		return w.At(tomorrow, w.Hour), outbox.ReasonWeekend
	case hour < NightUntil:
		return w.At(day, NightUntil), outbox.ReasonQuiet
	case hour >= NightFrom:
		return w.At(tomorrow, NightUntil), outbox.ReasonQuiet
	case hour >= prayerFrom && hour < prayerUntil && weekday == time.Friday:
		return w.At(day, prayerUntil), outbox.ReasonQuiet
	}
	return t, ""
}

// At is an hour of a day in the person's zone. Days come from instants and hours
// were checked when they were saved, so there is no error to speak of.
func (w SendWindow) At(day, hour string) time.Time {
	at, err := clock.At(day, hour, w.Zone)
	if err != nil {
		at, _ = clock.At(day, UsualHour, w.Zone)
	}
	return at
}
