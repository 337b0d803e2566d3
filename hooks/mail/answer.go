package mail

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/signedlink"
)

// purposeAnswer is the purpose of the tokens by which a letter is answered.
const purposeAnswer = "answer"

// AnswerPath is where letters are answered; a token follows.
const AnswerPath = "/reminders/answer/"

// answerable is for how long a letter can be answered after it has lost its use.
const answerable = 14 * 24 * time.Hour

// AnswerURL is where the reader of a letter gives one answer to it.
func AnswerURL(app core.App, d Delivery, answer string) (string, error) {
	token, err := signedlink.NewUntil(app, d.UsefulUntilAt.Time().Add(answerable), purposeAnswer, d.ID, answer)
	return strings.TrimRight(app.Settings().Meta.AppURL, "/") + AnswerPath + token, err
}

// ReadAnswer returns the letter and the answer that a token stands for. The error is signedlink.ErrInvalid, also when the letter is not
// in the ledger any more, or that of the database. With signedlink.ErrExpired the letter is returned as well.
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
		return d, "", fmt.Errorf("letter %s that is answered: %w", parts[0], err)
	}
	return d, parts[1], ended
}

// KeepAnswer writes down what was answered to a letter, and the words that gave way to it and nobody else keeps. No answer
// takes an earlier one back.
func KeepAnswer(app core.App, d Delivery, answer, replaced string) error {
	at := ""
	if answer != "" {
		at = stamp(clock.Now())
	}
	_, err := app.DB().Update(ledger, dbx.Params{"answer": answer, "answered_at": at, "replaced": replaced, "updated": stamp(clock.Now())},
		dbx.HashExp{"id": d.ID}).Execute()
	if err != nil {
		return fmt.Errorf("keep the answer to letter %s: %w", d.ID, err)
	}
	return nil
}
