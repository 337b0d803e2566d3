package meetings

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/programmes"
	"simpul/hooks/roster"
	"simpul/hooks/web"
)

// attendee is one line of an attendance list.
type attendee struct {
	ID          string `db:"id"`
	Stakeholder string `db:"stakeholder"`
	State       string `db:"state"`
	Name        string `db:"name"`
	Position    string `db:"position"`
	Represents  string `db:"represents"`
	// Organisation is the name of the organisation, a guest's own words for it;
	// Office the office of the stakeholder.
	Organisation string `db:"organisation"`
	Office       string `db:"office"`
	// Helix is "" for a guest.
	Helix string `db:"helix"`
}

// Present reports whether the attendee was there or had somebody there.
func (a attendee) Present() bool { return slices.Contains(there, a.State) }

// StateLabel is the state in the reader's words.
func (a attendee) StateLabel(language string) string {
	if a.State == "" {
		return ""
	}
	return lang.T(language, "attendances.state."+a.State)
}

// readableAttendees returns the attendance list as far as the reader may see it: partners
// see the lines of their own organisation.
func readableAttendees(d *access.Scope, meeting string) ([]attendee, error) {
	allowed, err := d.List("attendances", func(q *dbx.SelectQuery) {
		q.Select("attendances.id").AndWhere(dbx.HashExp{"attendances.meeting": meeting}).Limit(1000)
	})
	if err != nil || len(allowed) == 0 {
		return nil, err
	}
	ids := make([]any, len(allowed))
	for i, r := range allowed {
		ids[i] = r.Id
	}
	return attendees(d, meeting, dbx.In("attendances.id", ids...))
}

// allAttendees returns the complete list, for a document that carries it to everybody
// who may read the document.
func allAttendees(d *access.Scope, meeting string) ([]attendee, error) {
	return attendees(d, meeting, nil)
}

