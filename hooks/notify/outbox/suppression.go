package outbox

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/notify/smtp"
)

// cameBack holds for the messages of an address that came back, or were not sent because others did, and still help. What
// the server said of one that was part of another stands with the other.
const cameBack = `SELECT id, programme, state, reason, COALESCE(NULLIF(last_error, ''),
		(SELECT t.last_error FROM deliveries t WHERE t.id = deliveries.digest_id), '') AS words
	FROM deliveries WHERE email = {:email} COLLATE NOCASE AND email != '' AND ` + unmailed + ` AND ` + forPeople + `
		AND (state = 'skipped' AND reason = 'bounced' OR state = 'failed' AND reason = 'refused')` + stillUseful

// RetrySuppressed plans the messages anew that came back from an address, or were not sent because others did. They are sorted like
// all others, so that nothing leaves at night. What the server refused for another reason stays refused.
func (s Tx) RetrySuppressed(email string) (moved []Transition, err error) {
	var rows []struct {
		Transition
		Words string `db:"words"`
	}
	err = s.app.DB().NewQuery(cameBack).Bind(Offline{Now: s.now}.params()).Bind(dbx.Params{"email": email}).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("messages that came back: %w", err)
	}
	for _, row := range rows {
		if row.From == StateFailed && !smtp.UnknownAddress(row.Words) {
			continue
		}
		err := updateRow(s.app, row.ID, s.now, dbx.Params{"state": StatePlanned, "reason": "", "digest_id": "", "attempts": 0, "resend_count": 0,
			"next_attempt_at": "", "leased_until_at": ""})
		if err != nil {
			return nil, fmt.Errorf("plan message %s anew: %w", row.ID, err)
		}
		row.To = StatePlanned
		moved = append(moved, row.Transition)
	}
	return moved, nil
}

// ClearSuppression takes back, in the name of the scope's person, that an address does not exist. Its messages that still help leave
// again; what its reader refused stays refused. It returns those messages, and false if nothing was to be taken back.
func ClearSuppression(d *access.Scope, email string) (moved []Transition, cleared bool, err error) {
	err = d.InTransaction(func(d *access.Scope) error {
		rows, err := bounces(d.App(), email)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, row := range rows {
			if err := d.App().Delete(access.Sign(row, d.Person(), access.ViaPage)); err != nil {
				return err
			}
		}
		cleared = true
		if moved, err = NewTx(d.App(), clock.Now()).RetrySuppressed(email); err != nil {
			return err
		}
		return TraceMoves(d, moved)
	})
	return moved, cleared, err
}

// bounces are the notes that an address does not exist.
func bounces(app core.App, email string) ([]*core.Record, error) {
	return app.FindAllRecords("suppressions", dbx.HashExp{"reason": ReasonBounced},
		dbx.NewExp("email = {:email} COLLATE NOCASE", dbx.Params{"email": email}))
}

// Clearable returns the addresses, in lower case, of those messages that came back or were kept back because others did, and
// which the scope's person may have tried again.
func Clearable(d *access.Scope, items []QueueItem) (map[string]bool, error) {
	var addresses []any
	for _, item := range items {
		if item.Reason == ReasonBounced || item.Reason == ReasonRefused {
			addresses = append(addresses, strings.ToLower(item.To))
		}
	}
	clearable := map[string]bool{}
	if !d.Super() || len(addresses) == 0 {
		return clearable, nil
	}
	var found []string
	err := d.App().DB().Select("LOWER(email)").From("suppressions").
		Where(dbx.And(dbx.HashExp{"reason": ReasonBounced}, dbx.In("LOWER(email)", addresses...))).Column(&found)
	if err != nil {
		return nil, fmt.Errorf("addresses that bounce: %w", err)
	}
	for _, address := range found {
		clearable[address] = true
	}
	return clearable, nil
}

// Among finds an address in a list, however it is written; "" if it is not there.
func Among(addresses []string, email string) string {
	if i := slices.IndexFunc(addresses, func(a string) bool { return strings.EqualFold(a, email) }); i >= 0 {
		return addresses[i]
	}
	return ""
}

// Bounced lists the addresses of a programme's people from which messages come
// back. An address put right is gone from it.
func Bounced(app core.App, programme, zone string) (addresses []string, err error) {
	err = app.DB().NewQuery(`SELECT DISTINCT LOWER(s.email) FROM suppressions s WHERE s.reason = 'bounced' AND (
		EXISTS (SELECT 1 FROM memberships m JOIN users u ON u.id = m.user
			WHERE m.programme = {:programme} AND u.disabled = FALSE AND u.email = s.email COLLATE NOCASE) OR
		EXISTS (SELECT 1 FROM stakeholders k JOIN contacts c ON c.organisation = k.organisation
			WHERE k.programme = {:programme} AND (k.ended_on = '' OR k.ended_on > {:today}) AND c.user = ''
			AND (c.until_on = '' OR c.until_on >= {:today}) AND c.email = s.email COLLATE NOCASE)) ORDER BY 1`).
		Bind(dbx.Params{"programme": programme, "today": clock.Today(zone)}).Column(&addresses)
	if err != nil {
		return nil, fmt.Errorf("addresses that bounce: %w", err)
	}
	return addresses, nil
}
