package meetings

import (
	"html/template"
	"net/http"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/programmes"
	"simpul/hooks/tasks"
	"simpul/hooks/web"
)

// showPage is everything about one meeting.
type showPage struct {
	web.Base
	Tabs    programmes.Tabs
	Meeting *Meeting
	Kind    string
	Tile    Tile
	Badges  []Badge
	Actions []action
	Facts   []fact
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
	Steps     []move
	ShareText string
	ShareURL  string
}

// fewSeats is how many lines of an attendance list are shown without asking.
const fewSeats = 3

// minutesLink leads to the minutes, or to where they are written.
type minutesLink struct {
	URL, Label, Icon string
	Badge            *Badge
}

// decision is one decision with what became of it.
type decision struct{ Text, State string }

// move is a button that takes the meeting to another state.
type move struct{ Code, Label, Icon, Kind, Question string }

// Show shows one meeting.
func Show(e *core.RequestEvent) error {
	s, err := look(e)
	if err != nil {
		return err
	}
	b := web.Titled(e, s.m.Title()).At("programmes")
	crumbs := s.crumbs(b.Language)
	b.Crumbs = crumbs[:len(crumbs)-1]
	hours := s.m.Hours()
	data := showPage{
		Base:     b,
		Tabs:     s.p.Tabs("meetings", b.Language),
		Meeting:  s.m,
		Kind:     lang.T(b.Language, "meetings.kind."+s.m.GetString("kind")),
		Tile:     hours.Tile(b.Language),
		Agenda:   web.Rich(s.m.Record, "agenda_html"),
		Quorum:   s.m.GetString("quorum_note"),
		MayRun:   s.p.Roles.Team,
		ShareURL: absolute(e.App.Settings().Meta.AppURL, s.m.URL()),
	}
	data.ShareText = s.m.Title() + "\n" + hours.When(b.Language) + "\n" + s.m.Where(b.Language)
	if badge := statusBadge(b.Language, s.m.Status()); badge != nil {
		data.Badges = []Badge{*badge}
	}
	if data.MayRun {
		data.Actions = []action{{Label: lang.T(b.Language, "meetings.edit"), URL: s.m.URL() + "/edit", Icon: "edit"}}
		data.Steps = s.steps(b.Language)
	}
	if err := data.gather(s); err != nil {
		return err
	}
	return web.Render(e, http.StatusOK, "meetings/show", data)
}

// gather reads what hangs on the meeting, each as far as the reader may see it.
func (data *showPage) gather(s *sight) (err error) {
	if data.Facts, err = s.facts(data.Language); err != nil {
		return err
	}
	list, err := readable(s.d, s.m.ID())
	if err != nil {
		return err
	}
	data.Parties, data.Few = byHelix(data.Language, list), len(list) <= fewSeats
	if data.Minutes, err = s.minutesLink(data.Language); err != nil {
		return err
	}
	if data.Decisions, err = s.decisions(data.Language); err != nil {
		return err
	}
	raised, err := tasks.OfMeeting(s.d, s.p, s.m.ID())
	if err != nil {
		return err
	}
	data.Tasks = tasks.Rows(s.d, data.Language, raised)
	if s.m.Status() != Scheduled || clock.Now().After(s.m.Hours().From) {
		return nil
	}
	left, err := OpenActions(s.d, s.p)
	data.Left = tasks.Rows(s.d, data.Language, left)
	return err
}

// minutesLink leads readers to minutes they may read and the team to where it
// writes them; others see nothing.
func (s *sight) minutesLink(language string) (*minutesLink, error) {
	r, found, err := s.written()
	switch {
	case err != nil:
		return nil, err
	case found:
		return &minutesLink{
			URL:   s.m.MinutesURL(),
			Label: lang.T(language, "minutes.read"),
			Icon:  "file",
			Badge: minutesBadge(language, r.GetString("status")),
		}, nil
	case s.p.Roles.Team && s.m.Status() != Cancelled:
		return &minutesLink{URL: s.m.MinutesURL() + "/edit", Label: lang.T(language, "minutes.write"), Icon: "edit"}, nil
	}
	return nil, nil
}

func minutesBadge(language, status string) *Badge {
	badge := map[string]Badge{
		MinutesDraft: {Kind: "warn"},
		Circulated:   {Kind: "plain"},
		Final:        {Kind: "ok", Icon: "tick"},
	}[status]
	badge.Text = lang.T(language, "minutes.status."+status)
	return &badge
}

// decisions are those the reader may read, in the order in which they were taken.
func (s *sight) decisions(language string) ([]decision, error) {
	found, err := s.d.List("decisions", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.HashExp{"decisions.meeting": s.m.ID()}).OrderBy("decisions.created", "decisions.rowid").Limit(200)
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
func (s *sight) steps(language string) []move {
	looks := map[string]move{
		Held:      {Icon: "tick"},
		Scheduled: {Icon: "calendar"},
		Postponed: {Icon: "clock"},
		Cancelled: {Kind: "bad", Question: lang.T(language, "meetings.cancel_question")},
	}
	out := []move{}
	for _, code := range nextStatuses[s.m.Status()] {
		if code == Held && !s.m.Over(clock.Now()) {
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
	s, err := leading(e)
	if err != nil {
		return err
	}
	status := e.Request.PostFormValue("status")
	if !slices.Contains(statuses, status) {
		return lang.Problems{{Field: "status", Key: "problem.not_a_choice"}}
	}
	var was string
	err = s.d.Together(func(inner *access.Door) error {
		r, err := inner.View("meetings", s.m.ID())
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
		return web.See(e, s.m.URL(), "meetings.now_"+status)
	}
	undo := web.Undo{Action: s.m.URL() + "/status", Name: "status", Value: was, Back: s.m.URL()}
	return undo.See(e, s.m.URL(), "meetings.now_"+status)
}
