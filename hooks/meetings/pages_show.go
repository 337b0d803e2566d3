package meetings

import (
	"errors"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/programmes"
	"simpul/hooks/tasks"
	"simpul/hooks/web"
)

// meetingView is a meeting as the reader may see it, with the programme it belongs to.
type meetingView struct {
	m *Meeting
	p *programmes.Programme
	d *access.Scope
}

// loadMeeting views the meeting that the address names by {id}.
func loadMeeting(e *core.RequestEvent) (*meetingView, error) {
	r, p, err := programmes.View(e, "meetings")
	if err != nil {
		return nil, err
	}
	return &meetingView{m: Wrap(r), p: p, d: web.Scope(e)}, nil
}

// loadForTeam is loadMeeting for the team of the programme only.
func loadForTeam(e *core.RequestEvent) (*meetingView, error) {
	v, err := loadMeeting(e)
	if err == nil && !v.p.Roles.Team {
		err = access.ErrRefused
	}
	return v, err
}

// showPage is everything about one meeting.
type showPage struct {
	web.Base
	Tabs    programmes.Tabs
	Meeting *Meeting
	Kind    string
	Tile    Tile
	Badges  []web.Badge
	Actions []web.Action
	Facts   []web.Fact
	Agenda  template.HTML
	Quorum  string
	Parties []Party
	// Few says that the attendance list is short enough to be shown at once.
	Few       bool
	MayRun    bool
	Minutes   *minutesLink
	Decisions []decision
	Tasks     []tasks.Row
	// Left is what the last meeting asked for and nobody has finished, shown
	// until this one begins.
	Left      []tasks.Row
	Steps     []web.Step
	ShareText string
	ShareURL  string
}

// fewSeats is how many lines of an attendance list are shown without asking.
const fewSeats = 3

// minutesLink leads to the minutes, or to where they are written.
type minutesLink struct {
	URL, Label, Icon string
	Badge            *web.Badge
}

// decision is one decision with what became of it.
type decision struct{ Text, State string }

// Show shows one meeting.
func Show(e *core.RequestEvent) error {
	v, err := loadMeeting(e)
	if err != nil {
		return err
	}
	b := web.Titled(e, v.m.Title()).At("programmes")
	b.Crumbs = v.p.Crumbs(b.Language)
	b = b.Under(lang.T(b.Language, "meetings.tab"), listURL(v.p))
	hours := v.m.Hours()
	data := showPage{
		Base:     b,
		Tabs:     v.p.Tabs("meetings", b.Language),
		Meeting:  v.m,
		Kind:     lang.T(b.Language, "meetings.kind."+v.m.GetString("kind")),
		Tile:     hours.Tile(b.Language),
		Agenda:   web.Rich(v.m.Record, "agenda_html"),
		Quorum:   v.m.GetString("quorum_note"),
		MayRun:   v.p.Roles.Team,
		ShareURL: absolute(e.App.Settings().Meta.AppURL, v.m.URL()),
	}
	data.ShareText = v.m.Title() + "\n" + hours.When(b.Language) + "\n" + v.m.Where(b.Language)
	if badge := statusBadge(b.Language, v.m.Status()); badge != nil {
		data.Badges = []web.Badge{*badge}
	}
	if data.MayRun {
		data.Actions = []web.Action{{Label: lang.T(b.Language, "meetings.edit"), URL: v.m.URL() + "/edit", Icon: "edit"}}
		data.Steps = v.steps(b.Language)
	}
	if err := data.load(v); err != nil {
		return err
	}
	return web.Render(e, http.StatusOK, "meetings/show", data)
}

// load reads what hangs on the meeting, each as far as the reader may see it.
func (data *showPage) load(v *meetingView) (err error) {
	if data.Facts, err = v.facts(data.Language); err != nil {
		return err
	}
	list, err := readableAttendees(v.d, v.m.ID())
	if err != nil {
		return err
	}
	data.Parties, data.Few = byHelix(data.Language, list), len(list) <= fewSeats
	if data.Minutes, err = v.minutesLink(data.Language); err != nil {
		return err
	}
	if data.Decisions, err = v.decisions(data.Language); err != nil {
		return err
	}
	raised, err := tasks.OfMeeting(v.d, v.p, v.m.ID())
	if err != nil {
		return err
	}
	data.Tasks = tasks.Rows(v.d, data.Language, raised)
	if v.m.Status() != Scheduled || clock.Now().After(v.m.Hours().From) {
		return nil
	}
	left, err := OpenActions(v.d, v.p)
	data.Left = tasks.Rows(v.d, data.Language, left)
	return err
}

// minutesLink leads readers to minutes they may read and the team to where it
// writes them; others see nothing.
func (v *meetingView) minutesLink(language string) (*minutesLink, error) {
	r, found, err := v.written()
	switch {
	case err != nil:
		return nil, err
	case found:
		return &minutesLink{
			URL:   v.m.MinutesURL(),
			Label: lang.T(language, "minutes.read"),
			Icon:  "file",
			Badge: minutesBadge(language, r.GetString("status")),
		}, nil
	case v.p.Roles.Team && v.m.Status() != Cancelled:
		return &minutesLink{URL: v.m.MinutesURL() + "/edit", Label: lang.T(language, "minutes.write"), Icon: "edit"}, nil
	}
	return nil, nil
}

