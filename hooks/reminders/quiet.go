package reminders

import (
	"time"

	"simpul/hooks/clock"
	"simpul/hooks/mail"
)

// The hours in which nobody is written to: the night, and the prayer on Friday.
const (
	nightFrom   = "20:00"
	nightUntil  = "06:00"
	prayerFrom  = "11:30"
	prayerUntil = "13:00"
)

// terms are what may keep a letter to a person waiting.
type terms struct {
	calendar   calendar
	zone       string
	hour       string // when letters to the person leave on the day after one without
	mandatory  bool
	weekendOff bool
}

// opening returns the earliest instant from t on at which the letter may leave,
// and why not at once.
func (w terms) opening(t time.Time) (opens time.Time, reason string) {
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

// notBefore is until when a letter claimed at an instant has to wait, and why;
// nothing when it may leave. The instant itself would lie ahead of the claim,
// whose own is read a little earlier.
func (w terms) notBefore(t time.Time) (time.Time, string) {
	opens, reason := w.opening(t)
	if reason == "" {
		return time.Time{}, ""
	}
	return opens, reason
}

// closed returns until when nothing may leave at an instant, and why; no reason
// when it may.
func (w terms) closed(t time.Time) (until time.Time, reason string) {
	day, hour := clock.Day(t, w.zone), t.In(clock.Zone(w.zone)).Format("15:04")
	weekday, _ := clock.Weekday(day)
	tomorrow := clock.AddDays(day, 1)
	switch {
	case w.calendar.silent[day]:
		return w.at(tomorrow, w.hour), mail.ReasonHoliday
	case w.mandatory:
		return t, ""
	case w.calendar.free[day]:
		return w.at(tomorrow, w.hour), mail.ReasonHoliday
	case w.weekendOff && !clock.IsWorkday(day):
		return w.at(tomorrow, w.hour), mail.ReasonWeekend
	case hour < nightUntil:
		return w.at(day, nightUntil), mail.ReasonQuiet
	case hour >= nightFrom:
		return w.at(tomorrow, nightUntil), mail.ReasonQuiet
	case hour >= prayerFrom && hour < prayerUntil && weekday == time.Friday:
		return w.at(day, prayerUntil), mail.ReasonQuiet
	}
	return t, ""
}

// at is an hour of a day in the person's zone. Days come from instants and hours
// were checked when they were saved, so there is no error to speak of.
func (w terms) at(day, hour string) time.Time {
	at, err := clock.At(day, hour, w.zone)
	if err != nil {
		at, _ = clock.At(day, usualHour, w.zone)
	}
	return at
}
