// Package invitations takes back invitations to meetings that people were sent and
// that do not hold any more.
package invitations

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/meetings"
	"simpul/hooks/notify/outbox"
	"simpul/hooks/notify/reminders"
)

// invitee is somebody to whom an invitation went out or is going out, as the newest of them says.
type invitee struct {
	Attendance string `db:"subject_id"`
	Contact    string `db:"recipient"`
	User       string `db:"user"`
	Email      string `db:"email"`
	Language   string `db:"language"`
	AnchorAt   string `db:"anchor_at"`
	Sequence   int    `db:"sequence"`
}

// The attendances of a meeting, together with one that may just have been removed.
const ofMeeting = `subject_collection = 'attendances' AND (d.subject_id = {:attendance} OR
	d.subject_id IN (SELECT id FROM attendances WHERE meeting = {:meeting}))`

// Invitations that left or may have left, the newest first, unless they were taken back since. Who was erased from the
// hub is written to no more.
var selectGuests = `SELECT d.subject_id, d.recipient, d.user, d.email, d.language, d.anchor_at, d.sequence FROM deliveries d
	WHERE d.` + ofMeeting + ` AND d.kind = '` + reminders.KindInvite + `' AND d.recipient != '' AND ` + reminders.WentOut("d") + `
	AND NOT EXISTS (SELECT 1 FROM deliveries b WHERE b.recipient = d.recipient AND b.kind = '` + reminders.KindCalledOff + `'
		AND b.url = d.url AND b.state != 'cancelled' AND b.rowid > d.rowid)
	ORDER BY d.rowid DESC`

// inviteCanceller is a meeting as those invited know it, with what became of it.
type inviteCanceller struct {
	app        core.App
	known      *core.Record // before the change
	meeting    *core.Record // after it; nil when it is gone
	attendance string       // the line of the list that changed or went, if one did
	invited    []invitee    // read before the change, since deleting takes the rows along
}

// Cancel tells everybody whose invitation does not hold any more after a change of a
// meeting or of its list, in the transaction of the change.
func Cancel(e *core.RecordEvent) error {
	then, err := cancellations(e)
	if err != nil {
		return err
	}
	if err := e.Next(); err != nil {
		return err
	}
	return then()
}

// cancellations returns what has to be done once the change stands: what a deletion
// takes along is read before.
func cancellations(e *core.RecordEvent) (func() error, error) {
	nothing := func() error { return nil }
	was, deleted := e.Record.Original(), e.Type == core.ModelEventTypeDelete
	switch e.Record.Collection().Name {
	case "attendances":
		if !reminders.Touches(e, "state", "contact", "stakeholder") {
			return nothing, nil
		}
		return func() error {
			meeting, err := reminders.Maybe(e.App, "meetings", e.Record.GetString("meeting"))
			if err != nil || meeting == nil {
				return err // those invited are told with the meeting itself
			}
			return inviteCanceller{app: e.App, known: meeting, meeting: meeting, attendance: e.Record.Id}.reconcile()
		}, nil
	case "meetings":
		if deleted {
			return callOff(e, was)
		}
		if e.Type == core.ModelEventTypeCreate || !reminders.Touches(e, reminders.ScheduleFields...) {
			return nothing, nil
		}
		return inviteCanceller{app: e.App, known: was, meeting: e.Record}.reconcile, nil
	case "programmes":
		if deleted {
			found, err := e.App.FindAllRecords("meetings", dbx.HashExp{"programme": e.Record.Id})
			if err != nil {
				return nil, err
			}
			return callOff(e, found...)
		}
	}
	return nothing, nil
}

