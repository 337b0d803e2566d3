package roster

import (
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/programmes"
	"simpul/hooks/web"
)

// wordsMax is the longest search that is looked for, in characters.
const wordsMax = 100

type organisationsPage struct {
	web.Base
	Words, Helix string
	Filters      []web.FilterTab
	Shown        []Organisation
	Pager        web.Pager
	MayAdd       bool
}

// Organisations lists everybody the hub knows, by name and helix if the
// address says so.
func Organisations(e *core.RequestEvent) error {
	d := web.Scope(e)
	q := web.ReadQuery(e, "/organisations", web.Known{"q": nil, "helix": programmes.Helices})
	words := strings.TrimSpace(q.Get("q"))
	if utf8.RuneCountInString(words) > wordsMax {
		words = string([]rune(words)[:wordsMax])
	}
	q = q.Change("q", words)
	data := organisationsPage{Base: web.New(e, "organisations.title").At("organisations"), Words: words, Helix: q.Get("helix")}
	data.Filters = []web.FilterTab{q.With("helix", "").Tab(lang.T(data.Language, "organisations.all"), !q.Has("helix"))}
	for _, helix := range programmes.Helices {
		tab := q.With("helix", helix).Tab(programmes.HelixLabel(data.Language, helix), q.Get("helix") == helix)
		data.Filters = append(data.Filters, tab)
	}
	found, err := organisations(d, q)
	if err != nil {
		return err
	}
	data.Shown, data.Pager = web.Cut(q, found)
	if data.MayAdd, err = mayRecord(d); err != nil {
		return err
	}
	return web.Render(e, http.StatusOK, "organisations/index", data)
}

type organisationPage struct {
	web.Base
	Helix, ID       string
	Merged          string
	Facts           []web.Fact
	Programmes      []Taking
	Contacts        []Contact
	Former          []Contact
	Note            string
	MayTend, Inside bool
}

// ShowOrganisation shows one organisation, where it takes part, and to those who
// work with it the people to reach there.
func ShowOrganisation(e *core.RequestEvent) error {
	d := web.Scope(e)
	r, err := d.View("organisations", e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	base := web.Titled(e, r.GetString("name")).At("organisations")
	base = base.Under(lang.T(base.Language, "organisations.title"), "/organisations").Under(base.Title, "")
	data := organisationPage{Base: base, ID: r.Id, Helix: r.GetString("helix"), Merged: r.GetString("merged_into")}
	data.MayTend = d.Can(access.MayTendTo, r)
	data.Inside = data.MayTend || slices.Contains(d.Speaks(), r.Id)
	if data.MayTend {
		data.Note = r.GetString("note")
	}
	if err := d.With([]*core.Record{r}, "parent"); err != nil {
		return err
	}
	data.Facts = about(base.Language, r)
	if data.Programmes, err = takes(d, r.Id, base.Language); err != nil {
		return err
	}
	if data.Contacts, data.Former, err = contacts(d, r.Id); err != nil {
		return err
	}
	return web.Render(e, http.StatusOK, "organisations/show", data)
}

// NewOrganisation is the form of a new organisation.
func NewOrganisation(e *core.RequestEvent) (*web.CRUD, error) {
	d := web.Scope(e)
	may, err := mayRecord(d)
	if err == nil && !may {
		err = access.ErrRefused
	}
	if err != nil {
		return nil, err
	}
	r, err := d.New("organisations")
	return organisationForm(e, r), err
}

// StoredOrganisation is the form of an organisation.
func StoredOrganisation(e *core.RequestEvent) (*web.CRUD, error) {
	r, _, err := tended(e)
	if err != nil {
		return nil, err
	}
	return organisationForm(e, r), nil
}

// organisationForm asks what the hub keeps about an organisation, unless it
// exists under another entry.
func organisationForm(e *core.RequestEvent, r *core.Record) *web.CRUD {
	d, language := web.Scope(e), web.Language(e)
	title, done, home, action := "organisations.new", "organisations.created", "/organisations", "/organisations"
	if !r.IsNew() {
		title, done, home = "organisations.edit", "organisations.saved", organisationURL(r)
		action = home + "/edit"
	}
	var known *core.Record
	return &web.CRUD{Event: e, Record: r,
		Form: func(bool) (*web.Form, error) {
			return web.RecordForm(e, r, web.Choices{"helix": programmes.HelixOptions(language),
				"subtype": programmes.SubtypeOptions(language), "province": programmes.ProvinceOptions()}), nil
		},
		Check: func(form *web.Form) (err error) {
			complete(form)
			if r.IsNew() && web.SentBefore(d, "organisations", form) != nil {
				return nil
			}
			known, err = refuseDouble(d, form, r)
			return err
		},
		Show: func(status int, form *web.Form) error {
			b := web.New(e, title).At("organisations").Under(lang.T(language, "organisations.title"), "/organisations")
			if !r.IsNew() {
				b = b.Under(r.GetString("name"), home)
			}
			data := web.FormPage{Base: b.Under(b.Title, ""), Form: form, Action: action, Cancel: home,
				Submit: lang.T(language, "organisations.save"), Draft: "organisation" + action}
			if known != nil {
				data.Within = &web.Callout{Title: lang.T(language, "organisations.known_title"), Text: lang.T(language, "organisations.known_text"),
					URL: organisationURL(known), Label: lang.T(language, "organisations.known_open", "name", known.GetString("name"))}
			}
			return web.ShowForm(e, status, data)
		},
		Saved: func(r *core.Record) error {
			return web.RedirectWithFlash(e, organisationURL(r), done, "name", r.GetString("name"))
		},
	}
}

func organisationURL(r *core.Record) string { return "/organisations/" + r.Id }

// tended finds the organisation that the address names for somebody who works
// with it.
func tended(e *core.RequestEvent) (*core.Record, *access.Scope, error) {
	d := web.Scope(e)
	r, err := d.View("organisations", e.Request.PathValue("id"))
	if err == nil && !d.Can(access.MayTendTo, r) {
		err = access.ErrRefused
	}
	return r, d, err
}
