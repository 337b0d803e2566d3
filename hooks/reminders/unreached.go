package reminders

import (
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/programmes"
)

// MostUnreached is how many people are counted; a higher count stands for more.
const MostUnreached = 30

// Unreached counts the people of a programme whom no mail reaches and whom
// somebody has to tell.
type Unreached func(d *access.Door, p *programmes.Programme) (int, error)

const unreachedKey = "reminders.unreached"

// CountUnreached lets an app's page of reminders tell of such people. The roof
// knows who can count; this room does not.
func CountUnreached(app core.App, count Unreached) { app.Store().Set(unreachedKey, count) }

// unreached is for the team, who can tell them.
func unreached(d *access.Door, p *programmes.Programme) (int, error) {
	count, known := d.App().Store().Get(unreachedKey).(Unreached)
	if !known || !p.Roles.Team && !d.Super() {
		return 0, nil
	}
	return count(d, p)
}

// unreachedWords says how many they are, nothing for nobody.
func unreachedWords(language string, n int) string {
	switch {
	case n == 0:
		return ""
	case n > MostUnreached:
		return lang.T(language, "reminders.unreached_more", "n", MostUnreached)
	}
	return lang.T(language, "reminders.unreached", "n", n)
}

// toldWords says by whom and when a letter was told in person.
func toldWords(letter *core.Record, language, zone string) string {
	who := first("position", letter.ExpandedOne("told_by"))
	if who == "" {
		who = first("name", letter.ExpandedOne("told_by"))
	}
	if who == "" {
		who = lang.T(language, "reminders.the_team")
	}
	return lang.T(language, "reminders.told_by_hand", "who", who, "when", lang.Moment(language, letter.GetDateTime("sent_at").Time(), zone))
}
