package contributions

import (
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
)

// Step is one thing that happened to a contribution.
type Step struct{ Text, When string }

// happening is a step before it is written out.
type happening struct {
	state, person, via string
	at                 time.Time
}

// history tells what happened, oldest first. The team reads it from the
// activity; others read what the contribution itself remembers.
func (s *sight) history(language string) ([]Step, error) {
	found, err := s.remembered()
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		found = s.kept()
	}
	names, err := people(s.d, found)
	if err != nil {
		return nil, err
	}
	steps := []Step{}
	for _, h := range found {
		who := names[h.person]
		switch {
		case who == "" && h.via == access.ViaAdmin:
			who = lang.T(language, "contributions.by_administrator")
		case who == "":
			who = lang.T(language, "contributions.by_team")
		}
		steps = append(steps, Step{
			Text: lang.T(language, "contributions.history."+h.state, "who", who),
			When: lang.Moment(language, h.at, s.p.Zone()),
		})
	}
	return steps, nil
}

// remembered reads the steps from the activity, none if the reader may not.
func (s *sight) remembered() ([]happening, error) {
	if !s.p.Roles.Team {
		return nil, nil
	}
	rows, err := s.d.List("activity", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.HashExp{"activity.record": s.c.ID(), "activity.collection": "contributions"}).
			OrderBy("activity.created", "activity.rowid").Limit(50)
	})
	if err != nil {
		return nil, err
	}
	found := []happening{}
	for _, row := range rows {
		if row.GetString("action") == "create" && row.GetString("via") == access.ViaJob {
			return nil, nil // the hub brought it in; the record knows more
		}
		if h, ok := toHappening(row); ok {
			found = append(found, h)
		}
	}
	return found, nil
}

// toHappening takes the change of state out of a row of the activity.
func toHappening(row *core.Record) (happening, bool) {
	changes := map[string][]string{}
	if err := row.UnmarshalJSONField("changes", &changes); err != nil {
		return happening{}, false
	}
	h := happening{person: row.GetString("actor"), via: row.GetString("via"), at: row.GetDateTime("created").Time()}
	switch state := changes["review_status"]; {
	case row.GetString("action") == "create":
		h.state = "logged"
	case len(state) == 2 && state[1] != "":
		h.state = state[1]
	default:
		return h, false
	}
	return h, true
}

// kept is what the fields of a contribution tell of its way.
func (s *sight) kept() []happening {
	c := s.c
	found := []happening{{state: "logged", person: c.GetString("logged_by"), at: c.GetDateTime("created").Time()}}
	reviewed := c.GetDateTime("reviewed_at").Time()
	submitted := c.GetDateTime("submitted_at").Time()
	judged := happening{person: c.GetString("reviewed_by"), at: reviewed, state: c.Status()}
	switch {
	case c.Status() == Submitted && !reviewed.IsZero() && submitted.After(reviewed):
		judged.state = NeedsRevision
		found = append(found, judged, happening{state: Submitted, person: c.GetString("logged_by"), at: submitted})
	case c.Status() == Verified || c.Status() == NeedsRevision || c.Status() == Rejected:
		found = append(found, judged)
	case c.Status() == Withdrawn:
		found = append(found, happening{state: Withdrawn, person: c.GetString("logged_by"), at: c.GetDateTime("updated").Time()})
	}
	return found
}

// people returns the names of those who took the steps and whom the reader may see.
func people(d *access.Door, steps []happening) (map[string]string, error) {
	ids := []any{}
	for _, h := range steps {
		if h.person != "" {
			ids = append(ids, h.person)
		}
	}
	names := map[string]string{}
	if len(ids) == 0 {
		return names, nil
	}
	found, err := d.List("users", func(q *dbx.SelectQuery) { q.AndWhere(dbx.In("users.id", ids...)) })
	for _, u := range found {
		names[u.Id] = u.GetString("name")
	}
	return names, err
}
