package meetings

import (
	"errors"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/markdown"
	"simpul/hooks/tasks"
	"simpul/hooks/web"
)

// minutesPage is the minutes of a meeting, to be read and to be printed.
type minutesPage struct {
	web.Base
	Meeting *Meeting
	Head    letterhead
	Badges  []web.Badge
	Facts   []web.Fact
	Body    template.HTML
	// Decided are the decisions, Followed what is to be done with its state.
	Decided   []decision
	Followed  []taskLine
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

// taskLine is one task in the table of what is to be done.
type taskLine struct{ What, Who, Due, State, URL string }

// ReadMinutes shows the minutes of a meeting. The team is led to write them
// where there are none; for others there is nothing to see before the minutes
// are circulated.
func ReadMinutes(e *core.RequestEvent) error {
	v, err := loadMeeting(e)
	if err != nil {
		return err
	}
	r, found, err := v.written()
	switch {
	case err != nil:
		return err
	case !found && v.p.Roles.Team:
		return web.RedirectWithFlash(e, v.m.MinutesURL()+"/edit", "")
	case !found:
		return access.ErrRefused
	}
	b := web.New(e, "minutes.read_title", "meeting", v.m.Title()).At("programmes")
	b.Crumbs = v.crumbs(b.Language)
	status := r.GetString("status")
	data := minutesPage{
		Base:      b,
		Meeting:   v.m,
		Badges:    []web.Badge{*minutesBadge(b.Language, status)},
		Body:      web.Rich(r, "body_html"),
		Partners:  v.p.URL() + "/stakeholders",
		MayWrite:  v.d.Can(access.MayWriteUp, r),
		Circulate: v.d.Can(access.MayCirculate, r),
		Finalise:  status != Final && v.d.Can(access.MayFinalise, r),
	}
	if err := data.load(v, r); err != nil {
		return err
	}
	return web.Render(e, http.StatusOK, "meetings/minutes", data)
}

// load reads what stands beside the text.
func (data *minutesPage) load(v *meetingView, r *core.Record) (err error) {
	if data.Head, err = v.letterhead(data.Language); err != nil {
		return err
	}
	if data.Facts, err = v.facts(data.Language); err != nil {
		return err
	}
	list, err := allAttendees(v.d, v.m.ID())
	if err != nil {
		return err
	}
	if len(list) > 0 {
		data.Facts = append(data.Facts, web.Fact{Label: lang.T(data.Language, "minutes.attendees"), Value: attendanceSummary(data.Language, list)})
	}
	if data.Decided, err = v.decisions(data.Language); err != nil {
		return err
	}
	if err := data.loadTasks(v); err != nil {
		return err
	}
	if data.Signers, err = v.signers(data.Language); err != nil || !v.p.Roles.Team {
		return err
	}
	found, err := lines(v.d.App(), v.m.Record, r.GetString("body"))
	data.Staying = notes(data.Language, slices.DeleteFunc(found, func(l Line) bool { return !l.Stays() }))
	return err
}

// loadTasks fills the table of what is to be done.
func (data *minutesPage) loadTasks(v *meetingView) error {
	raised, err := tasks.OfMeeting(v.d, v.p, v.m.ID())
	if err != nil {
		return err
	}
	for _, row := range tasks.Rows(v.d, data.Language, raised) {
		data.Followed = append(data.Followed, taskLine{
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
func stepTo(e *core.RequestEvent, status string, take func(*access.Scope, string) (*core.Record, error)) error {
	v, err := loadForTeam(e)
	if err != nil {
		return err
	}
	r, err := v.minutes(v.d)
	if err != nil {
		return err
	}
	if r.GetString("status") != status {
		if _, err := take(v.d, r.Id); err != nil {
			return err
		}
	}
	return web.RedirectWithFlash(e, v.m.MinutesURL(), "minutes.now_"+status)
}

// letterhead is that of the programme's owner, dated where and when people met.
func (v *meetingView) letterhead(language string) (letterhead, error) {
	head := letterhead{
		Programme: v.p.Name(),
		Place:     v.p.GetString("regency"),
		Day:       lang.DayDate(language, v.m.Hours().Day()),
	}
	owner, err := v.d.View("organisations", v.p.GetString("owner"))
	if errors.Is(err, access.ErrRefused) {
		return head, nil
	}
	if err != nil {
		return head, err
	}
	head.Owner = owner.GetString("name")
	reached := []string{}
	for _, field := range []string{"phone", "email", "website"} {
		if value := owner.GetString(field); value != "" {
			reached = append(reached, value)
		}
	}
	for _, line := range []string{owner.GetString("address"), strings.Join(reached, " · ")} {
		if line != "" {
			head.Lines = append(head.Lines, line)
		}
	}
	return head, nil
}

// signers are who chairs and who writes, with room for a name where none is known.
func (v *meetingView) signers(language string) ([]signer, error) {
	out := []signer{}
	for _, field := range []string{"chair", "taken_by"} {
		o, err := v.officer(field)
		if err != nil {
			return nil, err
		}
		out = append(out, signer{Role: lang.T(language, "meetings."+field), Name: o.Name, Position: o.Position})
	}
	return out, nil
}

// attendanceSummary says how many were there, by helix: "12 orang: Pemerintah 8, Komunitas 4".
func attendanceSummary(language string, list []attendee) string {
	parties := byHelix(language, list)
	parts := []string{}
	for _, p := range parties {
		if p.Present > 0 {
			parts = append(parts, p.Label+" "+lang.Number(language, float64(p.Present)))
		}
	}
	sentence := lang.T(language, "attendances.present", "n", present(parties))
	if len(parts) > 0 {
		sentence += ": " + strings.Join(parts, ", ")
	}
	return sentence
}

// note is an action line as the writer sees it.
type note struct {
	What, Helix, Who, Due string
	// Badge says what the line is or will be; Problem why it stays text.
	Badge   web.Badge
	Problem string
	URL     string
}

// preview is what saving a text would do. It is worked out without changing anything.
type preview struct {
	HTML      template.HTML
	Notes     []note
	Decisions []string
	// Fresh is how many tasks saving would make.
	Fresh int
}

// newPreview works out a preview of a text that is not too long.
func newPreview(app core.App, meeting *core.Record, body, language string) (*preview, error) {
	html, err := markdown.HTML(body)
	if err != nil {
		return nil, err
	}
	found, err := lines(app, meeting, body)
	if err != nil {
		return nil, err
	}
	p := &preview{HTML: template.HTML(html), Notes: notes(language, found), Fresh: count(found, fresh)}
	for _, d := range markdown.Decisions(body) {
		if utf8.RuneCountInString(d.Text) > decisionMax {
			p.Notes = append(p.Notes, remainsText(language, note{What: d.Text}, lang.T(language, "minutes.why_long", "max", decisionMax)))
			continue
		}
		p.Decisions = append(p.Decisions, d.Text)
	}
	return p, nil
}

// notes puts action lines into the reader's words.
func notes(language string, found []Line) []note {
	out := make([]note, 0, len(found))
	for _, l := range found {
		n := note{What: l.What, Helix: l.Helix, Who: l.Name}
		if n.Who == "" {
			n.Who = l.Who
		}
		if l.DueOn != "" {
			n.Due = lang.Day(language, l.DueOn)
		}
		switch {
		case l.Fate == raised:
			n.Badge = web.Badge{Text: lang.T(language, "minutes.line_raised"), Kind: "ok", Icon: "tick"}
			n.URL = "/tasks/" + l.Task
		case l.Fate == fresh && l.Done:
			n.Badge = web.Badge{Text: lang.T(language, "minutes.line_fresh_done"), Icon: "plus"}
		case l.Fate == fresh:
			n.Badge = web.Badge{Text: lang.T(language, "minutes.line_fresh"), Icon: "plus"}
		default:
			n = remainsText(language, n, lang.T(language, "minutes.why_"+l.Fate, "who", l.Who, "max", titleMax))
		}
		out = append(out, n)
	}
	return out
}

// remainsText marks a line that remains text, and says why.
func remainsText(language string, n note, why string) note {
	n.Badge = web.Badge{Text: lang.T(language, "minutes.line_stays"), Kind: "warn", Icon: "warning"}
	n.Problem = why
	return n
}

// minutesTemplate is what new minutes begin with. Its example line names nobody, so
// that it never becomes a task.
func minutesTemplate(m *Meeting, language string) string {
	return lang.T(language, "minutes.skeleton", "due", lang.DayShort(language, clock.AddDays(m.Hours().Day(), exampleDays)))
}

// exampleDays is how many days after the meeting the example line is due.
const exampleDays = 14

// author is the name of who saved the present text of minutes, "" if unknown to
// the reader.
func (v *meetingView) author(minutes *core.Record) (string, error) {
	found, err := v.d.List("minutes_revisions", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.HashExp{
			"minutes_revisions.minutes":  minutes.Id,
			"minutes_revisions.revision": minutes.GetInt("revision"),
		}).Limit(1)
	})
	if err != nil || len(found) == 0 {
		return "", err
	}
	if err := v.d.With(found, "author"); err != nil {
		return "", err
	}
	if author := found[0].ExpandedOne("author"); author != nil {
		return author.GetString("name"), nil
	}
	return "", nil
}
