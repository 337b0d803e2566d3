package reminders

import (
	"net/url"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/page"
	"simpul/hooks/programmes"
)

// Lift lets the team say that an address of the programme's people is right although letters came back from it.
func Lift(e *core.RequestEvent) error {
	p, d, err := programmes.BySlug(e)
	if err != nil {
		return err
	}
	if !d.May(access.MayRun, p.Record) {
		return access.ErrRefused
	}
	back := p.URL() + "/reminders"
	if person := e.Request.PostFormValue("person"); person != "" {
		back += "/people?person=" + url.QueryEscape(person)
	}
	addresses, err := bounced(d.App(), p.ID(), p.Zone())
	if err != nil {
		return err
	}
	return lifting(e, among(addresses, e.Request.PostFormValue("email")), back, p.ID())
}

// LiftOf lets an administrator say the same of the address of a letter in the mailbox.
func LiftOf(e *core.RequestEvent) error {
	d := page.Door(e)
	if !d.Super() {
		return access.ErrRefused
	}
	letter, err := d.View("deliveries", e.Request.PostFormValue("id"))
	if err != nil {
		return err
	}
	return lifting(e, letter.GetString("email"), mailboxURL(e.Request.PostFormValue("state"), 1), "")
}

// lifting lifts what is known against an address and says how many letters of a programme, or of all, leave again.
func lifting(e *core.RequestEvent, email, back, programme string) error {
	moved, lifted, err := lift(page.Door(e), email)
	if err != nil {
		return err
	}
	if !lifted {
		return page.Warn(e, back, "reminders.lift_not")
	}
	n := 0
	for _, m := range moved {
		if programme == "" || m.Programme == programme {
			n++
		}
	}
	if n == 0 {
		return page.See(e, back, "reminders.lifted_alone", "email", email)
	}
	return page.See(e, back, "reminders.lifted", "email", email, "n", n)
}
