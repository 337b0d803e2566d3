package reminders

import (
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"simpul/hooks/clock"
	"simpul/hooks/mail"
)

// How often letters come.
const (
	immediate = "immediate" // each by itself, apart from those made for the daily letter
	daily     = "daily"     // all in one letter a day
	weekly    = "weekly"    // all in one letter on Monday
)

// ready is a planned letter whose hour has come, with what was set about such
// letters: by the person first, then by the person's organisation, then by the
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
	Digest        bool           `db:"in_digest"`
	Mandatory     bool           `db:"mandatory"`
	Follows       bool           `db:"follows"` // it changes what an earlier letter put into a calendar
	Province      string         `db:"province"`
	Zone          string         `db:"zone"`
	Frequency     string         `db:"frequency"`
	SendAt        string         `db:"send_at"`
	WeekendOff    bool           `db:"weekend_off"`
}

// asSet chooses what was set nearest to the person.
const asSet = `COALESCE(NULLIF(u.mail_frequency, ''), NULLIF(o.mail_frequency, ''), NULLIF(p.mail_frequency, ''), 'immediate') AS frequency,
	COALESCE(NULLIF(u.send_at, ''), NULLIF(o.send_at, ''), NULLIF(p.send_at, ''), '` + usualHour + `') AS send_at`

var selectReady = `SELECT d.id, d.kind, d.recipient, d.user, d.email, d.language, d.useful_until_at, d.reason,
	COALESCE(r.digest, FALSE) AS in_digest, COALESCE(r.mandatory, d.kind = '` + kindCalledOff + `') AS mandatory, COALESCE(p.province, '') AS province,
	COALESCE(NULLIF(u.time_zone, ''), NULLIF(c.time_zone, ''), p.time_zone, '') AS zone,
	COALESCE(u.weekend_off, FALSE) AS weekend_off, d.kind = 'meeting_invite' AND EXISTS (SELECT 1 FROM deliveries o
		WHERE o.subject_collection = d.subject_collection AND o.subject_id = d.subject_id AND o.kind = d.kind
		AND o.recipient = d.recipient AND ` + wentOut("o") + `) AS follows, ` + asSet + `
	FROM deliveries d LEFT JOIN reminder_rules r ON r.id = d.rule LEFT JOIN users u ON u.id = d.user
	LEFT JOIN contacts c ON c.id = d.recipient LEFT JOIN organisations o ON o.id = c.organisation
	LEFT JOIN programmes p ON p.id = d.programme
	WHERE d.state = 'planned' AND d.due_at <= {:now} AND d.next_attempt_at <= {:now}
	ORDER BY LOWER(d.email), d.due_at, d.key LIMIT {:most}`

// sortedAtOnce is how many letters one transaction sorts: enough to spare the
// disk, and so few that nobody's save waits for long.
const sortedAtOnce = 250

// readyLetters reads the letters to sort, those of one mailbox together. Of more
// than can be sorted at once, the last mailbox waits for its turn unless it is
// the only one.
func readyLetters(app core.App, now time.Time) ([][]ready, error) {
	var rows []ready
	err := app.DB().NewQuery(selectReady).Bind(dbx.Params{"now": stamp(now), "most": sortedAtOnce}).All(&rows)
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

// folds reports whether the letter is told by the person's daily or weekly one.
func (r ready) folds() bool {
	return !r.apart() && (r.Digest || r.Frequency != immediate)
}

// apart reports whether the letter always leaves by itself: what is mandatory,
// what a calendar needs to be right again, what tells of other letters, and what
// somebody asked for to try.
func (r ready) apart() bool {
	return r.Mandatory || r.Follows || r.Kind == kindDaily || r.Kind == kindStale || r.Kind == KindTrial
}

// uselessAt reports whether the letter no longer helps at an instant.
func (r ready) uselessAt(t time.Time) bool {
	return !r.UsefulUntilAt.IsZero() && !r.UsefulUntilAt.Time().After(t)
}

// letterOn is the person's daily letter of a day.
func (r ready) letterOn(day string) mail.Letter {
	due := terms{zone: r.Zone}.at(day, r.SendAt)
	return r.collecting(day, due)
}

// collecting is a letter to the same person that tells several others.
func (r ready) collecting(occurrence string, due time.Time) mail.Letter {
	return mail.Letter{Kind: kindDaily, Recipient: r.Recipient, User: r.User, Email: r.Email, Language: r.Language,
		Occurrence: occurrence, Key: mail.Key(kindDaily, r.mailbox(), occurrence), URL: "/", DueAt: due, UsefulUntil: due.Add(dailyUseful)}
}

// monday is the next Monday from a day on, that day included.
func monday(day string) string {
	weekday, _ := clock.Weekday(day)
	return clock.AddDays(day, (8-int(weekday))%7)
}
