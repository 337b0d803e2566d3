package tasks

import (
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/tools/list"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/fields"
	"simpul/hooks/lang"
	"simpul/hooks/programmes"
	"simpul/hooks/web"
)

// Listed is one task as lists need it, read by one plain query.
type Listed struct {
	ID           string `db:"id"`
	Title        string `db:"title"`
	State        string `db:"state"`
	DueOn        string `db:"due_on"`
	Organisation string `db:"organisation"`
	// Owner and Helix are the name and the helix of the organisation.
	Owner string `db:"owner"`
	Helix string `db:"helix"`
	// Programme, Called and Zone are the programme's id, name and time zone.
	Programme string `db:"programme"`
	Called    string `db:"called"`
	Zone      string `db:"zone"`
}

// Late returns by how many days the task is overdue today in its programme's zone.
func (l Listed) Late() int { return late(l.State, l.DueOn, clock.Today(l.Zone)) }

// Open reports whether there is still something to do.
func (l Listed) Open() bool { return slices.Contains(open, l.State) }

// Row is a task as the part "task_row" shows it.
type Row struct {
	ID, Title, URL, Helix, Organisation    string
	DueLabel, State, StateLabel, LateLabel string
	Done, MayTick                          bool
}

// Rows puts listed tasks into the reader's words. A row can be ticked by the
// team and by whoever speaks for the organisation that owns the task.
func Rows(d *access.Scope, language string, listed []Listed) []Row {
	rows := make([]Row, 0, len(listed))
	known := map[string]access.Roles{}
	for _, l := range listed {
		roles, ok := known[l.Programme]
		if !ok {
			roles = d.Roles(l.Programme)
			known[l.Programme] = roles
		}
		row := l.row(language)
		row.MayTick = l.State != Cancelled && mayAnswer(roles, l.Organisation)
		rows = append(rows, row)
	}
	return rows
}

// RowsAcross is Rows for lists that cross programmes: each row names its own.
func RowsAcross(d *access.Scope, language string, listed []Listed) []Row {
	rows := Rows(d, language, listed)
	for i, l := range listed {
		rows[i].Organisation += " · " + l.Called
	}
	return rows
}

// row is a task in words, without what depends on the reader.
func (l Listed) row(language string) Row {
	row := Row{
		ID:           l.ID,
		Title:        l.Title,
		URL:          taskURL(l.ID),
		Helix:        l.Helix,
		Organisation: l.Owner,
		State:        l.State,
		StateLabel:   lang.T(language, "tasks.state."+l.State),
		Done:         l.State == Done,
	}
	if l.DueOn != "" {
		row.DueLabel = lang.Day(language, l.DueOn)
	}
	if days := l.Late(); days > 0 {
		row.LateLabel = lang.T(language, "tasks.late", "n", days)
	}
	return row
}

// mayAnswer says in Go what access.MayAnswer says to the database; it decides
// what pages offer, never what is allowed.
func mayAnswer(roles access.Roles, organisation string) bool {
	return roles.Team || slices.Contains(roles.Organisations, organisation)
}

// Conditions that lists and their counts share, so that a number and the list
// it opens can never differ.
const isOpen = "tasks.state IN ('todo', 'in_progress', 'waiting')"

const inTrouble = "tasks.reply IN ('more_time', 'declined')"

// isUnanswered leaves out what the programme's owner is to do itself: the
// expression names that organisation.
func isUnanswered(owner string) string {
	return "(tasks.reply = '' AND tasks.state = 'todo' AND tasks.organisation != " + owner + ")"
}

// isLate compares the due day with an expression for today.
func isLate(today string) string {
	return "(tasks.due_on != '' AND tasks.due_on < " + today + ")"
}

// todayThere is the day it is in the zone of each row's programme.
var todayThere = programmes.TodayIn("programmes")

// filters are what narrows a list of tasks. Pick shows the filters by field.
var filters = web.Known{"state": {"done", "all"}, "mine": {"1"}, "followed": {"1"}, "late": {"1"}, "week": {"1"},
	"reply": {"none", "trouble"}, "pick": {"1"}}.And(fields.Tasks)

// narrowed reports whether only a part of the open tasks is wanted: what is late,
// due soon or unanswered is open by its nature.
func narrowed(q web.Query) bool { return q.Has("late", "week", "reply") }

// narrow adds the filters that make sense in every programme. Today and owner
// are expressions for the day and the owner of a row's programme.
func narrow(q web.Query, s *dbx.SelectQuery, today, owner string) {
	if q.Has("late") {
		s.AndWhere(dbx.NewExp(isLate(today)))
	}
	if q.Has("week") {
		s.AndWhere(dbx.NewExp("tasks.due_on >= " + today + " AND tasks.due_on <= date(" + today + ", '+7 days')"))
	}
	switch q.Get("reply") {
	case "none":
		s.AndWhere(dbx.NewExp(isUnanswered(owner)))
	case "trouble":
		s.AndWhere(dbx.NewExp(inTrouble))
	}
}

