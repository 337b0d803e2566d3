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
	s, err := leading(e)
	if err != nil {
		return err
	}
	r, found, err := s.written()
	if err != nil {
		return err
	}
	form := minutesForm(e)
	switch {
	case !found:
		form.Set("body", skeleton(s.m, web.Language(e))).Set("revision", "0")
	case r.GetString("status") == Final:
		return web.See(e, s.m.MinutesURL(), "")
	default:
		form.From(r)
	}
	return s.showWriting(e, http.StatusOK, writePage{Form: form})
}

// typing views the meeting for its team, with what was typed as its minutes.
func typing(e *core.RequestEvent) (*sight, *web.Form, error) {
	s, err := leading(e)
	if err != nil {
		return nil, nil, err
	}
	form := minutesForm(e)
	return s, form, form.Read(e)
}

// PreviewMinutes shows how a text would look and what saving it would make, and
// changes nothing.
func PreviewMinutes(e *core.RequestEvent) error {
	s, form, err := typing(e)
	if err != nil {
		return err
	}
	if !form.OK() {
		return s.showWriting(e, http.StatusUnprocessableEntity, writePage{Form: form})
	}
	foreseen, err := foresee(s.d.App(), s.m.Record, form.Value("body"), web.Language(e))
	if err != nil {
		return err
	}
	return s.showWriting(e, http.StatusOK, writePage{Form: form, Preview: foreseen})
}

// SaveMinutes keeps the text of the minutes, unless somebody else saved
// meanwhile: then both texts are shown and nothing is lost.
func SaveMinutes(e *core.RequestEvent) error {
	s, form, err := typing(e)
	if err != nil {
		return err
	}
	if !form.OK() {
		return s.showWriting(e, http.StatusUnprocessableEntity, writePage{Form: form})
	}
	made, err := s.keep(form)
	switch {
	case errors.Is(err, errOvertaken):
		return s.showConflict(e, form)
	case form.Take(err):
		return s.showWriting(e, http.StatusUnprocessableEntity, writePage{Form: form})
	case err != nil:
		return err
	case made > 0:
		return web.See(e, s.m.MinutesURL(), "minutes.saved_tasks", "n", made)
	}
	return web.See(e, s.m.MinutesURL(), "minutes.saved")
}

// keep saves the text if the stored one is still that which the form was made
// from, and returns how many tasks it made.
func (s *sight) keep(form *web.Form) (made int, err error) {
	err = s.d.Together(func(d *access.Door) error {
		r, err := s.minutes(d)
		isNew := errors.Is(err, access.ErrRefused)
		if err != nil && !isNew {
			return err
		}
		if isNew {
			if r, err = d.New("minutes"); err != nil {
				return err
			}
			r.Set("meeting", s.m.ID())
		}
		if strconv.Itoa(r.GetInt("revision")) != form.Value("revision") || r.GetString("status") == Final {
			return errOvertaken
		}
		found, err := lines(d.App(), s.m.Record, form.Value("body"))
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

func (s *sight) showWriting(e *core.RequestEvent, status int, data writePage) error {
	data.Base = web.New(e, "minutes.write_title", "meeting", s.m.Title()).At("programmes").AsForm()
	data.Crumbs = s.crumbs(data.Language)
	data.Meeting = s.m
	return web.Render(e, status, "meetings/write", data)
}

// showConflict puts the stored text beside the typed one. The form now starts
// from the stored revision, so that sending it again keeps what is in it then.
func (s *sight) showConflict(e *core.RequestEvent, form *web.Form) error {
	b := web.New(e, "minutes.conflict_title").At("programmes").AsForm()
	b.Crumbs = s.crumbs(b.Language)
	data := conflictPage{Base: b, Meeting: s.m, Form: form, By: lang.T(b.Language, "minutes.somebody")}
	stored, found, err := s.written()
	if err != nil {
		return err
	}
	form.Set("revision", "0")
	if found {
		form.Set("revision", strconv.Itoa(stored.GetInt("revision")))
		data.Theirs, data.Locked = stored.GetString("body"), stored.GetString("status") == Final
		author, err := s.author(stored)
		if err != nil {
			return err
		}
		if author != "" {
			data.By = author
		}
	}
	return web.Render(e, http.StatusConflict, "meetings/conflict", data)
}
