package tasks

import (
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/programmes"
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

// Row is a task as the part "task_row" shows it.
type Row struct {
	ID, Title, URL, Helix, Organisation    string
	DueLabel, State, StateLabel, LateLabel string
	Done, MayTick                          bool
}

// Rows puts listed tasks into the reader's words. A row can be ticked by the
// team and by whoever speaks for the organisation that owns the task.
func Rows(d *access.Door, language string, listed []Listed) []Row {
	rows := make([]Row, 0, len(listed))
	may := ticker(d)
	for _, l := range listed {
		row := l.row(language)
		row.MayTick = l.State != Cancelled && may(l)
		rows = append(rows, row)
	}
	return rows
}

// RowsAcross is Rows for lists that cross programmes: each row names its own.
func RowsAcross(d *access.Door, language string, listed []Listed) []Row {
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
		URL:          address(l.ID),
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

// ticker answers whether the reader may tick a task, looking up each programme
// of a list once.
func ticker(d *access.Door) func(Listed) bool {
	known := map[string]access.Roles{}
	return func(l Listed) bool {
		roles, ok := known[l.Programme]
		if !ok {
			roles = d.Roles(l.Programme)
			known[l.Programme] = roles
		}
		return mayAnswer(roles, l.Organisation)
	}
}

// mayAnswer says in Go what access.MayAnswer says to the database; it decides
// what pages offer, never what is allowed.
func mayAnswer(roles access.Roles, organisation string) bool {
	return roles.Team || slices.Contains(roles.Organisations, organisation)
}

// columns are what Listed reads; a list within one programme adds its own zone
// and name afterwards.
var columns = []string{
	"tasks.id", "tasks.title", "tasks.state", "tasks.due_on", "tasks.organisation", "tasks.programme",
	"organisations.name AS owner", "organisations.helix AS helix",
}

// byDue puts the nearest due day first and tasks without one last.
var byDue = []string{"(tasks.due_on = '')", "tasks.due_on", "tasks.id"}

// within reads tasks of one programme which the door has entered.
func within(d *access.Door, p *programmes.Programme, narrow ...func(*dbx.SelectQuery)) ([]Listed, error) {
	q, err := d.Within(p.Record, "tasks")
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

// ForProgramme returns the open tasks of a programme that are due first, at
// most limit of them. The door must have viewed the programme.
func ForProgramme(d *access.Door, p *programmes.Programme, limit int) ([]Listed, error) {
	f := Filter{}
	return within(d, p, f.narrowWithin(d, p), func(q *dbx.SelectQuery) { q.Limit(int64(limit)) })
}