func minutesBadge(language, status string) *web.Badge {
	badge := map[string]web.Badge{
		MinutesDraft: {Kind: "warn"},
		Circulated:   {Kind: "plain"},
		Final:        {Kind: "ok", Icon: "tick"},
	}[status]
	badge.Text = lang.T(language, "minutes.status."+status)
	return &badge
}

// decisions are those the reader may read, in the order in which they were taken.
func (v *meetingView) decisions(language string) ([]decision, error) {
	found, err := v.d.List("decisions", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.HashExp{"decisions.meeting": v.m.ID()}).OrderBy("decisions.created", "decisions.rowid").Limit(200)
	})
	out := make([]decision, 0, len(found))
	for _, r := range found {
		d := decision{Text: r.GetString("text")}
		if state := r.GetString("state"); state != "standing" {
			d.State = lang.T(language, "decisions.state."+state)
		}
		out = append(out, d)
	}
	return out, err
}

// nextStatuses are the states a button leads to.
var nextStatuses = map[string][]string{
	Draft:     {Scheduled, Cancelled},
	Scheduled: {Held, Postponed, Cancelled},
	Postponed: {Scheduled, Cancelled},
	Held:      {Scheduled},
	Cancelled: {Scheduled},
}

// steps are the buttons that move the meeting on. What has not begun cannot
// have been held.
func (v *meetingView) steps(language string) []web.Step {
	looks := map[string]web.Step{
		Held:      {Icon: "tick"},
		Scheduled: {Icon: "calendar"},
		Postponed: {Icon: "clock"},
		Cancelled: {Kind: "bad", Question: lang.T(language, "meetings.cancel_question")},
	}
	out := []web.Step{}
	for _, code := range nextStatuses[v.m.Status()] {
		if code == Held && !v.m.Over(clock.Now()) {
			continue
		}
		step := looks[code]
		step.Code, step.Label = code, lang.T(language, "meetings.step."+code)
		out = append(out, step)
	}
	return out
}

// SetStatus moves a meeting on, or back. The same state twice changes nothing
// and is no mistake.
func SetStatus(e *core.RequestEvent) error {
	v, err := loadForTeam(e)
	if err != nil {
		return err
	}
	status := e.Request.PostFormValue("status")
	if !slices.Contains(statuses, status) {
		return lang.Problems{{Field: "status", Key: "problem.not_a_choice"}}
	}
	var was string
	err = v.d.InTransaction(func(inner *access.Scope) error {
		r, err := inner.View("meetings", v.m.ID())
		if err != nil {
			return err
		}
		was = r.GetString("status")
		r.Set("status", status)
		return inner.Update(r)
	})
	if err != nil {
		return err
	}
	if was == status {
		return web.RedirectWithFlash(e, v.m.URL(), "meetings.now_"+status)
	}
	undo := web.Undo{Action: v.m.URL() + "/status", Name: "status", Value: was, Back: v.m.URL()}
	return undo.See(e, v.m.URL(), "meetings.now_"+status)
}

// minutes views the meeting's minutes; the error is access.ErrRefused when
// there are none or the reader may not read them yet.
func (v *meetingView) minutes(d *access.Scope) (*core.Record, error) {
	return d.First("minutes", "meeting", v.m.ID())
}

// written is minutes for those who can do without: found is false where
// minutes refuses.
func (v *meetingView) written() (r *core.Record, found bool, err error) {
	r, err = v.minutes(v.d)
	if errors.Is(err, access.ErrRefused) {
		return nil, false, nil
	}
	return r, err == nil, err
}

// crumbs leads to the meeting's page.
func (v *meetingView) crumbs(language string) []web.Crumb {
	return append(v.p.Crumbs(language),
		web.Crumb{Label: lang.T(language, "meetings.tab"), URL: listURL(v.p)},
		web.Crumb{Label: v.m.Title(), URL: v.m.URL()})
}

// officer is somebody with a part in a meeting. Names and offices are for all
// who take part in the programme; addresses are not read here.
type officer struct {
	Name         string `db:"name"`
	Position     string `db:"position"`
	Organisation string `db:"organisation"`
}

// Line names the officer on one line.
func (o officer) Line() string {
	parts := []string{}
	for _, part := range []string{o.Name, o.Position, o.Organisation} {
		if part != "" && !slices.Contains(parts, part) {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, ", ")
}

// facts are when, where and with whom, the empty ones left out.
func (v *meetingView) facts(language string) ([]web.Fact, error) {
	hours, f := v.m.Hours(), web.NewFacts(language, v.m.Record)
	f.Add("day", lang.DayLong(language, hours.Day()), "").Add("hours", hours.Span(language), "").
		Add("place", v.m.Where(language), "").Add("link", v.m.Link(), v.m.Link())
	for _, field := range []string{"chair", "taken_by"} {
		o, err := v.officer(field)
		if err != nil {
			return nil, err
		}
		f.Add(field, o.Line(), "")
	}
	return f.Rest(), nil
}
