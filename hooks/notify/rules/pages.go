package rules

import (
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/notify/reminders"
	"simpul/hooks/programmes"
	"simpul/hooks/web"
)

// rulePage is one rule: its sentence to fill in, or to read.
type rulePage struct {
	web.Base
	Programme *programmes.Programme
	Form      *web.Form
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
	d    *access.Scope
	rule *reminders.Rule
	src  reminders.Source
}

func (s *ruleSight) home() string { return s.p.URL() + "/reminders" }

// mine reports whether the reader may change the rule: the programme's own, or a new one.
func (s *ruleSight) mine() bool {
	return (s.p.Roles.Initiator || s.d.Super()) && s.rule.GetString("programme") == s.p.ID()
}

// reading views the programme for the team and observers.
func reading(e *core.RequestEvent) (*programmes.Programme, *access.Scope, error) {
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
	src, known := reminders.SourceFor(r.GetString("kind"))
	if !known {
		return nil, access.ErrRefused
	}
	return &ruleSight{p, d, reminders.Wrap(r), src}, nil
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
	src, known := reminders.SourceFor(kind)
	if kind != "" && !known {
		return nil, lang.Problems{{Field: "kind", Key: "reminder_rules.problem_kind"}}
	}
	r.Set("programme", p.ID())
	r.Set("kind", kind)
	r.Set("active", true)
	return &ruleSight{p, d, reminders.Wrap(r), src}, nil
}

// ShowRule shows a rule as a sentence: to fill in for initiators, to read for all others.
func ShowRule(e *core.RequestEvent) error {
	s, err := lookAtRule(e)
	if err != nil {
		return err
	}
	form := ruleForm(e, s.src, s.rule)
	show(s.rule, form)
	return s.render(e, http.StatusOK, form, nil)
}

// render shows the page of the rule, with what it would do if that was asked.
func (s *ruleSight) render(e *core.RequestEvent, status int, form *web.Form, o *outline) error {
	b := web.New(e, "reminders.rule").At("programmes").AsForm()
	b.Crumbs = append(s.p.Crumbs(b.Language), web.Crumb{Label: lang.T(b.Language, "reminders.title"), URL: s.home()})
	data := rulePage{Base: b, Programme: s.p, Form: form, Rule: s.row(b.Language), Outline: o, Home: s.home(), Action: s.home(),
		Stored: !s.rule.IsNew(), Own: s.rule.GetString("programme") != "", May: s.mine(), Active: s.rule.GetBool("active"),
		Now: s.src.Anchors[0].Now, Hours: s.src.Anchors[0].Hours}
	_, data.OwnDay = s.src.Anchor(reminders.OwnDay)
	if data.Stored {
		data.Action += "/" + s.rule.Id
	}
	for _, word := range s.src.Audience {
		data.To = append(data.To, toBox(word))
	}
	for _, word := range s.src.Ladder {
		data.Up = append(data.Up, upBox(word))
	}
	if data.May {
		own, err := owns(s.d, s.p, s.rule.Kind())
		if err != nil {
			return err
		}
		data.Replaces = !own
		return web.Render(e, status, "reminders/rule", data)
	}
	data.May = s.p.Roles.Initiator || s.d.Super()
	return web.Render(e, status, "reminders/read", data)
}

func (s *ruleSight) row(language string) ruleRow {
	row := ruleRow{Name: s.rule.GetString("name"), Kind: lang.T(language, "reminder_rules.kind."+s.rule.Kind())}
	if !s.rule.IsNew() {
		row.Sentence = Sentence(s.rule, language)
	}
	return row
}

type kindsPage struct {
	web.Base
	Programme *programmes.Programme
	Kinds     []kindRow
}

type kindRow struct{ Label, URL string }

// NewRule asks what a new rule is about, and then for its sentence.
func NewRule(e *core.RequestEvent) error {
	kind := e.Request.URL.Query().Get("kind")
	s, err := begin(e, kind)
	if err != nil {
		return err
	}
	if kind == "" {
		return s.choose(e)
	}
	usual, err := siblings(s.d, kind)
	if err != nil {
		return err
	}
	shape := s.rule
	if len(usual) > 0 {
		shape = reminders.Wrap(usual[0])
	}
	form := ruleForm(e, s.src, shape)
	show(shape, form)
	form.Set("kind", kind).Set("seen", "")
	return s.render(e, http.StatusOK, form, nil)
}

// choose lists the kinds of reminders that there are.
func (s *ruleSight) choose(e *core.RequestEvent) error {
	b := web.New(e, "reminders.add").At("programmes")
	b.Crumbs = append(s.p.Crumbs(b.Language), web.Crumb{Label: lang.T(b.Language, "reminders.title"), URL: s.home()})
	data := kindsPage{Base: b, Programme: s.p}
	for _, src := range reminders.Sources() {
		for _, kind := range src.Kinds {
			data.Kinds = append(data.Kinds, kindRow{lang.T(b.Language, "reminder_rules.kind."+kind), s.home() + "/new?kind=" + kind})
		}
	}
	return web.Render(e, http.StatusOK, "reminders/kinds", data)
}

