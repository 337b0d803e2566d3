package reminders

import (
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/mail"
	"simpul/hooks/meetings"
)

// guest is somebody to whom an invitation went out or is going out, as the newest of them says.
type guest struct {
	Attendance string `db:"subject_id"`
	Contact    string `db:"recipient"`
	User       string `db:"user"`
	Email      string `db:"email"`
	Language   string `db:"language"`
	Occurrence string `db:"occurrence"`
}

// The attendances of a meeting, together with one that may just have been removed.
const ofMeeting = `subject_collection = 'attendances' AND (d.subject_id = {:attendance} OR
	d.subject_id IN (SELECT id FROM attendances WHERE meeting = {:meeting}))`

// Invitations that left or may have left, the newest first, unless they were taken back since. Who was erased from the
// hub is written to no more.
var selectGuests = `SELECT d.subject_id, d.recipient, d.user, d.email, d.language, d.occurrence FROM deliveries d
	WHERE d.` + ofMeeting + ` AND d.kind = 'meeting_invite' AND d.recipient != '' AND ` + wentOut("d") + `
	AND NOT EXISTS (SELECT 1 FROM deliveries b WHERE b.recipient = d.recipient AND b.kind = '` + kindCalledOff + `'
		AND b.url = d.url AND b.state != 'cancelled' AND b.rowid > d.rowid)
	ORDER BY d.rowid DESC`

// calling is a meeting as those invited know it, with what became of it.
type calling struct {
	app        core.App
	known      *core.Record // before the change
	meeting    *core.Record // after it; nil when it is gone
	attendance string       // the line of the list that changed or went, if one did
}

// guests finds everybody who has an invitation.
func (c calling) guests() (found []guest, err error) {
	var all []guest
	err = c.app.DB().NewQuery(selectGuests).Bind(dbx.Params{"attendance": c.attendance, "meeting": c.known.Id}).All(&all)
	if err != nil {
		return nil, fmt.Errorf("who was invited to %s: %w", c.known.Id, err)
	}
	seen := map[string]bool{}
	for _, g := range all {
		if !seen[g.Contact] {
			found = append(found, g)
		}
		seen[g.Contact] = true
	}
	return found, nil
}

// recall writes to everybody whose invitation does not hold any more, and takes back such letters to those who are to
// come after all. It joins the transaction of the change.
func (c calling) recall() error {
	found, err := c.guests()
	if err != nil {
		return err
	}
	return errors.Join(c.relent(), c.write(found))
}

// write tells the guests who are not to come.
func (c calling) write(found []guest) error {
	if len(found) == 0 {
		return nil
	}
	programme, err := maybe(c.app, "programmes", c.known.GetString("programme"))
	if err != nil {
		return err
	}
	letters := []mail.Letter{}
	for _, g := range found {
		comes, err := expects(c.app, c.meeting, g.Contact)
		if err != nil {
			return err
		}
		if letter := c.letter(g, programme); !comes && letter.UsefulUntil.After(letter.DueAt) {
			letters = append(letters, letter)
		}
	}
	_, err = mail.Queue(c.app, letters...)
	return err
}

// relent takes back what has not left yet and does not hold any more.
func (c calling) relent() error {
	var rows []struct {
		Key     string `db:"key"`
		Contact string `db:"recipient"`
	}
	err := c.app.DB().NewQuery(`SELECT d.key, d.recipient FROM deliveries d WHERE d.` + ofMeeting + ` AND d.kind = '` + kindCalledOff + `'
		AND d.state IN ('planned', 'queued', 'retry', 'held')`).
		Bind(dbx.Params{"attendance": c.attendance, "meeting": c.known.Id}).All(&rows)
	if err != nil {
		return fmt.Errorf("letters that take invitations back: %w", err)
	}
	keys := []string{}
	for _, row := range rows {
		comes, err := expects(c.app, c.meeting, row.Contact)
		if err != nil {
			return err
		}
		if comes {
			keys = append(keys, row.Key)
		}
	}
	return mail.Withdraw(c.app, mail.ReasonMoved, keys...)
}

// expects reports whether a contact is to come to a meeting; nobody is to one that is gone, called off or not called yet.
func expects(app core.App, meeting *core.Record, contact string) (bool, error) {
	if meeting == nil || !meetings.Wrap(meeting).Called() {
		return false, nil
	}
	var n int
	err := app.DB().NewQuery(`SELECT COUNT(*) FROM attendances a JOIN contacts c ON c.id = {:contact}
		LEFT JOIN stakeholders s ON s.id = a.stakeholder WHERE a.meeting = {:meeting} AND a.state != 'excused'
		AND (a.contact = c.id OR a.contact = '' AND s.organisation = c.organisation)`).
		Bind(dbx.Params{"contact": contact, "meeting": meeting.Id}).Row(&n)
	if err != nil {
		return false, fmt.Errorf("is contact %s to come: %w", contact, err)
	}
	return n > 0, nil
}
