package reminders

import (
	"errors"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/mail"
	"simpul/hooks/signedlink"
)

// errNobody says that nobody gets letters any more under a link that was ours.
var errNobody = errors.New("nobody gets letters here any more")

// wisherOf finds whose letters a token lets set. A token that is not ours is
// refused; errNobody says that the person has left since.
func wisherOf(app core.App, token string) (*refuser, error) {
	user, contact, err := mail.ReadWishes(app, token)
	if errors.Is(err, signedlink.ErrInvalid) {
		return nil, access.ErrRefused
	}
	if err != nil {
		return nil, err
	}
	r, err := meant(app, mail.Refusal{User: user, Contact: contact})
	switch {
	case errors.Is(err, access.ErrRefused):
		return nil, errNobody
	case err != nil:
		return nil, err
	case r.user != nil && r.user.GetBool("disabled"), r.contact != nil && !inOffice(r.contact, clock.Today(r.contact.GetString("time_zone"))):
		return nil, errNobody
	}
	return r, nil
}

// off are the kinds of letters that do not come now.
func (r *refuser) off(app core.App) (kinds []string, err error) {
	if r.user != nil {
		return r.user.GetStringSlice("muted_kinds"), nil
	}
	err = app.DB().Select("kind").Distinct(true).From("suppressions").
		Where(dbx.HashExp{"email": r.address(), "reason": mail.ReasonUnsubscribed}).AndWhere(dbx.NewExp("kind != ''")).OrderBy("kind").Column(&kinds)
	return kinds, err
}

// keepOff makes the ticked kinds the only ones, of those offered, that do not
// come to a contact without an account. Nothing else is set about a contact.
func (r *refuser) keepOff(app core.App, offered, ticked []string) error {
	return app.RunInTransaction(func(tx core.App) error {
		for _, kind := range offered {
			one := &refuser{Refusal: mail.Refusal{Contact: r.Contact, Kind: kind}, contact: r.contact}
			change := one.accept
			if slices.Contains(ticked, kind) {
				change = one.refuse
			}
			if err := change(tx); err != nil {
				return err
			}
		}
		return nil
	})
}

// presented says who the letters are for without giving the address away.
func (r *refuser) presented(app core.App) (string, error) {
	contact := r.Contact
	if r.user != nil {
		err := app.DB().NewQuery(`SELECT COALESCE(MIN(id), '') FROM contacts WHERE user = {:user} AND (until_on = '' OR until_on >= {:today})`).
			Bind(dbx.Params{"user": r.User, "today": clock.Today(r.user.GetString("time_zone"))}).Row(&contact)
		if err != nil {
			return "", err
		}
	}
	name, err := office(app, r.User, contact)
	parts := slices.DeleteFunc([]string{name, masked(r.address())}, func(s string) bool { return s == "" })
	return strings.Join(parts, " · "), err
}
