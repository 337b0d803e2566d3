package reminders

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/mail"
	"simpul/hooks/signedlink"
)

// refuser is somebody whose letter brought them to the page that stops its kind.
type refuser struct {
	mail.Refusal
	user    *core.Record // nil without an account
	contact *core.Record // nil unless the letter went to a contact without an account
}

// refuserOf finds who a token speaks of. A token that is not ours, or whose person is gone, is refused.
func refuserOf(app core.App, token string) (*refuser, error) {
	refusal, err := mail.ReadRefusal(app, token)
	if errors.Is(err, signedlink.ErrInvalid) {
		return nil, access.ErrRefused
	}
	if err != nil {
		return nil, err
	}
	return meant(app, refusal)
}

// meant finds the person of a refusal, who must still be there.
func meant(app core.App, refusal mail.Refusal) (r *refuser, err error) {
	r = &refuser{Refusal: refusal}
	if r.User != "" {
		if r.user, err = maybe(app, "users", r.User); err == nil && r.user == nil {
			return nil, access.ErrRefused
		}
	}
	if err == nil && r.Contact != "" {
		if r.contact, err = maybe(app, "contacts", r.Contact); err == nil && r.contact == nil {
			return nil, access.ErrRefused
		}
	}
	return r, err
}

// address is where the letters go now.
func (r *refuser) address() string {
	if r.Email != "" {
		return r.Email
	}
	return strings.ToLower(first("email", r.user, r.contact))
}

// language is the one the letters are written in.
func (r *refuser) language() string { return first("language", r.user, r.contact) }

// refused reports whether the letters are stopped already.
func (r *refuser) refused(app core.App) (bool, error) {
	if r.user != nil {
		return slices.Contains(r.user.GetStringSlice("muted_kinds"), r.Kind), nil
	}
	n, err := app.CountRecords("suppressions", r.suppression())
	return n > 0, err
}

// suppression finds the row that keeps letters of the kind from the address.
func (r *refuser) suppression() dbx.Expression {
	return dbx.HashExp{"email": r.address(), "kind": r.Kind, "reason": mail.ReasonUnsubscribed}
}

// refuse stops the letters, of an account and of its address both. Doing it again changes nothing.
func (r *refuser) refuse(app core.App) error {
	return app.RunInTransaction(func(tx core.App) error {
		if err := r.mute(tx, true); err != nil {
			return err
		}
		known, err := tx.CountRecords("suppressions", dbx.HashExp{"email": r.address(), "kind": r.Kind})
		if err != nil || known > 0 || r.address() == "" {
			return err
		}
		suppressions, err := tx.FindCollectionByNameOrId("suppressions")
		if err != nil {
			return err
		}
		row := access.Sign(core.NewRecord(suppressions), r.user, access.ViaLink)
		row.Load(map[string]any{"email": r.address(), "kind": r.Kind, "reason": mail.ReasonUnsubscribed})
		return tx.Save(row)
	})
}

// accept lets the letters come again. What stopped them for another reason, such as a wrong address, stays.
func (r *refuser) accept(app core.App) error {
	return app.RunInTransaction(func(tx core.App) error {
		if err := r.mute(tx, false); err != nil {
			return err
		}
		return forget(tx, r.suppression())
	})
}

// mute notes in the account whether the kind is wanted.
func (r *refuser) mute(tx core.App, muted bool) error {
	if r.user == nil {
		return nil
	}
	user, err := tx.FindRecordById("users", r.user.Id)
	if err != nil {
		return err
	}
	kinds := slices.DeleteFunc(user.GetStringSlice("muted_kinds"), func(kind string) bool { return kind == r.Kind })
	if muted {
		kinds = append(kinds, r.Kind)
	}
	user.Set("muted_kinds", kinds)
	r.user = user
	return tx.Save(access.Sign(user, user, access.ViaLink))
}

// forget removes suppressions.
func forget(app core.App, which ...dbx.Expression) error {
	rows, err := app.FindAllRecords("suppressions", which...)
	if err != nil {
		return fmt.Errorf("refused letters: %w", err)
	}
	for _, row := range rows {
		if err := app.Delete(row); err != nil {
			return err
		}
	}
	return nil
}

// FollowMuted lifts the refusal of a kind that a person switches on again in the settings of the account.
func FollowMuted(e *core.RecordEvent) error {
	before, after := e.Record.Original().GetStringSlice("muted_kinds"), e.Record.GetStringSlice("muted_kinds")
	if err := e.Next(); err != nil {
		return err
	}
	wanted := []any{}
	for _, kind := range before {
		if !slices.Contains(after, kind) {
			wanted = append(wanted, kind)
		}
	}
	if len(wanted) == 0 || e.Record.Email() == "" {
		return nil
	}
	return forget(e.App, dbx.HashExp{"email": strings.ToLower(e.Record.Email()), "reason": mail.ReasonUnsubscribed}, dbx.In("kind", wanted...))
}

// stillComing names the kinds that some rule sends whether people want them or not.
func stillComing(app core.App, language string) ([]string, error) {
	var kinds []string
	err := app.DB().Select("kind").Distinct(true).From("reminder_rules").
		Where(dbx.HashExp{"active": true, "mandatory": true}).OrderBy("kind").Column(&kinds)
	for i, kind := range kinds {
		kinds[i] = lang.T(language, "reminder_rules.kind."+kind)
	}
	return kinds, err
}
