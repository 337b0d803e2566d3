package reminders

import (
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/mail"
)

// reached is somebody whom letters of a programme may reach, or reached while
// they held an office.
type reached struct {
	ID           string `db:"id"` // of the contact, else of the account
	Contact      string `db:"contact"`
	User         string `db:"user"`
	Email        string `db:"email"`
	Name         string `db:"name"`         // the office, or the name without one
	Organisation string `db:"organisation"` // empty for the team
}

// reachedIn lists everybody of a programme: contacts of all who take part or took
// part, and those who run or watch it.
func reachedIn(app core.App, programme string) (people []reached, err error) {
	err = app.DB().NewQuery(`SELECT c.id AS id, c.id AS contact, c.user AS user, COALESCE(NULLIF(u.email, ''), c.email) AS email,
			COALESCE(NULLIF(c.position, ''), c.name) AS name, o.name AS organisation, 1 AS place
		FROM stakeholders s JOIN contacts c ON c.organisation = s.organisation JOIN organisations o ON o.id = c.organisation
		LEFT JOIN users u ON u.id = c.user WHERE s.programme = {:programme}
		UNION SELECT u.id, '', u.id, u.email, COALESCE(NULLIF(u.position, ''), u.name), '', 0
		FROM memberships m JOIN users u ON u.id = m.user WHERE m.programme = {:programme} AND m.role != 'partner'
		ORDER BY place, organisation, name, id`).Bind(dbx.Params{"programme": programme}).All(&people)
	if err != nil {
		return nil, fmt.Errorf("people of a programme: %w", err)
	}
	return people, nil
}

// called is the person's office and organisation: two of one office are told apart.
func (p reached) called() string {
	if p.Organisation == "" {
		return p.Name
	}
	return p.Name + " – " + p.Organisation
}

// is reports whether a letter to a contact, an account or both is to this person.
func (p reached) is(contact, user string) bool {
	return p.Contact != "" && contact == p.Contact || p.User != "" && user == p.User
}

// against says in words what keeps letters from the person altogether, or letters
// of some kinds.
func (p reached) against(app core.App, now time.Time, language string) (words []string, err error) {
	say := func(reason string) { words = append(words, lang.T(language, "deliveries.reason."+reason)) }
	user, err := maybe(app, "users", p.User)
	if err != nil {
		return nil, err
	}
	contact, err := maybe(app, "contacts", p.Contact)
	if err != nil {
		return nil, err
	}
	if contact != nil && !inOffice(contact, clock.Day(now, contact.GetString("time_zone"))) {
		words = append(words, lang.T(language, "reminders.people_left"))
	}
	if user != nil && user.GetBool("disabled") {
		say(mail.ReasonDisabled)
	}
	if p.Email == "" {
		say(mail.ReasonNoAddress)
	}
	if user != nil && user.GetString("paused_until_on") >= clock.Day(now, user.GetString("time_zone")) {
		words = append(words, lang.T(language, "reminders.people_paused", "day", lang.DayLong(language, user.GetString("paused_until_on"))))
	}
	if user != nil {
		for _, kind := range user.GetStringSlice("muted_kinds") {
			words = append(words, ofKind(language, mail.ReasonMuted, kind))
		}
	}
	refused, err := p.refusals(app, language)
	return append(words, refused...), err
}

// refusals says which letters the person's address does not get.
func (p reached) refusals(app core.App, language string) (words []string, err error) {
	var rows []struct {
		Reason string `db:"reason"`
		Kind   string `db:"kind"`
	}
	err = app.DB().NewQuery("SELECT reason, kind FROM suppressions WHERE email = {:email} COLLATE NOCASE AND email != '' ORDER BY kind").
		Bind(dbx.Params{"email": p.Email}).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("refusals of a person: %w", err)
	}
	for _, row := range rows {
		words = append(words, ofKind(language, row.Reason, row.Kind))
	}
	return slices.Compact(words), nil
}

// ofKind is a reason in words, with the kind of letters it is about unless it is
// about all.
func ofKind(language, reason, kind string) string {
	words := lang.T(language, "deliveries.reason."+reason)
	if kind == "" {
		return words
	}
	return words + ": " + lang.T(language, "reminder_rules.kind."+kind)
}