func attendees(d *access.Scope, meeting string, narrow dbx.Expression) ([]attendee, error) {
	var all []attendee
	err := d.App().ConcurrentDB().
		Select("attendances.id", "attendances.stakeholder", "attendances.state", "attendances.name", "attendances.position",
			"attendances.represents", "COALESCE(NULLIF(stakeholders.helix, ''), organisations.helix, own.helix, '') AS helix",
			"COALESCE(organisations.name, own.name, attendances.organisation_name) AS organisation",
			"COALESCE(stakeholders.position, '') AS office").
		From("attendances").
		LeftJoin("stakeholders", dbx.NewExp("stakeholders.id = attendances.stakeholder")).
		LeftJoin("organisations", dbx.NewExp("organisations.id = stakeholders.organisation")).
		LeftJoin("contacts", dbx.NewExp("contacts.id = attendances.contact")).
		LeftJoin("organisations own", dbx.NewExp("own.id = contacts.organisation")).
		Where(dbx.HashExp{"attendances.meeting": meeting}).
		AndWhere(narrow).
		All(&all)
	if err != nil {
		return nil, fmt.Errorf("meetings: attendance: %w", err)
	}
	slices.SortFunc(all, func(a, b attendee) int {
		return cmp.Or(
			cmp.Compare(programmes.HelixRank(a.Helix), programmes.HelixRank(b.Helix)),
			cmp.Compare(a.Organisation, b.Organisation), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return all, nil
}

// Party is one of the five parties on an attendance list, or the guests.
type Party struct {
	Helix, Label string
	// Invited is how many stand on the list, Present how many were there.
	Invited, Present int
	Rows             []Seat
}

// Seat is an attendee in the reader's words.
type Seat struct{ Organisation, Who, State, Represents string }

// byHelix puts an attendance list into the reader's words, by helix in the fixed
// order, guests last.
func byHelix(language string, all []attendee) []Party {
	var out []Party
	for _, a := range all {
		if len(out) == 0 || out[len(out)-1].Helix != a.Helix {
			label := programmes.HelixLabel(language, a.Helix)
			out = append(out, Party{Helix: a.Helix, Label: cmp.Or(label, lang.T(language, "attendances.guests"))})
		}
		p := &out[len(out)-1]
		p.Invited++
		if a.Present() {
			p.Present++
		}
		p.Rows = append(p.Rows, Seat{
			Organisation: cmp.Or(a.Organisation, a.Name),
			Who:          a.who(),
			State:        a.StateLabel(language),
			Represents:   a.represents(language),
		})
	}
	return out
}

// who names the person and the office, each once.
func (a attendee) who() string {
	parts := []string{}
	for _, part := range []string{a.Name, cmp.Or(a.Position, a.Office)} {
		if part != "" && part != a.Organisation && !slices.Contains(parts, part) {
			parts = append(parts, part)
		}
	}
	if a.Organisation == "" && len(parts) > 0 {
		parts = parts[1:]
	}
	return strings.Join(parts, ", ")
}

func (a attendee) represents(language string) string {
	if a.Represents == "" {
		return ""
	}
	return lang.T(language, "attendances.on_behalf_of", "whom", a.Represents)
}

// present counts who was there over all parties.
func present(all []Party) int {
	n := 0
	for _, p := range all {
		n += p.Present
	}
	return n
}

// attendanceForm is the attendance list as one form: a line for everybody who
// stands on it and for every stakeholder who could.
type attendanceForm struct {
	meeting string
	lines   []attendanceRow
	form    *web.Form
}

// attendanceRow is one line of it under the name of its controls: the stakeholder's id for
// a stakeholder's first line, so that it means the same line after somebody
// else has listed the stakeholder.
type attendanceRow struct {
	attendee
	key string
}

// partyFields are the lines of one helix as controls.
type partyFields struct {
	Helix, Label string
	Lines        []lineFields
}

// lineFields are the controls of one line. Was carries what the page showed, so
// that only what the writer changed is written.
type lineFields struct {
	Who, Office            string
	State, Name, Was, Then web.Field
}

// attendanceForm reads the list and everybody who is not on it yet.
func (v *meetingView) attendanceForm(e *core.RequestEvent) (*attendanceForm, error) {
	listed, err := readableAttendees(v.d, v.m.ID())
	if err != nil {
		return nil, err
	}
	unlisted, err := v.unlistedStakeholders(listed)
	if err != nil {
		return nil, err
	}
	r := &attendanceForm{meeting: v.m.ID(), lines: sortedRows(append(listed, unlisted...))}
	language := web.Language(e)
	options := []web.Option{{Value: "", Label: lang.T(language, "attendances.not_listed")}}
	for _, code := range attendanceStates {
		options = append(options, web.Option{Value: code, Label: lang.T(language, "attendances.state."+code)})
	}
	inputs := []*web.Input{}
	for _, l := range r.lines {
		inputs = append(inputs,
			web.Choice("state-"+l.key, options).Label("attendances.state"),
			web.Text("name-"+l.key).Label("attendances.name"),
			web.Hidden("was-"+l.key),
			web.Hidden("then-"+l.key))
	}
	r.form = web.NewForm(e, "attendances", inputs...)
	return r, nil
}

// unlistedStakeholders are the stakeholders of today who do not stand on the list.
func (v *meetingView) unlistedStakeholders(listed []attendee) (all []attendee, err error) {
	current, _, err := roster.ListStakeholders(v.d, v.p)
	for _, s := range current {
		if !slices.ContainsFunc(listed, func(l attendee) bool { return l.Stakeholder == s.ID }) {
			all = append(all, attendee{Stakeholder: s.ID, Organisation: s.Name, Office: s.Position, Helix: s.Helix})
		}
	}
	return all, err
}

// sortedRows sorts lines as the page shows them and names their controls.
func sortedRows(all []attendee) []attendanceRow {
	slices.SortStableFunc(all, func(a, b attendee) int {
		return cmp.Or(
			cmp.Compare(programmes.HelixRank(a.Helix), programmes.HelixRank(b.Helix)),
			cmp.Compare(a.Organisation, b.Organisation))
	})
	taken := map[string]bool{}
	out := make([]attendanceRow, 0, len(all))
	for _, a := range all {
		l := attendanceRow{attendee: a, key: a.Stakeholder}
		if l.key == "" || taken[l.key] {
			l.key = a.ID
		}
		taken[l.key] = true
		out = append(out, l)
	}
	return out
}

// fill puts what is stored into the form.
func (r *attendanceForm) fill() *attendanceForm {
	for _, l := range r.lines {
		r.form.Set("state-"+l.key, l.State).Set("was-"+l.key, l.State)
		r.form.Set("name-"+l.key, l.Name).Set("then-"+l.key, l.Name)
	}
	return r
}

// parties are the controls under the names of the helices, guests last.
func (r *attendanceForm) parties(language string) []partyFields {
	var out []partyFields
	for _, l := range r.lines {
		if len(out) == 0 || out[len(out)-1].Helix != l.Helix {
			label := programmes.HelixLabel(language, l.Helix)
			out = append(out, partyFields{Helix: l.Helix, Label: cmp.Or(label, lang.T(language, "attendances.guests"))})
		}
		p := &out[len(out)-1]
		p.Lines = append(p.Lines, r.fields(l))
	}
	return out
}

// fields are the controls of one line. Most lines stay empty, so none says that
// it may.
func (r *attendanceForm) fields(l attendanceRow) lineFields {
	f := lineFields{
		Who:    cmp.Or(l.Organisation, l.Name),
		Office: l.Office,
		State:  r.form.Field("state-" + l.key),
		Name:   r.form.Field("name-" + l.key),
		Was:    r.form.Field("was-" + l.key),
		Then:   r.form.Field("then-" + l.key),
	}
	f.State.Optional, f.Name.Optional = false, false
	return f
}

// save writes the lines that the page changed, through the scope.
func (r *attendanceForm) save(d *access.Scope) error {
	for _, l := range r.lines {
		state, name := r.form.Value("state-"+l.key), r.form.Value("name-"+l.key)
		same := state == r.form.Value("was-"+l.key) && name == r.form.Value("then-"+l.key)
		if same {
			continue
		}
		if err := r.saveRow(d, l, state, name); err != nil {
			return err
		}
	}
	return nil
}

// saveRow keeps one line: a stakeholder who is to be listed gets one, and a line
// without a state goes.
func (r *attendanceForm) saveRow(d *access.Scope, l attendanceRow, state, name string) error {
	record, err := r.record(d, l)
	switch {
	case err != nil:
		return err
	case l.ID == "" && state == "":
		return nil
	case state == "":
		return d.Delete(record)
	}
	record.Set("state", state)
	record.Set("name", name)
	if l.ID == "" {
		return d.Create(record)
	}
	return d.Update(record)
}

func (r *attendanceForm) record(d *access.Scope, l attendanceRow) (*core.Record, error) {
	if l.ID != "" {
		return d.View("attendances", l.ID)
	}
	record, err := d.New("attendances")
	if err != nil {
		return nil, err
	}
	record.Set("meeting", r.meeting)
	record.Set("stakeholder", l.Stakeholder)
	return record, nil
}
