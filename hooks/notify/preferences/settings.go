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
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/notify/outbox"
	"simpul/hooks/notify/reminders"
	"simpul/hooks/signedlink"
	"simpul/hooks/web"
)

// WishInputs are what people set about their messages, beside the kinds that they
// mute. The words stand with the users' own.
func WishInputs() []*web.Input {
	return []*web.Input{
		web.Codes("mail_frequency", reminders.Immediate, reminders.Daily, reminders.Weekly),
		web.Time("send_at"),
		web.Check("weekend_off"),
		web.Date("paused_until_on"),
	}
}

// CheckWishes refuses an hour for messages at which none ever leave, and a pause
// that has ended already. A pause that was set once may grow old where it stands.
func CheckWishes(e *core.RecordEvent) error {
	if at := e.Record.GetString("send_at"); at != "" && (at < reminders.NightUntil || at >= reminders.NightFrom) {
		return access.Invalid("send_at", "reminders.problem_send_at")
	}
	pause := e.Record.GetString("paused_until_on")
	if pause != "" && pause != e.Record.Original().GetString("paused_until_on") && pause < clock.Today(e.Record.GetString("time_zone")) {
		return access.Invalid("paused_until_on", "reminders.problem_paused")
	}
	return e.Next()
}

// MutedKinds are the kinds of messages that a person may switch off, with those
// chosen that are off, or that were ticked in the form just sent.
func MutedKinds(e *core.RequestEvent, off []string) ([]web.Option, error) {
	kinds, err := mutable(e.App, off)
	if err != nil {
		return nil, err
	}
	if e.Request.Method == http.MethodPost {
		off = e.Request.PostForm["muted_kinds"]
	}
	options := make([]web.Option, len(kinds))
	for i, kind := range kinds {
		options[i] = web.Option{Value: kind, Label: lang.T(web.Language(e), "reminder_rules.kind."+kind), Chosen: slices.Contains(off, kind)}
	}
	return options, nil
}

// TickedKinds are those ticked in the form just sent, of the kinds that were offered.
func TickedKinds(e *core.RequestEvent, off []string) ([]string, error) {
	options, err := MutedKinds(e, off)
	ticked := []string{}
	for _, o := range options {
		if o.Chosen {
			ticked = append(ticked, o.Value)
		}
	}
	return ticked, err
}

// mutable are the kinds that may be muted at all and for which some rule is in
// force, and those already off.
func mutable(app core.App, off []string) ([]string, error) {
	users, err := app.FindCachedCollectionByNameOrId("users")
	if err != nil {
		return nil, err
	}
	f, ok := users.Fields.GetByName("muted_kinds").(*core.SelectField)
	if !ok {
		return nil, fmt.Errorf("users have no kinds of letters to mute")
	}
	var spoken []string
	err = app.DB().Select("kind").Distinct(true).From("reminder_rules").Where(dbx.HashExp{"active": true}).Column(&spoken)
	if err != nil {
		return nil, fmt.Errorf("kinds of reminders: %w", err)
	}
	spoken = append(spoken, off...)
	return slices.DeleteFunc(slices.Clone(f.Values), func(kind string) bool { return !slices.Contains(spoken, kind) }), nil
}

// errNobody says that nobody gets messages any more under a link that was ours.
var errNobody = errors.New("nobody gets letters here any more")

// wisherOf finds whose messages a token lets set. A token that is not ours is
// refused; errNobody says that the person has left since.
func wisherOf(app core.App, token string) (*refuser, error) {
	user, contact, err := outbox.ReadWishes(app, token)
	if errors.Is(err, signedlink.ErrInvalid) {
		return nil, access.ErrRefused
	}
	if err != nil {
		return nil, err
	}
	r, err := meant(app, outbox.Refusal{User: user, Contact: contact})
	switch {
	case errors.Is(err, access.ErrRefused):
		return nil, errNobody
	case err != nil:
		return nil, err
	case r.user != nil && r.user.GetBool("disabled"), r.contact != nil && !reminders.InOffice(r.contact, clock.Today(r.contact.GetString("time_zone"))):
		return nil, errNobody
	}
	return r, nil
}

// off are the kinds of messages that do not come now.
func (r *refuser) off(app core.App) (kinds []string, err error) {
	if r.user != nil {
		return r.user.GetStringSlice("muted_kinds"), nil
	}
	err = app.DB().Select("kind").Distinct(true).From("suppressions").
		Where(dbx.HashExp{"email": r.address(), "reason": outbox.ReasonUnsubscribed}).AndWhere(dbx.NewExp("kind != ''")).OrderBy("kind").Column(&kinds)
	return kinds, err
}

