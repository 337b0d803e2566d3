package mail

import (
	"fmt"

	"github.com/pocketbase/dbx"

	"simpul/hooks/notify/smtp"
)

// cameBack holds for the letters of an address that came back, or were not sent because others did, and still help. What
// the server said of one that was told by another stands with the other.
const cameBack = `SELECT id, programme, state, reason, COALESCE(NULLIF(last_error, ''),
		(SELECT t.last_error FROM deliveries t WHERE t.id = deliveries.digest), '') AS words
	FROM deliveries WHERE email = {:email} COLLATE NOCASE AND email != '' AND ` + unmailed + ` AND ` + forPeople + `
		AND (state = 'skipped' AND reason = 'bounced' OR state = 'failed' AND reason = 'refused')` + stillUseful

// TryAgain plans the letters anew that came back from an address, or were not sent because others did. They are sorted like
// all others, so that nothing leaves at night. What the server refused for another reason stays refused.
func (s Sorting) TryAgain(email string) (moved []Moved, err error) {
	var rows []struct {
		Moved
		Words string `db:"words"`
	}
	err = s.app.DB().NewQuery(cameBack).Bind(ByHand{Now: s.now}.params()).Bind(dbx.Params{"email": email}).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("letters that came back: %w", err)
	}
	for _, row := range rows {
		if row.From == StateFailed && !smtp.UnknownAddress(row.Words) {
			continue
		}
		err := change(s.app, row.ID, s.now, dbx.Params{"state": StatePlanned, "reason": "", "digest": "", "attempts": 0,
			"next_attempt_at": "", "leased_until_at": ""})
		if err != nil {
			return nil, fmt.Errorf("plan letter %s anew: %w", row.ID, err)
		}
		row.To = StatePlanned
		moved = append(moved, row.Moved)
	}
	return moved, nil
}
