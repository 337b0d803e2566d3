package doctor

import (
	"context"
	"strings"

	"github.com/pocketbase/dbx"

	"simpul/hooks/clock"
	"simpul/hooks/reminders"
)

// rules names those that would tell nobody although there is something to tell.
func (d *Doctor) rules(ctx context.Context) {
	names, err := reminders.Unheard(ctx, d.App, d.Now)
	switch {
	case err != nil:
		d.unread("reminder_rules", err)
	case len(names) > 0:
		d.say(Warn, "rules_unheard", "names", strings.Join(names, "; "))
	default:
		d.say(OK, "rules_ok")
	}
}

// holidays tells whether this year's and next year's have been entered.
func (d *Doctor) holidays(context.Context) {
	today := d.Now.In(clock.Zone(clock.Western))
	missing := []int{}
	for _, year := range []int{today.Year(), today.Year() + 1} {
		var n int
		err := d.App.DB().NewQuery("SELECT COUNT(*) FROM holidays WHERE CAST(substr(`on`, 1, 4) AS INTEGER) = {:year}").
			Bind(dbx.Params{"year": year}).Row(&n)
		if err != nil {
			d.unread("holidays", err)
			return
		}
		if n == 0 {
			missing = append(missing, year)
		}
	}
	for _, year := range missing {
		d.say(Warn, "holidays_missing", "year", year)
	}
	if len(missing) == 0 {
		d.say(OK, "holidays_ok", "year", today.Year(), "next", today.Year()+1)
	}
}
