package meetings

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/programmes"
)

// attendee is one line of an attendance list.
type attendee struct {
	ID          string `db:"id"`
	Stakeholder string `db:"stakeholder"`
	State       string `db:"state"`
	Name        string `db:"name"`
	Position    string `db:"position"`
	Represents  string `db:"represents"`
	// Organisation is the name of the organisation, a guest's own words for it;
	// Office the office of the stakeholder.
	Organisation string `db:"organisation"`
	Office       string `db:"office"`
	// Helix is "" for a guest.
	Helix string `db:"helix"`
}

// Present reports whether the attendee was there or had somebody there.
func (a attendee) Present() bool { return slices.Contains(there, a.State) }

// StateLabel is the state in the reader's words.
func (a attendee) StateLabel(language string) string {
	if a.State == "" {
		return ""
	}
	return lang.T(language, "attendances.state."+a.State)
}

// readable returns the attendance list as far as the reader may see it: partners
// see the lines of their own organisation.
func readable(d *access.Door, meeting string) ([]attendee, error) {
	allowed, err := d.List("attendances", func(q *dbx.SelectQuery) {
		q.Select("attendances.id").AndWhere(dbx.HashExp{"attendances.meeting": meeting}).Limit(1000)
	})
	if err != nil || len(allowed) == 0 {
		return nil, err
	}
	ids := make([]any, len(allowed))
	for i, r := range allowed {
		ids[i] = r.Id
	}
	return attendees(d, meeting, dbx.In("attendances.id", ids...))
}

// whole returns the complete list, for a document that carries it to everybody
// who may read the document.
func whole(d *access.Door, meeting string) ([]attendee, error) {
	return attendees(d, meeting, nil)
}

func attendees(d *access.Door, meeting string, narrow dbx.Expression) ([]attendee, error) {
	var all []attendee
	err := d.App().ConcurrentDB().
		Select("attendances.id", "attendances.stakeholder", "attendances.state", "attendances.name", "attendances.position",
			"attendances.represents", "COALESCE(NULLIF(stakeholders.helix, ''), organisations.helix, own.helix, '') AS helix",
			"COALESCE(organisations.name, own.name, attendances.organisation_name) AS organisation",
			"COALESCE(stakeholders.position, '') AS office").
		From("attendances").
		LeftJoin("stakeholders", dbx.NewExp("stakeholders.id = attendances.stakeholder")).
		LeftJoin("organisations", dbx.NewExp("organisations.id = stakeholders.organisation")).
		LeftJoin("contacts", dbx.NewExp("contacts.id = attendances.contact")).
		LeftJoin("organisations own", dbx.NewExp("own.id = contacts.organisation")).
		Where(dbx.HashExp{"attendances.meeting": meeting}).
		AndWhere(narrow).
		All(&all)
	if err != nil {
		return nil, fmt.Errorf("meetings: attendance: %w", err)
	}
	slices.SortFunc(all, func(a, b attendee) int {
		return cmp.Or(
			cmp.Compare(programmes.HelixRank(a.Helix), programmes.HelixRank(b.Helix)),
			cmp.Compare(a.Organisation, b.Organisation), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return all, nil
}

// Party is one of the five parties on an attendance list, or the guests.
type Party struct {
	Helix, Label string
	// Invited is how many stand on the list, Present how many were there.
	Invited, Present int
	Rows             []Seat
}

// Seat is an attendee in the reader's words.
type Seat struct{ Organisation, Who, State, Represents string }

// byHelix puts an attendance list into the reader's words, by helix in the fixed
// order, guests last.
func byHelix(language string, all []attendee) []Party {
	var out []Party
	for _, a := range all {
		if len(out) == 0 || out[len(out)-1].Helix != a.Helix {
			label := programmes.HelixLabel(language, a.Helix)
			out = append(out, Party{Helix: a.Helix, Label: cmp.Or(label, lang.T(language, "attendances.guests"))})
		}
		p := &out[len(out)-1]
		p.Invited++
		if a.Present() {
			p.Present++
		}
		p.Rows = append(p.Rows, Seat{
			Organisation: cmp.Or(a.Organisation, a.Name),
			Who:          a.who(),
			State:        a.StateLabel(language),
			Represents:   a.represents(language),
		})
	}
	return out
}

// who names the person and the office, each once.
func (a attendee) who() string {
	parts := []string{}
	for _, part := range []string{a.Name, cmp.Or(a.Position, a.Office)} {
		if part != "" && part != a.Organisation && !slices.Contains(parts, part) {
			parts = append(parts, part)
		}
	}
	if a.Organisation == "" && len(parts) > 0 {
		parts = parts[1:]
	}
	return strings.Join(parts, ", ")
}

func (a attendee) represents(language string) string {
	if a.Represents == "" {
		return ""
	}
	return lang.T(language, "attendances.on_behalf_of", "whom", a.Represents)
}

// present counts who was there over all parties.
func present(all []Party) int {
	n := 0
	for _, p := range all {
		n += p.Present
	}
	return n
}
