package digest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"simpul/hooks/clock"
	"simpul/hooks/notify/invitations"
	"simpul/hooks/notify/outbox"
	"simpul/hooks/notify/reminders"
)

const (
	// dailyUseful is how long such a message is worth sending.
	dailyUseful = 24 * time.Hour
	// mostADay is how many messages leave for a person on one day by themselves; further ones are told together.
	mostADay = 3
)

// Kinds are all kinds of reminders together with those that tell of other messages.
func Kinds() outbox.Kinds {
	kinds := reminders.Kinds()
	kinds[reminders.KindDaily] = outbox.Kind{Wanted: dailyDigest}
	kinds[reminders.KindExpiredSummary] = outbox.Kind{Wanted: staleMessage}
	kinds[reminders.KindCalledOff] = outbox.Kind{Wanted: invitations.CalledOff}
	return kinds
}

// Schedule decides what becomes of the messages whose hour has come: each leaves by
// itself, is told by the person's daily message, or waits for an hour at which
// the person may be written to. Those that waited together leave together.
func Schedule(ctx context.Context, app core.App, now time.Time) error {
	if err := sumUp(app, now); err != nil {
		return err
	}
	for more := true; more; {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := app.RunInTransaction(func(tx core.App) (err error) {
			more, err = sortSome(tx, now)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func sortSome(tx core.App, now time.Time) (more bool, err error) {
	boxes, err := readyMessages(tx, now)
	if err != nil || len(boxes) == 0 {
		return false, err
	}
	s := batcher{app: tx, now: now, out: outbox.NewTx(tx, now), calendars: map[string]reminders.Calendar{}, tellers: map[string]string{}}
	addresses := []string{}
	for _, box := range boxes {
		addresses = append(addresses, box[0].mailbox())
	}
	if s.left, err = s.out.Recent(now.Add(-24*time.Hour), addresses, reminders.KindDaily, reminders.KindExpiredSummary, reminders.KindTrial, outbox.KindAccount); err != nil {
		return false, err
	}
	for _, box := range boxes {
		if err := s.mailbox(box); err != nil {
			return false, err
		}
	}
	return true, nil
}

// batcher sorts some mailboxes in one transaction.
type batcher struct {
	app       core.App
	now       time.Time
	out       outbox.Tx
	left      map[string][]time.Time
	calendars map[string]reminders.Calendar
	tellers   map[string]string // Messages that tell others, by key; empty for one that has left
}

// mailbox sorts the messages to one person.
func (s *batcher) mailbox(messages []ready) error {
	if messages[0].Email == "" {
		// The sender writes down that there is no address.
		return s.out.Release(ids(messages)...)
	}
	alone, told, woken := []ready{}, []ready{}, []ready{}
	for _, l := range messages {
		waits, err := s.waits(l)
		switch {
		case err != nil:
			return err
		case waits:
		case l.folds():
			told = append(told, l)
		case l.Reason != "" && !l.apart():
			woken = append(woken, l)
		default:
			alone = append(alone, l)
		}
	}
	if len(woken) > 1 {
		told = append(told, woken...)
	} else {
		alone = append(alone, woken...)
	}
	alone, over := s.capped(alone)
	return errors.Join(s.out.Release(ids(alone)...), s.tell(append(told, over...)), s.fetch(messages))
}

// waits puts a message off while its person may not be written to, or aside when
// it would come too late then.
func (s *batcher) waits(l ready) (bool, error) {
	if l.Kind == reminders.KindTrial {
		return false, nil // its reader waits for it
	}
	cal, err := s.calendar(l)
	if err != nil {
		return false, err
	}
	t := reminders.SendWindow{Calendar: cal, Zone: l.Zone, Hour: l.SendAt, Mandatory: l.Mandatory, WeekendOff: l.WeekendOff}
	opens, reason := t.Opening(s.now)
	switch {
	case reason == "":
		return false, nil
	case l.uselessAt(opens):
		return true, errors.Join(s.out.Skip(reason, l.ID), s.out.RemoveFromDigest(l.ID, opens, reason))
	}
	return true, s.out.Snooze(opens, reason, l.ID)
}

// Calendar is that of the message's programme. A daily message has none: on a
// Regional day without mail it waits if the person takes part anywhere there.
func (s *batcher) calendar(l ready) (reminders.Calendar, error) {
	if l.Kind == reminders.KindDaily {
		local, err := regional(s.app, clock.Day(s.now, l.Zone))
		if err != nil || local {
			provinces, err2 := provincesOf(s.app, l)
			cal, err3 := reminders.LoadCalendar(s.app, provinces...)
			return cal, errors.Join(err, err2, err3)
		}
	}
	cal, known := s.calendars[l.Province]
	if known {
		return cal, nil
	}
	cal, err := reminders.LoadCalendar(s.app, l.Province)
	s.calendars[l.Province] = cal
	return cal, err
}

// provincesOf are those of all programmes the message's person takes part in.
func provincesOf(app core.App, l ready) (provinces []string, err error) {
	err = app.DB().NewQuery(`SELECT DISTINCT p.province FROM programmes p WHERE p.id IN (
		SELECT m.programme FROM memberships m WHERE m.user = {:user} AND m.user != '' UNION
		SELECT s.programme FROM stakeholders s JOIN contacts c ON c.organisation = s.organisation WHERE c.id = {:contact})`).
		Bind(dbx.Params{"user": l.User, "contact": l.Recipient}).Column(&provinces)
	if err != nil {
		return nil, fmt.Errorf("provinces of a letter: %w", err)
	}
	return provinces, nil
}

// capped parts the messages that may still leave by themselves today from those
// that are too many. What is mandatory and the daily message do not count.
func (s *batcher) capped(messages []ready) (alone, over []ready) {
	for _, l := range messages {
		if l.apart() {
			alone = append(alone, l)
			continue
		}
		today := clock.Day(s.now, l.Zone)
		n := 0
		for _, at := range s.left[l.mailbox()] {
			if clock.Day(at, l.Zone) == today {
				n++
			}
		}
		if n >= mostADay {
			over = append(over, l)
			continue
		}
		s.left[l.mailbox()] = append(s.left[l.mailbox()], s.now)
		alone = append(alone, l)
	}
	return alone, over
}

func ids(messages []ready) []string {
	out := make([]string, len(messages))
	for i, l := range messages {
		out[i] = l.ID
	}
	return slices.Clip(out)
}

// ready is a planned message whose hour has come, with what was set about such
// Messages: by the person first, then by the person's organisation, then by the
// programme.
type ready struct {
	ID            string         `db:"id"`
	Kind          string         `db:"kind"`
	Recipient     string         `db:"recipient"`
	User          string         `db:"user"`
	Email         string         `db:"email"`
	Language      string         `db:"language"`
	UsefulUntilAt types.DateTime `db:"useful_until_at"`
	Reason        string         `db:"reason"`
	Digest        bool           `db:"rule_digest"`
	Mandatory     bool           `db:"mandatory"`
	Follows       bool           `db:"follows"` // it changes what an earlier message put into a calendar
	Province      string         `db:"province"`
	Zone          string         `db:"zone"`
	Frequency     string         `db:"frequency"`
	SendAt        string         `db:"send_at"`
	WeekendOff    bool           `db:"weekend_off"`
}

// asSet chooses what was set nearest to the person.
const asSet = `COALESCE(NULLIF(u.mail_frequency, ''), NULLIF(o.mail_frequency, ''), NULLIF(p.mail_frequency, ''), 'immediate') AS frequency,
	COALESCE(NULLIF(u.send_at, ''), NULLIF(o.send_at, ''), NULLIF(p.send_at, ''), '` + reminders.UsualHour + `') AS send_at`

var selectReady = `SELECT d.id, d.kind, d.recipient, d.user, d.email, d.language, d.useful_until_at, d.reason,
	COALESCE(r.digest, FALSE) AS rule_digest, COALESCE(r.mandatory, d.kind = '` + reminders.KindCalledOff + `') AS mandatory, COALESCE(p.province, '') AS province,
	COALESCE(NULLIF(u.time_zone, ''), NULLIF(c.time_zone, ''), p.time_zone, '') AS zone,
	COALESCE(u.weekend_off, FALSE) AS weekend_off, d.kind = 'meeting_invite' AND EXISTS (SELECT 1 FROM deliveries o
		WHERE o.subject_collection = d.subject_collection AND o.subject_id = d.subject_id AND o.kind = d.kind
		AND o.recipient = d.recipient AND ` + reminders.WentOut("o") + `) AS follows, ` + asSet + `
	FROM deliveries d LEFT JOIN reminder_rules r ON r.id = d.rule LEFT JOIN users u ON u.id = d.user
	LEFT JOIN contacts c ON c.id = d.recipient LEFT JOIN organisations o ON o.id = c.organisation
	LEFT JOIN programmes p ON p.id = d.programme
	WHERE d.id IN (SELECT id FROM deliveries WHERE state = 'planned' AND due_at <= {:now} AND next_attempt_at <= {:now}
		ORDER BY LOWER(email), due_at, key LIMIT {:most})
	ORDER BY LOWER(d.email), d.due_at, d.key`

// sortedAtOnce is how many messages one transaction sorts: enough to spare the
// disk, and so few that nobody's save waits for long.
const sortedAtOnce = 250

// readyMessages reads the messages to sort, those of one mailbox together. Of more
// than can be sorted at once, the last mailbox waits for its turn unless it is
// the only one.
func readyMessages(app core.App, now time.Time) ([][]ready, error) {
	var rows []ready
	err := app.DB().NewQuery(selectReady).Bind(dbx.Params{"now": reminders.Stamp(now), "most": sortedAtOnce}).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("letters to sort: %w", err)
	}
	var boxes [][]ready
	for i, row := range rows {
		if i == 0 || row.mailbox() != rows[i-1].mailbox() {
			boxes = append(boxes, nil)
		}
		boxes[len(boxes)-1] = append(boxes[len(boxes)-1], row)
	}
	if len(rows) == sortedAtOnce && len(boxes) > 1 {
		boxes = boxes[:len(boxes)-1]
	}
	return boxes, nil
}

func (r ready) mailbox() string { return strings.ToLower(r.Email) }

// folds reports whether the message is told by the person's daily or weekly one.
func (r ready) folds() bool {
	return !r.apart() && (r.Digest || r.Frequency != reminders.Immediate)
}

// apart reports whether the message always leaves by itself: what is mandatory,
// what a calendar needs to be right again, what tells of other messages, and what
// somebody asked for to try.
func (r ready) apart() bool {
	return r.Mandatory || r.Follows || r.Kind == reminders.KindDaily || r.Kind == reminders.KindExpiredSummary || r.Kind == reminders.KindTrial
}

// uselessAt reports whether the message no longer helps at an instant.
func (r ready) uselessAt(t time.Time) bool {
	return !r.UsefulUntilAt.IsZero() && !r.UsefulUntilAt.Time().After(t)
}

// messageOn is the person's daily message of a day.
func (r ready) messageOn(day string) outbox.Message {
	due := reminders.SendWindow{Zone: r.Zone}.At(day, r.SendAt)
	return r.collecting(day, due)
}

// collecting is a message to the same person that tells several others.
func (r ready) collecting(on string, due time.Time) outbox.Message {
	return outbox.Message{Kind: reminders.KindDaily, Recipient: r.Recipient, User: r.User, Email: r.Email, Language: r.Language,
		AnchorAt: on, Key: outbox.Key(reminders.KindDaily, r.mailbox(), on), URL: "/", DueAt: due, UsefulUntil: due.Add(dailyUseful)}
}

// tell folds messages to one person into the message that tells them.
func (s *batcher) tell(messages []ready) error {
	told := map[string][]string{}
	for _, l := range messages {
		into, err := s.teller(l)
		if err != nil {
			return err
		}
		told[into] = append(told[into], l.ID)
	}
	for into, ids := range told {
		if err := s.out.AddToDigest(into, ids...); err != nil {
			return err
		}
	}
	return nil
}

// teller finds or plans the message that tells another: the next daily or weekly
// one if it comes in time, else one more within the hour.
func (s *batcher) teller(l ready) (id string, err error) {
	today := clock.Day(s.now, l.Zone)
	days := []string{today, clock.AddDays(today, 1)}
	if l.Frequency == reminders.Weekly {
		days = slices.Insert(days, 0, reminders.Monday(today), reminders.Monday(days[1]))
	}
	for _, day := range days {
		letter := l.messageOn(day)
		if l.uselessAt(reminders.Latest(letter.DueAt, s.now)) {
			continue
		}
		if id, err := s.open(letter); err != nil || id != "" {
			return id, err
		}
	}
	hour := s.now.In(clock.Zone(l.Zone)).Format("15")
	for n := 0; ; n++ {
		extra := l.collecting(fmt.Sprintf("%sT%s.%d", today, hour, n), s.now)
		if id, err := s.open(extra); err != nil || id != "" {
			return id, err
		}
	}
}

// open plans a collecting message unless it is there, and returns its id while
// it has not left. Nothing leaves while messages are sorted, so that it is looked
// up once.
func (s *batcher) open(letter outbox.Message) (string, error) {
	if id, known := s.tellers[letter.Key]; known {
		return id, nil
	}
	id, err := s.plan(letter)
	s.tellers[letter.Key] = id
	return id, err
}

func (s *batcher) plan(letter outbox.Message) (string, error) {
	var row struct {
		ID    string `db:"id"`
		State string `db:"state"`
	}
	find := s.app.DB().Select("id", "state").From("deliveries").Where(dbx.HashExp{"key": letter.Key})
	err := find.One(&row)
	if errors.Is(err, sql.ErrNoRows) {
		if _, err := s.out.Enqueue(letter); err != nil {
			return "", err
		}
		err = find.One(&row)
	}
	if err != nil {
		return "", fmt.Errorf("daily letter: %w", err)
	}
	if !slices.Contains([]string{outbox.StatePlanned, outbox.StateQueued, outbox.StateHeld}, row.State) {
		return "", nil
	}
	return row.ID, nil
}

// fetch brings into a weekly message that is about to leave what would come due
// before the next one.
func (s *batcher) fetch(messages []ready) error {
	for _, l := range messages {
		if l.Kind != reminders.KindDaily || l.Frequency != reminders.Weekly {
			continue
		}
		today := clock.Day(s.now, l.Zone)
		var ids []string
		err := s.app.DB().NewQuery(`SELECT d.id FROM deliveries d LEFT JOIN reminder_rules r ON r.id = d.rule
			WHERE d.state = 'planned' AND LOWER(d.email) = {:mailbox} AND d.due_at > {:now} AND d.due_at < {:next}
			AND d.kind != '` + reminders.KindDaily + `' AND COALESCE(r.mandatory, FALSE) = FALSE`).
			Bind(dbx.Params{"mailbox": l.mailbox(), "now": reminders.Stamp(s.now), "next": reminders.Stamp(l.messageOn(clock.AddDays(today, 7)).DueAt)}).Column(&ids)
		if err != nil {
			return fmt.Errorf("letters of the week: %w", err)
		}
		if err := s.out.AddToDigest(l.ID, ids...); err != nil {
			return err
		}
	}
	return nil
}

// subscribers are those who want all their mail in one, by what was set nearest
// to them.
const subscribers = ` FROM users u JOIN memberships m ON m.user = u.id JOIN programmes p ON p.id = m.programme
	LEFT JOIN organisations o ON o.id = m.organisation
	WHERE u.disabled = FALSE AND u.email != '' AND COALESCE(NULLIF(u.mail_frequency, ''), NULLIF(o.mail_frequency, ''),
		NULLIF(p.mail_frequency, '')) IN ({:daily}, {:weekly})`

// subscribed reports whether a person gets a daily or weekly message for its news
// alone.
func subscribed(app core.App, user string) (bool, error) {
	var n int
	err := app.DB().NewQuery(`SELECT COUNT(*)` + subscribers + ` AND u.id = {:user}`).
		Bind(dbx.Params{"daily": reminders.Daily, "weekly": reminders.Weekly, "user": user}).Row(&n)
	if err != nil {
		return false, fmt.Errorf("daily letters of %s: %w", user, err)
	}
	return n > 0, nil
}

// PlanDaily plans the daily and weekly messages of today and tomorrow for those
// who want all their mail in one: it brings them what is new as well.
func PlanDaily(app core.App, now time.Time) error {
	var people []ready
	err := app.DB().NewQuery(`SELECT DISTINCT u.id AS user, u.email, u.language, u.time_zone AS zone, ` + asSet + subscribers).
		Bind(dbx.Params{"daily": reminders.Daily, "weekly": reminders.Weekly}).All(&people)
	if err != nil {
		return fmt.Errorf("daily letters: %w", err)
	}
	messages := []outbox.Message{}
	for _, p := range people {
		today := clock.Day(now, p.Zone)
		for _, day := range []string{today, clock.AddDays(today, 1)} {
			letter := p.messageOn(day)
			if letter.DueAt.After(now) && (p.Frequency == reminders.Daily || reminders.Monday(day) == day) {
				messages = append(messages, letter)
			}
		}
	}
	_, err = outbox.NewTx(app, now).Enqueue(messages...)
	return err
}

// regional reports whether a day is a holiday of some province only.
func regional(app core.App, day string) (bool, error) {
	var n int
	err := app.DB().NewQuery("SELECT COUNT(*) FROM holidays WHERE [[on]] = {:day} AND province != ''").Bind(dbx.Params{"day": day}).Row(&n)
	if err != nil {
		return false, fmt.Errorf("regional holidays: %w", err)
	}
	return n > 0, nil
}
