package reminders

import (
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/mail"
	"simpul/hooks/page"
	"simpul/hooks/programmes"
)

// whyPage tells why somebody gets or does not get letters about one thing.
type whyPage struct {
	page.Base
	Subject, Back string
	// All says that the reader sees everybody's letters, not only their own.
	All   bool
	To    []whyPerson
	Rules []string
}

type whyPerson struct {
	Name    string
	Letters []letterRow
}

// WhyTask, WhyMeeting and WhyContribution explain the letters about one thing,
// past and future: to the team everybody's, to others their own.
var (
	WhyTask         = why("tasks")
	WhyMeeting      = why("meetings")
	WhyContribution = why("contributions")
)

func why(collection string) func(*core.RequestEvent) error {
	return func(e *core.RequestEvent) error {
		d := page.Door(e)
		r, err := d.View(collection, e.Request.PathValue("id"))
		if err != nil {
			return err
		}
		p, err := programmes.ByID(d, access.ProgrammeOf(d.App(), r))
		if err != nil {
			return err
		}
		found, err := explain(d, r)
		if err != nil {
			return err
		}
		data := whyPage{Base: page.New(e, "reminders.why_title").At("programmes"), Subject: r.GetString(titles[collection]),
			Back: "/" + collection + "/" + r.Id, All: p.Roles.Team || d.Super()}
		data.Crumbs = append(p.Crumbs(data.Language), page.Crumb{Label: data.Subject, URL: data.Back}, page.Crumb{Label: data.Title})
		names, err := peopleOf(d, found)
		if err != nil {
			return err
		}
		data.gather(found, names, p.Zone())
		rules, err := rulesAbout(d.App(), r)
		if err != nil {
			return err
		}
		for _, rule := range rules {
			data.Rules = append(data.Rules, rule.Sentence(data.Language))
		}
		return page.Render(e, http.StatusOK, "reminders/why", data)
	}
}

// gather puts letters under the person they are for.
func (data *whyPage) gather(letters []explained, names map[string]string, zone string) {
	place := map[string]int{}
	for _, l := range letters {
		who := names[l.User+l.Contact]
		if who == "" {
			who = l.Email
		}
		i, there := place[who]
		if !there {
			i, place[who] = len(data.To), len(data.To)
			data.To = append(data.To, whyPerson{Name: who})
		}
		data.To[i].Letters = append(data.To[i].Letters, l.row(data.Language, zone))
	}
}

// row is a letter with its state, or what stands against it, in words.
func (l explained) row(language, zone string) letterRow {
	row := letterRow{Title: lang.T(language, "reminder_rules.kind."+l.Kind), When: lang.Moment(language, latest(l.DueAt, l.SentAt), zone), Badge: badges[l.State]}
	state := l.State
	switch {
	case l.Reason == reasonTooLate:
		state = mail.StateSkipped
	case state == "":
		state = mail.StatePlanned
	}
	row.State = lang.T(language, "deliveries.state."+state)
	switch {
	case l.objection:
		row.stays(language, l.Reason)
	case l.Reason == mail.ReasonByHand:
		row.Reason = toldWords(l.letter, language, zone)
	case l.Reason != "":
		row.Reason = lang.T(language, "deliveries.reason."+l.Reason)
	}
	return row
}
