package reminders

import (
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
)

// Person is somebody a message may go to: an account, a contact without one, or both.
type Person struct {
	Contact  string `db:"contact"`
	User     string `db:"user"`
	Email    string `db:"email"`
	Language string `db:"language"`
	Zone     string `db:"zone"`
	// SendAt is the hour that the person chose, or else the organisation.
	SendAt     string `db:"send_at"`
	WeekendOff bool   `db:"weekend_off"`
	// Organisation is whose contact it is, "" for an account reminded for itself.
	Organisation string `db:"organisation"`
}

// identity is what stays the same when a contact is given an account.
func (p Person) identity() string {
	if p.Contact != "" {
		return p.Contact
	}
	return p.User
}

// mailbox tells people apart: by address, and without one by who they are.
func (p Person) mailbox() string {
	if p.Email != "" {
		return strings.ToLower(p.Email)
	}
	return p.identity()
}

// What a person has set comes before what a contact says of them.
const (
	ofContact = `SELECT c.id AS contact, COALESCE(u.id, '') AS user, COALESCE(NULLIF(u.email, ''), c.email) AS email,
		COALESCE(NULLIF(u.language, ''), NULLIF(c.language, ''), '') AS language,
		COALESCE(NULLIF(u.time_zone, ''), NULLIF(c.time_zone, ''), '') AS zone, COALESCE(NULLIF(u.send_at, ''), o.send_at) AS send_at,
		COALESCE(u.weekend_off, FALSE) AS weekend_off, c.organisation
		FROM contacts c JOIN organisations o ON o.id = c.organisation LEFT JOIN users u ON u.id = c.user AND u.disabled = 0 `
	current = `(c.user = '' OR u.id IS NOT NULL) AND (c.from_on = '' OR c.from_on <= {:today}) AND (c.until_on = '' OR c.until_on >= {:today})`
	ofUser  = `SELECT '' AS contact, u.id AS user, u.email, u.language, u.time_zone AS zone, u.send_at, u.weekend_off FROM users u `
	ofTeam  = ofUser + `JOIN memberships m ON m.user = u.id WHERE m.programme = {:programme} AND u.disabled = 0 AND m.role IN `
)

// finder answers, for one word of a rule's audience, who that is.
type finder struct {
	of   string // the subject's field the answer hangs on; empty for the programme, "id" for the subject itself
	find func(core.App, dbx.Params) ([]Person, error)
}

var finders = map[string]finder{
	"assignee":     {"assignee", query(ofContact + "WHERE c.id = {:id} AND " + current)},
	"focal_point":  {"organisation", focalPoints},
	"organisation": {"organisation", everybody},
	"accountable":  {"accountable", query(ofUser + "WHERE u.id = {:id} AND u.disabled = 0")},
	"initiators":   {"", query(ofTeam + "('initiator')")},
	"attendees":    {"id", attendees},
	"team":         {"", team},
	"logged_by":    {"logged_by", query(ofUser + "WHERE u.id = {:id} AND u.disabled = 0")},
	"partners":     {"", taking},
	"task_owners":  {"meeting", owners},
	// Words that no rule may use, but that stand for one of the above.
	"accountable_in_team": {"accountable", accountableInTeam},
	"attendees_of":        {"id", called},
	"attendees_minuted":   {"meeting", listed},
}

// narrower are the words that mean something else where the subject is not the
// meeting itself.
var narrower = map[string]map[string]string{
	"attendances": {"attendees": "attendees_of"},
	"minutes":     {"attendees": "attendees_minuted"},
}

func query(sql string) func(core.App, dbx.Params) ([]Person, error) {
	return func(app core.App, about dbx.Params) (found []Person, err error) {
		err = app.DB().NewQuery(sql).Bind(about).All(&found)
		return found, err
	}
}

// audience returns everybody a rule speaks to about a subject, each mailbox once.
// Those without an address are among them: their messages show why nothing came.
func (p *planner) audience(rule *Rule, s Subject) ([]Person, error) {
	all, seen := []Person{}, map[string]bool{}
	for _, word := range rule.GetStringSlice("audience") {
		found, err := p.find(word, s)
		if err != nil {
			return nil, fmt.Errorf("rule %s: %s: %w", rule.Id, word, err)
		}
		for _, person := range found {
			if !seen[person.mailbox()] {
				all = append(all, person)
			}
			seen[person.mailbox()] = true
		}
	}
	return all, nil
}

