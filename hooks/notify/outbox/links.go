package outbox

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/signedlink"
)

// purposeStop is the purpose of the tokens that stop messages.
const purposeStop = "stop"

// StopPath is where the hub takes a refusal; a token follows.
const StopPath = "/unsubscribe/"

// Refusal says who does not want which kind of message. One of User, Contact and Email is set.
type Refusal struct {
	User    string // users id
	Contact string // contacts id
	Email   string // an address that belongs to neither
	Kind    string
}

// refusalOf is what the recipient of a message may refuse.
func refusalOf(d Delivery) Refusal {
	switch {
	case d.User != "":
		return Refusal{User: d.User, Kind: d.Kind}
	case d.Recipient != "":
		return Refusal{Contact: d.Recipient, Kind: d.Kind}
	}
	return Refusal{Email: strings.ToLower(d.Email), Kind: d.Kind}
}

// token writes the refusal for an address in a message. It never ends: old messages are kept for years.
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

// offerStop puts into a message where to refuse its kind.
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

// purposeWishes is the purpose of the tokens that lead to somebody's message settings.
const purposeWishes = "wishes"

// WishesPath is where people set how messages come, without sign-in; a token follows.
const WishesPath = "/reminders/wishes/"

// wishesURL is where a person sets how messages come. The link never ends, because old messages are kept for years.
func wishesURL(app core.App, user, contact string) (string, error) {
	if user != "" {
		contact = "" // what is set belongs to the account then
	}
	token, err := signedlink.New(app, purposeWishes, user, contact)
	return strings.TrimRight(app.Settings().Meta.AppURL, "/") + WishesPath + token, err
}

// ReadWishes returns whose messages a token lets set: a users id, or the contacts id of somebody without an account. The
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

// offerWishes puts into a message where its reader sets how messages come. Nothing can be set for a bare address.
func (c *Contents) offerWishes(app core.App, d Delivery) (err error) {
	if d.User == "" && d.Recipient == "" {
		return nil
	}
	c.Wishes.Label = lang.T(d.Language, "mail.preferences")
	c.Wishes.URL, err = wishesURL(app, d.User, d.Recipient)
	return err
}

// purposeAnswer is the purpose of the tokens by which a message is answered.
const purposeAnswer = "answer"

// AnswerPath is where messages are answered; a token follows.
const AnswerPath = "/reminders/answer/"

// answerable is for how long a message can be answered after it has lost its use.
const answerable = 14 * 24 * time.Hour

// AnswerURL is where the reader of a message gives one answer to it.
func AnswerURL(app core.App, d Delivery, answer string) (string, error) {
	token, err := signedlink.NewUntil(app, d.UsefulUntilAt.Time().Add(answerable), purposeAnswer, d.ID, answer)
	return strings.TrimRight(app.Settings().Meta.AppURL, "/") + AnswerPath + token, err
}

// ReadAnswer returns the message and the answer that a token stands for. The error is signedlink.ErrInvalid, also when the message is not
// in the outbox any more, or that of the database. With signedlink.ErrExpired the message is returned as well.
func ReadAnswer(app core.App, token string) (d Delivery, answer string, err error) {
	parts, ended := signedlink.Read(app, purposeAnswer, token)
	if ended != nil && !errors.Is(ended, signedlink.ErrExpired) {
		return d, "", ended
	}
	if len(parts) != 2 {
		return d, "", signedlink.ErrInvalid
	}
	err = app.DB().NewQuery(selectDelivery + "WHERE d.id = {:id}").Bind(dbx.Params{"id": parts[0]}).One(&d)
	if errors.Is(err, sql.ErrNoRows) {
		return d, "", signedlink.ErrInvalid
	}
	if err != nil {
		return d, "", fmt.Errorf("message %s that is answered: %w", parts[0], err)
	}
	return d, parts[1], ended
}

// KeepAnswer writes down what was answered to a message, and the words that gave way to it and nobody else keeps. No answer
// takes an earlier one back.
func KeepAnswer(app core.App, d Delivery, answer, replaced string) error {
	at := ""
	if answer != "" {
		at = Stamp(clock.Now())
	}
	_, err := app.DB().Update(ledger, dbx.Params{"answer": answer, "answered_at": at, "replaced": replaced, "updated": Stamp(clock.Now())},
		dbx.HashExp{"id": d.ID}).Execute()
	if err != nil {
		return fmt.Errorf("keep the answer to message %s: %w", d.ID, err)
	}
	return nil
}
