package roster

import (
	"errors"
	"net/http"
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/programmes"
	"simpul/hooks/web"
)

type stakeholdersPage struct {
	web.Base
	Programme *programmes.Programme
	Tabs      programmes.Tabs
	Jumps     []programmes.Pill
	Parties   []party
	// Gap is the first party that nobody takes part of, nil if there is none or
	// the reader cannot fill it.
	Gap   *party
	Ended []Stakeholder
	Team  bool
}

// party is one of the five with who takes part of it.
type party struct {
	Helix, Label    string
	Members         []Stakeholder
	Missing, AddURL string
	AddLabel        string
}

// Stakeholders shows who takes part in a programme, party by party, and says of an
// empty one what is missing.
func Stakeholders(e *core.RequestEvent) error {
	p, d, err := programmes.BySlug(e)
	if err != nil {
		return err
	}
	base := web.New(e, "stakeholders.title").At("programmes")
	base.Crumbs = append(p.Crumbs(base.Language), web.Crumb{Label: base.Title})
	data := stakeholdersPage{Base: base, Programme: p, Tabs: p.Tabs("stakeholders", base.Language), Team: p.Roles.Team}
	current, ended, err := stakeholders(d, p)
	if err != nil {
		return err
	}
	data.Ended = ended
	for _, helix := range programmes.Helices {
		group := party{
			Helix:    helix,
			Label:    programmes.HelixLabel(base.Language, helix),
			Members:  slices.DeleteFunc(slices.Clone(current), func(s Stakeholder) bool { return s.Helix != helix }),
			Missing:  lang.T(base.Language, "stakeholders.missing."+helix),
			AddURL:   p.URL() + "/stakeholders/new?helix=" + helix,
			AddLabel: lang.T(base.Language, "stakeholders.add."+helix),
		}
		data.Parties = append(data.Parties, group)
		if data.Gap == nil && data.Team && len(group.Members) == 0 {
			data.Gap = &group
		}
		jump := programmes.Pill{Label: group.Label, URL: "#" + helix, Count: len(group.Members)}
		if jump.Count == 0 {
			jump.Label += " (" + lang.T(base.Language, "stakeholders.coverage.empty") + ")"
		}
		data.Jumps = append(data.Jumps, jump)
	}
	return web.Render(e, http.StatusOK, "stakeholders/index", data)
}

type stakeholderFormPage struct {
	web.Base
	Form           *web.Form
	Action, Cancel string
	// EndAction is where the place is ended; empty for a new or ended one.
	EndAction string
	Fresh     bool
	// Unfold shows what only the team reads, because something stands in it.
	Unfold bool
}

// theTeamsOwn are the fields that only the team reads.
var theTeamsOwn = []string{"partner_status", "engagement_level", "comms_strategy", "urgent"}

// NewStakeholder asks who is to take part in a programme.
func NewStakeholder(e *core.RequestEvent) error {
	p, d, err := tending(e)
	if err != nil {
		return err
	}
	form, err := joinForm(e, d, p, wantedHelix(e))
	if err != nil {
		return err
	}
	return showJoin(e, p, http.StatusOK, form)
}

// CreateStakeholder lets an organisation take part in a programme.
func CreateStakeholder(e *core.RequestEvent) error {
	p, d, err := tending(e)
	if err != nil {
		return err
	}
	form, err := joinForm(e, d, p, wantedHelix(e))
	if err != nil {
		return err
	}
	if err := form.Read(e); err != nil {
		return err
	}
	who, err := whoJoins(d, p, form)
	if err != nil {
		return err
	}
	if !form.OK() {
		return showJoin(e, p, http.StatusUnprocessableEntity, form)
	}
	organisation, err := join(d, p, form, who)
	if errors.Is(err, errTwice) {
		form.Refuse("organisation", "stakeholders.problem_twice", "name", organisation.GetString("name"))
	}
	if form.Take(err) || !form.OK() {
		return showJoin(e, p, http.StatusUnprocessableEntity, form)
	}
	if err != nil {
		return err
	}
	key := "stakeholders.added"
	if who.matched {
		key = "stakeholders.added_known"
	}
	return web.See(e, p.URL()+"/stakeholders", key, "name", organisation.GetString("name"))
}

// wantedHelix is the party that the address asks to add to, "" for any.
func wantedHelix(e *core.RequestEvent) string {
	helix := e.Request.URL.Query().Get("helix")
	if !slices.Contains(programmes.Helices, helix) {
		return ""
	}
	return helix
}

// tending finds the programme for somebody who runs it.
func tending(e *core.RequestEvent) (*programmes.Programme, *access.Door, error) {
	p, d, err := programmes.BySlug(e)
	if err != nil {
		return nil, nil, err
	}
	if !d.May(access.MayRun, p.Record) {
		return nil, nil, access.ErrRefused
	}
	return p, d, nil
}

func showJoin(e *core.RequestEvent, p *programmes.Programme, status int, form *web.Form) error {
	title, action := "stakeholders.add", p.URL()+"/stakeholders"
	if helix := wantedHelix(e); helix != "" {
		title, action = "stakeholders.add."+helix, action+"?helix="+helix
	}
	base := web.New(e, title).At("programmes").AsForm()
	base.Crumbs = crumbs(p, base)
	return web.Render(e, status, "stakeholders/form",
		stakeholderFormPage{Base: base, Form: form, Action: action, Cancel: p.URL() + "/stakeholders",
			Fresh: true, Unfold: programmes.Touched(form, theTeamsOwn...)})
}

func crumbs(p *programmes.Programme, base web.Base) []web.Crumb {
	return append(p.Crumbs(base.Language),
		web.Crumb{Label: lang.T(base.Language, "stakeholders.title"), URL: p.URL() + "/stakeholders"},
		web.Crumb{Label: base.Title})
}
