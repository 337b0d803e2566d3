package tasks

import (
	"html/template"
	"net/http"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/programmes"
	"simpul/hooks/web"
)

// showPage is everything about one task.
type showPage struct {
	web.Base
	Tabs      programmes.Tabs
	Task      *Task
	Actions   []web.Action
	Badges    []web.Badge
	Due       string
	Owner     owner
	Facts     []web.Fact
	Details   template.HTML
	MayAnswer bool
	Steps     []web.Step
	Reason    *web.Form
	Replies   []web.Step
	// Asked heads the replies: a question to the organisation, a note for the team.
	Asked    string
	Comments []comment
	Comment  *web.Form
	// Outlook says what happens if the task stays undone.
	Outlook []string
}

type owner struct{ Helix, Name, URL, Contact string }

// comment is one comment as the part "comment" shows it.
type comment struct {
	ID, Who, When string
	Body          template.HTML
}

// taskView is a task as the reader may see it, with what hangs on it.
type taskView struct {
	page Page
	e    *core.RequestEvent
	task *Task
	p    *programmes.Programme
	d    *access.Scope
	// reason and comment are the two forms of the page, with what was typed.
	reason, comment *web.Form
}

// Page is the page of one task with its forms.
type Page struct {
	// Outlook says, one sentence each, what happens if an open task stays undone.
	Outlook func(app core.App, task *core.Record, language string) ([]string, error)
}

// Show shows one task.
func (p Page) Show(e *core.RequestEvent) error {
	v, err := p.load(e)
	if err != nil {
		return err
	}
	return v.render(http.StatusOK)
}

// load views the task that the address names.
func (p Page) load(e *core.RequestEvent) (*taskView, error) {
	r, programme, err := programmes.View(e, "tasks")
	if err != nil {
		return nil, err
	}
	v := &taskView{page: p, e: e, task: Wrap(r), p: programme, d: web.Scope(e), reason: reasonForm(e)}
	if v.task.Reply() != "" {
		v.reason.Set("reply_reason", r.GetString("reply_reason"))
	}
	v.comment, err = v.commentForm()
	return v, err
}

// mayAnswer reports whether the page offers to move the task on, to answer and
// to comment.
func (v *taskView) mayAnswer() bool { return mayAnswer(v.p.Roles, v.task.Organisation()) }

// render shows the page, also when one of its forms was not accepted.
func (v *taskView) render(status int) error {
	t := v.task
	err := v.d.With([]*core.Record{t.Record}, "organisation", "assignee", "accountable", "stage", "milestone", "meeting", "done_by")
	if err != nil {
		return err
	}
	b := web.Titled(v.e, t.Title()).At("programmes")
	b.Crumbs = v.p.Crumbs(b.Language)
	data := showPage{
		Base:      b.Under(lang.T(b.Language, "tasks.tab"), listURL(v.p)),
		Tabs:      v.p.Tabs("tasks", b.Language),
		Task:      t,
		Due:       v.due(b.Language),
		Owner:     v.owner(),
		Facts:     v.facts(b.Language),
		Details:   web.Rich(t.Record, "details_html"),
		MayAnswer: v.mayAnswer(),
		Reason:    v.reason,
		Comment:   v.comment,
	}
	if data.Badges, err = v.badges(b.Language); err != nil {
		return err
	}
	if data.Comments, err = v.remarks(b.Language); err != nil {
		return err
	}
	if data.Outlook, err = v.outlook(b.Language); err != nil {
		return err
	}
	if data.MayAnswer {
		data.Steps, data.Replies = v.steps(b.Language), v.replies(b.Language)
		data.Asked = lang.T(b.Language, "tasks.replies")
	}
	if v.p.Roles.Team {
		data.Asked = lang.T(b.Language, "tasks.replies_team")
		data.Actions = []web.Action{{Label: lang.T(b.Language, "tasks.edit"), URL: t.URL() + "/edit", Icon: "edit"}}
	}
	return web.Render(v.e, status, "tasks/show", data)
}

// badges say at a glance how the task stands.
func (v *taskView) badges(language string) ([]web.Badge, error) {
	t := v.task
	state := map[string]web.Badge{Done: {Kind: "ok", Icon: "tick"}, Cancelled: {Kind: "plain"}}[t.State()]
	state.Text = web.Words(language, t.Record, "state")
	out := []web.Badge{state}
	if days := t.Late(clock.Today(v.p.Zone())); days > 0 {
		out = append(out, web.Badge{Text: lang.T(language, "tasks.late", "n", days), Kind: "bad", Icon: "warning"})
	}
	if urgency := t.GetString("urgency"); urgency != "" && urgency != "normal" && t.Open() {
		out = append(out, web.Badge{Text: web.Words(language, t.Record, "urgency"), Kind: "warn"})
	}
	if t.Reply() == MoreTime || t.Reply() == Declined {
		out = append(out, web.Badge{Text: web.Words(language, t.Record, "reply"), Kind: "warn"})
	}
	n, err := Postponed(v.d.App(), t.ID())
	if n > 0 {
		out = append(out, web.Badge{Text: lang.T(language, "tasks.postponed", "n", n), Kind: "plain", Icon: "calendar"})
	}
	return out, err
}

