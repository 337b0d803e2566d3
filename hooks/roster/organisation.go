package roster

import (
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/programmes"
	"simpul/hooks/web"
)

// Organisation is one line of the list of organisations.
type Organisation struct{ ID, Name, ShortName, Helix, Subtype, Place string }

// organisations reads one page of the list, and one row more if there is another
// behind it.
func organisations(d *access.Scope, q web.Query) (shown []Organisation, err error) {
	found, err := d.List("organisations", func(s *dbx.SelectQuery) {
		s.AndWhere(dbx.HashExp{"organisations.merged_into": ""})
		if q.Has("helix") {
			s.AndWhere(dbx.HashExp{"organisations.helix": q.Get("helix")})
		}
		if words := strings.Fields(q.Get("q")); len(words) > 0 {
			s.AndWhere(dbx.Or(dbx.Like("organisations.name", words...), dbx.Like("organisations.short_name", words...)))
		}
		q.Limit(s.OrderBy("organisations.name", "organisations.id"))
	})
	for _, r := range found {
		shown = append(shown, Organisation{
			ID: r.Id, Name: r.GetString("name"), ShortName: r.GetString("short_name"),
			Helix: r.GetString("helix"), Subtype: r.GetString("subtype"), Place: where(r),
		})
	}
	return shown, err
}

// mayRecord decides whether the form for a new organisation is offered: to
// whoever runs a programme or may start one. The rule decides the rest.
func mayRecord(d *access.Scope) (bool, error) {
	if d.Super() || d.Person().GetBool("may_create_programmes") {
		return true, nil
	}
	members, err := d.Programmes()
	return slices.ContainsFunc(members, access.Membership.Team), err
}

// Taking is a programme an organisation takes part in.
type Taking struct {
	Name, URL, Place string
	Badge            web.Badge
}

// takes lists the programmes an organisation takes part in now, as far as the
// reader may see them.
func takes(d *access.Scope, organisation, language string) ([]Taking, error) {
	days := programmes.Days(clock.Now())
	days["organisation"] = organisation
	found, err := d.List("programmes", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.NewExp(`programmes.id IN (SELECT s.programme FROM stakeholders s
			INNER JOIN programmes p ON p.id = s.programme
			WHERE s.organisation = {:organisation} AND (s.ended_on = '' OR s.ended_on > `+programmes.TodayThere+`))`,
			days)).
			OrderBy("programmes.name")
	})
	if err != nil {
		return nil, err
	}
	out := make([]Taking, 0, len(found))
	for _, r := range found {
		p := programmes.Wrap(d, r)
		out = append(out, Taking{Name: p.Name(), URL: p.URL(), Place: p.Place(), Badge: p.Badge(language)})
	}
	return out, nil
}

// complete adds what people leave out when they type a web address.
func complete(form *web.Form) {
	if site := form.Value("website"); site != "" && !strings.Contains(site, "://") {
		form.Set("website", "https://"+site)
	}
}

// refuseDouble notes on the form that another organisation bears the name in
// the same place, and returns it. An entry that keeps its name and place is not
// asked again.
func refuseDouble(d *access.Scope, form *web.Form, r *core.Record) (*core.Record, error) {
	name, regency := form.Value("name"), form.Value("regency")
	if r.GetString("name") == name && r.GetString("regency") == regency {
		return nil, nil
	}
	known, err := programmes.LookUp(d, name, regency)
	if err != nil {
		return nil, err
	}
	switch {
	case known.Found != nil && known.Found.Id != r.Id:
		form.AddError("name", "organisations.problem_known", "name", known.Found.GetString("name"))
		return known.Found, nil
	case known.Several:
		form.AddError("regency", "organisations.problem_which")
	}
	return nil, nil
}

// about lists what is known of an organisation, whose parent was brought along;
// what is not known is left out.
func about(language string, r *core.Record) []web.Fact {
	email, website := r.GetString("email"), r.GetString("website")
	return web.NewFacts(language, r).Field("subtype").Add("regency", where(r), "").Field("address", "phone").
		Add("email", email, "mailto:"+email).Add("website", website, website).
		Add("parent", web.Named(r, "parent"), "/organisations/"+r.GetString("parent")).Rest()
}

// where says in which regency and province an organisation is.
func where(r *core.Record) string {
	return strings.Trim(r.GetString("regency")+", "+r.GetString("province"), ", ")
}
