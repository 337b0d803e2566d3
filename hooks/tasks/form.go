package tasks

import (
	"cmp"
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/page"
	"simpul/hooks/programmes"
	"simpul/hooks/roster"
)

// folded are the fields behind "more": a task needs none of them.
var folded = []string{"assignee", "stage", "milestone", "starts_on"}

// choices are what the lists of the form offer.
type choices struct{ organisations, team, contacts, stages, milestones []page.Option }

// offer reads what can be chosen in a programme.
func offer(d *access.Door, p *programmes.Programme, language string) (c choices, err error) {
	if c.organisations, err = roster.OrganisationOptions(d, p, language); err != nil {
		return c, err
	}
	if c.team, err = roster.TeamOptions(d, p); err != nil {
		return c, err
	}
	if c.stages, err = stages.options(d, p); err != nil {
		return c, err
	}
	if c.milestones, err = milestones.options(d, p); err != nil {
		return c, err
	}
	ids := []string{}
	for _, o := range c.organisations {
		ids = append(ids, o.Value)
	}
	c.contacts, err = roster.ContactOptions(d, ids)
	return c, err
}

// part is what a programme is made of: what it is called and sorted by.
type part struct{ collection, label, order string }

var (
	stages     = part{"stages", "name", "position"}
	milestones = part{"milestones", "title", "due_on"}
)

// options offers the stages or milestones of a programme.
func (t part) options(d *access.Door, p *programmes.Programme) ([]page.Option, error) {
	q, err := d.Within(p.Record, t.collection)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		ID    string `db:"id"`
		Label string `db:"label"`
	}
	err = q.Select(t.collection+".id", t.collection+"."+t.label+" AS label").
		OrderBy(t.collection+"."+t.order, t.collection+".id").All(&rows)
	options := make([]page.Option, 0, len(rows))
	for _, r := range rows {
		options = append(options, page.Option{Value: r.ID, Label: r.Label})
	}
	return options, err
}

// newForm asks for a task: the first four are what a task is made of.
func newForm(e *core.RequestEvent, d *access.Door, p *programmes.Programme) (*page.Form, error) {
	c, err := offer(d, p, page.Language(e))
	if err != nil {
		return nil, err
	}
	return page.NewForm(e, "tasks", append(c.inputs(), page.Hidden("once"), page.Hidden("again"))...), nil
}

// editForm is newForm with what the task has now among the choices, even if
// nobody could choose it any more, and with a reason for another due day.
func editForm(e *core.RequestEvent, s *sight) (*page.Form, error) {
	c, err := offer(s.d, s.p, page.Language(e))
	if err != nil {
		return nil, err
	}
	if err := s.d.With([]*core.Record{s.task.Record}, "organisation", "accountable", "assignee"); err != nil {
		return nil, err
	}
	c.organisations = s.keep(c.organisations, "organisation", "name")
	c.team = s.keep(c.team, "accountable", "name")
	c.contacts = s.keep(c.contacts, "assignee", "position")
	inputs := append(c.inputs(), page.Seen())
	if s.task.DueOn() != "" {
		inputs = append(inputs, page.Text("due_reason").Max(longestReason))
	}
	return page.NewForm(e, "tasks", inputs...), nil
}

// keep adds what a relation points to now, if it is not offered.
func (s *sight) keep(options []page.Option, relation, label string) []page.Option {
	id := s.task.GetString(relation)
	if id == "" || slices.ContainsFunc(options, func(o page.Option) bool { return o.Value == id }) {
		return options
	}
	return append(options, page.Option{Value: id, Label: cmp.Or(s.named(relation, label), id)})
}

// quickForm reads what the full form sends without looking up what could be
// chosen: when a task is saved, its links are checked anyway. Only a form that
// is shown again needs the lists.
func quickForm(e *core.RequestEvent, more ...*page.Input) *page.Form {
	inputs := []*page.Input{page.Text("title").Need(), page.Date("due_on"), page.Date("starts_on"), page.Long("details")}
	for _, name := range []string{"organisation", "accountable", "assignee", "stage", "milestone", "urgency"} {
		inputs = append(inputs, page.Hidden(name))
	}
	return page.NewForm(e, "tasks", append(inputs, more...)...)
}

func (c choices) inputs() []*page.Input {
	return []*page.Input{
		page.Text("title").Need().Draft(),
		page.Choice("organisation", c.organisations).Need(),
		page.Date("due_on"),
		page.Choice("accountable", c.team),
		page.Long("details").Draft(),
		page.Codes("urgency", "normal", "urgent", "very_urgent"),
		page.Choice("assignee", c.contacts),
		page.Choice("stage", c.stages),
		page.Choice("milestone", c.milestones),
		page.Date("starts_on"),
	}
}

// unfolded reports whether one of the folded fields holds something or is wrong.
func unfolded(form *page.Form) bool {
	return slices.ContainsFunc(folded, func(name string) bool {
		f := form.Field(name)
		return f.Value != "" || f.Error != ""
	})
}
