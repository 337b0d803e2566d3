package reminders

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/lang"
)

// Fact is one line of what holds about somebody's letters, for the part "summary_list".
type Fact struct{ Label, Value, URL, Action, ActionURL string }

// layer is what was set about letters on the three levels, in one programme.
type layer struct {
	Programme          string `db:"programme"`
	Organisation       string `db:"organisation"`
	Province           string `db:"province"`
	OwnFrequency       string `db:"own_frequency"`
	TheirFrequency     string `db:"their_frequency"`
	ProgrammeFrequency string `db:"programme_frequency"`
	OwnHour            string `db:"own_hour"`
	TheirHour          string `db:"their_hour"`
	ProgrammeHour      string `db:"programme_hour"`
}

const (
	layersOfUser = `SELECT COALESCE(p.name, '') AS programme, COALESCE(o.name, '') AS organisation, COALESCE(p.province, '') AS province,
		u.mail_frequency AS own_frequency, COALESCE(o.mail_frequency, '') AS their_frequency, COALESCE(p.mail_frequency, '') AS programme_frequency,
		u.send_at AS own_hour, COALESCE(o.send_at, '') AS their_hour, COALESCE(p.send_at, '') AS programme_hour
		FROM users u LEFT JOIN memberships m ON m.user = u.id LEFT JOIN programmes p ON p.id = m.programme
		LEFT JOIN organisations o ON o.id = m.organisation WHERE u.id = {:id} ORDER BY p.name, o.name`
	layersOfContact = `SELECT COALESCE(p.name, '') AS programme, o.name AS organisation, COALESCE(p.province, '') AS province,
		'' AS own_frequency, o.mail_frequency AS their_frequency, COALESCE(p.mail_frequency, '') AS programme_frequency,
		'' AS own_hour, o.send_at AS their_hour, COALESCE(p.send_at, '') AS programme_hour
		FROM contacts c JOIN organisations o ON o.id = c.organisation LEFT JOIN stakeholders s ON s.organisation = o.id
		LEFT JOIN programmes p ON p.id = s.programme WHERE c.id = {:id} ORDER BY p.name`
)

// layersOf reads what was set about the letters to a person, one of user and contact.
func layersOf(app core.App, user, contact *core.Record) (layers []layer, err error) {
	query, id := layersOfContact, ""
	switch {
	case user != nil:
		query, id = layersOfUser, user.Id
	case contact != nil:
		id = contact.Id
	}
	if err := app.DB().NewQuery(query).Bind(dbx.Params{"id": id}).All(&layers); err != nil {
		return nil, fmt.Errorf("what is set about letters to %s: %w", id, err)
	}
	return layers, nil
}

// levels are who may set something, the nearest to the person first; what nobody
// set is the hub's.
var levels = []string{"person", "organisation", "programme", "hub"}

// nearest picks the first value that was set, and says on which level.
func nearest(values ...string) (value, level string) {
	i := slices.IndexFunc(values, func(v string) bool { return v != "" })
	return values[i], levels[i]
}

func (l layer) frequency() (value, level string) {
	return nearest(l.OwnFrequency, l.TheirFrequency, l.ProgrammeFrequency, immediate)
}

func (l layer) hour() (value, level string) {
	return nearest(l.OwnHour, l.TheirHour, l.ProgrammeHour, usualHour)
}

// by says who set something on a level.
func (l layer) by(language, level string) string {
	names := map[string]string{"organisation": l.Organisation, "programme": l.Programme}
	return lang.T(language, "reminders.set_by."+level, "name", names[level])
}

// InForce says how often and at what hour letters come to a person now and who
// set that, once where all programmes agree, and when the next one leaves.
func InForce(app core.App, user, contact *core.Record, language string) ([]Fact, error) {
	layers, err := layersOf(app, user, contact)
	if err != nil {
		return nil, err
	}
	zone := first("time_zone", user, contact)
	facts := stated(layers, lang.T(language, "users.mail_frequency"), func(l layer) string {
		value, level := l.frequency()
		return lang.T(language, "users.mail_frequency."+value) + ", " + l.by(language, level)
	})
	facts = append(facts, stated(layers, lang.T(language, "users.send_at"), func(l layer) string {
		value, level := l.hour()
		return lang.Clock(language, terms{zone: zone}.at(clock.Today(zone), value), zone) + ", " + l.by(language, level)
	})...)
	next, err := nextLetter(app, user, contact, layers)
	if err != nil {
		return nil, err
	}
	return append(facts, Fact{Label: lang.T(language, "reminders.next_letter"), Value: next.words(language, zone)}), nil
}

// stated says one thing of all programmes, with their names where they differ.
func stated(layers []layer, label string, say func(layer) string) (facts []Fact) {
	programmes := map[string][]string{}
	for _, l := range layers {
		sentence := say(l)
		if _, known := programmes[sentence]; !known {
			facts = append(facts, Fact{Label: label, Value: sentence})
		}
		if !slices.Contains(programmes[sentence], l.Programme) {
			programmes[sentence] = append(programmes[sentence], l.Programme)
		}
	}
	for i := range facts {
		if len(facts) > 1 {
			facts[i].Label += " – " + strings.Join(programmes[facts[i].Value], ", ")
		}
	}
	return facts
}
