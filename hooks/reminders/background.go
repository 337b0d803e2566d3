package reminders

import (
	"fmt"

	"github.com/pocketbase/dbx"

	"simpul/hooks/lang"
	"simpul/hooks/mail"
)

// owed is an open task as a letter lists it.
type owed struct {
	Title string `db:"title"`
	DueOn string `db:"due_on"`
}

func (t owed) words(language string) string {
	if t.DueOn == "" {
		return lang.T(language, "reminders.owed", "title", t.Title)
	}
	return lang.T(language, "reminders.owed_by", "title", t.Title, "day", lang.DayLong(language, t.DueOn))
}

// background reads what some letters say besides, or why one says nothing new.
func (a *asked) background() (string, error) {
	switch a.rule.Kind() {
	case "meeting_soon":
		return "", a.admit()
	case "meeting_invite":
		if reason, err := a.invitedBefore(); err != nil || reason != "" {
			return reason, err
		}
		return "", a.admit()
	case "minutes_followup":
		return "", a.owes()
	}
	return "", nil
}

// invitedBefore finds out whether the person was told another hour, or this one already.
func (a *asked) invitedBefore() (string, error) {
	var last []struct {
		Kind       string `db:"kind"`
		Occurrence string `db:"occurrence"`
	}
	err := a.app.DB().NewQuery(`SELECT d.kind, d.occurrence FROM deliveries d WHERE d.subject_collection = 'attendances' AND d.subject_id = {:id}
		AND d.kind IN ('meeting_invite', '` + kindCalledOff + `') AND ` + wentOut("d") + ` AND d.id != {:self}
		AND (d.email = {:email} COLLATE NOCASE OR d.user != '' AND d.user = {:user}) ORDER BY d.rowid DESC LIMIT 1`).
		Bind(dbx.Params{"id": a.letter.SubjectID, "self": a.letter.ID, "email": a.letter.Email, "user": a.letter.User}).All(&last)
	if err != nil {
		return "", fmt.Errorf("earlier invitation: %w", err)
	}
	// Whose invitation was taken back is invited like anybody else.
	if a.told = len(last) > 0 && last[0].Kind != kindCalledOff; !a.told {
		return "", nil
	}
	before, now := readSaid(last[0].Occurrence), readSaid(a.letter.Occurrence)
	a.still = before.hour == now.hour
	if before.sequence == now.sequence || a.still && before.detail == now.detail {
		return mail.ReasonMoved, nil // away and back before anybody was told
	}
	return "", nil
}

// maxOwed is how many tasks a letter lists.
const maxOwed = 20

// owes reads the open tasks of the meeting that the person's organisations have.
func (a *asked) owes() error {
	organisation, user := "", a.letter.User
	if a.contact != nil {
		organisation = a.contact.GetString("organisation")
	}
	err := a.app.DB().NewQuery(`SELECT title, due_on FROM tasks WHERE meeting = {:meeting} AND state NOT IN ('done', 'cancelled')
		AND organisation != '' AND (organisation = {:organisation} OR organisation IN (SELECT m.organisation FROM memberships m
			WHERE m.programme = tasks.programme AND m.role = 'partner' AND m.user != '' AND m.user = {:user}))
		ORDER BY due_on = '', due_on, title LIMIT {:most}`).
		Bind(dbx.Params{"meeting": a.subject.Record.GetString("meeting"), "organisation": organisation, "user": user, "most": maxOwed}).All(&a.tasks)
	if err != nil {
		return fmt.Errorf("open tasks of a meeting: %w", err)
	}
	return nil
}
