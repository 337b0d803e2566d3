package meetings

import (
	"html/template"
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/tasks"
	"simpul/hooks/web"
)

// minutesPage is the minutes of a meeting, to be read and to be printed.
type minutesPage struct {
	web.Base
	Meeting *Meeting
	Head    letterhead
	Badges  []Badge
	Facts   []fact
	Body    template.HTML
	// Decided are the decisions, Followed what is to be done with its state.
	Decided   []decision
	Followed  []followed
	Staying   []note
	Partners  string
	MayWrite  bool
	Circulate bool
	Finalise  bool
	Signers   []signer
}

// letterhead is who issues the paper.
type letterhead struct {
	Owner, Programme, Place, Day string
	Lines                        []string
}

type signer struct{ Role, Name, Position string }

// followed is one task in the table of what is to be done.
type followed struct{ What, Who, Due, State, URL string }

// ReadMinutes shows the minutes of a meeting. The team is led to write them
// where there are none; for others there is nothing to see before the minutes
// are circulated.
func ReadMinutes(e *core.RequestEvent) error {
	s, err := look(e)
	if err != nil {
		return err
	}
	r, found, err := s.written()
	switch {
	case err != nil:
		return err
	case !found && s.p.Roles.Team:
		return web.See(e, s.m.MinutesURL()+"/edit", "")
	case !found:
		return access.ErrRefused
	}
	b := web.New(e, "minutes.read_title", "meeting", s.m.Title()).At("programmes")
	b.Crumbs = s.crumbs(b.Language)
	status := r.GetString("status")
	data := minutesPage{
		Base:      b,
		Meeting:   s.m,
		Badges:    []Badge{*minutesBadge(b.Language, status)},
		Body:      web.Rich(r, "body_html"),
		Partners:  s.p.URL() + "/stakeholders",
		MayWrite:  s.d.May(access.MayWriteUp, r),
		Circulate: s.d.May(access.MayCirculate, r),
		Finalise:  status != Final && s.d.May(access.MayFinalise, r),
	}
	if err := data.gather(s, r); err != nil {
		return err
	}
	return web.Render(e, http.StatusOK, "meetings/minutes", data)
}

// gather reads what stands beside the text.
func (data *minutesPage) gather(s *sight, r *core.Record) (err error) {
	if data.Head, err = s.letterhead(data.Language); err != nil {
		return err
	}
	if data.Facts, err = s.facts(data.Language); err != nil {
		return err
	}
	list, err := whole(s.d, s.m.ID())
	if err != nil {
		return err
	}
	if len(list) > 0 {
		data.Facts = append(data.Facts, fact{Label: lang.T(data.Language, "minutes.attendees"), Value: counted(data.Language, list)})
	}
	if data.Decided, err = s.decisions(data.Language); err != nil {
		return err
	}
	if err := data.follow(s); err != nil {
		return err
	}
	if data.Signers, err = s.signers(data.Language); err != nil || !s.p.Roles.Team {
		return err
	}
	found, err := lines(s.d.App(), s.m.Record, r.GetString("body"))
	data.Staying = notes(data.Language, staying(found))
	return err
}

// follow fills the table of what is to be done.
func (data *minutesPage) follow(s *sight) error {
	raised, err := tasks.OfMeeting(s.d, s.p, s.m.ID())
	if err != nil {
		return err
	}
	for _, row := range tasks.Rows(s.d, data.Language, raised) {
		data.Followed = append(data.Followed, followed{
			What: row.Title, Who: row.Organisation, Due: row.DueLabel, State: row.StateLabel, URL: row.URL,
		})
	}
	return nil
}

// CirculateMinutes lets the partners read the minutes.
func CirculateMinutes(e *core.RequestEvent) error { return stepTo(e, Circulated, Circulate) }

// FinaliseMinutes makes the minutes final.
func FinaliseMinutes(e *core.RequestEvent) error { return stepTo(e, Final, Finalise) }

// stepTo takes the minutes one step further. Minutes that are there already,
// because the button was pressed twice, are no mistake.
func stepTo(e *core.RequestEvent, status string, take func(*access.Door, string) (*core.Record, error)) error {
	s, err := leading(e)
	if err != nil {
		return err
	}
	r, err := s.minutes(s.d)
	if err != nil {
		return err
	}
	if r.GetString("status") != status {
		if _, err := take(s.d, r.Id); err != nil {
			return err
		}
	}
	return web.See(e, s.m.MinutesURL(), "minutes.now_"+status)
}
