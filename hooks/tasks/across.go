package tasks

import (
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"

	"simpul/hooks/access"
	"simpul/hooks/clock"
)

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
const todayThere = "CASE programmes.time_zone WHEN 'Asia/Makassar' THEN {:makassar} WHEN 'Asia/Jayapura' THEN {:jayapura} ELSE {:jakarta} END"

func days() dbx.Params {
	return dbx.Params{
		"jakarta":  clock.Today("Asia/Jakarta"),
		"makassar": clock.Today("Asia/Makassar"),
		"jayapura": clock.Today("Asia/Jayapura"),
	}
}

// Mine returns the open tasks of organisations the reader speaks for, across
// programmes. The nearest due day comes first; at most limit are returned.
func Mine(d *access.Door, limit int) ([]Listed, error) {
	members, err := d.Programmes()
	if err != nil || len(members) == 0 {
		return nil, err
	}
	return across(d, own(members), func(q *dbx.SelectQuery) { q.Limit(int64(limit)) })
}

// FollowedURL opens what Followed begins.
const FollowedURL = "/tasks?followed=1"

// Followed returns the open tasks of other organisations for which the reader
// answers, ordered and cut as Mine.
func Followed(d *access.Door, limit int) ([]Listed, error) {
	members, err := d.Programmes()
	if err != nil || len(runs(members)) == 0 {
		return nil, err
	}
	return across(d, followed(person(d), members), func(q *dbx.SelectQuery) { q.Limit(int64(limit)) })
}

// followed is what others are to do and the person answers for.
func followed(me string, members []access.Membership) dbx.Expression {
	return dbx.And(
		dbx.HashExp{"tasks.accountable": me},
		dbx.In("tasks.programme", anyOf(runs(members))...),
		dbx.Not(own(members)))
}

// own is what waits for the organisations that a person speaks for. Each
// condition begins with a column that an index leads with, so the hub's other
// tasks are never looked at.
func own(members []access.Membership) dbx.Expression {
	parts := []dbx.Expression{}
	for _, o := range spoken(members) {
		parts = append(parts, dbx.And(dbx.HashExp{"tasks.organisation": o.id}, dbx.In("tasks.programme", o.programmes...)))
	}
	if len(parts) == 0 {
		return dbx.NewExp("1 = 0")
	}
	return dbx.Or(parts...)
}

// runs returns the ids of the programmes in whose team the person is.
func runs(members []access.Membership) []string {
	ids := []string{}
	for _, m := range members {
		team := m.Role == "initiator" || m.Role == "coordinator" || m.Role == "member"
		if team && !slices.Contains(ids, m.Programme) {
			ids = append(ids, m.Programme)
		}
	}
	return ids
}

// voice is an organisation a person speaks for, and in which programmes.
type voice struct {
	id         string
	programmes []any
}

func spoken(members []access.Membership) []voice {
	voices := []voice{}
	for _, m := range members {
		if m.Role != "partner" {
			continue
		}
		i := slices.IndexFunc(voices, func(v voice) bool { return v.id == m.Organisation })
		if i < 0 {
			i, voices = len(voices), append(voices, voice{id: m.Organisation})
		}
		voices[i].programmes = append(voices[i].programmes, m.Programme)
	}
	return voices
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

// LateURL, UnansweredURL and TroubleURL open exactly the tasks that are counted.
func (Needs) LateURL() string { return Filter{Late: true}.URL("/tasks") }

// UnansweredURL opens what Unanswered counts.
func (Needs) UnansweredURL() string { return Filter{Reply: "none"}.URL("/tasks") }

// TroubleURL opens what Trouble counts.
func (Needs) TroubleURL() string { return Filter{Reply: "trouble"}.URL("/tasks") }

// Attention counts over all programmes in whose team the reader is.
func Attention(d *access.Door) (Needs, error) {
	var n Needs
	members, err := d.Programmes()
	led := runs(members)
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
		Where(dbx.In("tasks.programme", anyOf(led)...)).
		AndWhere(dbx.NewExp(isOpen)).
		Bind(days()).
		One(&n)
	if err != nil {
		return n, fmt.Errorf("tasks needing attention: %w", err)
	}
	return n, nil
}

// listAcross reads one page of the list that a filter asks for across
// programmes: what waits for the reader's organisations, what the reader
// follows, or what the reader's teams have to look after.
func listAcross(d *access.Door, f Filter) ([]Listed, error) {
	members, err := d.Programmes()
	if err != nil || len(members) == 0 {
		return nil, err
	}
	where, led := own(members), runs(members)
	switch {
	case f.Followed && len(led) > 0:
		where = followed(person(d), members)
	case len(led) > 0 && !f.Mine && f.narrowed():
		where = dbx.In("tasks.programme", anyOf(led)...)
	}
	return across(d, where, f.narrowAcross, f.onePage)
}

// narrowed reports whether only a part of the open tasks is wanted.
func (f Filter) narrowed() bool { return f.Late || f.Week || f.Reply != "" }

// narrowAcross adds the conditions that make sense in every programme.
func (f Filter) narrowAcross(q *dbx.SelectQuery) {
	q.AndBind(days())
	if f.Late {
		q.AndWhere(dbx.NewExp(isLate(todayThere)))
	}
	if f.Week {
		q.AndWhere(dbx.NewExp("tasks.due_on >= " + todayThere + " AND tasks.due_on <= date(" + todayThere + ", '+7 days')"))
	}
	switch f.Reply {
	case "none":
		q.AndWhere(dbx.NewExp(isUnanswered("programmes.owner")))
	case "trouble":
		q.AndWhere(dbx.NewExp(inTrouble))
	}
}

// across reads open tasks of several programmes. Who may read a task is who
// takes part in its programme, so the condition must rest on memberships.
func across(d *access.Door, where dbx.Expression, narrow ...func(*dbx.SelectQuery)) ([]Listed, error) {
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
