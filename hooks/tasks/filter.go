package tasks

import (
	"net/url"
	"strconv"

	"github.com/pocketbase/dbx"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/programmes"
)

// perPage is how many tasks a page of a list shows.
const perPage = 30

// Filter is what a list is narrowed to. It is read from the page's address and
// written into it, so that a list can be shared and kept.
type Filter struct {
	// State is "" for open tasks, "done" or "all".
	State string
	// Mine keeps tasks of organisations the reader speaks for, Followed those of
	// other organisations for which the reader answers.
	Mine, Followed bool
	// Late keeps open tasks past their due day, Week those due within seven days.
	Late, Week bool
	// Reply is "none" for tasks nobody has answered or begun, "trouble" for
	// those answered with "needs time" or "cannot".
	Reply string
	// Pick shows the choice of organisations.
	Pick bool
	// Organisation is the id of the owner, "" for any.
	Organisation string
	// Page counts from 1.
	Page int
}

// readFilter takes a filter from an address. What it does not know is left out,
// so an old or mistyped address still shows a list.
func readFilter(q url.Values) Filter {
	f := Filter{
		State:        oneOf(q.Get("state"), "done", "all"),
		Mine:         q.Get("mine") != "",
		Followed:     q.Get("followed") != "",
		Late:         q.Get("late") != "",
		Week:         q.Get("week") != "",
		Reply:        oneOf(q.Get("reply"), "none", "trouble"),
		Pick:         q.Get("pick") != "",
		Organisation: q.Get("organisation"),
		Page:         1,
	}
	if n, err := strconv.Atoi(q.Get("page")); err == nil && n > 1 && n < 100_000 {
		f.Page = n
	}
	return f
}

func oneOf(value string, known ...string) string {
	for _, k := range known {
		if value == k {
			return value
		}
	}
	return ""
}

// URL writes the filter behind an address.
func (f Filter) URL(base string) string {
	q := f.values()
	if len(q) == 0 {
		return base
	}
	return base + "?" + q.Encode()
}

func (f Filter) values() url.Values {
	q := url.Values{}
	set := func(name, value string, wanted bool) {
		if wanted {
			q.Set(name, value)
		}
	}
	set("state", f.State, f.State != "")
	set("mine", "1", f.Mine)
	set("followed", "1", f.Followed)
	set("late", "1", f.Late)
	set("week", "1", f.Week)
	set("reply", f.Reply, f.Reply != "")
	set("pick", "1", f.Pick)
	set("organisation", f.Organisation, f.Organisation != "")
	set("page", strconv.Itoa(f.Page), f.Page > 1)
	return q
}

// Plain reports whether the filter is the one a list opens with.
func (f Filter) Plain() bool {
	f.Page, f.Pick = 0, false
	return f == Filter{}
}

// narrowWithin adds the filter's conditions to a list of one programme.
func (f Filter) narrowWithin(d *access.Door, p *programmes.Programme) func(*dbx.SelectQuery) {
	today := clock.Today(p.Zone())
	return func(q *dbx.SelectQuery) {
		q.AndWhere(f.states())
		if f.Mine {
			q.AndWhere(ownWithin(p))
		}
		if f.Followed {
			q.AndWhere(followedWithin(d, p))
		}
		if f.Late {
			q.AndWhere(dbx.NewExp(isLate("{:today}"), dbx.Params{"today": today}))
		}
		if f.Week {
			q.AndWhere(dbx.Between("tasks.due_on", today, clock.AddDays(today, 7)))
		}
		switch f.Reply {
		case "none":
			q.AndWhere(dbx.NewExp(isUnanswered("{:owner}"), dbx.Params{"owner": p.GetString("owner")}))
		case "trouble":
			q.AndWhere(dbx.NewExp(inTrouble))
		}
		if f.Organisation != "" {
			q.AndWhere(dbx.HashExp{"tasks.organisation": f.Organisation})
		}
	}
}

// states is the condition on the state: what is late, due soon or unanswered is
// open by its nature.
func (f Filter) states() dbx.Expression {
	switch {
	case f.State == "" || f.Late || f.Week || f.Reply != "":
		return dbx.NewExp(isOpen)
	case f.State == "done":
		return dbx.HashExp{"tasks.state": Done}
	}
	return nil
}

// onePage asks for one row more than a page holds: it tells whether there is a
// next page without counting all rows.
func (f Filter) onePage(q *dbx.SelectQuery) {
	q.Limit(perPage + 1).Offset(int64((f.Page - 1) * perPage))
}

// ownWithin is what the reader's organisations are to do in one programme.
func ownWithin(p *programmes.Programme) dbx.Expression {
	return dbx.In("tasks.organisation", anyOf(p.Roles.Organisations)...)
}

// followedWithin is what others are to do there and the reader answers for.
func followedWithin(d *access.Door, p *programmes.Programme) dbx.Expression {
	return dbx.And(dbx.HashExp{"tasks.accountable": person(d)}, dbx.NotIn("tasks.organisation", anyOf(p.Roles.Organisations)...))
}

func person(d *access.Door) string {
	if d.Person() == nil {
		return ""
	}
	return d.Person().Id
}

func anyOf(values []string) []any {
	out := make([]any, len(values))
	for i, v := range values {
		out[i] = v
	}
	return out
}
