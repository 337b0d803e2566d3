package mail

import (
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/lang"
	"simpul/hooks/signedlink"
)

// purposeStop is the purpose of the tokens that stop letters.
const purposeStop = "stop"

// StopPath is where the hub takes a refusal; a token follows.
const StopPath = "/unsubscribe/"

// Refusal says who does not want which kind of letter. One of User, Contact and Email is set.
type Refusal struct {
	User    string // users id
	Contact string // contacts id
	Email   string // an address that belongs to neither
	Kind    string
}

// refusalOf is what the recipient of a letter may refuse.
func refusalOf(d Delivery) Refusal {
	switch {
	case d.User != "":
		return Refusal{User: d.User, Kind: d.Kind}
	case d.Recipient != "":
		return Refusal{Contact: d.Recipient, Kind: d.Kind}
	}
	return Refusal{Email: strings.ToLower(d.Email), Kind: d.Kind}
}

// token writes the refusal for an address in a letter. It never ends: old letters are kept for years.
func (r Refusal) token(app core.App) (string, error) {
	return signedlink.New(app, purposeStop, r.User, r.Contact, r.Email, r.Kind)
}

// ReadRefusal returns the refusal that a token stands for. The error is signedlink.ErrInvalid, or that of the database.
func ReadRefusal(app core.App, token string) (Refusal, error) {
	parts, err := signedlink.Read(app, purposeStop, token)
	if err != nil {
		return Refusal{}, err
	}
	if len(parts) != 4 {
		return Refusal{}, signedlink.ErrInvalid
	}
	return Refusal{User: parts[0], Contact: parts[1], Email: parts[2], Kind: parts[3]}, nil
}

// offerStop puts into a letter where to refuse its kind.
func (c *Contents) offerStop(app core.App, d Delivery) error {
	if c.Mandatory {
		return nil
	}
	token, err := refusalOf(d).token(app)
	if err != nil {
		return err
	}
	c.stopURL = strings.TrimRight(app.Settings().Meta.AppURL, "/") + StopPath + token
	if c.Stop.URL == "" {
		c.Stop = Link{Label: lang.T(d.Language, "mail.stop"), URL: c.stopURL}
	}
	return nil
}
