package meetings

import (
	"slices"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/programmes"
	"simpul/hooks/roster"
	"simpul/hooks/web"
)

// folded are the fields behind "more": a meeting needs none of them.
var folded = []string{"ends_on", "time_zone", "chair", "taken_by", "status"}

// newForm asks for a meeting. Key names the hidden field that keeps one form
// from counting twice: once for a new meeting, seen for another shape of an old one.
func newForm(e *core.RequestEvent, contacts []web.Option, key string) *web.Form {
	return web.NewForm(e, "meetings",
		web.Text("title").Need().Draft(),
		web.Codes("kind", kinds...).Need(),
		web.Date("day").Need(),
		web.Time("starts_at").Need(),
		web.Time("ends_at"),
		web.Codes("mode", modes...).Need(),
		web.Text("place").Max(300),
		web.Text("link").Max(500),
		web.Long("agenda").Draft(),
		web.Date("ends_on"),
		web.Codes("time_zone", clock.Zones...).Need(),
		web.Choice("chair", contacts),
		web.Choice("taken_by", contacts),
		web.Codes("status", statuses...).Need(),
		web.Hidden(key),
	)
}

// contacts offers the people of the organisations that take part.
func contacts(d *access.Door, p *programmes.Programme, language string) ([]web.Option, error) {
	organisations, err := roster.OrganisationOptions(d, p, language)
	if err != nil {
		return nil, err
	}
	ids := []string{}
	for _, o := range organisations {
		ids = append(ids, o.Value)
	}
	return roster.ContactOptions(d, ids)
}

// contacts is the choice with those whom the meeting names now, even if nobody
// could choose them any more.
func (s *sight) contacts(language string) ([]web.Option, error) {
	options, err := contacts(s.d, s.p, language)
	if err != nil {
		return nil, err
	}
	for _, field := range []string{"chair", "taken_by"} {
		id := s.m.GetString(field)
		if id == "" || slices.ContainsFunc(options, func(o web.Option) bool { return o.Value == id }) {
			continue
		}
		o, err := s.officer(field)
		if err != nil {
			return nil, err
		}
		options = append(options, web.Option{Value: id, Label: o.Line()})
	}
	return options, nil
}

// shownAs fills a form with the stored meeting, its hours in its own zone.
func (m *Meeting) shownAs(form *web.Form) *web.Form {
	form.From(m.Record)
	hours := m.Hours()
	day, begins := typed(hours.From, hours.Zone)
	last, ends := typed(hours.To, hours.Zone)
	if last == day {
		last = ""
	}
	return form.Set("day", day).Set("starts_at", begins).Set("ends_at", ends).Set("ends_on", last)
}

// into writes what was typed into a meeting: the hours are those of its zone.
// What the hours lack is noted at the form.
func into(form *web.Form, r *core.Record) {
	form.Into(r)
	zone := form.Value("time_zone")
	r.Set("starts_at", instant(form.Value("day"), form.Value("starts_at"), zone))
	last := form.Value("ends_on")
	if last != "" && form.Value("ends_at") == "" {
		form.Refuse("ends_at", "meetings.problem_end_hour")
	}
	if last == "" {
		last = form.Value("day")
	}
	r.Set("ends_at", instant(last, form.Value("ends_at"), zone))
}

// instant joins a day and an hour as they were typed, zero if either is missing.
func instant(day, hour, zone string) time.Time {
	date, err := clock.ParseDay(day)
	if err != nil {
		return time.Time{}
	}
	exact, err := clock.ParseTime(hour)
	if err != nil {
		return time.Time{}
	}
	at, err := clock.At(date, exact, zone)
	if err != nil {
		return time.Time{}
	}
	return at
}

// unfolded reports whether one of the folded fields was filled by hand or is wrong.
func unfolded(form *web.Form, usual map[string]string) bool {
	return slices.ContainsFunc(folded, func(name string) bool {
		f := form.Field(name)
		return f.Value != usual[name] || f.Error != ""
	})
}