func (p *planner) find(word string, s Subject) ([]Person, error) {
	if other := narrower[s.Collection][word]; other != "" {
		word = other
	}
	f, known := finders[word]
	if !known {
		// Nobody's save is to fail because of a rule that was let in long ago.
		p.app.Logger().Error("reminders: nobody is called so", "audience", word)
		return nil, nil
	}
	id := s.Programme.ID
	if f.of != "" {
		id = s.Record.GetString(f.of)
	}
	if id == "" {
		return nil, nil
	}
	return once(p.people, word+id+s.Zone, func() ([]Person, error) {
		return f.find(p.app, dbx.Params{"id": id, "programme": s.Programme.ID, "today": clock.Day(p.now, s.Zone)})
	})
}

var everybody = query(ofContact + "WHERE c.organisation = {:id} AND " + current)

var chosen = query(ofContact + "WHERE c.organisation = {:id} AND c.focal_point = 1 AND " + current)

// focalPoints falls back on everybody at the organisation when it named nobody.
func focalPoints(app core.App, about dbx.Params) ([]Person, error) {
	found, err := chosen(app, about)
	if err != nil || len(found) > 0 {
		return found, err
	}
	return everybody(app, about)
}

var (
	invited = query(ofContact + `JOIN attendances a ON a.meeting = {:id} AND a.state IN ('invited', 'confirmed', 'represented')
		LEFT JOIN stakeholders s ON s.id = a.stakeholder
		WHERE (c.id = a.contact OR (a.contact = '' AND c.organisation = s.organisation AND c.focal_point = 1)) AND ` + current)
	leading = query(ofContact + `JOIN meetings m ON m.id = {:id} AND c.id IN (m.chair, m.taken_by) WHERE c.id NOT IN (
		SELECT a.contact FROM attendances a WHERE a.meeting = {:id} AND a.state IN ('excused', 'absent')) AND ` + current)
	taking = query(ofContact + `JOIN stakeholders s ON s.organisation = c.organisation AND s.programme = {:programme}
		AND (s.ended_on = '' OR s.ended_on > {:today}) WHERE c.focal_point = 1 AND ` + current)
	team   = query(ofTeam + "('initiator', 'coordinator', 'member')")
	called = query(ofContact + attending + "WHERE a.id = {:id} AND " + named + " AND " + current)
	listed = query(ofContact + attending + "WHERE a.meeting = {:id} AND " + named + " AND " + current)
)

// An attendance names a contact, or an organisation whose focal points are meant.
const (
	attending = "JOIN attendances a LEFT JOIN stakeholders s ON s.id = a.stakeholder "
	named     = "(c.id = a.contact OR (a.contact = '' AND c.organisation = s.organisation AND c.focal_point = 1))"
)

// attendees are those invited to a meeting who have not declined, who leads it
// and who takes its minutes, and the team; while nobody is invited yet, the focal
// points of all who take part instead of the invited.
func attendees(app core.App, about dbx.Params) ([]Person, error) {
	found, err := invited(app, about)
	if err == nil && len(found) == 0 {
		found, err = taking(app, about)
	}
	for _, more := range []func(core.App, dbx.Params) ([]Person, error){leading, team} {
		if err != nil {
			return nil, err
		}
		var people []Person
		people, err = more(app, about)
		found = append(found, people...)
	}
	return found, err
}

// Initiators are those who lead a programme.
func Initiators(app core.App, programme string) ([]Person, error) {
	return finders["initiators"].find(app, dbx.Params{"programme": programme})
}

// Office names who a message is for by position and organisation, or by the
// account's own position or name; "" when there is none of these.
func Office(app core.App, user, contact string) (name string, err error) {
	err = app.DB().NewQuery(`SELECT COALESCE(
		(SELECT NULLIF(COALESCE(NULLIF(c.position, ''), c.name), '') || ' – ' || o.name FROM contacts c JOIN organisations o ON o.id = c.organisation WHERE c.id = {:contact}),
		(SELECT COALESCE(NULLIF(u.position, ''), u.name) FROM users u WHERE u.id = {:user}), '')`).
		Bind(dbx.Params{"contact": contact, "user": user}).Row(&name)
	if err != nil {
		return "", fmt.Errorf("who %s%s is: %w", user, contact, err)
	}
	return name, nil
}