// columns are what Listed reads; a list within one programme adds its own zone
// and name afterwards.
var columns = []string{
	"tasks.id", "tasks.title", "tasks.state", "tasks.due_on", "tasks.organisation", "tasks.programme",
	"organisations.name AS owner", "organisations.helix AS helix",
}

// byDue puts the nearest due day first and tasks without one last.
var byDue = []string{"(tasks.due_on = '')", "tasks.due_on", "tasks.id"}

// within reads tasks of one programme which the scope has entered.
func within(d *access.Scope, p *programmes.Programme, narrow ...func(*dbx.SelectQuery)) ([]Listed, error) {
	q, err := d.QueryIn(p.Record, "tasks")
	if err != nil {
		return nil, err
	}
	q.Select(columns...).
		LeftJoin("organisations", dbx.NewExp("organisations.id = tasks.organisation")).
		OrderBy(byDue...)
	for _, n := range narrow {
		n(q)
	}
	listed := []Listed{}
	if err := q.All(&listed); err != nil {
		return nil, fmt.Errorf("tasks of %s: %w", p.Slug(), err)
	}
	for i := range listed {
		listed[i].Called, listed[i].Zone = p.Name(), p.Zone()
	}
	return listed, nil
}

// narrowWithin adds the filters to a list of one programme.
func narrowWithin(d *access.Scope, p *programmes.Programme, q web.Query) func(*dbx.SelectQuery) {
	return func(s *dbx.SelectQuery) {
		switch {
		case !q.Has("state") || narrowed(q):
			s.AndWhere(dbx.NewExp(isOpen))
		case q.Get("state") == "done":
			s.AndWhere(dbx.HashExp{"tasks.state": Done})
		}
		if q.Has("mine") {
			s.AndWhere(dbx.In("tasks.organisation", list.ToInterfaceSlice(p.Roles.Organisations)...))
		}
		if q.Has("followed") {
			s.AndWhere(dbx.HashExp{"tasks.accountable": person(d)}).
				AndWhere(dbx.NotIn("tasks.organisation", list.ToInterfaceSlice(p.Roles.Organisations)...))
		}
		narrow(q, s, "{:today}", "{:owner}")
		q.Narrow(fields.Tasks, s)
		s.AndBind(dbx.Params{"today": clock.Today(p.Zone()), "owner": p.GetString("owner")})
	}
}

// person is the id of who asks, "" for a guest.
func person(d *access.Scope) string {
	if d.Person() == nil {
		return ""
	}
	return d.Person().Id
}

// ForProgramme returns the open tasks of a programme that are due first, at
// most limit of them. The scope must have viewed the programme.
func ForProgramme(d *access.Scope, p *programmes.Programme, limit int) ([]Listed, error) {
	return within(d, p, narrowWithin(d, p, web.NewQuery("")), func(q *dbx.SelectQuery) { q.Limit(int64(limit)) })
}

// Counts are how many tasks of a programme are open, and how many of those past
// their due day. The scope must have viewed the programme.
func Counts(d *access.Scope, p *programmes.Programme) (open, late int, err error) {
	q, err := d.QueryIn(p.Record, "tasks")
	if err != nil {
		return 0, 0, err
	}
	err = q.Select("COUNT(*)", "COALESCE(SUM("+isLate("{:today}")+"), 0)").
		AndWhere(dbx.NewExp(isOpen)).
		AndBind(dbx.Params{"today": clock.Today(p.Zone())}).
		Row(&open, &late)
	return open, late, err
}

// mostOfMeeting is how many tasks of one meeting are shown at most.
const mostOfMeeting = 200

// OfMeeting returns the tasks that one meeting of a programme raised, those due
// first in front. The scope must have viewed the programme.
func OfMeeting(d *access.Scope, p *programmes.Programme, meeting string) ([]Listed, error) {
	return within(d, p, func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.HashExp{"tasks.meeting": meeting}).Limit(mostOfMeeting)
	})
}

// across reads open tasks of several programmes. Who may read a task is who
// takes part in its programme, so the condition must rest on memberships.
func across(d *access.Scope, where dbx.Expression, narrow ...func(*dbx.SelectQuery)) ([]Listed, error) {
	q := d.App().ConcurrentDB().
		Select(append(slices.Clone(columns), "programmes.name AS called", "programmes.time_zone AS zone")...).
		From("tasks").
		InnerJoin("programmes", dbx.NewExp("programmes.id = tasks.programme")).
		LeftJoin("organisations", dbx.NewExp("organisations.id = tasks.organisation")).
		Where(where).
		AndWhere(dbx.NewExp(isOpen)).
		OrderBy(byDue...)
	for _, n := range narrow {
		n(q)
	}
	listed := []Listed{}
	if err := q.All(&listed); err != nil {
		return nil, fmt.Errorf("tasks across programmes: %w", err)
	}
	return listed, nil
}

