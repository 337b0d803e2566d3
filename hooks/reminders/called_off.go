package reminders

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/lang"
	"simpul/hooks/mail"
)

// kindCalledOff marks the letter that takes an invitation back which went out. No rule sends it, and it waits for no
// daily letter and no morning.
const kindCalledOff = "meeting_cancelled"

// wentOut holds for the rows of a name in a query that left or may have left, by themselves or told by a daily letter.
func wentOut(row string) string {
	return `(` + row + `.state IN ('sending', 'sent', 'uncertain') OR ` + row + `.state = 'in_digest' AND
		(SELECT t.state FROM deliveries t WHERE t.id = ` + row + `.digest) IN ('sending', 'sent', 'uncertain'))`
}

// calledOff is asked when such a letter is to leave: is the person still there, did the invitation really go, and is the
// person still not to come? The words stand on the row.
func calledOff(app core.App, d mail.Delivery, now time.Time) (mail.Contents, string, error) {
	a := &asked{app: app, letter: d, now: now}
	if reason, err := a.gone(); err != nil || reason != "" && a.contact == nil {
		return mail.Contents{}, reason, err
	}
	if a.user == nil && a.contact == nil {
		return mail.Contents{}, mail.ReasonDeleted, nil
	}
	if a.user != nil && slices.Contains(a.user.GetStringSlice("muted_kinds"), kindCalledOff) {
		return mail.Contents{}, mail.ReasonMuted, nil
	}
	id := strings.TrimPrefix(d.URL, "/meetings/")
	meeting, err := maybe(app, "meetings", id)
	if err != nil {
		return mail.Contents{}, "", err
	}
	if reason, err := outdated(app, meeting, d); err != nil || reason != "" {
		return mail.Contents{}, reason, err
	}
	say := func(part string) string { return lang.T(d.Language, "reminders.meeting_cancelled."+part) }
	c := mail.Contents{Subject: d.Subject, Greeting: greeting(d.Language, a.user, a.contact), Lines: strings.Split(d.Words, "\n\n"),
		Calendar: d.Calendar, Why: say("why")}
	if meeting != nil {
		c.Button = mail.Link{Label: say("button"), URL: home(app) + d.URL}
	}
	return c, "", nil
}

// outdated tells why an invitation is not taken back after all.
func outdated(app core.App, meeting *core.Record, d mail.Delivery) (string, error) {
	if d.Words == "" {
		return mail.ReasonNothingToSay, nil
	}
	comes, err := expects(app, meeting, d.Recipient)
	if err != nil || comes {
		return mail.ReasonMoved, err
	}
	if d.Programme == "" {
		return "", nil // what was known of the invitation went with its programme
	}
	var n int
	err = app.DB().NewQuery(`SELECT COUNT(*) FROM deliveries d WHERE d.subject_collection = 'attendances' AND d.subject_id = {:id}
		AND d.kind = 'meeting_invite' AND d.recipient = {:contact} AND ` + wentOut("d")).
		Bind(dbx.Params{"id": d.SubjectID, "contact": d.Recipient}).Row(&n)
	if err != nil {
		return "", fmt.Errorf("invitation that is taken back: %w", err)
	}
	if n == 0 {
		return mail.ReasonNothingToSay, nil
	}
	return "", nil
}
