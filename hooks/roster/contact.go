package roster

import (
	"cmp"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/web"
)

// Contact is a position at an organisation as a reader who may see it meets it.
type Contact struct {
	ID, Position, Name, Email string
	// Phone is written for reading, Digits for links.
	Phone, Digits          string
	FocalPoint, HasAccount bool
	Mobile                 bool
	FromOn, UntilOn        string
}

// contacts lists an organisation's contacts as far as the reader may see them:
// those in office or yet to come, the focal points first, and those before.
func contacts(d *access.Door, organisation string) (current, former []Contact, err error) {
	found, err := d.List("contacts", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.HashExp{"contacts.organisation": organisation}).OrderBy("contacts.position", "contacts.name")
	})
	if err != nil {
		return nil, nil, err
	}
	for _, r := range found {
		c := Contact{
			ID: r.Id, Position: r.GetString("position"), Name: r.GetString("name"), Email: r.GetString("email"),
			Phone: showPhone(r.GetString("phone")), Digits: strings.TrimPrefix(r.GetString("phone"), "+"), Mobile: isMobile(r.GetString("phone")),
			FocalPoint: r.GetBool("focal_point"), HasAccount: r.GetString("user") != "",
			FromOn: r.GetString("from_on"), UntilOn: r.GetString("until_on"),
		}
		if c.UntilOn != "" && c.UntilOn < clock.Today(clock.Western) {
			former = append(former, c)
		} else {
			current = append(current, c)
		}
	}
	slices.SortStableFunc(current, func(a, b Contact) int { return cmp.Compare(order(a), order(b)) })
	return current, former, nil
}

func order(c Contact) int {
	if c.FocalPoint {
		return 0
	}
	return 1
}

// contactForm asks about a position and who holds it.
func contactForm(e *core.RequestEvent) *web.Form {
	language := web.Language(e)
	languages := make([]web.Option, 0, len(lang.Languages))
	for _, code := range lang.Languages {
		languages = append(languages, web.Option{Value: code, Label: lang.T(language, "users.language."+code)})
	}
	return web.NewForm(e, "contacts",
		web.Seen(),
		web.Text("position").Need(),
		web.Text("name"),
		web.Email("email"),
		web.Text("phone").Max(40),
		web.Check("focal_point"),
		web.Choice("language", languages),
		web.Date("from_on"),
		web.Date("until_on"),
	)
}

// leave ends a contact's term yesterday, the last day that is over everywhere,
// so that nobody enters through it from this moment. A term that had not begun
// by then never was.
func leave(r *core.Record) {
	last := clock.AddDays(clock.Today(clock.Western), -1)
	if r.GetString("from_on") > last {
		r.Set("from_on", last)
	}
	if until := r.GetString("until_on"); until == "" || until > last {
		r.Set("until_on", last)
	}
}

// appoint records a contact. The same person in the same office a second time
// is the same form sent again, and changes nothing.
func appoint(d *access.Door, r *core.Record) error {
	return d.Together(func(inner *access.Door) error {
		same, err := inner.List("contacts", func(q *dbx.SelectQuery) {
			q.AndWhere(dbx.HashExp{
				"contacts.organisation": r.GetString("organisation"),
				"contacts.position":     r.GetString("position"),
				"contacts.name":         r.GetString("name"),
				"contacts.email":        r.GetString("email"),
			}).AndWhere(inOffice()).Limit(1)
		})
		if err != nil || len(same) > 0 {
			return err
		}
		return inner.Create(r)
	})
}
