package preferences

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/notify/reminders"
	"simpul/hooks/web"
)

// layer is what was set about messages on the three levels, in one programme.
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

// layersOf reads what was set about the messages to a person, one of user and contact.
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
	return nearest(l.OwnFrequency, l.TheirFrequency, l.ProgrammeFrequency, reminders.Immediate)
}

func (l layer) hour() (value, level string) {
	return nearest(l.OwnHour, l.TheirHour, l.ProgrammeHour, reminders.UsualHour)
}

// by says who set something on a level.
func (l layer) by(language, level string) string {
	names := map[string]string{"organisation": l.Organisation, "programme": l.Programme}
	return lang.T(language, "reminders.set_by."+level, "name", names[level])
}

// InForce says how often and at what hour messages come to a person now and who
// set that, once where all programmes agree, and when the next one leaves.
func InForce(app core.App, user, contact *core.Record, language string) ([]web.Fact, error) {
	layers, err := layersOf(app, user, contact)
	if err != nil {
		return nil, err
	}
	zone := reminders.First("time_zone", user, contact)
	facts := stated(layers, lang.T(language, "users.mail_frequency"), func(l layer) string {
		value, level := l.frequency()
		return lang.T(language, "users.mail_frequency."+value) + ", " + l.by(language, level)
	})
	facts = append(facts, stated(layers, lang.T(language, "users.send_at"), func(l layer) string {
		value, level := l.hour()
		return lang.Clock(language, reminders.SendWindow{Zone: zone}.At(clock.Today(zone), value), zone) + ", " + l.by(language, level)
	})...)
	next, err := nextMessage(app, user, contact, layers)
	if err != nil {
		return nil, err
	}
	return append(facts, web.Fact{Label: lang.T(language, "reminders.next_email"), Value: next.words(language, zone)}), nil
}

// stated says one thing of all programmes, with their names where they differ.
func stated(layers []layer, label string, say func(layer) string) (facts []web.Fact) {
	programmes := map[string][]string{}
	for _, l := range layers {
		sentence := say(l)
		if _, known := programmes[sentence]; !known {
			facts = append(facts, web.Fact{Label: label, Value: sentence})
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

// upcoming is the next message to somebody, as far as it can be foreseen.
type upcoming struct {
	at       time.Time // zero when nothing is written down
	together bool      // a message that tells several things, if there is anything to tell
	pause    string    // the last day without messages, if there is a pause
}

// words say when, and what stands against it.
func (c upcoming) words(language, zone string) string {
	key := "reminders.next_none"
	switch {
	case c.at.IsZero():
	case c.together:
		key = "reminders.next_together"
	default:
		key = "reminders.next_alone"
	}
	text := lang.T(language, key, "when", lang.Moment(language, c.at, zone))
	if c.pause != "" {
		text = lang.T(language, "reminders.next_paused", "day", lang.DayLong(language, c.pause)) + " " + text
	}
	return text
}

// nextMessage foresees the next message to a person under what is set now.
func nextMessage(app core.App, user, contact *core.Record, layers []layer) (next upcoming, err error) {
	zone, from := reminders.First("time_zone", user, contact), clock.Now()
	if user != nil && user.GetString("paused_until_on") >= clock.Today(zone) {
		next.pause = user.GetString("paused_until_on")
		from = reminders.SendWindow{Zone: zone}.At(clock.AddDays(next.pause, 1), "00:00")
	}
	provinces := []string{}
	for _, l := range layers {
		provinces = append(provinces, l.Province)
	}
	cal, err := reminders.LoadCalendar(app, provinces...)
	if err != nil {
		return next, err
	}
	for _, l := range layers {
		frequency, _ := l.frequency()
		hour, _ := l.hour()
		t := reminders.SendWindow{Calendar: cal, Zone: zone, Hour: hour, WeekendOff: user != nil && user.GetBool("weekend_off")}
		at, together := collected(t, from, frequency), frequency != reminders.Immediate
		if !together {
			if at, err = plannedAfter(app, user, contact, from); err != nil {
				return next, err
			}
		}
		if opens, _ := t.Opening(at); !at.IsZero() && (next.at.IsZero() || opens.Before(next.at)) {
			next.at, next.together = opens, together
		}
	}
	return next, nil
}

// plannedAfter is when the next message that the person wants is due by the ledger.
func plannedAfter(app core.App, user, contact *core.Record, from time.Time) (time.Time, error) {
	whose, muted := dbx.HashExp{}, []any{}
	if user != nil {
		whose["user"] = user.Id
		for _, kind := range user.GetStringSlice("muted_kinds") {
			muted = append(muted, kind)
		}
	} else {
		whose["recipient"] = contact.Id
	}
	var due types.DateTime
	err := app.DB().Select("COALESCE(MIN(due_at), '')").From("deliveries").Where(whose).
		AndWhere(dbx.HashExp{"state": "planned"}).AndWhere(dbx.NotIn("kind", muted...)).
		AndWhere(dbx.NewExp("due_at >= {:from}", dbx.Params{"from": reminders.Stamp(from)})).Row(&due)
	if err != nil {
		return time.Time{}, fmt.Errorf("next letter: %w", err)
	}
	return due.Time(), nil
}

// mostDays bounds the search for the next day of a weekly message.
const mostDays = 30

// collected is when the next message that tells several things may leave.
func collected(w reminders.SendWindow, from time.Time, frequency string) time.Time {
	day := clock.Day(from, w.Zone)
	for range mostDays {
		if at := w.At(day, w.Hour); at.After(from) && (frequency == reminders.Daily || reminders.Monday(day) == day) {
			return at
		}
		day = clock.AddDays(day, 1)
	}
	return time.Time{}
}
