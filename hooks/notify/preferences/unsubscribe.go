package preferences

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/notify/outbox"
	"simpul/hooks/notify/reminders"
	"simpul/hooks/signedlink"
	"simpul/hooks/web"
)

// refuser is somebody whose message brought them to the page that stops its kind.
type refuser struct {
	outbox.Refusal
	user    *core.Record // nil without an account
	contact *core.Record // nil unless the message went to a contact without an account
}

// refuserOf finds who a token speaks of. A token that is not ours, or whose person is gone, is refused.
func refuserOf(app core.App, token string) (*refuser, error) {
	refusal, err := outbox.ReadRefusal(app, token)
	if errors.Is(err, signedlink.ErrInvalid) {
		return nil, access.ErrRefused
	}
	if err != nil {
		return nil, err
	}
	return meant(app, refusal)
}

// meant finds the person of a refusal, who must still be there.
func meant(app core.App, refusal outbox.Refusal) (r *refuser, err error) {
	r = &refuser{Refusal: refusal}
	if r.User != "" {
		if r.user, err = reminders.Maybe(app, "users", r.User); err == nil && r.user == nil {
			return nil, access.ErrRefused
		}
	}
	if err == nil && r.Contact != "" {
		if r.contact, err = reminders.Maybe(app, "contacts", r.Contact); err == nil && r.contact == nil {
			return nil, access.ErrRefused
		}
	}
	return r, err
}

// address is where the messages go now.
func (r *refuser) address() string {
	if r.Email != "" {
		return r.Email
	}
	return strings.ToLower(reminders.First("email", r.user, r.contact))
}

// language is the one the messages are written in.
func (r *refuser) language() string { return reminders.First("language", r.user, r.contact) }

// refused reports whether the messages are stopped already.
func (r *refuser) refused(app core.App) (bool, error) {
	if r.user != nil {
		return slices.Contains(r.user.GetStringSlice("muted_kinds"), r.Kind), nil
	}
	n, err := app.CountRecords("suppressions", r.suppression())
	return n > 0, err
}

// suppression finds the row that keeps messages of the kind from the address.
func (r *refuser) suppression() dbx.Expression {
	return dbx.HashExp{"email": r.address(), "kind": r.Kind, "reason": outbox.ReasonUnsubscribed}
}

// refuse stops the messages, of an account and of its address both. Doing it again changes nothing.
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
		row.Load(map[string]any{"email": r.address(), "kind": r.Kind, "reason": outbox.ReasonUnsubscribed})
		return tx.Save(row)
	})
}

// accept lets the messages come again. What stopped them for another reason, such as a wrong address, stays.
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
	return forget(e.App, dbx.HashExp{"email": strings.ToLower(e.Record.Email()), "reason": outbox.ReasonUnsubscribed}, dbx.In("kind", wanted...))
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

type unsubscribePage struct {
	web.Base
	Kind    string // in words
	Whom    string // Office and masked address of whose messages stop
	Stopped bool
	Back    bool     // the messages come again since a moment ago
	Still   []string // Kinds that come all the same
}

// AskUnsubscribe asks whether messages of a kind are to stop. Mail scanners open every link, so looking changes nothing.
func AskUnsubscribe(e *core.RequestEvent) error {
	return unsubscribe(e, func(*refuser) error { return nil })
}

// Unsubscribe stops messages of a kind at once: a mail program posts here by itself (RFC 8058), without cookie, from
// anywhere and perhaps twice, and follows no redirect.
func Unsubscribe(e *core.RequestEvent) error {
	return unsubscribe(e, func(r *refuser) error { return r.refuse(e.App) })
}

// Resubscribe takes a refusal back.
func Resubscribe(e *core.RequestEvent) error {
	return unsubscribe(e, func(r *refuser) error { return r.accept(e.App) })
}

// unsubscribe does what is asked and shows how things stand, in the language of the messages.
func unsubscribe(e *core.RequestEvent, do func(*refuser) error) error {
	token := e.Request.PathValue("token")
	r, err := refuserOf(e.App, token)
	if err != nil {
		return web.Broken(e, err)
	}
	if err := do(r); err != nil {
		return err
	}
	web.SetLanguageHint(e, r.language())
	data := unsubscribePage{Base: web.New(e, "reminders.unsubscribe_title")}
	// The same page, whichever step led to it.
	data.Path = outbox.StopPath + token
	data.Kind = lang.T(data.Language, "reminder_rules.kind."+r.Kind)
	if data.Stopped, err = r.refused(e.App); err != nil {
		return err
	}
	if data.Whom, err = r.presented(e.App); err != nil {
		return err
	}
	data.Back = !data.Stopped && e.Request.Method == http.MethodPost
	if data.Still, err = stillComing(e.App, data.Language); err != nil {
		return err
	}
	return web.Render(e, http.StatusOK, "reminders/unsubscribe", data)
}
