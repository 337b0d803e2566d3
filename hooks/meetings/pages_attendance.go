package meetings

import (
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/web"
)

// attendancePage is the list of who was invited and who came, to be filled in.
type attendancePage struct {
	web.Base
	Meeting *Meeting
	Form    *web.Form
	Parties []partyFields
	Guest   *web.Form
}

// Attendance shows the attendance list to the team.
func Attendance(e *core.RequestEvent) error {
	v, err := loadForTeam(e)
	if err != nil {
		return err
	}
	return v.showAttendance(e, http.StatusOK, nil)
}

// SaveAttendance keeps the lines of the list that were changed on the page, all
// of them or none.
func SaveAttendance(e *core.RequestEvent) error {
	v, err := loadForTeam(e)
	if err != nil {
		return err
	}
	list, err := v.attendanceForm(e)
	if err != nil {
		return err
	}
	if err := list.form.Read(e); err != nil {
		return err
	}
	if !list.form.OK() {
		return v.renderAttendance(e, http.StatusUnprocessableEntity, list, guestForm(e))
	}
	err = v.d.InTransaction(list.save)
	if list.form.AddErrors(err) {
		return v.renderAttendance(e, http.StatusUnprocessableEntity, list, guestForm(e))
	}
	if err != nil {
		return err
	}
	return web.RedirectWithFlash(e, v.m.URL(), "attendances.saved")
}

// AddGuest puts somebody on the list who is no stakeholder.
func AddGuest(e *core.RequestEvent) error {
	v, err := loadForTeam(e)
	if err != nil {
		return err
	}
	r, err := v.d.New("attendances")
	if err != nil {
		return err
	}
	r.Set("meeting", v.m.ID())
	return web.Submit(&web.CRUD{Event: e, Record: r,
		Form: func(bool) (*web.Form, error) { return guestForm(e), nil },
		Show: func(status int, form *web.Form) error { return v.showAttendance(e, status, form) },
		Saved: func(r *core.Record) error {
			return web.RedirectWithFlash(e, v.m.URL()+"/attendances", "attendances.guest_added", "name", r.GetString("name"))
		},
	}, nil)
}

// guestForm asks for a guest.
func guestForm(e *core.RequestEvent) *web.Form {
	return web.NewForm(e, "attendances",
		web.Text("name").Need(),
		web.Text("position"),
		web.Text("organisation_name"),
		web.Codes("state", attendanceStates...).Need(),
		web.Hidden("once"),
	).Set("state", there[0])
}

// showAttendance shows the stored list; guest is the guest's form if it was
// sent, else nil.
func (v *meetingView) showAttendance(e *core.RequestEvent, status int, guest *web.Form) error {
	list, err := v.attendanceForm(e)
	if err != nil {
		return err
	}
	if guest == nil {
		guest = guestForm(e)
	}
	return v.renderAttendance(e, status, list.fill(), guest)
}

func (v *meetingView) renderAttendance(e *core.RequestEvent, status int, list *attendanceForm, guest *web.Form) error {
	if !v.p.Roles.Team {
		return access.ErrRefused
	}
	b := web.New(e, "attendances.title", "meeting", v.m.Title()).At("programmes").AsForm()
	b.Crumbs = v.crumbs(b.Language)
	return web.Render(e, status, "meetings/attendance", attendancePage{
		Base: b, Meeting: v.m, Form: list.form, Parties: list.parties(b.Language), Guest: guest,
	})
}
