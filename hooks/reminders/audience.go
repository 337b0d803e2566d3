package reminders

import (
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
)

// Person is somebody a letter may go to: an account, a contact without one, or both.
type Person struct {
	Contact  string `db:"contact"`
	User     string `db:"user"`
	Email    string `db:"email"`
	Language string `db:"language"`
	Zone     string `db:"zone"`
	SendAt   string `db:"send_at"`
}

// What a person has set comes before what a contact says of them.
const (
	ofContact = `SELECT c.id AS contact, COALESCE(u.id, '') AS user, COALESCE(NULLIF(u.email, ''), c.email) AS email,
		COALESCE(NULLIF(u.language, ''), NULLIF(c.language, ''), '') AS language,
		COALESCE(NULLIF(u.time_zone, ''), NULLIF(c.time_zone, ''), '') AS zone, COALESCE(u.send_at, '') AS send_at
		FROM contacts c LEFT JOIN users u ON u.id = c.user AND u.disabled = 0 `
	current = `(c.user = '' OR u.id IS NOT NULL) AND (c.from_on = '' OR c.from_on <= {:today}) AND (c.until_on = '' OR c.until_on >= {:today})`
	ofUser  = `SELECT '' AS contact, u.id AS user, u.email, u.language, u.time_zone AS zone, u.send_at FROM users u `
)

// finders answer, for each word of a rule's audience, who that is.
var finders = map[string]func(core.App, Subject) ([]Person, error){
	"assignee": func(app core.App, s Subject) ([]Person, error) {
		return contacts(app, "c.id = {:id}", s.Record.GetString("assignee"))
	},
	"focal_point": func(app core.App, s Subject) ([]Person, error) {
		return focalPoints(app, s.Record.GetString("organisation"))
	},
	"organisation": func(app core.App, s Subject) ([]Person, error) {
		return contacts(app, "c.organisation = {:id}", s.Record.GetString("organisation"))
	},
	"accountable": func(app core.App, s Subject) ([]Person, error) {
		return users(app, "WHERE u.id = {:id} AND u.disabled = 0", s.Record.GetString("accountable"))
	},
	"initiators": func(app core.App, s Subject) ([]Person, error) {
		return users(app, `JOIN memberships m ON m.user = u.id AND m.role = 'initiator'
			WHERE m.programme = {:id} AND u.disabled = 0`, s.Programme.Id)
	},
	"attendees": attendees,
}

// people returns everybody a rule speaks to about a subject, each address once.
func people(app core.App, rule *Rule, s Subject) ([]Person, error) {
	all, seen := []Person{}, map[string]bool{}
	for _, word := range rule.GetStringSlice("audience") {
		finder, known := finders[word]
		if !known {
			return nil, fmt.Errorf("rule %s: nobody is called %q", rule.Id, word)
		}
		found, err := finder(app, s)
		if err != nil {
			return nil, fmt.Errorf("audience %s: %w", word, err)
		}
		for _, p := range found {
			address := strings.ToLower(p.Email)
			if address != "" && !seen[address] {
				all = append(all, p)
			}
			seen[address] = true
		}
	}
	return all, nil
}

func contacts(app core.App, where, id string) ([]Person, error) {
	found := []Person{}
	if id == "" {
		return found, nil
	}
	err := app.DB().NewQuery(ofContact + "WHERE " + where + " AND " + current).
		Bind(dbx.Params{"id": id, "today": clock.Today(clock.Zones[0])}).All(&found)
	return found, err
}

// focalPoints falls back on everybody at the organisation when it named nobody.
func focalPoints(app core.App, organisation string) ([]Person, error) {
	found, err := contacts(app, "c.organisation = {:id} AND c.focal_point = 1", organisation)
	if err != nil || len(found) > 0 {
		return found, err
	}
	return contacts(app, "c.organisation = {:id}", organisation)
}

func users(app core.App, where, id string) ([]Person, error) {
	found := []Person{}
	err := app.DB().NewQuery(ofUser + where).Bind(dbx.Params{"id": id}).All(&found)
	return found, err
}

// attendees are those invited to a meeting who have not declined; while nobody
// is invited yet, the focal points of all who take part, and the team.
func attendees(app core.App, s Subject) ([]Person, error) {
	bound := dbx.Params{"id": s.Record.Id, "programme": s.Programme.Id, "today": clock.Today(clock.Zones[0])}
	invited := []Person{}
	err := app.DB().NewQuery(ofContact + `JOIN attendances a ON a.meeting = {:id} AND a.state IN ('invited', 'confirmed', 'represented')
		LEFT JOIN stakeholders s ON s.id = a.stakeholder
		WHERE (c.id = a.contact OR (a.contact = '' AND c.organisation = s.organisation AND c.focal_point = 1)) AND ` + current).
		Bind(bound).All(&invited)
	if err != nil || len(invited) > 0 {
		return invited, err
	}
	err = app.DB().NewQuery(ofContact + `JOIN stakeholders s ON s.organisation = c.organisation AND s.programme = {:programme}
		AND (s.ended_on = '' OR s.ended_on >= {:today}) WHERE c.focal_point = 1 AND ` + current).Bind(bound).All(&invited)
	if err != nil {
		return nil, err
	}
	team, err := users(app, `JOIN memberships m ON m.user = u.id AND m.role IN ('initiator', 'coordinator', 'member')
		WHERE m.programme = {:id} AND u.disabled = 0`, s.Programme.Id)
	return append(invited, team...), err
}
