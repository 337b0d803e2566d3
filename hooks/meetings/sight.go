package meetings

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/programmes"
	"simpul/hooks/web"
)

// sight is a meeting as the reader may see it, with the programme it belongs to.
type sight struct {
	m *Meeting
	p *programmes.Programme
	d *access.Door
}

// look views the meeting that the address names by {id}.
func look(e *core.RequestEvent) (*sight, error) {
	d := web.Door(e)
	r, err := d.View("meetings", e.Request.PathValue("id"))
	if err != nil {
		return nil, err
	}
	p, err := programmes.ByID(d, r.GetString("programme"))
	if err != nil {
		return nil, err
	}
	return &sight{m: Wrap(r), p: p, d: d}, nil
}

// leading is look for the team of the programme only.
func leading(e *core.RequestEvent) (*sight, error) {
	s, err := look(e)
	if err == nil && !s.p.Roles.Team {
		err = access.ErrRefused
	}
	return s, err
}

// minutes views the meeting's minutes; the error is access.ErrRefused when
// there are none or the reader may not read them yet.
func (s *sight) minutes(d *access.Door) (*core.Record, error) {
	return d.First("minutes", "meeting", s.m.ID())
}

// written is minutes for those who can do without: found is false where
// minutes refuses.
func (s *sight) written() (r *core.Record, found bool, err error) {
	r, err = s.minutes(s.d)
	if errors.Is(err, access.ErrRefused) {
		return nil, false, nil
	}
	return r, err == nil, err
}

// crumbs leads to the meeting's page.
func (s *sight) crumbs(language string) []web.Crumb {
	return append(s.p.Crumbs(language),
		web.Crumb{Label: lang.T(language, "meetings.tab"), URL: base(s.p)},
		web.Crumb{Label: s.m.Title(), URL: s.m.URL()})
}

// fact is one line of the part "summary_list".
type fact struct{ Label, Value, URL, Action, ActionURL string }

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

// officer reads who chairs the meeting (field chair) or takes its minutes
// (field taken_by); nobody is an empty officer.
func (s *sight) officer(field string) (officer, error) {
	var o officer
	id := s.m.GetString(field)
	if id == "" {
		return o, nil
	}
	err := s.d.App().ConcurrentDB().
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

// facts are when, where and with whom, the empty ones left out.
func (s *sight) facts(language string) ([]fact, error) {
	hours, out := s.m.Hours(), []fact{}
	add := func(key, value, url string) {
		if value != "" {
			out = append(out, fact{Label: lang.T(language, key), Value: value, URL: url})
		}
	}
	add("meetings.day", lang.DayLong(language, hours.Day()), "")
	add("meetings.hours", hours.Span(language), "")
	add("meetings.place", s.m.Where(language), "")
	add("meetings.link", s.m.Link(), s.m.Link())
	for _, field := range []string{"chair", "taken_by"} {
		o, err := s.officer(field)
		if err != nil {
			return nil, err
		}
		add("meetings."+field, o.Line(), "")
	}
	return out, nil
}
