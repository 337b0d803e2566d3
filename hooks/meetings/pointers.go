package meetings

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
)

// pointer is a field that names another record, and what must be true of that
// one. The query answers with a row when it is; it may use {:it}, {:anchor} and
// {:stakeholder}. A pointer is looked at when it is made, not for ever after: a
// partner who has left can still be shown on an old list.
type pointer struct{ field, query string }

// In these the anchor is the programme.
var meetingPointers = []pointer{
	{"chair", contactInProgramme},
	{"taken_by", contactInProgramme},
	{"series", "SELECT 1 FROM meetings WHERE id = {:it} AND programme = {:anchor}"},
}

const contactInProgramme = `SELECT 1 FROM contacts c JOIN stakeholders s ON s.organisation = c.organisation
	WHERE c.id = {:it} AND s.programme = {:anchor}`

// In these the anchor is the meeting.
var (
	attendancePointers = []pointer{
		{"stakeholder", `SELECT 1 FROM stakeholders s JOIN meetings m ON m.programme = s.programme
			WHERE s.id = {:it} AND m.id = {:anchor}`},
		{"contact", `SELECT 1 FROM contacts c JOIN stakeholders s ON s.organisation = c.organisation
			JOIN meetings m ON m.programme = s.programme
			WHERE c.id = {:it} AND m.id = {:anchor} AND ({:stakeholder} = '' OR s.id = {:stakeholder})`},
	}
	decisionPointers = []pointer{
		{"superseded_by", `SELECT 1 FROM decisions d JOIN meetings there ON there.id = d.meeting
			JOIN meetings here ON here.programme = there.programme WHERE d.id = {:it} AND here.id = {:anchor}`},
	}
)

// checkPointers asks about each record that a save newly points to. The anchor
// is the field that ties the record to its place.
func checkPointers(app core.App, r *core.Record, anchor string, pointers []pointer) error {
	if r.GetString(anchor) == "" {
		return nil // refused by the field itself, with the better sentence
	}
	for _, p := range pointers {
		id := r.GetString(p.field)
		if id == "" || !r.IsNew() && !differs(r, p.field) && !differs(r, anchor) {
			continue
		}
		fits, err := holds(app, p.query, dbx.Params{"it": id, "anchor": r.GetString(anchor), "stakeholder": r.GetString("stakeholder")})
		if err != nil {
			return fmt.Errorf("meetings: %s: %w", p.field, err)
		}
		if !fits {
			return access.Invalid(p.field, "problem.another_programme")
		}
	}
	return nil
}

// holds reports whether a query answers with a row.
func holds(app core.App, query string, params dbx.Params) (bool, error) {
	var one int
	err := app.DB().NewQuery(query + " LIMIT 1").Bind(params).Row(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}
