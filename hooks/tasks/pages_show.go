package tasks

import (
	"html/template"
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/page"
	"simpul/hooks/programmes"
)

// showPage is everything about one task.
type showPage struct {
	page.Base
	Tabs      programmes.Tabs
	Task      *Task
	Actions   []action
	Badges    []badge
	Due       string
	Owner     owner
	Facts     []fact
	Details   template.HTML
	MayAnswer bool
	Steps     []step
	Reason    *page.Form
	Replies   []step
	// Asked heads the replies: a question to the organisation, a note for the team.
	Asked    string
	Comments []remark
	Comment  *page.Form
	// Outlook says what happens if the task stays undone.
	Outlook []string
}

type badge struct{ Text, Kind, Icon string }

type owner struct{ Helix, Name, URL, Contact string }

type fact struct{ Label, Value, URL, Action, ActionURL string }

// step is one button: what it sends and how it looks.
type step struct{ Code, Label, Icon, Kind string }

// Show shows one task.
func Show(e *core.RequestEvent) error {
	s, err := look(e)
	if err != nil {
		return err
	}
	return s.render(e, http.StatusOK)
}

// sight is a task as the reader may see it, with what hangs on it.
type sight struct {
	task *Task
	p    *programmes.Programme
	d    *access.Door
	// reason and comment are the two forms of the page, with what was typed.
	reason, comment *page.Form
}

// look views the task that the address names.
func look(e *core.RequestEvent) (*sight, error) {
	d := page.Door(e)
	r, err := d.View("tasks", e.Request.PathValue("id"))
	if err != nil {
		return nil, err
	}
	p, err := programmes.ByID(d, r.GetString("programme"))
	if err != nil {
		return nil, err
	}
	s := &sight{task: Wrap(r), p: p, d: d, reason: reasonForm(e)}
	if s.task.Reply() != "" {
		s.reason.Set("reply_reason", r.GetString("reply_reason"))
	}
	s.comment = commentForm(e, p.Roles.Team)
	return s, nil
}

// mayAnswer reports whether the page offers to move the task on, to answer and
// to comment.
func (s *sight) mayAnswer() bool { return mayAnswer(s.p.Roles, s.task.Organisation()) }

// render shows the page, also when one of its forms was not accepted.
func (s *sight) render(e *core.RequestEvent, status int) error {
	t := s.task
	err := s.d.With([]*core.Record{t.Record}, "organisation", "assignee", "accountable", "stage", "milestone", "meeting", "done_by")
	if err != nil {
		return err
	}
	b := page.Titled(e, t.Title()).At("programmes")
	b.Crumbs = append(s.p.Crumbs(b.Language), page.Crumb{Label: lang.T(b.Language, "tasks.tab"), URL: base(s.p)})
	data := showPage{
		Base:      b,
		Tabs:      s.p.Tabs("tasks", b.Language),
		Task:      t,
		Due:       s.due(b.Language),
		Owner:     s.owner(),
		Facts:     s.facts(b.Language),
		Details:   page.Rich(t.Record, "details_html"),
		MayAnswer: s.mayAnswer(),
		Reason:    s.reason,
		Comment:   s.comment,
	}
	if data.Badges, err = s.badges(b.Language); err != nil {
		return err
	}
	if data.Comments, err = s.remarks(b.Language); err != nil {
		return err
	}
	if data.Outlook, err = s.outlook(b.Language); err != nil {
		return err
	}
	if data.MayAnswer {
		data.Steps, data.Replies = s.steps(b.Language), s.replies(b.Language)
		data.Asked = lang.T(b.Language, "tasks.replies")
	}
	if s.p.Roles.Team {
		data.Asked = lang.T(b.Language, "tasks.replies_team")
		data.Actions = []action{{Label: lang.T(b.Language, "tasks.edit"), URL: t.URL() + "/edit", Icon: "edit"}}
	}
	return page.Render(e, status, "tasks/show", data)
}

// badges say at a glance how the task stands.
func (s *sight) badges(language string) ([]badge, error) {
	t := s.task
	kinds := map[string]badge{
		Done:      {Kind: "ok", Icon: "tick"},
		Cancelled: {Kind: "plain"},
	}
	state := kinds[t.State()]
	state.Text = lang.T(language, "tasks.state."+t.State())
	out := []badge{state}
	if days := t.Late(clock.Today(s.p.Zone())); days > 0 {
		out = append(out, badge{lang.T(language, "tasks.late", "n", days), "bad", "warning"})
	}
	if urgency := t.GetString("urgency"); urgency != "" && urgency != "normal" && t.Open() {
		out = append(out, badge{lang.T(language, "tasks.urgency."+urgency), "warn", ""})
	}
	if t.Reply() == MoreTime || t.Reply() == Declined {
		out = append(out, badge{lang.T(language, "tasks.reply."+t.Reply()), "warn", ""})
	}
	n, err := Postponed(s.d.App(), t.ID())
	if n > 0 {
		out = append(out, badge{lang.T(language, "tasks.postponed", "n", n), "plain", "calendar"})
	}
	return out, err
}

// owner is the organisation and, where the reader may know it, the contact.
func (s *sight) owner() owner {
	var o owner
	if r := s.task.ExpandedOne("organisation"); r != nil {
		o = owner{Helix: r.GetString("helix"), Name: r.GetString("name"), URL: "/organisations/" + r.Id}
	}
	if c := s.task.ExpandedOne("assignee"); c != nil {
		o.Contact = c.GetString("position")
		if name := c.GetString("name"); name != "" && name != o.Contact {
			o.Contact = name + " – " + o.Contact
		}
	}
	return o
}

// facts are the rest of the task, the empty ones left out.
func (s *sight) facts(language string) []fact {
	t, out := s.task, []fact{}
	add := func(field, value, url string) {
		if value != "" {
			out = append(out, fact{Label: lang.T(language, "tasks."+field), Value: value, URL: url})
		}
	}
	add("starts_on", lang.Day(language, t.GetString("starts_on")), "")
	add("accountable", s.named("accountable", "name"), "")
	if t.Reply() != "" {
		add("reply", joined(lang.T(language, "tasks.reply."+t.Reply()), t.GetString("reply_reason")), "")
	}
	add("stage", s.named("stage", "name"), "")
	add("milestone", s.named("milestone", "title"), "")
	add("meeting", s.named("meeting", "title"), "/meetings/"+t.GetString("meeting"))
	if at := t.GetDateTime("done_at"); !at.IsZero() {
		add("done_at", joined(lang.Moment(language, at.Time(), s.p.Zone()), s.named("done_by", "name")), "")
	}
	return out
}

// due writes the due day with the zone in which it ends, "" if there is none.
func (s *sight) due(language string) string {
	if s.task.DueOn() == "" {
		return ""
	}
	return lang.T(language, "tasks.due_by", "day", lang.DayLong(language, s.task.DueOn()), "zone", clock.Abbreviation(s.p.Zone()))
}

// named is the name of a related record the reader may see, "" otherwise.
func (s *sight) named(relation, field string) string {
	if r := s.task.ExpandedOne(relation); r != nil {
		return r.GetString(field)
	}
	return ""
}

func joined(first, second string) string {
	if second == "" {
		return first
	}
	return first + " – " + second
}