// keepOff makes the ticked kinds the only ones, of those offered, that do not
// come to a contact without an account. Nothing else is set about a contact.
func (r *refuser) keepOff(app core.App, offered, ticked []string) error {
	return app.RunInTransaction(func(tx core.App) error {
		for _, kind := range offered {
			one := &refuser{Refusal: outbox.Refusal{Contact: r.Contact, Kind: kind}, contact: r.contact}
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

// presented says who the messages are for without giving the address away.
func (r *refuser) presented(app core.App) (string, error) {
	contact := r.Contact
	if r.user != nil {
		err := app.DB().NewQuery(`SELECT COALESCE(MIN(id), '') FROM contacts WHERE user = {:user} AND (until_on = '' OR until_on >= {:today})`).
			Bind(dbx.Params{"user": r.User, "today": clock.Today(r.user.GetString("time_zone"))}).Row(&contact)
		if err != nil {
			return "", err
		}
	}
	name, err := reminders.Office(app, r.User, contact)
	parts := slices.DeleteFunc([]string{name, masked(r.address())}, func(s string) bool { return s == "" })
	return strings.Join(parts, " · "), err
}

// wishesPage is where a message leads those who want its like otherwise.
type wishesPage struct {
	web.Base
	Gone bool   // nobody gets messages under this link any more
	Whom string // Office and masked address
	// Stranger says that somebody else is signed in here.
	Stranger string
	Form     *web.Form
	Muted    []web.Option
	Facts    []web.Fact
	// Account says that the person has one; without it only kinds can be muted.
	Account bool
}

// Wishes shows how messages come to the person of a link, and lets it be set
// without sign-in. Mail scanners open every link, so looking changes nothing.
func Wishes(e *core.RequestEvent) error {
	r, err := wisherOf(e.App, e.Request.PathValue("token"))
	if err != nil {
		return nobodyThere(e, err)
	}
	web.SetLanguageHint(e, r.language())
	form := wishesForm(e, r)
	if r.user != nil {
		form.From(r.user)
	}
	return showWishes(e, http.StatusOK, r, form)
}

// SaveWishes keeps what was set behind a link, as the person of the link and
// under the same rules as signed in.
func SaveWishes(e *core.RequestEvent) error {
	r, err := wisherOf(e.App, e.Request.PathValue("token"))
	if err != nil {
		return nobodyThere(e, err)
	}
	web.SetLanguageHint(e, r.language())
	form := wishesForm(e, r)
	if err := form.Read(e); err != nil {
		return err
	}
	if !form.OK() {
		return showWishes(e, http.StatusUnprocessableEntity, r, form)
	}
	if err := r.save(e, form); form.AddErrors(err) {
		return showWishes(e, http.StatusUnprocessableEntity, r, form)
	} else if err != nil {
		return err
	}
	return web.RedirectWithFlash(e, e.Request.URL.Path, "reminders.preferences_saved")
}

func wishesForm(e *core.RequestEvent, r *refuser) *web.Form {
	if r.user == nil {
		return web.NewForm(e, "users")
	}
	return web.NewForm(e, "users", WishInputs()...)
}

// save keeps the form through the scope; a contact without an account has only
// the kinds, which stop at the address.
func (r *refuser) save(e *core.RequestEvent, form *web.Form) error {
	off, err := r.off(e.App)
	if err != nil {
		return err
	}
	ticked, err := TickedKinds(e, off)
	if err != nil {
		return err
	}
	if r.user == nil {
		offered, err := mutable(e.App, off)
		if err != nil {
			return err
		}
		return r.keepOff(e.App, offered, ticked)
	}
	d := access.As(e.App, r.user).Through(access.ViaLink)
	person, err := d.View("users", r.User)
	if err != nil {
		return err
	}
	form.Into(person)
	person.Set("muted_kinds", ticked)
	return d.Update(person)
}

func showWishes(e *core.RequestEvent, status int, r *refuser, form *web.Form) (err error) {
	data := wishesPage{Base: web.New(e, "reminders.preferences_title").AsForm(), Form: form, Account: r.user != nil}
	off, err := r.off(e.App)
	if err != nil {
		return err
	}
	if data.Muted, err = MutedKinds(e, off); err != nil {
		return err
	}
	if data.Facts, err = InForce(e.App, r.user, r.contact, data.Language); err != nil {
		return err
	}
	if data.Whom, err = r.presented(e.App); err != nil {
		return err
	}
	data.Stranger = web.Stranger(data.Base, "reminders.preferences_stranger", r.User, data.Whom)
	return web.Render(e, status, "reminders/wishes", data)
}

// nobodyThere answers a link that leads to nobody: a page where there once was
// somebody, the error otherwise.
func nobodyThere(e *core.RequestEvent, err error) error {
	if !errors.Is(err, errNobody) {
		return web.Broken(e, err)
	}
	return web.Render(e, http.StatusGone, "reminders/wishes", wishesPage{Base: web.New(e, "reminders.preferences_gone"), Gone: true})
}

// masked is an address that its owner knows again and nobody else can use.
func masked(address string) string {
	name, domain, found := strings.Cut(address, "@")
	if !found || name == "" {
		return ""
	}
	return string([]rune(name)[:1]) + "…@" + domain
}
