package meetings

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/markdown"
	"simpul/hooks/notify/smtp"
)

// Normalize holds for every save of a meeting, whichever way it comes: it fills
// what nobody has to type, refuses what cannot be, and keeps what calendars ask for.
func Normalize(e *core.RecordEvent) error {
	r := e.Record
	if err := setDefaults(e.App, r); err != nil {
		return err
	}
	if err := validate(e.App, r); err != nil {
		return err
	}
	countSequence(e.App, r)
	return e.Next()
}

// setDefaults sets the defaults; the zone is the programme's unless another was chosen.
func setDefaults(app core.App, r *core.Record) error {
	access.SetDefault(r, "status", Scheduled)
	access.SetDefault(r, "kind", kinds[0])
	if link := strings.TrimSpace(r.GetString("link")); link != "" && !strings.Contains(link, ":") {
		r.Set("link", "https://"+link)
	}
	access.SetDefault(r, "mode", modeOf(r))
	if r.GetString("time_zone") != "" {
		return nil
	}
	zone, err := programmeZone(app, r.GetString("programme"))
	r.Set("time_zone", zone)
	return err
}

// modeOf guesses the way of meeting from what is given.
func modeOf(r *core.Record) string {
	switch {
	case r.GetString("link") == "":
		return inPerson
	case r.GetString("place") == "":
		return online
	}
	return hybrid
}

func programmeZone(app core.App, programme string) (string, error) {
	var p struct {
		Zone     string `db:"time_zone"`
		Province string `db:"province"`
	}
	err := app.DB().Select("time_zone", "province").From("programmes").Where(dbx.HashExp{"id": programme}).One(&p)
	if errors.Is(err, sql.ErrNoRows) {
		return clock.Western, nil // the field itself refuses a programme that is not there
	}
	if err != nil {
		return "", fmt.Errorf("meetings: zone: %w", err)
	}
	if p.Zone != "" {
		return p.Zone, nil
	}
	return clock.ZoneOfProvince(p.Province), nil
}

// validate refuses what no meeting may be.
func validate(app core.App, r *core.Record) error {
	from, to := r.GetDateTime("starts_at"), r.GetDateTime("ends_at")
	link := r.GetString("link")
	switch {
	case !from.IsZero() && !to.IsZero() && !to.After(from):
		return access.Invalid("ends_at", "meetings.problem_end")
	case link != "" && !strings.HasPrefix(link, "http://") && !strings.HasPrefix(link, "https://"):
		return access.Invalid("link", "problem.not_a_link")
	case link != "" && r.GetString("mode") == inPerson:
		return access.Invalid("link", "meetings.problem_link")
	case utf8.RuneCountInString(r.GetString("agenda")) > markdown.MaxLength:
		return access.Invalid("agenda", "problem.too_long", "n", markdown.MaxLength)
	}
	return meetingLinks.Check(app, r, dbx.Params{})
}

// countSequence gives a meeting its identity in calendars once and for ever, and
// counts how often its time or place changed or it was called off; what else
// changes is no news there.
func countSequence(app core.App, r *core.Record) {
	was := r.Original()
	if r.IsNew() {
		r.Set("sequence", 0)
		access.SetDefault(r, "uid", security.RandomStringWithAlphabet(26, core.DefaultIdAlphabet)+"@"+smtp.Domain(app.Settings().Meta))
		return
	}
	if was.GetString("uid") != "" {
		r.Set("uid", was.GetString("uid"))
	}
	sequence := was.GetInt("sequence")
	if Wrap(r).Called() != Wrap(was).Called() || slices.ContainsFunc(scheduled, func(field string) bool { return access.Changed(r, field) }) {
		sequence++
	}
	r.Set("sequence", sequence)
}

// scheduled are the fields that calendars keep of a meeting.
var scheduled = []string{"starts_at", "ends_at", "time_zone", "mode", "place", "link"}

// The states of an attendance in which somebody was there.
var there = []string{"present_in_person", "present_online", "represented"}

var attendanceStates = []string{"invited", "confirmed", "present_in_person", "present_online", "represented", "excused", "absent"}

// sameRow finds another line of the list that says the same.
const sameRow = `SELECT 1 FROM attendances WHERE meeting = {:meeting} AND stakeholder = {:stakeholder}
	AND contact = {:contact} AND name = {:name} AND id != {:id}`

// NormalizeAttendance holds for every line of an attendance list: it is about a
// stakeholder of the meeting's programme or a guest with a name, and stands once.
func NormalizeAttendance(e *core.RecordEvent) error {
	r := e.Record
	access.SetDefault(r, "state", attendanceStates[0])
	r.Set("name", strings.Join(strings.Fields(r.GetString("name")), " "))
	guest := r.GetString("stakeholder") == "" && r.GetString("contact") == ""
	// A list keeps its lines when a contact goes; only who writes one must name somebody.
	if guest && r.GetString("name") == "" && (r.IsNew() || access.Actor(r) != nil) {
		return access.Invalid("name", "problem.needed")
	}
	if err := attendanceLinks.Check(e.App, r, dbx.Params{"stakeholder": r.GetString("stakeholder")}); err != nil {
		return err
	}
	again, err := access.Exists(e.App, sameRow, dbx.Params{
		"meeting": r.GetString("meeting"), "stakeholder": r.GetString("stakeholder"),
		"contact": r.GetString("contact"), "name": r.GetString("name"), "id": r.Id,
	})
	if err != nil {
		return err
	}
	if again {
		return access.Invalid("name", "problem.already_there")
	}
	return e.Next()
}

// NormalizeDecision holds for every decision: it stands until something else is said.
func NormalizeDecision(e *core.RecordEvent) error {
	r := e.Record
	access.SetDefault(r, "state", "standing")
	if err := decisionLinks.Check(e.App, r, dbx.Params{}); err != nil {
		return err
	}
	return e.Next()
}

const contactInProgramme = `SELECT 1 FROM contacts c JOIN stakeholders s ON s.organisation = c.organisation
	WHERE c.id = {:it} AND s.programme = {:anchor}`

var (
	meetingLinks = access.Links{Anchor: "programme", Fields: []access.Link{
		{Field: "chair", Query: contactInProgramme},
		{Field: "taken_by", Query: contactInProgramme},
		access.SameProgramme("series", "meetings"),
	}}
	attendanceLinks = access.Links{Anchor: "meeting", Fields: []access.Link{
		{Field: "stakeholder", Query: `SELECT 1 FROM stakeholders s JOIN meetings m ON m.programme = s.programme
			WHERE s.id = {:it} AND m.id = {:anchor}`},
		{Field: "contact", Query: `SELECT 1 FROM contacts c JOIN stakeholders s ON s.organisation = c.organisation
			JOIN meetings m ON m.programme = s.programme
			WHERE c.id = {:it} AND m.id = {:anchor} AND ({:stakeholder} = '' OR s.id = {:stakeholder})`},
	}}
	decisionLinks = access.Links{Anchor: "meeting", Fields: []access.Link{
		{Field: "superseded_by", Query: `SELECT 1 FROM decisions d JOIN meetings there ON there.id = d.meeting
			JOIN meetings here ON here.programme = there.programme WHERE d.id = {:it} AND here.id = {:anchor}`},
	}}
)
