package meetings

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/programmes"
	"simpul/hooks/web"
)

// roll is the attendance list as one form: a line for everybody who stands on
// it and for every stakeholder who could.
type roll struct {
	meeting string
	lines   []entry
	form    *web.Form
}

// entry is one line of it under the name of its controls: the stakeholder's id for
// a stakeholder's first line, so that it means the same line after somebody
// else has listed the stakeholder.
type entry struct {
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

// roll reads the list and everybody who is not on it yet.
func (s *sight) roll(e *core.RequestEvent) (*roll, error) {
	listed, err := readable(s.d, s.m.ID())
	if err != nil {
		return nil, err
	}
	unlisted, err := s.unlisted(listed)
	if err != nil {
		return nil, err
	}
	r := &roll{meeting: s.m.ID(), lines: keyed(append(listed, unlisted...))}
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

// unlisted are the stakeholders of today who do not stand on the list.
func (s *sight) unlisted(listed []attendee) ([]attendee, error) {
	q, err := s.d.Within(s.p.Record, "stakeholders")
	if err != nil {
		return nil, err
	}
	var all []attendee
	err = q.Select("stakeholders.id AS stakeholder", "organisations.name AS organisation", "stakeholders.position AS office", helix+" AS helix").
		InnerJoin("organisations", dbx.NewExp("organisations.id = stakeholders.organisation")).
		AndWhere(dbx.NewExp("(stakeholders.ended_on = '' OR stakeholders.ended_on > {:today})",
			dbx.Params{"today": clock.Today(s.p.Zone())})).
		All(&all)
	if err != nil {
		return nil, fmt.Errorf("meetings: unlisted: %w", err)
	}
	return slices.DeleteFunc(all, func(a attendee) bool {
		return slices.ContainsFunc(listed, func(l attendee) bool { return l.Stakeholder == a.Stakeholder })
	}), nil
}

// keyed sorts lines as the page shows them and names their controls.
func keyed(all []attendee) []entry {
	slices.SortStableFunc(all, func(a, b attendee) int {
		return cmp.Or(
			cmp.Compare(programmes.HelixRank(a.Helix), programmes.HelixRank(b.Helix)),
			cmp.Compare(a.Organisation, b.Organisation))
	})
	taken := map[string]bool{}
	out := make([]entry, 0, len(all))
	for _, a := range all {
		l := entry{attendee: a, key: a.Stakeholder}
		if l.key == "" || taken[l.key] {
			l.key = a.ID
		}
		taken[l.key] = true
		out = append(out, l)
	}
	return out
}

// fill puts what is stored into the form.
func (r *roll) fill() *roll {
	for _, l := range r.lines {
		r.form.Set("state-"+l.key, l.State).Set("was-"+l.key, l.State)
		r.form.Set("name-"+l.key, l.Name).Set("then-"+l.key, l.Name)
	}
	return r
}

// parties are the controls under the names of the helices, guests last.
func (r *roll) parties(language string) []partyFields {
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
func (r *roll) fields(l entry) lineFields {
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

// keep writes the lines that the page changed, through the door.
func (r *roll) keep(d *access.Door) error {
	for _, l := range r.lines {
		state, name := r.form.Value("state-"+l.key), r.form.Value("name-"+l.key)
		same := state == r.form.Value("was-"+l.key) && name == r.form.Value("then-"+l.key)
		if same {
			continue
		}
		if err := r.write(d, l, state, name); err != nil {
			return err
		}
	}
	return nil
}

// write keeps one line: a stakeholder who is to be listed gets one, and a line
// without a state goes.
func (r *roll) write(d *access.Door, l entry, state, name string) error {
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

func (r *roll) record(d *access.Door, l entry) (*core.Record, error) {
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
