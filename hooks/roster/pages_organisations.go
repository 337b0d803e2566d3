package roster

import (
	"net/http"
	"net/url"
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
	Pills        []programmes.Pill
	Shown        []Organisation
	Pager        programmes.Pager
	MayAdd       bool
}

// Organisations lists everybody the hub knows, by name and helix if the
// address says so.
func Organisations(e *core.RequestEvent) error {
	d := web.Door(e)
	s := search{words: strings.TrimSpace(e.Request.URL.Query().Get("q")), helix: wantedHelix(e), page: programmes.PageNumber(e)}
	if utf8.RuneCountInString(s.words) > wordsMax {
		s.words = string([]rune(s.words)[:wordsMax])
	}
	base := web.New(e, "organisations.title").At("organisations")
	data := organisationsPage{Base: base, Words: s.words, Helix: s.helix, Pills: helixPills(base.Language, s)}
	shown, more, err := organisations(d, s)
	if err != nil {
		return err
	}
	data.Shown, data.Pager = shown, programmes.Pages(e, s.page, len(shown), more)
	if data.MayAdd, err = mayRecord(d); err != nil {
		return err
	}
	return web.Render(e, http.StatusOK, "organisations/index", data)
}

// helixPills narrows a list to one party and keeps the words looked for.
func helixPills(language string, s search) []programmes.Pill {
	to := func(helix string) string {
		query := url.Values{}
		if s.words != "" {
			query.Set("q", s.words)
		}
		if helix != "" {
			query.Set("helix", helix)
		}
		return strings.TrimSuffix("/organisations?"+query.Encode(), "?")
	}
	pills := []programmes.Pill{{Label: lang.T(language, "organisations.all"), URL: to(""), Current: s.helix == ""}}
	for _, helix := range programmes.Helices {
		pills = append(pills, programmes.Pill{
			Label: programmes.HelixLabel(language, helix), URL: to(helix), Current: s.helix == helix,
		})
	}
	return pills
}

type organisationPage struct {
	web.Base
	Helix, ID       string
	Merged          string
	Facts           []Fact
	Programmes      []Taking
	Contacts        []Contact
	Former          []Contact
	Note            string
	MayTend, Inside bool
}

// ShowOrganisation shows one organisation, where it takes part, and to those who
// work with it the people to reach there.
func ShowOrganisation(e *core.RequestEvent) error {
	d := web.Door(e)
	r, err := d.View("organisations", e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	base := web.Titled(e, r.GetString("name")).At("organisations")
	base = base.Under(lang.T(base.Language, "organisations.title"), "/organisations").Under(base.Title, "")
	data := organisationPage{Base: base, ID: r.Id, Helix: r.GetString("helix"), Merged: r.GetString("merged_into")}
	data.MayTend = d.May(access.MayTendTo, r)
	data.Inside = data.MayTend || slices.Contains(d.Speaks(), r.Id)
	if data.MayTend {
		data.Note = r.GetString("note")
	}
	if err := d.With([]*core.Record{r}, "parent"); err != nil {
		return err
	}
	data.Facts = about(r, r.ExpandedOne("parent"), base.Language)
	if data.Programmes, err = takes(d, r.Id, base.Language); err != nil {
		return err
	}
	if data.Contacts, data.Former, err = contacts(d, r.Id); err != nil {
		return err
	}
	return web.Render(e, http.StatusOK, "organisations/show", data)
}