// owner is the organisation and, where the reader may know it, the contact.
func (v *taskView) owner() owner {
	var o owner
	if r := v.task.ExpandedOne("organisation"); r != nil {
		o = owner{Helix: r.GetString("helix"), Name: r.GetString("name"), URL: "/organisations/" + r.Id}
	}
	if c := v.task.ExpandedOne("assignee"); c != nil {
		o.Contact = c.GetString("position")
		if name := c.GetString("name"); name != "" && name != o.Contact {
			o.Contact = name + " – " + o.Contact
		}
	}
	return o
}

// facts are the rest of the task, the empty ones left out.
func (v *taskView) facts(language string) []web.Fact {
	t := v.task
	f := web.NewFacts(language, t.Record).Field("starts_on", "accountable")
	if t.Reply() != "" {
		f.Add("reply", joined(web.Words(language, t.Record, "reply"), t.GetString("reply_reason")), "")
	}
	f.Field("stage", "milestone").Add("meeting", web.Named(t.Record, "meeting"), "/meetings/"+t.GetString("meeting"))
	if at := t.GetDateTime("done_at"); !at.IsZero() {
		f.Add("done_at", joined(lang.Moment(language, at.Time(), v.p.Zone()), web.Named(t.Record, "done_by")), "")
	}
	return f.Rest()
}

// due writes the due day with the zone in which it ends, "" if there is none.
func (v *taskView) due(language string) string {
	if v.task.DueOn() == "" {
		return ""
	}
	return lang.T(language, "tasks.due_by", "day", lang.DayLong(language, v.task.DueOn()), "zone", clock.Abbreviation(v.p.Zone()))
}

func joined(first, second string) string {
	if second == "" {
		return first
	}
	return first + " – " + second
}

// outlook is for those who can still do something about it: the team and the
// organisation that owns the task.
func (v *taskView) outlook(language string) ([]string, error) {
	if !v.mayAnswer() || !v.task.Open() {
		return nil, nil
	}
	return v.page.Outlook(v.d.App(), v.task.Record, language)
}

// buttons are the looks of those that lead to each state.
var buttons = map[string]web.Step{
	Done:       {Icon: "tick", Kind: "primary"},
	InProgress: {Icon: "arrow-right"},
	Waiting:    {Icon: "clock"},
	Cancelled:  {Kind: "quiet"},
	Todo:       {Icon: "arrow-left"},
}

// nextStates are the states a button leads to; calling a task off, and back, is
// the team's, a partner says that it cannot.
var nextStates = map[string][]string{
	Todo:       {Done, InProgress, Waiting, Cancelled},
	InProgress: {Done, Waiting, Todo, Cancelled},
	Waiting:    {Done, InProgress, Cancelled},
	Done:       {Todo},
	Cancelled:  {Todo},
}

// steps are the buttons that move the task on.
func (v *taskView) steps(language string) []web.Step {
	out := []web.Step{}
	for _, code := range nextStates[v.task.State()] {
		if (code == Cancelled || v.task.State() == Cancelled) && !v.p.Roles.Team {
			continue
		}
		step := buttons[code]
		step.Code, step.Label = code, lang.T(language, "tasks.step."+code)
		if code == Todo && !v.task.Open() {
			step.Label = lang.T(language, "tasks.step.reopen")
		}
		out = append(out, step)
	}
	return out
}

// replies are the answers still to be given, while there is something to do.
func (v *taskView) replies(language string) []web.Step {
	if !v.task.Open() {
		return nil
	}
	out := []web.Step{}
	for _, code := range replies {
		if code != v.task.Reply() || code != Accepted {
			out = append(out, web.Step{Code: code, Label: lang.T(language, "tasks.reply."+code)})
		}
	}
	return out
}

// remarks are the comments which the reader may read, the oldest first.
func (v *taskView) remarks(language string) ([]comment, error) {
	comments, err := v.d.List("comments", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.HashExp{"comments.task": v.task.ID()}).OrderBy("comments.created", "comments.rowid").Limit(200)
	})
	if err != nil {
		return nil, err
	}
	if err := v.d.With(comments, "author"); err != nil {
		return nil, err
	}
	out := make([]comment, 0, len(comments))
	for _, c := range comments {
		when := lang.Moment(language, c.GetDateTime("created").Time(), v.p.Zone())
		if c.GetString("visibility") == "team" {
			when += " · " + web.Words(language, c, "visibility")
		}
		out = append(out, comment{ID: c.Id, Who: v.author(language, c), When: when, Body: web.Rich(c, "body_html")})
	}
	return out, nil
}

// author names who wrote a comment. Partners do not see each other's names:
// then the organisation that owns the task speaks.
func (v *taskView) author(language string, c *core.Record) string {
	switch author := c.ExpandedOne("author"); {
	case author != nil:
		return author.GetString("name")
	case c.GetString("author") == "":
		return lang.T(language, "comments.the_hub")
	}
	return v.owner().Name
}
