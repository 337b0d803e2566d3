package reminders

import (
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/mail"
)

// subscribers are those who want all their mail in one, by what was set nearest
// to them.
const subscribers = ` FROM users u JOIN memberships m ON m.user = u.id JOIN programmes p ON p.id = m.programme
	LEFT JOIN organisations o ON o.id = m.organisation
	WHERE u.disabled = FALSE AND u.email != '' AND COALESCE(NULLIF(u.mail_frequency, ''), NULLIF(o.mail_frequency, ''),
		NULLIF(p.mail_frequency, '')) IN ({:daily}, {:weekly})`

// subscribed reports whether a person gets a daily or weekly letter for its news
// alone.
func subscribed(app core.App, user string) (bool, error) {
	var n int
	err := app.DB().NewQuery(`SELECT COUNT(*)` + subscribers + ` AND u.id = {:user}`).
		Bind(dbx.Params{"daily": daily, "weekly": weekly, "user": user}).Row(&n)
	if err != nil {
		return false, fmt.Errorf("daily letters of %s: %w", user, err)
	}
	return n > 0, nil
}

// PlanDaily plans the daily and weekly letters of today and tomorrow for those
// who want all their mail in one: it brings them what is new as well.
func PlanDaily(app core.App, now time.Time) error {
	var people []ready
	err := app.DB().NewQuery(`SELECT DISTINCT u.id AS user, u.email, u.language, u.time_zone AS zone, ` + asSet + subscribers).
		Bind(dbx.Params{"daily": daily, "weekly": weekly}).All(&people)
	if err != nil {
		return fmt.Errorf("daily letters: %w", err)
	}
	letters := []mail.Letter{}
	for _, p := range people {
		today := clock.Day(now, p.Zone)
		for _, day := range []string{today, clock.AddDays(today, 1)} {
			letter := p.letterOn(day)
			if letter.DueAt.After(now) && (p.Frequency == daily || monday(day) == day) {
				letters = append(letters, letter)
			}
		}
	}
	_, err = mail.NewSorting(app, now).Queue(letters...)
	return err
}
