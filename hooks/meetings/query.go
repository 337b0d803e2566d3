package meetings

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/tools/types"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/markdown"
	"simpul/hooks/programmes"
	"simpul/hooks/web"
)

// Listed is one meeting as lists need it, read by one plain query.
type Listed struct {
	ID       string         `db:"id"`
	Title    string         `db:"title"`
	Kind     string         `db:"kind"`
	Status   string         `db:"status"`
	StartsAt types.DateTime `db:"starts_at"`
	EndsAt   types.DateTime `db:"ends_at"`
	Zone     string         `db:"time_zone"`
	Mode     string         `db:"mode"`
	Place    string         `db:"place"`
	// Agenda is markdown; lists of many meetings leave it out.
	Agenda string `db:"agenda"`
	// Programme and Called are the programme's id and name.
	Programme string `db:"programme"`
	Called    string `db:"called"`
}

// Hours are the times of the meeting with the zone in which they are printed.
func (l Listed) Hours() Hours {
	return Hours{From: l.StartsAt.Time(), To: l.EndsAt.Time(), Zone: l.Zone}
}

// Card is a meeting as the part "meeting_card" shows it.
type Card struct {
	Title, URL, Day, Month, Weekday, When, Machine, Place string
	Agenda                                                []string
	Note                                                  string
	Badge                                                 *web.Badge
	CalendarURL, ShareText, ShareURL                      string
	Compact                                               bool
}

// Row puts a listed meeting into the reader's words, for lists.
func (l Listed) Row(language string) Card {
	hours := l.Hours()
	tile := hours.Tile(language)
	return Card{
		Title: l.Title, URL: meetingURL(l.ID), Day: tile.Day, Month: tile.Month, Weekday: tile.Weekday,
		When: hours.When(language), Machine: hours.Machine(), Place: where(language, l.Mode, l.Place),
		Badge: statusBadge(language, l.Status), Compact: true,
	}
}

// mostPoints is how many points of an agenda a card shows.
const mostPoints = 4

// Card is Row with the agenda and a way to pass the meeting on: for the one
// meeting that comes next. Origin is the hub's own address, as in https://…
func (l Listed) Card(language, origin string) Card {
	card := l.Row(language)
	card.Compact = false
	card.Agenda = markdown.Points(l.Agenda, mostPoints)
	card.ShareText = strings.Join([]string{l.Title, card.When, card.Place}, "\n")
	card.ShareURL = absolute(origin, card.URL)
	card.CalendarURL = calendarAddress(l.ID)
	return card
}

// Rows puts listed meetings into the reader's words.
func Rows(language string, listed []Listed) []Card {
	rows := make([]Card, 0, len(listed))
	for _, l := range listed {
		rows = append(rows, l.Row(language))
	}
	return rows
}

// RowsAcross is Rows for lists that cross programmes: each row names its own.
func RowsAcross(language string, listed []Listed) []Card {
	rows := Rows(language, listed)
	for i, l := range listed {
		rows[i].Place = strings.Trim(rows[i].Place+" · "+l.Called, " ·")
	}
	return rows
}

// statusBadge says what is unusual about a meeting, nothing for one that is
// simply planned.
func statusBadge(language, status string) *web.Badge {
	kinds := map[string]web.Badge{
		Draft:     {Kind: "plain"},
		Held:      {Kind: "ok", Icon: "tick"},
		Postponed: {Kind: "warn", Icon: "clock"},
		Cancelled: {Kind: "bad", Icon: "warning"},
	}
	badge, unusual := kinds[status]
	if !unusual {
		return nil
	}
	badge.Text = lang.T(language, "meetings.status."+status)
	return &badge
}

func absolute(origin, path string) string { return strings.TrimRight(origin, "/") + path }

// columns are what Listed reads.
var columns = []string{
	"meetings.id", "meetings.title", "meetings.kind", "meetings.status", "meetings.starts_at", "meetings.ends_at",
	"meetings.time_zone", "meetings.mode", "meetings.place", "meetings.programme",
}

// within reads meetings of one programme which the scope has entered.
func within(d *access.Scope, p *programmes.Programme, narrow func(*dbx.SelectQuery)) ([]Listed, error) {
	q, err := d.QueryIn(p.Record, "meetings")
	if err != nil {
		return nil, err
	}
	narrow(q.Select(columns...))
	listed := []Listed{}
	if err := q.All(&listed); err != nil {
		return nil, fmt.Errorf("meetings of %s: %w", p.Slug(), err)
	}
	for i := range listed {
		listed[i].Called = p.Name()
	}
	return listed, nil
}

// lasts says that a meeting is not over at an instant.
func lasts(at time.Time) dbx.Expression {
	return dbx.NewExp("max(meetings.starts_at, meetings.ends_at) >= {:at}", dbx.Params{"at": stored(at)})
}

// stored writes an instant as the database keeps it.
func stored(at time.Time) string { return at.UTC().Format(types.DefaultDateLayout) }

// Next returns the meeting of a programme that takes place next or is going on,
// nil if none is planned. The scope must have viewed the programme.
func Next(d *access.Scope, p *programmes.Programme) (*Listed, error) {
	found, err := within(d, p, func(q *dbx.SelectQuery) {
		q.AndSelect("meetings.agenda").
			AndWhere(dbx.HashExp{"meetings.status": Scheduled}).
			AndWhere(lasts(clock.Now())).
			OrderBy("meetings.starts_at", "meetings.id").
			Limit(1)
	})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// NextAcross returns the meetings that take place next in all programmes of the
// reader, at most limit of them.
func NextAcross(d *access.Scope, limit int) ([]Listed, error) {
	members, err := d.Programmes()
	if err != nil || len(members) == 0 {
		return nil, err
	}
	ids := []any{}
	for _, m := range members {
		ids = append(ids, m.Programme)
	}
	listed := []Listed{}
	err = d.App().ConcurrentDB().
		Select(append(slices.Clone(columns), "meetings.agenda", "programmes.name AS called")...).
		From("meetings").
		InnerJoin("programmes", dbx.NewExp("programmes.id = meetings.programme")).
		Where(dbx.In("meetings.programme", ids...)).
		AndWhere(dbx.HashExp{"meetings.status": Scheduled}).
		AndWhere(lasts(clock.Now())).
		OrderBy("meetings.starts_at", "meetings.id").
		Limit(int64(limit)).
		All(&listed)
	if err != nil {
		return nil, fmt.Errorf("meetings across programmes: %w", err)
	}
	return listed, nil
}

// officer reads who chairs the meeting (field chair) or takes its minutes
// (field taken_by); nobody is an empty officer.
func (v *meetingView) officer(field string) (officer, error) {
	var o officer
	id := v.m.GetString(field)
	if id == "" {
		return o, nil
	}
	err := v.d.App().ConcurrentDB().
		Select("contacts.name", "contacts.position", "organisations.name AS organisation").
		From("contacts").
		InnerJoin("organisations", dbx.NewExp("organisations.id = contacts.organisation")).
		Where(dbx.HashExp{"contacts.id": id}).
		One(&o)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return o, fmt.Errorf("meetings: %s: %w", field, err)
	}
	return o, nil
}
