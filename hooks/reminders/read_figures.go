package reminders

import (
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/contributions"
	"simpul/hooks/mail"
)

func readWaiting(_ core.App, s *Subject) error {
	s.Title = s.Record.GetString("item")
	if at := s.Record.GetDateTime("submitted_at").Time(); !at.IsZero() {
		s.on("contribution.submitted_at", clock.Day(at, s.Zone))
	}
	if s.Record.GetString("review_status") != "submitted" {
		s.Closed = mail.ReasonDone
	}
	return nil
}

// readReturned reads a contribution sent back; each return is another time.
func readReturned(_ core.App, s *Subject) error {
	s.Title = s.Record.GetString("item")
	if at := s.Record.GetDateTime("reviewed_at").Time(); !at.IsZero() {
		s.marks = append(s.marks, mark{name: "contribution.returned", Anchor: clock.Day(at, s.Zone), id: stamp(at)})
	}
	if s.Record.GetString("review_status") != "needs_revision" {
		s.Closed = mail.ReasonDone
	}
	return nil
}

// promptDay is the day of each month on which partners are asked what they gave.
const promptDay = "-25"

// readGiver reads a stakeholder: last month, this one and the next ask what it
// gave, unless something was logged in that month. Last month's letter may have
// been pushed over its end by holidays.
func readGiver(app core.App, s *Subject) error {
	organisation := s.Record.GetString("organisation")
	s.URL = "/contributions/new?programme=" + s.Programme.Slug
	err := app.DB().Select("name").From("organisations").Where(dbx.HashExp{"id": organisation}).Row(&s.Title)
	if err != nil {
		return err
	}
	if organisation == s.Programme.Owner {
		s.Closed = reasonNotConcerned
		return nil
	}
	today := s.today()
	lastMonth := clock.AddDays(today[:7]+"-01", -1)[:7]
	for _, month := range []string{lastMonth, today[:7], nextMonth(today)} {
		day := month + promptDay
		if !within(day, s.Programme.StartsOn, s.Programme.EndsOn) || !within(day, s.Record.GetString("joined_on"), s.Record.GetString("ended_on")) {
			continue
		}
		m := mark{name: "contribution.month_day", Anchor: day}
		if m.over, err = s.gave(app, month); err != nil {
			return err
		}
		s.marks = append(s.marks, m)
	}
	return nil
}

// gave tells why a month needs no asking any more: the stakeholder gave or
// logged something in it, or said that there is nothing.
func (s Subject) gave(app core.App, month string) (reason string, err error) {
	organisation := s.Record.GetString("organisation")
	given, err := contributions.GaveIn(app, s.Programme.ID, organisation, month)
	if err != nil || given {
		return mail.ReasonDone, err
	}
	said, err := contributions.NothingSaid(app, s.Programme.ID, organisation, month)
	if err != nil || said == nil {
		return "", err
	}
	return reasonNothing, nil
}

// readIndicator reads an indicator: the period that ended last and the present
// one ask for a value, unless there is one.
func readIndicator(app core.App, s *Subject) error {
	s.Title, s.URL = s.Record.GetString("name"), "/indicators/"+s.Record.Id+"/values/new"
	months := periods[s.Record.GetString("period")]
	if months == 0 || s.Record.GetString("derived_from") != "" {
		s.Closed = reasonNotConcerned
		return nil
	}
	begun := s.born()
	from, to := periodOf(s.today(), months)
	before, _ := periodOf(clock.AddDays(from, -1), months)
	for _, p := range [][2]string{{before, clock.AddDays(from, -1)}, {from, to}} {
		if p[1] < begun || !within(p[1], s.Programme.StartsOn, s.Programme.EndsOn) {
			continue
		}
		m := mark{name: "indicator.period_end", Anchor: p[1]}
		var n int
		err := app.DB().NewQuery("SELECT COUNT(*) FROM indicator_values WHERE indicator = {:id} AND [[on]] BETWEEN {:from} AND {:to}").
			Bind(dbx.Params{"id": s.Record.Id, "from": p[0], "to": p[1]}).Row(&n)
		if err != nil {
			return err
		}
		if n > 0 {
			m.over = mail.ReasonDone
		}
		s.marks = append(s.marks, m)
	}
	return nil
}

// periods are how many months a value stands for.
var periods = map[string]int{"monthly": 1, "quarterly": 3, "yearly": 12}

// periodOf returns the first and the last day of the period of some months in
// which a day lies; years are divided from January on.
func periodOf(day string, months int) (from, to string) {
	var year, month int
	if _, err := fmt.Sscanf(day, "%d-%d", &year, &month); err != nil {
		return day, day
	}
	first := time.Date(year, time.Month((month-1)/months*months+1), 1, 0, 0, 0, 0, time.UTC)
	return first.Format(time.DateOnly), first.AddDate(0, months, -1).Format(time.DateOnly)
}

func nextMonth(day string) string {
	_, last := periodOf(day, 1)
	return clock.AddDays(last, 1)[:7]
}

// within reports whether a day lies in a span whose ends may be open.
func within(day, from, until string) bool {
	return day >= from && (until == "" || day <= until)
}
