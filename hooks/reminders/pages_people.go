package reminders

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/page"
	"simpul/hooks/programmes"
)

// shownOfPerson is how many letters to one person the page lists.
const shownOfPerson = 60

// peoplePage answers why somebody gets or does not get letters, about one thing
// or about all.
type peoplePage struct {
	page.Base
	Programme       *programmes.Programme
	Tabs            programmes.Tabs
	Form            *page.Form
	Who             string
	Against         []string
	About, AboutURL string
	Letters         []letterRow
	Silence         string
	Most            int
	// Person is the one asked about, Bounced their address if letters come back from it.
	Person, Bounced string
}

// People lets the team ask about any person and any thing of a programme.
func People(e *core.RequestEvent) error {
	p, d, err := programmes.BySlug(e)
	if err != nil {
		return err
	}
	if !p.Roles.Team && !d.Super() {
		return access.ErrRefused
	}
	everybody, err := reachedIn(d.App(), p.ID())
	if err != nil {
		return err
	}
	data := peoplePage{Base: page.New(e, "reminders.people").At("programmes"), Programme: p, Most: shownOfPerson}
	data.Crumbs = append(p.Crumbs(data.Language), page.Crumb{Label: lang.T(data.Language, "reminders.title"), URL: p.URL() + "/reminders"},
		page.Crumb{Label: data.Title})
	data.Tabs = p.Tabs("reminders", data.Language)
	about, err := dutyOptions(d, p, data.Language)
	if err != nil {
		return err
	}
	asked := e.Request.URL.Query()
	data.Form = page.NewForm(e, "reminders", page.Choice("person", personOptions(everybody, data.Language)).Need(),
		page.Choice("about", about)).Set("person", asked.Get("person")).Set("about", asked.Get("about"))
	i := slices.IndexFunc(everybody, func(r reached) bool { return r.ID == asked.Get("person") })
	if i >= 0 {
		if err := data.answer(d, everybody[i]); err != nil {
			return err
		}
	}
	return page.Render(e, http.StatusOK, "reminders/people", data)
}

func personOptions(everybody []reached, language string) (options []page.Option) {
	for _, r := range everybody {
		group := r.Organisation
		if group == "" {
			group = lang.T(language, "reminders.people_team")
		}
		options = append(options, page.Option{Value: r.ID, Label: r.called(), Group: group})
	}
	return options
}

// answer tells about one person, and about the one thing if one was chosen.
func (data *peoplePage) answer(d *access.Door, who reached) (err error) {
	data.Who, data.Person = who.called(), who.ID
	addresses, err := bounced(d.App(), data.Programme.ID(), data.Programme.Zone())
	if err != nil {
		return err
	}
	data.Bounced = among(addresses, who.Email)
	if data.Against, err = who.against(d.App(), clock.Now(), data.Language); err != nil {
		return err
	}
	option := data.Form.Value("about")
	if option == "" {
		data.Letters, err = letters(d, data.Programme, data.Base, func(q *dbx.SelectQuery) {
			q.AndWhere(dbx.Or(dbx.NewExp("deliveries.recipient = {:contact} AND {:contact} != ''", dbx.Params{"contact": who.Contact}),
				dbx.NewExp("deliveries.user = {:user} AND {:user} != ''", dbx.Params{"user": who.User}))).
				OrderBy("deliveries.due_at DESC").Limit(shownOfPerson)
		})
		return errors.Join(err, askEach(d.App(), clock.Now(), data.Letters, data.Language))
	}
	about, of, err := dutyOf(d, data.Programme, option)
	if err != nil {
		return err
	}
	return data.about(d, who, about, of)
}

// askEach asks of the letters that wait whether something stands against them.
func askEach(app core.App, now time.Time, rows []letterRow, language string) error {
	for i := range rows {
		reason, err := objectionTo(app, rows[i].letter, now)
		if err != nil {
			return err
		}
		if reason != "" {
			rows[i].stays(language, reason)
		}
	}
	return nil
}

// about tells what one person got or will get about one thing, and why not more.
func (data *peoplePage) about(d *access.Door, who reached, about *core.Record, of duty) error {
	data.About = about.GetString(of.title)
	if _, page := titles[of.collection]; page {
		data.AboutURL = "/" + of.collection + "/" + about.Id + "/reminders"
	}
	found, err := explain(d, about)
	if err != nil {
		return err
	}
	for _, l := range found {
		if who.is(l.Contact, l.User) {
			data.Letters = append(data.Letters, l.row(data.Language, data.Programme.Zone()))
		}
	}
	if len(data.Letters) == 0 {
		data.Silence, err = silence(d.App(), clock.Now(), about, data.Language)
	}
	return err
}
