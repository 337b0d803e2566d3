package meetings

import (
	"cmp"
	"slices"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/programmes"
	"simpul/hooks/roster"
	"simpul/hooks/web"
)

// NewMeeting is the form of a new meeting.
func NewMeeting(e *core.RequestEvent) (*web.CRUD, error) {
	p, d, err := programmes.ForTeam(e)
	if err != nil {
		return nil, err
	}
	r, err := d.New("meetings")
	if err != nil {
		return nil, err
	}
	r.Set("programme", p.ID())
	c := (&meetingView{m: Wrap(r), p: p, d: d}).form(e, "meetings.created")
	c.Fill = func(form *web.Form) {
		form.Set("time_zone", p.Zone()).Set("status", Scheduled).Set("kind", kinds[0]).Set("mode", inPerson)
	}
	return c, nil
}

// StoredMeeting is the form of a meeting.
func StoredMeeting(e *core.RequestEvent) (*web.CRUD, error) {
	v, err := loadForTeam(e)
	if err != nil {
		return nil, err
	}
	c := v.form(e, "meetings.saved")
	c.Fill = v.m.fillHours
	return c, nil
}

// form asks for a meeting: the hours are typed as days and times of its zone.
func (v *meetingView) form(e *core.RequestEvent, done string) *web.CRUD {
	return &web.CRUD{Event: e, Record: v.m.Record,
		Form: func(quick bool) (*web.Form, error) { return v.layout(e, quick) },
		Check: func(form *web.Form) error {
			if form.Value("ends_on") != "" && form.Value("ends_at") == "" {
				form.AddError("ends_at", "meetings.problem_end_hour")
			}
			return nil
		},
		Save: func(form *web.Form, r *core.Record) (*core.Record, error) {
			into(form, r)
			if r.IsNew() {
				return v.d.CreateIdempotent(r)
			}
			return r, v.d.Update(r)
		},
		Show:  func(status int, form *web.Form) error { return v.showForm(e, status, form) },
		Saved: func(r *core.Record) error { return web.RedirectWithFlash(e, meetingURL(r.Id), done) },
	}
}

func (v *meetingView) layout(e *core.RequestEvent, quick bool) (*web.Form, error) {
	var choices web.Choices
	if !quick {
		people, err := v.contacts(web.Language(e))
		if err != nil {
			return nil, err
		}
		choices = web.Choices{"chair": people, "taken_by": people}
	}
	inputs := web.RecordInputs(v.m.Record, choices).
		After("kind", web.Date("day").Need(), web.Time("starts_at").Need().Beside(), web.Time("ends_at")).
		After("agenda", web.Date("ends_on").Fold("meetings.more"))
	form := web.NewForm(e, "meetings", inputs...)
	return form.Usually("time_zone", v.p.Zone()).Usually("status", Scheduled), nil
}

// contacts offers the people of the organisations that take part, and those whom
// the meeting names now, even if nobody could choose them any more.
func (v *meetingView) contacts(language string) ([]web.Option, error) {
	organisations, err := roster.OrganisationOptions(v.d, v.p, language)
	if err != nil {
		return nil, err
	}
	options, err := roster.ContactOptions(v.d, web.Values(organisations))
	if err != nil {
		return nil, err
	}
	for _, field := range []string{"chair", "taken_by"} {
		id := v.m.GetString(field)
		if id == "" || slices.Contains(web.Values(options), id) {
			continue
		}
		o, err := v.officer(field)
		if err != nil {
			return nil, err
		}
		options = append(options, web.Option{Value: id, Label: o.Line()})
	}
	return options, nil
}

// fillHours puts the stored hours into a form, in the meeting's own zone.
func (m *Meeting) fillHours(form *web.Form) {
	hours := m.Hours()
	day, begins := typed(hours.From, hours.Zone)
	last, ends := typed(hours.To, hours.Zone)
	if last == day {
		last = ""
	}
	form.Set("day", day).Set("starts_at", begins).Set("ends_at", ends).Set("ends_on", last)
}

// into writes what was typed into a meeting: the hours are those of its zone.
func into(form *web.Form, r *core.Record) {
	form.Into(r)
	zone := form.Value("time_zone")
	r.Set("starts_at", instant(form.Value("day"), form.Value("starts_at"), zone))
	last := cmp.Or(form.Value("ends_on"), form.Value("day"))
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

func (v *meetingView) showForm(e *core.RequestEvent, status int, form *web.Form) error {
	language := web.Language(e)
	data := web.FormPage{Base: web.New(e, "meetings.new_title").At("programmes"), Form: form, Action: listURL(v.p),
		Submit: lang.T(language, "meetings.plan"), Draft: "meeting-new-" + v.p.Slug()}
	if v.m.IsNew() {
		data.Crumbs = append(v.p.Crumbs(language), web.Crumb{Label: lang.T(language, "meetings.tab"), URL: listURL(v.p)})
	} else {
		data.Base, data.Action = web.New(e, "meetings.edit_title").At("programmes"), v.m.URL()
		data.Crumbs = v.crumbs(language)
		data.Submit, data.Draft = lang.T(language, "meetings.save"), "meeting-"+v.m.ID()
	}
	data.Cancel = data.Action
	return web.ShowForm(e, status, data)
}
