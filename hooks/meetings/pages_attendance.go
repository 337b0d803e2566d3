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
	s, err := leading(e)
	if err != nil {
		return err
	}
	return s.showAttendance(e, http.StatusOK, nil)
}

// SaveAttendance keeps the lines of the list that were changed on the page, all
// of them or none.
func SaveAttendance(e *core.RequestEvent) error {
	s, err := leading(e)
	if err != nil {
		return err
	}
	roll, err := s.roll(e)
	if err != nil {
		return err
	}
	if err := roll.form.Read(e); err != nil {
		return err
	}
	if !roll.form.OK() {
		return s.renderAttendance(e, http.StatusUnprocessableEntity, roll, guestForm(e))
	}
	err = s.d.Together(roll.keep)
	if roll.form.Take(err) {
		return s.renderAttendance(e, http.StatusUnprocessableEntity, roll, guestForm(e))
	}
	if err != nil {
		return err
	}
	return web.See(e, s.m.URL(), "attendances.saved")
}

// AddGuest puts somebody on the list who is no stakeholder.
func AddGuest(e *core.RequestEvent) error {
	s, err := leading(e)
	if err != nil {
		return err
	}
	form := guestForm(e)
	if err := form.Read(e); err != nil {
		return err
	}
	if !form.OK() {
		return s.showAttendance(e, http.StatusUnprocessableEntity, form)
	}
	r, err := s.d.New("attendances")
	if err != nil {
		return err
	}
	form.Into(r)
	r.Set("meeting", s.m.ID())
	_, err = s.d.CreateOnce(r)
	if form.Take(err) {
		return s.showAttendance(e, http.StatusUnprocessableEntity, form)
	}
	if err != nil {
		return err
	}
	return web.See(e, s.m.URL()+"/attendances", "attendances.guest_added", "name", r.GetString("name"))
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
func (s *sight) showAttendance(e *core.RequestEvent, status int, guest *web.Form) error {
	roll, err := s.roll(e)
	if err != nil {
		return err
	}
	if guest == nil {
		guest = guestForm(e)
	}
	return s.renderAttendance(e, status, roll.fill(), guest)
}

func (s *sight) renderAttendance(e *core.RequestEvent, status int, roll *roll, guest *web.Form) error {
	if !s.p.Roles.Team {
		return access.ErrRefused
	}
	b := web.New(e, "attendances.title", "meeting", s.m.Title()).At("programmes").AsForm()
	b.Crumbs = s.crumbs(b.Language)
	return web.Render(e, status, "meetings/attendance", attendancePage{
		Base: b, Meeting: s.m, Form: roll.form, Parties: roll.parties(b.Language), Guest: guest,
	})
}
