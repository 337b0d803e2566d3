package reminders

import (
	"errors"
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/page"
)

// wishesPage is where a letter leads those who want its like otherwise.
type wishesPage struct {
	page.Base
	Gone bool   // nobody gets letters under this link any more
	Whom string // office and masked address
	// Stranger says that somebody else is signed in here.
	Stranger string
	Form     *page.Form
	Muted    []page.Option
	Facts    []Fact
	// Account says that the person has one; without it only kinds can be muted.
	Account bool
}

// Wishes shows how letters come to the person of a link, and lets it be set
// without sign-in. Mail scanners open every link, so looking changes nothing.
func Wishes(e *core.RequestEvent) error {
	r, err := wisherOf(e.App, e.Request.PathValue("token"))
	if err != nil {
		return nobodyThere(e, err)
	}
	page.Speak(e, r.language())
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
	page.Speak(e, r.language())
	form := wishesForm(e, r)
	if err := form.Read(e); err != nil {
		return err
	}
	if !form.OK() {
		return showWishes(e, http.StatusUnprocessableEntity, r, form)
	}
	if err := r.save(e, form); form.Take(err) {
		return showWishes(e, http.StatusUnprocessableEntity, r, form)
	} else if err != nil {
		return err
	}
	return page.See(e, e.Request.URL.Path, "reminders.wishes_saved")
}

func wishesForm(e *core.RequestEvent, r *refuser) *page.Form {
	if r.user == nil {
		return page.NewForm(e, "users")
	}
	return page.NewForm(e, "users", WishInputs()...)
}

// save keeps the form through the door; a contact without an account has only
// the kinds, which stop at the address.
func (r *refuser) save(e *core.RequestEvent, form *page.Form) error {
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
	d := access.Open(e.App, r.user).Through(access.ViaLink)
	person, err := d.View("users", r.User)
	if err != nil {
		return err
	}
	form.Into(person)
	person.Set("muted_kinds", ticked)
	return d.Update(person)
}

func showWishes(e *core.RequestEvent, status int, r *refuser, form *page.Form) (err error) {
	data := wishesPage{Base: page.New(e, "reminders.wishes_title").AsForm(), Form: form, Account: r.user != nil}
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
	data.Stranger = stranger(data.Base, "reminders.wishes_stranger", r.User, data.Whom)
	return page.Render(e, status, "reminders/wishes", data)
}

// nobodyThere answers a link that leads to nobody: a page where there once was
// somebody, the error otherwise.
func nobodyThere(e *core.RequestEvent, err error) error {
	if !errors.Is(err, errNobody) {
		return broken(e, err)
	}
	return page.Render(e, http.StatusGone, "reminders/wishes", wishesPage{Base: page.New(e, "reminders.wishes_gone"), Gone: true})
}