// Mine returns the open tasks of organisations the reader speaks for, across
// programmes. The nearest due day comes first; at most limit are returned.
func Mine(d *access.Scope, limit int) ([]Listed, error) {
	members, err := d.Programmes()
	if err != nil || len(members) == 0 {
		return nil, err
	}
	return across(d, own(members), func(q *dbx.SelectQuery) { q.Limit(int64(limit)) })
}

// Followed returns the open tasks of other organisations for which the reader
// answers, ordered and cut as Mine.
func Followed(d *access.Scope, limit int) ([]Listed, error) {
	members, err := d.Programmes()
	if err != nil || len(ledProgrammes(members)) == 0 {
		return nil, err
	}
	return across(d, followed(person(d), members), func(q *dbx.SelectQuery) { q.Limit(int64(limit)) })
}

// listAcross reads one page of the list that filters ask for across programmes:
// what waits for the reader's organisations, what the reader follows, or what
// the reader's teams have to look after.
func listAcross(d *access.Scope, members []access.Membership, q web.Query) ([]Listed, error) {
	if len(members) == 0 {
		return nil, nil
	}
	where, led := own(members), ledProgrammes(members)
	switch {
	case q.Has("followed") && len(led) > 0:
		where = followed(person(d), members)
	case len(led) > 0 && !q.Has("mine") && narrowed(q):
		where = dbx.In("tasks.programme", led...)
	}
	return across(d, where, q.Limit, func(s *dbx.SelectQuery) {
		narrow(q, s, todayThere, "programmes.owner")
		s.AndBind(programmes.Days(clock.Now()))
	})
}

// followed is what others are to do and the person answers for.
func followed(me string, members []access.Membership) dbx.Expression {
	return dbx.And(
		dbx.HashExp{"tasks.accountable": me},
		dbx.In("tasks.programme", ledProgrammes(members)...),
		dbx.Not(own(members)))
}

// own is what waits for the organisations that a person speaks for. Each
// condition begins with a column that an index leads with, so the hub's other
// tasks are never looked at.
func own(members []access.Membership) dbx.Expression {
	parts := []dbx.Expression{}
	for organisation, there := range representedOrganisations(members) {
		parts = append(parts, dbx.And(dbx.HashExp{"tasks.organisation": organisation}, dbx.In("tasks.programme", there...)))
	}
	if len(parts) == 0 {
		return dbx.NewExp("1 = 0")
	}
	return dbx.Or(parts...)
}

// ledProgrammes returns the ids of the programmes in whose team the person is.
func ledProgrammes(members []access.Membership) []any {
	ids := []any{}
	for _, m := range members {
		if m.Team() && !slices.Contains(ids, any(m.Programme)) {
			ids = append(ids, m.Programme)
		}
	}
	return ids
}

// representedOrganisations returns the organisations a person speaks for, and in which programmes.
func representedOrganisations(members []access.Membership) map[string][]any {
	there := map[string][]any{}
	for _, m := range members {
		if m.Role == "partner" {
			there[m.Organisation] = append(there[m.Organisation], m.Programme)
		}
	}
	return there
}

// Needs counts what needs the team's attention across its programmes.
type Needs struct {
	// Late is the number of open tasks past their due day, Unanswered of those
	// nobody has answered or begun, Trouble of those answered with "needs time"
	// or "cannot".
	Late       int `db:"late"`
	Unanswered int `db:"unanswered"`
	Trouble    int `db:"trouble"`
}

// FollowedURL opens what Followed begins.
const FollowedURL = "/tasks?followed=1"

// LateURL, UnansweredURL and TroubleURL open exactly the tasks that are counted.
func (Needs) LateURL() string { return "/tasks?late=1" }

// UnansweredURL opens what Unanswered counts.
func (Needs) UnansweredURL() string { return "/tasks?reply=none" }

// TroubleURL opens what Trouble counts.
func (Needs) TroubleURL() string { return "/tasks?reply=trouble" }

// Attention counts over all programmes in whose team the reader is.
func Attention(d *access.Scope) (Needs, error) {
	var n Needs
	members, err := d.Programmes()
	led := ledProgrammes(members)
	if err != nil || len(led) == 0 {
		return n, err
	}
	err = d.App().ConcurrentDB().
		Select(
			"COALESCE(SUM("+isLate(todayThere)+"), 0) AS late",
			"COALESCE(SUM("+isUnanswered("programmes.owner")+"), 0) AS unanswered",
			"COALESCE(SUM("+inTrouble+"), 0) AS trouble").
		From("tasks").
		InnerJoin("programmes", dbx.NewExp("programmes.id = tasks.programme")).
		Where(dbx.In("tasks.programme", led...)).
		AndWhere(dbx.NewExp(isOpen)).
		Bind(programmes.Days(clock.Now())).
		One(&n)
	if err != nil {
		return n, fmt.Errorf("tasks needing attention: %w", err)
	}
	return n, nil
}
