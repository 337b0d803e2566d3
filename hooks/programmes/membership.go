package programmes

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
)

// otherInitiators counts the initiators of a programme whose account is open,
// but for one membership.
const otherInitiators = `SELECT COUNT(*) FROM memberships m INNER JOIN users u ON u.id = m.user
	WHERE m.programme = {:programme} AND m.role = 'initiator' AND m.id != {:id} AND u.disabled = FALSE`

// CheckRole refuses a membership of the team that names an organisation, for
// only a partner speaks for one, and a change that leaves a programme without
// an initiator.
func CheckRole(e *core.RecordEvent) error {
	r := e.Record
	if r.GetString("role") != "partner" && r.GetString("organisation") != "" {
		return access.Invalid("organisation", "memberships.problem_organisation")
	}
	if !r.IsNew() {
		if err := keepsInitiator(e.App, r); err != nil {
			return err
		}
	}
	return e.Next()
}

// KeepAnInitiator refuses to let the last initiator of a programme go, unless
// the programme itself is going.
func KeepAnInitiator(e *core.RecordEvent) error {
	programme := e.Record.Original().GetString("programme")
	stays, err := e.App.CountRecords("programmes", dbx.HashExp{"id": programme})
	if err != nil {
		return fmt.Errorf("last initiator: %w", err)
	}
	if stays > 0 && e.Record.Original().GetString("role") == "initiator" {
		if err := another(e.App, e.Record); err != nil {
			return err
		}
	}
	return e.Next()
}

// keepsInitiator looks at a changed membership that made somebody an initiator.
func keepsInitiator(app core.App, r *core.Record) error {
	was := r.Original()
	same := was.GetString("programme") == r.GetString("programme") && was.GetString("user") == r.GetString("user")
	if was.GetString("role") != "initiator" || same && r.GetString("role") == "initiator" {
		return nil
	}
	return another(app, r)
}

func another(app core.App, r *core.Record) error {
	var n int
	err := app.DB().NewQuery(otherInitiators).
		Bind(dbx.Params{"programme": r.Original().GetString("programme"), "id": r.Id}).
		Row(&n)
	if err != nil {
		return fmt.Errorf("last initiator: %w", err)
	}
	if n == 0 {
		return access.Invalid("role", "memberships.problem_last_initiator")
	}
	return nil
}
