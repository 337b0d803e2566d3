package reminders

import (
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/page"
	"simpul/hooks/programmes"
)

// rulePage is one rule: its sentence to fill in, or to read.
type rulePage struct {
	page.Base
	Programme *programmes.Programme
	Form      *page.Form
	Rule      ruleRow
	// Stored and Own tell a rule of the programme from a new one and from the hub's.
	Stored, Own, May, Active bool
	Now, Hours, OwnDay       bool
	To, Up                   []string // names of the boxes
	Action, Home             string
	// Replaces says that the hub's rules of the kind end with this one.
	Replaces bool
	Outline  *outline
}

// ruleSight is a rule as the reader may see it.
type ruleSight struct {
	p    *programmes.Programme
	d    *access.Door
	rule *Rule
	src  source
}

func (s *ruleSight) home() string { return s.p.URL() + "/reminders" }

// mine reports whether the reader may change the rule: the programme's own, or a new one.
func (s *ruleSight) mine() bool {
	return (s.p.Roles.Initiator || s.d.Super()) && s.rule.GetString("programme") == s.p.ID()
}

// reading views the programme for the team and observers.
func reading(e *core.RequestEvent) (*programmes.Programme, *access.Door, error) {
	p, d, err := programmes.BySlug(e)
	if err == nil && !p.Roles.Team && !p.Roles.Observer && !d.Super() {
		err = access.ErrRefused
	}
	return p, d, err
}

// lookAtRule views the rule that the address names: the programme's, or the hub's.
func lookAtRule(e *core.RequestEvent) (*ruleSight, error) {
	p, d, err := reading(e)
	if err != nil {
		return nil, err
	}
	r, err := d.View("reminder_rules", e.Request.PathValue("id"))
	if err != nil {
		return nil, err
	}
	if of := r.GetString("programme"); of != "" && of != p.ID() {
		return nil, access.ErrRefused
	}
	src, known := sourceFor(r.GetString("kind"))
	if !known {
		return nil, access.ErrRefused
	}
	return &ruleSight{p, d, wrap(r), src}, nil
}

// begin makes an empty rule of a kind in the programme, for its initiators.
func begin(e *core.RequestEvent, kind string) (*ruleSight, error) {
	p, d, err := reading(e)
	if err != nil {
		return nil, err
	}
	if !p.Roles.Initiator && !d.Super() {
		return nil, access.ErrRefused
	}
	r, err := d.New("reminder_rules")
	if err != nil {
		return nil, err
	}
	src, known := sourceFor(kind)
	if kind != "" && !known {
		return nil, lang.Problems{{Field: "kind", Key: "reminder_rules.problem_kind"}}
	}
	r.Set("programme", p.ID())
	r.Set("kind", kind)
	r.Set("active", true)
	return &ruleSight{p, d, wrap(r), src}, nil
}

// ShowRule shows a rule as a sentence: to fill in for initiators, to read for all others.
func ShowRule(e *core.RequestEvent) error {
	s, err := lookAtRule(e)
	if err != nil {
		return err
	}
	form := ruleForm(e, s.src, s.rule)
	s.rule.show(form)
	return s.render(e, http.StatusOK, form, nil)
}

// render shows the page of the rule, with what it would do if that was asked.
func (s *ruleSight) render(e *core.RequestEvent, status int, form *page.Form, o *outline) error {
	b := page.New(e, "reminders.rule").At("programmes").AsForm()
	b.Crumbs = append(s.p.Crumbs(b.Language), page.Crumb{Label: lang.T(b.Language, "reminders.title"), URL: s.home()})
	data := rulePage{Base: b, Programme: s.p, Form: form, Rule: s.row(b.Language), Outline: o, Home: s.home(), Action: s.home(),
		Stored: !s.rule.IsNew(), Own: s.rule.GetString("programme") != "", May: s.mine(), Active: s.rule.GetBool("active"),
		Now: s.src.anchors[0].now, Hours: s.src.anchors[0].hours}
	_, data.OwnDay = s.src.anchor(ownDay)
	if data.Stored {
		data.Action += "/" + s.rule.Id
	}
	for _, word := range s.src.audience {
		data.To = append(data.To, toBox(word))
	}
	for _, word := range s.src.ladder {
		data.Up = append(data.Up, upBox(word))
	}
	if data.May {
		own, err := owns(s.d, s.p, s.rule.Kind())
		if err != nil {
			return err
		}
		data.Replaces = !own
		return page.Render(e, status, "reminders/rule", data)
	}
	data.May = s.p.Roles.Initiator || s.d.Super()
	return page.Render(e, status, "reminders/read", data)
}

func (s *ruleSight) row(language string) ruleRow {
	row := ruleRow{Name: s.rule.GetString("name"), Kind: lang.T(language, "reminder_rules.kind."+s.rule.Kind())}
	if !s.rule.IsNew() {
		row.Sentence = s.rule.Sentence(language)
	}
	return row
}
