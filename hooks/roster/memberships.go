// Package roster keeps who takes part: organisations, the people who speak for
// them, and their place in a programme.
package roster

import (
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/programmes"
)

// partnership is one partner membership as it should be: a user speaks for an
// organisation that takes part in a programme.
type partnership struct {
	Programme    string `db:"programme"`
	User         string `db:"user"`
	Organisation string `db:"organisation"`
}

// KeepMemberships follows a change of a contact or a stakeholder: the partner
// memberships of the organisations it touches are brought up to date in the
// same transaction, so that access begins and ends with the fact it rests on.
func KeepMemberships(e *core.RecordEvent) error {
	touched := []string{e.Record.Original().GetString("organisation"), e.Record.GetString("organisation")}
	if err := e.Next(); err != nil {
		return err
	}
	slices.Sort(touched)
	for _, organisation := range slices.Compact(touched) {
		if organisation == "" {
			continue
		}
		if err := keep(e.App, organisation, clock.Now(), e.Record); err != nil {
			return fmt.Errorf("memberships of %s: %w", organisation, err)
		}
	}
	return nil
}

// RefreshMemberships brings all partner memberships up to date with the day of a moment: a
// contact whose last day was yesterday no longer speaks for anybody.
func RefreshMemberships(app core.App, now time.Time) error {
	var organisations []string
	err := app.DB().Select("organisation").Distinct(true).From("stakeholders").Column(&organisations)
	if err != nil {
		return fmt.Errorf("memberships: %w", err)
	}
	return app.RunInTransaction(func(tx core.App) error {
		for _, organisation := range organisations {
			if err := keep(tx, organisation, now, nil); err != nil {
				return fmt.Errorf("memberships of %s: %w", organisation, err)
			}
		}
		return nil
	})
}

// keep makes the partner memberships of one organisation what its current
// contacts and stakeholders say. The cause, if any, lends its signature.
func keep(app core.App, organisation string, now time.Time, cause *core.Record) error {
	wanted, err := wantedPartners(app, organisation, now)
	if err != nil {
		return err
	}
	kept, err := app.FindAllRecords("memberships", dbx.HashExp{"organisation": organisation, "role": "partner"})
	if err != nil {
		return err
	}
	for _, m := range kept {
		p := partnership{m.GetString("programme"), m.GetString("user"), organisation}
		if i := slices.Index(wanted, p); i >= 0 {
			wanted = slices.Delete(wanted, i, i+1)
			continue
		}
		if err := app.Delete(access.SignFor(m, cause)); err != nil {
			return err
		}
	}
	return admit(app, wanted, cause)
}

// wantedPartners reads who speaks for the organisation in which programme by
// each programme's own day. A stakeholder is gone on the day it ends, so that
// ending one shuts the scope at once; a contact stays until its last day is over.
func wantedPartners(app core.App, organisation string, now time.Time) (wanted []partnership, err error) {
	err = app.DB().
		Select("s.programme", "c.user", "s.organisation").Distinct(true).
		From("stakeholders s").
		InnerJoin("programmes p", dbx.NewExp("p.id = s.programme")).
		InnerJoin("contacts c", dbx.NewExp("c.organisation = s.organisation")).
		Where(dbx.HashExp{"s.organisation": organisation}).
		AndWhere(dbx.NewExp("c.user != '' AND (s.ended_on = '' OR s.ended_on > "+programmes.TodayThere+")"+
			" AND (c.from_on = '' OR c.from_on <= "+programmes.TodayThere+")"+
			" AND (c.until_on = '' OR c.until_on >= "+programmes.TodayThere+")", programmes.Days(now))).
		All(&wanted)
	return wanted, err
}

func admit(app core.App, wanted []partnership, cause *core.Record) error {
	for _, p := range wanted {
		_, err := access.CreateFor(app, cause, "memberships", map[string]any{
			"programme": p.Programme, "user": p.User, "role": "partner", "organisation": p.Organisation,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// CheckPartner refuses a partner membership that no contact and stakeholder
// stand behind: the hub keeps these rows, and one that somebody wrote would be
// gone with the next change.
func CheckPartner(e *core.RecordEvent) error {
	r := e.Record
	if r.GetString("role") != "partner" {
		return e.Next()
	}
	p := partnership{r.GetString("programme"), r.GetString("user"), r.GetString("organisation")}
	wanted, err := wantedPartners(e.App, p.Organisation, clock.Now())
	if err != nil {
		return fmt.Errorf("partner membership: %w", err)
	}
	if !slices.Contains(wanted, p) {
		return access.Invalid("role", "memberships.problem_partner")
	}
	return e.Next()
}
