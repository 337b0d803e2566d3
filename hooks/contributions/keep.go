package contributions

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
)

// KeepVerified refuses to delete a verified contribution: it is withdrawn, and
// stays to be seen. The example programmes may go with all that is in them.
func KeepVerified(e *core.RecordEvent) error {
	if e.Record.Original().GetString("review_status") != Verified {
		return e.Next()
	}
	var example bool
	err := e.App.DB().Select("example").From("programmes").
		Where(dbx.HashExp{"id": e.Record.GetString("programme")}).Row(&example)
	if errors.Is(err, sql.ErrNoRows) {
		return e.Next() // the programme itself is going, and KeepProgramme agreed
	}
	if err != nil {
		return fmt.Errorf("contributions: %w", err)
	}
	if !example {
		return access.Invalid("review_status", "contributions.problem_kept")
	}
	return e.Next()
}

// KeepProgramme refuses to delete a programme with verified contributions,
// which would go with it.
func KeepProgramme(e *core.RecordEvent) error {
	if e.Record.GetBool("example") {
		return e.Next()
	}
	n, err := e.App.CountRecords("contributions",
		dbx.HashExp{"programme": e.Record.Id, "review_status": Verified})
	if err != nil {
		return fmt.Errorf("contributions: %w", err)
	}
	if n > 0 {
		return access.Invalid("status", "contributions.problem_programme_kept", "n", n)
	}
	return e.Next()
}
