package home

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/contributions"
	"simpul/hooks/lang"
	"simpul/hooks/meetings"
	"simpul/hooks/notify/offline"
	"simpul/hooks/programmes"
	"simpul/hooks/roster"
	"simpul/hooks/tasks"
	"simpul/hooks/web"
)

// How much the home page shows of what waits.
const (
	mineShown     = 5
	meetingsShown = 2
)

type workPage struct {
	web.Base
	// Partner and Team say which of the two pages to show; a person can be both.
	Partner, Team bool
	Nobody        bool
	Attention     []web.Figure
	Waiting       []contributions.Queue
	Gaps          []programmeGap
	// ToTell are the programmes with people whom no mail reaches.
	ToTell []offline.Queue
	// Tasks are the reader's own, Followed those of others to look after.
	Tasks, Followed []tasks.Row
	Meetings        []meetings.Card
}

// programmeGap is a programme with a party missing.
type programmeGap struct {
	Programme, URL string
	Gap
}

func (data *workPage) fill(d *access.Scope) error {
	members, err := d.Programmes()
	if err != nil {
		return err
	}
	data.Nobody = len(members) == 0
	led := []string{}
	for _, m := range members {
		roles := d.Roles(m.Programme)
		data.Partner = data.Partner || roles.Partner
		if roles.Team && !slices.Contains(led, m.Programme) { // a person can be there twice, as a partner too
			led = append(led, m.Programme)
		}
	}
	data.Team = len(led) > 0
	mine, err := tasks.Mine(d, mineShown)
	if err != nil {
		return err
	}
	data.Tasks = tasks.RowsAcross(d, data.Language, mine)
	followed, err := tasks.Followed(d, mineShown)
	if err != nil {
		return err
	}
	data.Followed = tasks.RowsAcross(d, data.Language, followed)
	next, err := meetings.NextAcross(d, meetingsShown)
	if err != nil {
		return err
	}
	data.Meetings = meetings.RowsAcross(data.Language, next)
	if !data.Team {
		return nil
	}
	return data.fillAttention(d, led)
}

// Work shows what waits for the reader across programmes.
func Work(e *core.RequestEvent) error {
	d := web.Scope(e)
	data := &workPage{Base: web.New(e, "home.title").At("home")}
	if d.Super() {
		return administration(e, d, data.Base)
	}
	if err := data.fill(d); err != nil {
		return err
	}
	return web.Render(e, http.StatusOK, "home/work", data)
}

func administration(e *core.RequestEvent, d *access.Scope, b web.Base) error {
	checks, err := checklist(d, b.Language)
	if err != nil {
		return err
	}
	example, err := d.List("programmes", examples)
	if err != nil {
		return err
	}
	return web.Render(e, http.StatusOK, "home/administration", adminPage{b, checks, len(example) > 0})
}

// fillAttention counts what a team has to look after. Each number opens exactly
// the list it counts.
func (data *workPage) fillAttention(d *access.Scope, led []string) (err error) {
	needs, err := tasks.Attention(d)
	if err != nil {
		return err
	}
	say := func(key string) string { return lang.T(data.Language, key) }
	data.Attention = []web.Figure{
		figure(say("home.late"), needs.Late, say("home.late_note"), needs.LateURL()),
		figure(say("home.unanswered"), needs.Unanswered, say("home.unanswered_note"), needs.UnansweredURL()),
		figure(say("home.trouble"), needs.Trouble, say("home.trouble_note"), needs.TroubleURL()),
	}
	if data.Waiting, err = contributions.Waiting(d, led); err != nil {
		return err
	}
	all, err := programmes.ByIDs(d, led)
	if err != nil {
		return err
	}
	if data.ToTell, err = offline.ToTell(d, all); err != nil {
		return err
	}
	strips, err := roster.CoverageAcross(d, all, data.Language)
	for _, p := range all {
		if gap := firstGap(strips[p.ID()], data.Language); gap != nil {
			data.Gaps = append(data.Gaps, programmeGap{p.Name(), p.URL(), *gap})
		}
	}
	return err
}

type adminPage struct {
	web.Base
	Checks []Check
	// Example says that example programmes are loaded and can be removed.
	Example bool
}

// Check is one thing an administrator sets up, with where to do it.
type Check struct {
	Done             bool
	Title, Text, URL string
}

func examples(q *dbx.SelectQuery) {
	q.AndWhere(dbx.HashExp{"programmes.example": true}).Limit(1)
}

// checklist tells what a new hub still lacks. Examples do not count: they go
// when the work begins.
func checklist(d *access.Scope, language string) ([]Check, error) {
	initiators, err := d.List("users", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.HashExp{"users.may_create_programmes": true, "users.disabled": false, "users.example": false}).Limit(1)
	})
	if err != nil {
		return nil, err
	}
	year, _ := strconv.Atoi(clock.Today(clock.Zones[0])[:4])
	next := strconv.Itoa(year + 1)
	holidays, err := d.List("holidays", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.NewExp("holidays.[[on]] LIKE {:year}", dbx.Params{"year": next + "-%"})).Limit(1)
	})
	if err != nil {
		return nil, err
	}
	programmes, err := d.List("programmes", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.HashExp{"programmes.example": false}).Limit(1)
	})
	if err != nil {
		return nil, err
	}
	smtp := d.App().Settings().SMTP.Enabled
	say := func(done bool, name, url string) Check {
		return Check{done, lang.T(language, "home.check_"+name, "year", next), lang.T(language, "home.check_"+name+"_text"), url}
	}
	return []Check{
		say(smtp, "smtp", "/_/#/settings/mail"),
		say(len(initiators) > 0, "initiator", "/_/#/collections?collection=users"),
		say(len(programmes) > 0, "programme", "/programmes/new"),
		say(len(holidays) > 0, "holidays", "/_/#/collections?collection=holidays"),
	}, nil
}
