package mail

import (
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/lang"
	"simpul/hooks/signedlink"
)

// purposeWishes is the purpose of the tokens that lead to somebody's letter settings.
const purposeWishes = "wishes"

// WishesPath is where people set how letters come, without sign-in; a token follows.
const WishesPath = "/reminders/wishes/"

// wishesURL is where a person sets how letters come. The link never ends, because old letters are kept for years.
func wishesURL(app core.App, user, contact string) (string, error) {
	if user != "" {
		contact = "" // what is set belongs to the account then
	}
	token, err := signedlink.New(app, purposeWishes, user, contact)
	return strings.TrimRight(app.Settings().Meta.AppURL, "/") + WishesPath + token, err
}

// ReadWishes returns whose letters a token lets set: a users id, or the contacts id of somebody without an account. The
// error is signedlink.ErrInvalid, or that of the database.
func ReadWishes(app core.App, token string) (user, contact string, err error) {
	parts, err := signedlink.Read(app, purposeWishes, token)
	if err != nil {
		return "", "", err
	}
	if len(parts) != 2 {
		return "", "", signedlink.ErrInvalid
	}
	return parts[0], parts[1], nil
}

// offerWishes puts into a letter where its reader sets how letters come. Nothing can be set for a bare address.
func (c *Contents) offerWishes(app core.App, d Delivery) (err error) {
	if d.User == "" && d.Recipient == "" {
		return nil
	}
	c.Wishes.Label = lang.T(d.Language, "mail.wishes")
	c.Wishes.URL, err = wishesURL(app, d.User, d.Recipient)
	return err
}