// changing is the rule that a form was sent for, stored or new, if the sender
// may change it.
func changing(e *core.RequestEvent) (*ruleSight, error) {
	if e.Request.PathValue("id") == "" {
		s, err := begin(e, e.Request.PostFormValue("kind"))
		if err == nil && s.rule.Kind() == "" {
			err = lang.Problems{{Field: "kind", Key: "reminder_rules.problem_kind"}}
		}
		return s, err
	}
	s, err := lookAtRule(e)
	if err == nil && !s.mine() {
		err = access.ErrRefused
	}
	return s, err
}

// CreateRule keeps a new rule of the programme.
func CreateRule(e *core.RequestEvent) error {
	s, err := changing(e)
	if err != nil {
		return err
	}
	return s.keep(e, s.d.Create, "reminders.rule_added")
}

// SaveRule keeps another shape of a rule, unless somebody else changed it meanwhile.
func SaveRule(e *core.RequestEvent) error {
	s, err := changing(e)
	if err != nil {
		return err
	}
	return s.keep(e, s.d.Update, "reminders.rule_saved")
}

// keep reads the form into the rule and saves it; what is wrong is said at the field.
func (s *ruleSight) keep(e *core.RequestEvent, save func(*core.Record) error, done string) error {
	form, err := s.typed(e)
	if err != nil {
		return err
	}
	if !form.OK() {
		return s.refused(e, form)
	}
	if err := save(s.rule.ProxyRecord()); form.AddErrors(err) {
		return s.refused(e, form)
	} else if err != nil {
		return err
	}
	return web.RedirectWithFlash(e, s.home()+"/"+s.rule.Id, done)
}

// typed reads the form into the rule.
func (s *ruleSight) typed(e *core.RequestEvent) (*web.Form, error) {
	form := ruleForm(e, s.src, s.rule)
	if err := form.Read(e); err != nil {
		return nil, err
	}
	if form.Value("seen") != s.rule.GetString("updated") {
		form.AddError("", "problem.changed_meanwhile")
		form.Set("seen", s.rule.GetString("updated"))
	}
	form.Set("kind", s.rule.Kind())
	take(s.rule, form, s.src)
	return form, nil
}

func (s *ruleSight) refused(e *core.RequestEvent, form *web.Form) error {
	place(form, s.src)
	return s.render(e, http.StatusUnprocessableEntity, form, nil)
}

// PreviewRule shows what the rule would do as it is typed: its next messages and
// what one of them says. Nothing is kept.
func PreviewRule(e *core.RequestEvent) error {
	s, err := changing(e)
	if err != nil {
		return err
	}
	form, err := s.typed(e)
	if err != nil {
		return err
	}
	if !form.OK() {
		return s.refused(e, form)
	}
	o, err := outlined(s.d, s.rule, web.Language(e))
	if form.AddErrors(err) {
		return s.refused(e, form)
	}
	if err != nil {
		return err
	}
	return s.render(e, http.StatusOK, form, o)
}

// CopyRule makes the hub's rules of a kind the programme's own, to be changed there.
func CopyRule(e *core.RequestEvent) error {
	s, err := lookAtRule(e)
	if err != nil {
		return err
	}
	if !s.p.Roles.Initiator && !s.d.Super() || s.rule.GetString("programme") != "" {
		return access.ErrRefused
	}
	copied, err := adopt(s.d, s.p, s.rule)
	if err != nil {
		return err
	}
	return web.RedirectWithFlash(e, s.home()+"/"+copied.Id, "reminders.rule_copied")
}

// SwitchRule switches one of the programme's rules off, or on again.
func SwitchRule(e *core.RequestEvent) error {
	s, err := changing(e)
	if err != nil {
		return err
	}
	on := e.Request.PostFormValue("active") == "on"
	s.rule.Set("active", on)
	if err := s.d.Update(s.rule.ProxyRecord()); err != nil {
		return err
	}
	if on {
		return web.RedirectWithFlash(e, s.home(), "reminders.rule_on")
	}
	return web.RedirectWithFlash(e, s.home(), "reminders.rule_off")
}

// DeleteRule removes one of the programme's rules.
func DeleteRule(e *core.RequestEvent) error {
	s, err := changing(e)
	if err != nil {
		return err
	}
	if err := s.d.Delete(s.rule.ProxyRecord()); err != nil {
		return err
	}
	return web.RedirectWithFlash(e, s.home(), "reminders.rule_deleted")
}

// TryRule sends what a stored rule says to whoever asks, and to nobody else.
func TryRule(e *core.RequestEvent) error {
	s, err := lookAtRule(e)
	if err != nil {
		return err
	}
	if !s.p.Roles.Initiator && !s.d.Super() {
		return access.ErrRefused
	}
	if err := reminders.Try(e.App, s.rule.ProxyRecord(), s.d.Person(), web.Language(e)); err != nil {
		return err
	}
	return web.RedirectWithFlash(e, s.home()+"/"+s.rule.Id, "reminders.tried", "address", s.d.Person().Email())
}
