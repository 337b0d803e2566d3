package reminders

import (
	"encoding/json"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/lang"
)

// whom is what tells letters apart that have neither an address nor a subject of their own.
type whom struct {
	ID    string `db:"id"`
	Name  string `db:"name"`  // by position and organisation; "" when nobody is known
	Title string `db:"title"` // of what the letter is about; "" when that is gone
}

// whomOf reads it for all letters of a sheet at once. An account belongs to an organisation within the letter's programme.
const whomOf = `SELECT d.id, COALESCE(
		(SELECT COALESCE(NULLIF(c.position, ''), c.name) || ' – ' || o.name FROM contacts c JOIN organisations o ON o.id = c.organisation WHERE c.id = d.recipient),
		(SELECT COALESCE(NULLIF(u.position, ''), u.name) || COALESCE((SELECT ' – ' || o.name FROM memberships m JOIN organisations o ON o.id = m.organisation
			WHERE m.user = u.id AND m.programme = d.programme ORDER BY o.name LIMIT 1), '') FROM users u WHERE u.id = d.user), '') AS name,
	COALESCE(CASE d.subject_collection
		WHEN 'tasks' THEN (SELECT title FROM tasks WHERE id = d.subject_id)
		WHEN 'meetings' THEN (SELECT title FROM meetings WHERE id = d.subject_id)
		WHEN 'attendances' THEN (SELECT m.title FROM attendances a JOIN meetings m ON m.id = a.meeting WHERE a.id = d.subject_id)
		WHEN 'minutes' THEN (SELECT m.title FROM minutes n JOIN meetings m ON m.id = n.meeting WHERE n.id = d.subject_id)
		WHEN 'contributions' THEN (SELECT item FROM contributions WHERE id = d.subject_id)
		WHEN 'stakeholders' THEN (SELECT o.name FROM stakeholders s JOIN organisations o ON o.id = s.organisation WHERE s.id = d.subject_id)
		WHEN 'indicators' THEN (SELECT name FROM indicators WHERE id = d.subject_id)
		WHEN 'milestones' THEN (SELECT title FROM milestones WHERE id = d.subject_id)
		WHEN 'programmes' THEN (SELECT name FROM programmes WHERE id = d.subject_id)
	END, '') AS title FROM deliveries d WHERE d.id IN (SELECT value FROM json_each({:ids}))`

// nameRows fills in what rows do not say by themselves: whom they are for without an address, and what they are about
// without a subject, which then stands above the kind of the letter.
func nameRows(app core.App, language string, rows []mailboxRow) error {
	silent := []string{}
	for _, row := range rows {
		if row.To == "" || row.Subject == "" {
			silent = append(silent, row.ID)
		}
	}
	ids, err := json.Marshal(silent)
	if err != nil {
		return err
	}
	var found []whom
	if err := app.DB().NewQuery(whomOf).Bind(dbx.Params{"ids": string(ids)}).All(&found); err != nil {
		return fmt.Errorf("whom letters are for: %w", err)
	}
	known := map[string]whom{}
	for _, w := range found {
		known[w.ID] = w
	}
	for i := range rows {
		rows[i].named(language, known[rows[i].ID])
	}
	return nil
}

func (row *mailboxRow) named(language string, w whom) {
	if row.To == "" {
		row.Whom = w.Name
	}
	if key := "reminder_rules.kind." + row.Kind; row.Subject == "" && w.Title != "" && lang.Has(key) {
		row.About, row.KindLabel = w.Title, lang.T(language, key)
	}
}
