package meetings

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/web"
)

// writePage is where minutes are written.
type writePage struct {
	web.Base
	Meeting *Meeting
	Form    *web.Form
	Preview *preview
}

// conflictPage shows two texts of which only one could be saved.
type conflictPage struct {
	web.Base
	Meeting *Meeting
	Form    *web.Form
	// Theirs is the stored text, By who saved it, Locked that it is final now.
	Theirs, By string
	Locked     bool
}

// errOvertaken says that somebody saved the minutes while they were being edited.
var errOvertaken = errors.New("meetings: minutes changed meanwhile")

func minutesForm(e *core.RequestEvent) *web.Form {
	return web.NewForm(e, "minutes", web.Long("body").Need().Draft(), web.Hidden("revision"))
}

// WriteMinutes shows the text of the minutes to the team, a skeleton where
// nothing is written yet.
func WriteMinutes(e *core.RequestEvent) error {
	v, err := loadForTeam(e)
	if err != nil {
		return err
	}
	r, found, err := v.written()
	if err != nil {
		return err
	}
	form := minutesForm(e)
	switch {
	case !found:
		form.Set("body", minutesTemplate(v.m, web.Language(e))).Set("revision", "0")
	case r.GetString("status") == Final:
		return web.RedirectWithFlash(e, v.m.MinutesURL(), "")
	default:
		form.From(r)
	}
	return v.showWriting(e, http.StatusOK, writePage{Form: form})
}

// loadMinutesForm views the meeting for its team, with what was typed as its minutes.
func loadMinutesForm(e *core.RequestEvent) (*meetingView, *web.Form, error) {
	v, err := loadForTeam(e)
	if err != nil {
		return nil, nil, err
	}
	form := minutesForm(e)
	return v, form, form.Read(e)
}

// PreviewMinutes shows how a text would look and what saving it would make, and
// changes nothing.
func PreviewMinutes(e *core.RequestEvent) error {
	v, form, err := loadMinutesForm(e)
	if err != nil {
		return err
	}
	if !form.OK() {
		return v.showWriting(e, http.StatusUnprocessableEntity, writePage{Form: form})
	}
	foreseen, err := newPreview(v.d.App(), v.m.Record, form.Value("body"), web.Language(e))
	if err != nil {
		return err
	}
	return v.showWriting(e, http.StatusOK, writePage{Form: form, Preview: foreseen})
}

// SaveMinutes keeps the text of the minutes, unless somebody else saved
// meanwhile: then both texts are shown and nothing is lost.
func SaveMinutes(e *core.RequestEvent) error {
	v, form, err := loadMinutesForm(e)
	if err != nil {
		return err
	}
	if !form.OK() {
		return v.showWriting(e, http.StatusUnprocessableEntity, writePage{Form: form})
	}
	made, err := v.saveMinutes(form)
	switch {
	case errors.Is(err, errOvertaken):
		return v.showConflict(e, form)
	case form.AddErrors(err):
		return v.showWriting(e, http.StatusUnprocessableEntity, writePage{Form: form})
	case err != nil:
		return err
	case made > 0:
		return web.RedirectWithFlash(e, v.m.MinutesURL(), "minutes.saved_tasks", "n", made)
	}
	return web.RedirectWithFlash(e, v.m.MinutesURL(), "minutes.saved")
}

// saveMinutes saves the text if the stored one is still that which the form was made
// from, and returns how many tasks it made.
func (v *meetingView) saveMinutes(form *web.Form) (made int, err error) {
	err = v.d.InTransaction(func(d *access.Scope) error {
		r, err := v.minutes(d)
		isNew := errors.Is(err, access.ErrRefused)
		if err != nil && !isNew {
			return err
		}
		if isNew {
			if r, err = d.New("minutes"); err != nil {
				return err
			}
			r.Set("meeting", v.m.ID())
		}
		if strconv.Itoa(r.GetInt("revision")) != form.Value("revision") || r.GetString("status") == Final {
			return errOvertaken
		}
		found, err := lines(d.App(), v.m.Record, form.Value("body"))
		if err != nil {
			return err
		}
		made = count(found, fresh)
		r.Set("body", form.Value("body"))
		if isNew {
			return d.Create(r)
		}
		return d.Update(r)
	})
	return made, err
}

func (v *meetingView) showWriting(e *core.RequestEvent, status int, data writePage) error {
	data.Base = web.New(e, "minutes.write_title", "meeting", v.m.Title()).At("programmes").AsForm()
	data.Crumbs = v.crumbs(data.Language)
	data.Meeting = v.m
	return web.Render(e, status, "meetings/write", data)
}

// showConflict puts the stored text beside the typed one. The form now starts
// from the stored revision, so that sending it again keeps what is in it then.
func (v *meetingView) showConflict(e *core.RequestEvent, form *web.Form) error {
	b := web.New(e, "minutes.conflict_title").At("programmes").AsForm()
	b.Crumbs = v.crumbs(b.Language)
	data := conflictPage{Base: b, Meeting: v.m, Form: form, By: lang.T(b.Language, "minutes.somebody")}
	stored, found, err := v.written()
	if err != nil {
		return err
	}
	form.Set("revision", "0")
	if found {
		form.Set("revision", strconv.Itoa(stored.GetInt("revision")))
		data.Theirs, data.Locked = stored.GetString("body"), stored.GetString("status") == Final
		author, err := v.author(stored)
		if err != nil {
			return err
		}
		if author != "" {
			data.By = author
		}
	}
	return web.Render(e, http.StatusConflict, "meetings/conflict", data)
}