// callOff tells everybody invited to meetings that are about to be deleted.
func callOff(e *core.RecordEvent, gone ...*core.Record) (func() error, error) {
	var all []inviteCanceller
	for _, meeting := range gone {
		c := inviteCanceller{app: e.App, known: meeting}
		found, err := c.guests()
		if err != nil {
			return nil, err
		}
		c.invited = found
		all = append(all, c)
	}
	return func() error {
		for _, c := range all {
			if err := c.write(c.invited); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

// guests finds everybody who has an invitation.
func (c inviteCanceller) guests() (found []invitee, err error) {
	var all []invitee
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

// reconcile writes to everybody whose invitation does not hold any more, and takes back such messages to those who are
// to come after all.
func (c inviteCanceller) reconcile() error {
	found, err := c.guests()
	if err != nil {
		return err
	}
	return errors.Join(c.relent(), c.write(found))
}

// write tells the guests who are not to come.
func (c inviteCanceller) write(found []invitee) error {
	if len(found) == 0 {
		return nil
	}
	programme, err := reminders.Maybe(c.app, "programmes", c.known.GetString("programme"))
	if err != nil {
		return err
	}
	messages := []outbox.Message{}
	for _, g := range found {
		comes, err := expects(c.app, c.meeting, g.Contact)
		if err != nil {
			return err
		}
		if letter := c.letter(g, programme); !comes && letter.UsefulUntil.After(letter.DueAt) {
			messages = append(messages, letter)
		}
	}
	_, err = outbox.Enqueue(c.app, messages...)
	return err
}

// relent takes back what has not left yet and does not hold any more.
func (c inviteCanceller) relent() error {
	var rows []struct {
		Key     string `db:"key"`
		Contact string `db:"recipient"`
	}
	err := c.app.DB().NewQuery(`SELECT d.key, d.recipient FROM deliveries d WHERE d.` + ofMeeting + ` AND d.kind = '` + reminders.KindCalledOff + `'
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
	return outbox.NewTx(c.app, clock.Now()).CancelKeys(outbox.ReasonMoved, keys...)
}

// expects reports whether a contact is to come to a meeting; nobody is to one that is gone, called off or not called yet.
func expects(app core.App, meeting *core.Record, contact string) (bool, error) {
	if meeting == nil || !meetings.Wrap(meeting).Called() {
		return false, nil
	}
	var n int
	err := app.DB().NewQuery(`SELECT COUNT(*) FROM attendances a JOIN contacts c ON c.id = {:contact}
		LEFT JOIN stakeholders s ON s.id = a.stakeholder WHERE a.meeting = {:meeting} AND a.state != 'excused'
		AND (a.Contact = c.id OR a.Contact = '' AND s.organisation = c.organisation)`).
		Bind(dbx.Params{"contact": contact, "meeting": meeting.Id}).Row(&n)
	if err != nil {
		return false, fmt.Errorf("is contact %s to come: %w", contact, err)
	}
	return n > 0, nil
}

// Message takes one invitation back. Its words and what it tells the calendar are written here and now: when it leaves,
// the meeting may be gone.
func (c inviteCanceller) letter(g invitee, of *core.Record) outbox.Message {
	now, at := clock.Now(), c.told(g.AnchorAt)
	l := outbox.Message{Kind: reminders.KindCalledOff, SubjectCollection: "attendances", SubjectID: g.Attendance, Recipient: g.Contact, User: g.User,
		Email: g.Email, Language: g.Language, AnchorAt: g.AnchorAt, Origin: outbox.OriginInvite, Sequence: g.Sequence + 1, DueAt: now, UsefulUntil: reminders.Latest(at, c.known.GetDateTime("starts_at").Time())}
	if c.meeting != nil {
		l.URL, l.Sequence = meetings.Wrap(c.meeting).URL(), max(l.Sequence, c.meeting.GetInt("sequence"))
	}
	event := meetings.Event{Method: meetings.CalendarCancel, Stamp: now, Sequence: l.Sequence, Attendee: g.Email, Language: g.Language}
	words := []any{"title", c.known.GetString("title"), "when", lang.Moment(g.Language, at, c.known.GetString("time_zone"))}
	say := func(key string) string { return lang.T(g.Language, "reminders.meeting_cancelled."+key, words...) }
	l.Subject, l.Words = say(c.cause()+".subject"), say(c.cause()+".line")
	if of != nil {
		words = append(words, "programme", of.GetString("name"))
		l.Programme, event.Organiser, l.Words = of.Id, of.GetString("name"), l.Words+"\n\n"+say("programme")
	}
	l.Calendar = meetings.Wrap(c.known).Calendar(reminders.FromHub(c.app, event))
	l.Key = outbox.Key(reminders.KindCalledOff, g.Attendance, g.Contact, l.AnchorAt, strconv.Itoa(l.Sequence))
	return l
}

// cause names why nobody, or this guest only, is to come.
func (c inviteCanceller) cause() string {
	switch {
	case c.meeting == nil:
		return meetings.Cancelled
	case meetings.Wrap(c.meeting).Called():
		return "removed"
	case c.meeting.GetString("status") == meetings.Cancelled:
		return meetings.Cancelled
	}
	return meetings.Postponed
}

// told reads the hour that the invitation named.
func (c inviteCanceller) told(hour string) time.Time {
	day, hour, _ := strings.Cut(hour, "T")
	at, err := clock.At(day, hour, c.known.GetString("time_zone"))
	if err != nil {
		return c.known.GetDateTime("starts_at").Time()
	}
	return at
}

// CalledOff is asked when such a message is to leave: is the person still there, did the invitation really go, and is the
// Person still not to come? The words stand on the row.
func CalledOff(app core.App, d outbox.Delivery, now time.Time) (outbox.Contents, string, error) {
	a := &reminders.Candidate{App: app, Message: d, Now: now}
	if reason, err := a.Gone(); err != nil || reason != "" && a.Contact == nil {
		return outbox.Contents{}, reason, err
	}
	if a.User == nil && a.Contact == nil {
		return outbox.Contents{}, outbox.ReasonDeleted, nil
	}
	if a.User != nil && slices.Contains(a.User.GetStringSlice("muted_kinds"), reminders.KindCalledOff) {
		return outbox.Contents{}, outbox.ReasonMuted, nil
	}
	id := strings.TrimPrefix(d.URL, "/meetings/")
	meeting, err := reminders.Maybe(app, "meetings", id)
	if err != nil {
		return outbox.Contents{}, "", err
	}
	if reason, err := outdated(app, meeting, d); err != nil || reason != "" {
		return outbox.Contents{}, reason, err
	}
	say := func(part string) string { return lang.T(d.Language, "reminders.meeting_cancelled."+part) }
	c := outbox.Contents{Subject: d.Subject, Greeting: reminders.Greeting(d.Language, a.User, a.Contact), Lines: strings.Split(d.Words, "\n\n"),
		Calendar: d.Calendar, Why: say("why")}
	if meeting != nil {
		c.Button = outbox.Link{Label: say("button"), URL: reminders.Home(app) + d.URL}
	}
	return c, "", nil
}

// outdated tells why an invitation is not taken back after all.
func outdated(app core.App, meeting *core.Record, d outbox.Delivery) (string, error) {
	if d.Words == "" {
		return outbox.ReasonNothingToSay, nil
	}
	comes, err := expects(app, meeting, d.Recipient)
	if err != nil || comes {
		return outbox.ReasonMoved, err
	}
	if d.Programme == "" {
		return "", nil // what was known of the invitation went with its programme
	}
	var n int
	err = app.DB().NewQuery(`SELECT COUNT(*) FROM deliveries d WHERE d.subject_collection = 'attendances' AND d.subject_id = {:id}
		AND d.kind = '` + reminders.KindInvite + `' AND d.recipient = {:contact} AND ` + reminders.WentOut("d")).
		Bind(dbx.Params{"id": d.SubjectID, "contact": d.Recipient}).Row(&n)
	if err != nil {
		return "", fmt.Errorf("invitation that is taken back: %w", err)
	}
	if n == 0 {
		return outbox.ReasonNothingToSay, nil
	}
	return "", nil
}
