package contributions

import (
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/page"
	"simpul/hooks/programmes"
)

// sight is a contribution in front of a reader.
type sight struct {
	c *Contribution
	p *programmes.Programme
	d *access.Door
}

// view brings the contribution of the address before the reader, with the
// names of those it speaks of.
func view(e *core.RequestEvent) (*sight, error) {
	d := page.Door(e)
	r, err := d.View("contributions", e.Request.PathValue("id"))
	if err != nil {
		return nil, err
	}
	p, err := programmes.ByID(d, r.GetString("programme"))
	if err != nil {
		return nil, err
	}
	return &sight{c: Wrap(r), p: p, d: d}, nil
}

// again reads the contribution anew, after a step that was refused changed it
// in memory.
func (s *sight) again() error {
	r, err := s.d.View("contributions", s.c.ID())
	if err == nil {
		s.c = Wrap(r)
	}
	return err
}

func (s *sight) with() error {
	return s.d.With([]*core.Record{s.c.Record}, "contributor", "channelled_through", "recipient", "task", "logged_by", "reviewed_by")
}

// name is what a relation of the contribution is called, "" if it has none or
// the reader may not see it.
func (s *sight) name(relation string) string {
	r := s.c.ExpandedOne(relation)
	if r == nil {
		return ""
	}
	if r.Collection().Name == "tasks" {
		return r.GetString("title")
	}
	return r.GetString("name")
}

// isGiver reports whether the reader speaks for the giver, or logged for it.
func (s *sight) isGiver() bool {
	for _, organisation := range s.p.Roles.Organisations {
		if organisation == s.c.GetString("contributor") {
			return true
		}
	}
	return s.isLogger()
}

// isLogger reports whether the entry is the reader's own; then somebody else
// of the team reviews it.
func (s *sight) isLogger() bool {
	return s.reader() != "" && s.reader() == s.c.GetString("logged_by")
}

// reader is the id of the user who reads, "" for an administrator.
func (s *sight) reader() string {
	if s.d.Person() == nil || s.d.Super() {
		return ""
	}
	return s.d.Person().Id
}

// Fact is one line about a contribution, as the part "summary_list" shows it.
type Fact struct{ Label, Value, URL, Action, ActionURL string }

// facts tells what is known, without empty lines.
func (s *sight) facts(language string) []Fact {
	c := s.c
	t := func(key string) string { return lang.T(language, "contributions."+key) }
	code := func(field string) string {
		if c.GetString(field) == "" {
			return ""
		}
		return t(field + "." + c.GetString(field))
	}
	all := []Fact{
		{Label: t("number"), Value: c.Number()},
		{Label: t("contributor"), Value: s.name("contributor"), URL: "/organisations/" + c.GetString("contributor")},
		{Label: t("kind"), Value: code("kind")},
		{Label: t("gift"), Value: c.Item()},
		{Label: t("quantity"), Value: c.Amount(language)},
		{Label: t("verified_quantity"), Value: c.VerifiedAmount(language)},
		{Label: t("phase"), Value: code("stage")},
		{Label: t("given_on"), Value: lang.DayLong(language, c.GetString("given_on"))},
		{Label: t("value_idr"), Value: s.value(language)},
		{Label: t("place"), Value: c.GetString("place")},
		{Label: t("people_reached"), Value: count(language, c.GetFloat("people_reached"))},
		{Label: t("channelled_through"), Value: s.name("channelled_through"), URL: "/organisations/" + c.GetString("channelled_through")},
		{Label: t("recipient"), Value: s.name("recipient"), URL: "/organisations/" + c.GetString("recipient")},
		{Label: t("task"), Value: s.name("task"), URL: "/tasks/" + c.GetString("task")},
		{Label: t("note"), Value: c.GetString("note")},
	}
	return known(all)
}

// value writes the estimated value with what it rests on; money is its own.
func (s *sight) value(language string) string {
	if s.c.IsMoney() || s.c.GetFloat("value_idr") == 0 {
		return ""
	}
	basis := lang.T(language, "contributions.value_basis."+s.c.GetString("value_basis"))
	return lang.Money(language, int64(s.c.GetFloat("value_idr"))) + " (" + basis + ")"
}

func count(language string, n float64) string {
	if n == 0 {
		return ""
	}
	return lang.Number(language, n)
}

func known(all []Fact) []Fact {
	out := []Fact{}
	for _, f := range all {
		if f.Value != "" {
			out = append(out, f)
		}
	}
	return out
}
