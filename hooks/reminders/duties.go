package reminders

import (
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/page"
	"simpul/hooks/programmes"
)

// mostDuties is how many things of one collection may be chosen from.
const mostDuties = 200

// duty is a collection of things people are reminded of.
type duty struct {
	collection string
	title      string // the field that says what one is
	newest     string // the column to order by, newest first
}

var duties = []duty{
	{"tasks", "title", "due_on"},
	{"meetings", "title", "starts_at"},
	{"contributions", "item", "given_on"},
	{"milestones", "title", "due_on"},
	{"indicators", "name", "created"},
}

// dutyOptions are the things of a programme that letters may be about, under the
// names of their collections.
func dutyOptions(d *access.Door, p *programmes.Programme, language string) (options []page.Option, err error) {
	for _, of := range duties {
		found, err := d.List(of.collection, func(q *dbx.SelectQuery) {
			q.AndWhere(dbx.HashExp{of.collection + ".programme": p.ID()}).OrderBy(of.collection+"."+of.newest+" DESC", of.collection+".rowid DESC").Limit(mostDuties)
		})
		if err != nil {
			return nil, err
		}
		for _, r := range found {
			options = append(options, page.Option{Value: of.collection + ":" + r.Id, Label: r.GetString(of.title),
				Group: lang.T(language, "reminders.duty."+of.collection)})
		}
	}
	return options, nil
}

// dutyOf views the thing that an option stands for; nil when there is none such
// that the reader may see in the programme.
func dutyOf(d *access.Door, p *programmes.Programme, option string) (*core.Record, duty, error) {
	collection, id, _ := strings.Cut(option, ":")
	for _, of := range duties {
		if of.collection != collection {
			continue
		}
		r, err := d.View(collection, id)
		if err == nil && r.GetString("programme") != p.ID() {
			err = access.ErrRefused
		}
		return r, of, err
	}
	return nil, duty{}, access.ErrRefused
}

// silence says in words why nobody is reminded of a thing, or why this person is not.
func silence(app core.App, now time.Time, about *core.Record, language string) (string, error) {
	rules, err := rulesAbout(app, about)
	if err != nil {
		return "", err
	}
	dated, closed := false, ""
	for _, src := range sourcesOf(about.Collection().Name) {
		s, err := src.subject(app, about, now)
		if err != nil {
			return "", err
		}
		if s.Closed == "" {
			dated, closed = dated || len(s.marks) > 0, "open"
		} else if closed == "" {
			closed = s.Closed
		}
	}
	switch {
	case closed != "open":
		return lang.T(language, "deliveries.reason."+closed), nil
	case !dated:
		return lang.T(language, "reminders.people_no_date"), nil
	case len(rules) == 0:
		return lang.T(language, "deliveries.reason."+reasonRuleOff), nil
	}
	return lang.T(language, "reminders.people_not_addressed"), nil
}
