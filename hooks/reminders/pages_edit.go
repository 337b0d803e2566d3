package reminders

import (
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/page"
	"simpul/hooks/programmes"
)

type kindsPage struct {
	page.Base
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
		shape = wrap(usual[0])
	}
	form := ruleForm(e, s.src, shape)
	shape.show(form)
	form.Set("kind", kind).Set("seen", "")
	return s.render(e, http.StatusOK, form, nil)
}

// choose lists the kinds of reminders that there are.
func (s *ruleSight) choose(e *core.RequestEvent) error {
	b := page.New(e, "reminders.add").At("programmes")
	b.Crumbs = append(s.p.Crumbs(b.Language), page.Crumb{Label: lang.T(b.Language, "reminders.title"), URL: s.home()})
	data := kindsPage{Base: b, Programme: s.p}
	for _, src := range sources {
		for _, kind := range src.kinds {
			data.Kinds = append(data.Kinds, kindRow{lang.T(b.Language, "reminder_rules.kind."+kind), s.home() + "/new?kind=" + kind})
		}
	}
	return page.Render(e, http.StatusOK, "reminders/kinds", data)
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
	if err := save(s.rule.ProxyRecord()); form.Take(err) {
		return s.refused(e, form)
	} else if err != nil {
		return err
	}
	return page.See(e, s.home()+"/"+s.rule.Id, done)
}

// typed reads the form into the rule.
func (s *ruleSight) typed(e *core.RequestEvent) (*page.Form, error) {
	form := ruleForm(e, s.src, s.rule)
	if err := form.Read(e); err != nil {
		return nil, err
	}
	if form.Value("seen") != s.rule.GetString("updated") {
		form.Refuse("", "problem.changed_meanwhile")
		form.Set("seen", s.rule.GetString("updated"))
	}
	form.Set("kind", s.rule.Kind())
	s.rule.take(form, s.src)
	return form, nil
}

func (s *ruleSight) refused(e *core.RequestEvent, form *page.Form) error {
	place(form, s.src)
	return s.render(e, http.StatusUnprocessableEntity, form, nil)
}

// PreviewRule shows what the rule would do as it is typed: its next letters and
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
	o, err := outlined(s.d, s.rule, page.Language(e))
	if form.Take(err) {
		return s.refused(e, form)
	}
	if err != nil {
		return err
	}
	return s.render(e, http.StatusOK, form, o)
}
