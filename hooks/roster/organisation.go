package roster

import (
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/programmes"
	"simpul/hooks/web"
)

// perPage is how many organisations a page lists.
const perPage = 30

// Organisation is one line of the list of organisations.
type Organisation struct{ ID, Name, ShortName, Helix, Subtype, Place string }

// search is what narrows the list of organisations.
type search struct {
	words, helix string
	page         int
}

// organisations reads one page of the list and whether there is another behind it.
func organisations(d *access.Door, s search) (shown []Organisation, more bool, err error) {
	found, err := d.List("organisations", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.HashExp{"organisations.merged_into": ""})
		if s.helix != "" {
			q.AndWhere(dbx.HashExp{"organisations.helix": s.helix})
		}
		if s.words != "" {
			words := strings.Fields(s.words)
			q.AndWhere(dbx.Or(dbx.Like("organisations.name", words...), dbx.Like("organisations.short_name", words...)))
		}
		q.OrderBy("organisations.name", "organisations.id").Limit(perPage + 1).Offset(int64(s.page-1) * perPage)
	})
	if err != nil {
		return nil, false, err
	}
	if more = len(found) > perPage; more {
		found = found[:perPage]
	}
	for _, r := range found {
		shown = append(shown, Organisation{
			ID: r.Id, Name: r.GetString("name"), ShortName: r.GetString("short_name"),
			Helix: r.GetString("helix"), Subtype: r.GetString("subtype"),
			Place: where(r),
		})
	}
	return shown, more, nil
}

// mayRecord decides whether the form for a new organisation is offered: to
// whoever runs a programme or may start one. The rule decides the rest.
func mayRecord(d *access.Door) (bool, error) {
	if d.Super() || d.Person().GetBool("may_create_programmes") {
		return true, nil
	}
	members, err := d.Programmes()
	return slices.ContainsFunc(members, func(m access.Membership) bool {
		return m.Role != "partner" && m.Role != "observer"
	}), err
}

// Taking is a programme an organisation takes part in.
type Taking struct {
	Name, URL, Place string
	Badge            programmes.Badge
}

// takes lists the programmes an organisation takes part in now, as far as the
// reader may see them.
func takes(d *access.Door, organisation, language string) ([]Taking, error) {
	found, err := d.List("programmes", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.NewExp(`programmes.id IN (SELECT s.programme FROM stakeholders s
			INNER JOIN programmes p ON p.id = s.programme
			WHERE s.organisation = {:organisation} AND (s.ended_on = '' OR s.ended_on > `+programmes.TodayThere+`))`,
			merged(dbx.Params{"organisation": organisation}, programmes.Days(clock.Now())))).
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

func merged(all ...dbx.Params) dbx.Params {
	out := dbx.Params{}
	for _, params := range all {
		for name, value := range params {
			out[name] = value
		}
	}
	return out
}

// organisationForm asks what the hub keeps about an organisation.
func organisationForm(e *core.RequestEvent) *web.Form {
	language := web.Language(e)
	return web.NewForm(e, "organisations",
		web.Hidden("once"),
		web.Seen(),
		web.Text("name").Need(),
		web.Text("short_name").Max(60),
		web.Choice("helix", programmes.HelixOptions(language)).Need(),
		web.Choice("subtype", subtypeOptions(language)),
		web.Choice("province", programmes.ProvinceOptions()),
		web.Text("regency").Max(100),
		web.Long("address").Max(500),
		web.Email("email"),
		web.Text("phone").Max(40),
		web.Text("website").Max(300),
		web.Long("note").Draft(),
		web.Codes("mail_frequency", "immediate", "daily", "weekly"),
		web.Time("send_at"),
	)
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
func refuseDouble(d *access.Door, form *web.Form, r *core.Record) (*core.Record, error) {
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
		form.Refuse("name", "organisations.problem_known", "name", known.Found.GetString("name"))
		return known.Found, nil
	case known.Several:
		form.Refuse("regency", "organisations.problem_which")
	}
	return nil, nil
}

// Fact is one line about an organisation, as the part "summary_list" shows it.
type Fact struct{ Label, Value, URL, Action, ActionURL string }

// about lists what is known of an organisation; what is not is left out.
func about(r, parent *core.Record, language string) []Fact {
	fact := func(field, value, url string) Fact {
		return Fact{Label: lang.T(language, "organisations."+field), Value: value, URL: url}
	}
	facts := []Fact{
		fact("subtype", subtypeLabel(language, r.GetString("subtype")), ""),
		fact("regency", where(r), ""),
		fact("address", r.GetString("address"), ""),
		fact("phone", r.GetString("phone"), ""),
		fact("email", r.GetString("email"), "mailto:"+r.GetString("email")),
		fact("website", r.GetString("website"), r.GetString("website")),
	}
	if parent != nil {
		facts = append(facts, fact("parent", parent.GetString("name"), "/organisations/"+parent.Id))
	}
	return slices.DeleteFunc(facts, func(f Fact) bool { return f.Value == "" })
}

// where says in which regency and province an organisation is.
func where(r *core.Record) string {
	return strings.Trim(r.GetString("regency")+", "+r.GetString("province"), ", ")
}
