package reminders

import (
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"simpul/hooks/clock"
	"simpul/hooks/lang"
)

// upcoming is the next letter to somebody, as far as it can be foreseen.
type upcoming struct {
	at       time.Time // zero when nothing is written down
	together bool      // a letter that tells several things, if there is anything to tell
	pause    string    // the last day without letters, if there is a pause
}

// words say when, and what stands against it.
func (c upcoming) words(language, zone string) string {
	key := "reminders.next_none"
	switch {
	case c.at.IsZero():
	case c.together:
		key = "reminders.next_together"
	default:
		key = "reminders.next_alone"
	}
	text := lang.T(language, key, "when", lang.Moment(language, c.at, zone))
	if c.pause != "" {
		text = lang.T(language, "reminders.next_paused", "day", lang.DayLong(language, c.pause)) + " " + text
	}
	return text
}

// nextLetter foresees the next letter to a person under what is set now.
func nextLetter(app core.App, user, contact *core.Record, layers []layer) (next upcoming, err error) {
	zone, from := first("time_zone", user, contact), clock.Now()
	if user != nil && user.GetString("paused_until_on") >= clock.Today(zone) {
		next.pause = user.GetString("paused_until_on")
		from = terms{zone: zone}.at(clock.AddDays(next.pause, 1), "00:00")
	}
	book, err := bookOf(app)
	if err != nil {
		return next, err
	}
	provinces := []string{}
	for _, l := range layers {
		provinces = append(provinces, l.Province)
	}
	for _, l := range layers {
		frequency, _ := l.frequency()
		hour, _ := l.hour()
		t := terms{calendar: book.calendar(provinces...), zone: zone, hour: hour, weekendOff: user != nil && user.GetBool("weekend_off")}
		at, together := t.collected(from, frequency), frequency != immediate
		if !together {
			if at, err = plannedAfter(app, user, contact, from); err != nil {
				return next, err
			}
		}
		if opens, _ := t.opening(at); !at.IsZero() && (next.at.IsZero() || opens.Before(next.at)) {
			next.at, next.together = opens, together
		}
	}
	return next, nil
}

// collected is when the next letter that tells several things may leave.
func (w terms) collected(from time.Time, frequency string) time.Time {
	day := clock.Day(from, w.zone)
	for range longestHoliday {
		if at := w.at(day, w.hour); at.After(from) && (frequency == daily || monday(day) == day) {
			return at
		}
		day = clock.AddDays(day, 1)
	}
	return time.Time{}
}

// plannedAfter is when the next letter that the person wants is due by the ledger.
func plannedAfter(app core.App, user, contact *core.Record, from time.Time) (time.Time, error) {
	whose, muted := dbx.HashExp{}, []any{}
	if user != nil {
		whose["user"] = user.Id
		for _, kind := range user.GetStringSlice("muted_kinds") {
			muted = append(muted, kind)
		}
	} else {
		whose["recipient"] = contact.Id
	}
	var due types.DateTime
	err := app.DB().Select("COALESCE(MIN(due_at), '')").From("deliveries").Where(whose).
		AndWhere(dbx.HashExp{"state": "planned"}).AndWhere(dbx.NotIn("kind", muted...)).
		AndWhere(dbx.NewExp("due_at >= {:from}", dbx.Params{"from": stamp(from)})).Row(&due)
	if err != nil {
		return time.Time{}, fmt.Errorf("next letter: %w", err)
	}
	return due.Time(), nil
}
