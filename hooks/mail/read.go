package mail

import (
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// MarkRead takes the letters that meet a condition as read, those that were not yet. It writes this one column only, so
// that it never disturbs the sender, which goes on writing the same rows.
func MarkRead(app core.App, now time.Time, which dbx.Expression) error {
	_, err := app.DB().Update(ledger, dbx.Params{"read_at": stamp(now)}, dbx.And(dbx.HashExp{"read_at": ""}, which)).Execute()
	if err != nil {
		return fmt.Errorf("mark letters as read: %w", err)
	}
	return nil
}
