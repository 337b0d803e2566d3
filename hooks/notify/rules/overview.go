// Package rules shows a programme's reminders and lets its initiators change the rules.
package rules

import (
	"net/http"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/notify/outbox"
	"simpul/hooks/notify/reminders"
	"simpul/hooks/programmes"
	"simpul/hooks/web"
)

const (
	// glimpse is how many rows of each list the page of reminders shows.
	glimpse = 3
	// shownMessages is how many rows a list shows that has a page of its own.
	shownMessages = 30
	// soon is how far the page of reminders looks ahead.
	soon = 7 * 24 * time.Hour
)

type overviewPage struct {
	web.Base
	Programme *programmes.Programme
	Tabs      programmes.Tabs
	Lists     []list
	Glimpse   bool // of each list only the first rows
	Held      bool
	// Unreached says how many people the team has to tell over WhatsApp.
	Unreached string
	// Bounced are the addresses from which messages come back.
	Bounced []string
	// MayAdd is for initiators, who keep the programme's rules.
	MayAdd bool
	// MayAsk is for the team, who may read everybody's messages.
	MayAsk bool
}

// list is one part of the page of reminders, or the whole of it on its own page.
type list struct {
	ID       string // rules, coming, wrong or past
	Rules    []ruleRow
	Messages []MessageRow
	// All is where the whole list stands, empty on that page itself.
	All string
	// Cut says that the list may be longer than what is shown.
	Cut int
}

type ruleRow struct {
	Name, Kind, Sentence, URL string
	Off, Own                  bool
}

// MessageRow is one message of the ledger as the team reads it.
type MessageRow struct {
	Title, Kind, To, When, State, Reason, URL string
	Badge                                     string
	Message                                   *core.Record // as the ledger holds it, nil while it is only foreseen
}

// Unreached counts the people of a programme whom no mail reaches and whom
// somebody has to tell.
type Unreached func(d *access.Scope, p *programmes.Programme) (int, error)

// MostUnreached is how many people are counted; a higher count stands for more.
const MostUnreached = 30

// Overview shows a programme's rules in words, what goes out next, and what
// went out or why it did not.
func Overview(count Unreached) func(*core.RequestEvent) error {
	return func(e *core.RequestEvent) error { return overview(e, count) }
}

func overview(e *core.RequestEvent, count Unreached) error {
	p, d, err := reading(e)
	if err != nil {
		return err
	}
	data := overviewPage{Base: web.New(e, "reminders.title").At("programmes"), Programme: p}
	data.Crumbs = append(p.Crumbs(data.Language), web.Crumb{Label: data.Title})
	data.Tabs, data.MayAdd = p.Tabs("reminders", data.Language), p.Roles.Initiator || d.Super()
	data.MayAsk = p.Roles.Team || d.Super()
	if show := e.Request.URL.Query().Get("show"); show != "" {
		data.Crumbs = append(p.Crumbs(data.Language), web.Crumb{Label: data.Title, URL: p.URL() + "/reminders"}, web.Crumb{Label: lang.T(data.Language, "reminders."+show)})
		return data.show(e, d, shownMessages, show)
	}
	if data.MayAsk { // the team can tell them
		silent, err := count(d, p)
		if err != nil {
			return err
		}
		data.Unreached = unreachedWords(data.Language, silent)
		if data.Bounced, err = outbox.Bounced(d.App(), p.ID(), p.Zone()); err != nil {
			return err
		}
	}
	return data.show(e, d, glimpse, "rules", "coming", "wrong")
}

// show renders some lists with as many rows each.
func (data *overviewPage) show(e *core.RequestEvent, d *access.Scope, most int, ids ...string) (err error) {
	data.Glimpse = most == glimpse
	narrow := conditions(clock.Now(), data.Glimpse)
	for _, id := range ids {
		l := list{ID: id}
		condition, known := narrow[id]
		switch {
		case id == "rules":
			if l.Rules, err = ruleRows(d, data.Programme, data.Language); err != nil {
				return err
			}
			if data.Glimpse {
				l.Rules = l.Rules[:min(len(l.Rules), most)]
			}
		case !known:
			return access.ErrRefused
		default:
			if l.Messages, err = Messages(d, data.Programme, data.Base, func(q *dbx.SelectQuery) { condition(q); q.Limit(int64(most)) }); err != nil {
				return err
			}
		}
		if l.All = data.Programme.URL() + "/reminders?show=" + allOf[id]; !data.Glimpse {
			l.All = ""
			if len(l.Messages) == most {
				l.Cut = most
			}
		}
		data.Held = data.Held || slices.ContainsFunc(l.Messages, func(m MessageRow) bool { return m.Message.GetString("state") == outbox.StateHeld })
		data.Lists = append(data.Lists, l)
	}
	return web.Render(e, http.StatusOK, "reminders/overview", *data)
}

// allOf is the list that a part of the page is the beginning of.
var allOf = map[string]string{"rules": "rules", "coming": "coming", "wrong": "past"}

// ruleRows are the rules in force, and the programme's own that are switched off.
func ruleRows(d *access.Scope, p *programmes.Programme, language string) ([]ruleRow, error) {
	found, err := d.List("reminder_rules", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.In("reminder_rules.programme", "", p.ID())).
			OrderBy("reminder_rules.kind", "reminder_rules.offset_days", "reminder_rules.id")
	})
	on, off := []*reminders.Rule{}, []*reminders.Rule{}
	for _, r := range found {
		switch {
		case r.GetBool("active"):
			on = append(on, reminders.Wrap(r))
		case r.GetString("programme") != "":
			off = append(off, reminders.Wrap(r))
		}
	}
	rows := make([]ruleRow, 0, len(found))
	for _, rule := range append(reminders.WithoutReplaced(on), off...) {
		rows = append(rows, ruleRow{Name: rule.GetString("name"), Kind: lang.T(language, "reminder_rules.kind."+rule.Kind()),
			Sentence: Sentence(rule, language), URL: p.URL() + "/reminders/" + rule.Id, Off: !rule.GetBool("active"), Own: rule.GetString("programme") != ""})
	}
	return rows, err
}

// conditions pick the messages of each list; near ones only leave within the next days.
func conditions(now time.Time, near bool) map[string]func(*dbx.SelectQuery) {
	until := now.AddDate(100, 0, 0)
	if near {
		until = now.Add(soon)
	}
	params := dbx.Params{"now": reminders.Stamp(now), "until": reminders.Stamp(until)}
	where := func(sql, order string) func(*dbx.SelectQuery) {
		return func(q *dbx.SelectQuery) { q.AndWhere(dbx.NewExp(sql, params)).OrderBy(order) }
	}
	return map[string]func(*dbx.SelectQuery){
		"coming": where("deliveries.state IN ('planned', 'queued', 'retry') AND deliveries.due_at > {:now} AND deliveries.due_at <= {:until}", "deliveries.due_at"),
		"wrong": where(`(deliveries.state IN ('failed', 'uncertain', 'held', 'retry') OR deliveries.state = 'skipped' AND deliveries.reason IN
			('stale', 'no_address', 'bad_address', 'bounced', 'complaint', 'broken', 'unknown_kind'))`, "deliveries.due_at DESC"),
		"past": where("(deliveries.due_at <= {:now} OR deliveries.state NOT IN ('planned', 'queued', 'retry'))", "deliveries.due_at DESC"),
	}
}

// Messages lists those of a programme, narrowed by a condition.
func Messages(d *access.Scope, p *programmes.Programme, b web.Base, narrow func(*dbx.SelectQuery)) ([]MessageRow, error) {
	found, err := d.List("deliveries", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.HashExp{"deliveries.programme": p.ID()})
		narrow(q)
	})
	if err != nil {
		return nil, err
	}
	titles, err := subjectTitles(d, found)
	if err != nil {
		return nil, err
	}
	rows := make([]MessageRow, 0, len(found))
	err = d.With(found, "user", "recipient", "contacted_by")
	for _, r := range found {
		l := row(r, b.Language, p.Zone())
		l.Title = titles[r.GetString("subject_id")]
		rows = append(rows, l)
	}
	return rows, err
}

// subjectTitles tells what messages are about, as far as the reader may see it,
// by the id of the record.
func subjectTitles(d *access.Scope, messages []*core.Record) (map[string]string, error) {
	about := map[string][]any{}
	for _, r := range messages {
		collection := r.GetString("subject_collection")
		about[collection] = append(about[collection], r.GetString("subject_id"))
	}
	named := map[string]string{}
	for collection, field := range reminders.Titles {
		if len(about[collection]) == 0 {
			continue
		}
		found, err := d.List(collection, func(q *dbx.SelectQuery) { q.AndWhere(dbx.In(collection+".id", about[collection]...)) })
		if err != nil {
			return nil, err
		}
		for _, r := range found {
			named[r.Id] = r.GetString(field)
		}
	}
	return named, nil
}

// Badges colour the states of a message; the words say the same.
var Badges = map[string]string{
	outbox.StateSent: "ok", outbox.StateHeld: "warn", outbox.StateRetry: "warn", outbox.StateUncertain: "warn", outbox.StateFailed: "bad",
}

func row(r *core.Record, language, zone string) MessageRow {
	l := MessageRow{
		Kind:    lang.T(language, "reminder_rules.kind."+r.GetString("kind")),
		To:      r.GetString("email"),
		When:    lang.Moment(language, r.GetDateTime("due_at").Time(), zone),
		State:   lang.T(language, "deliveries.state."+r.GetString("state")),
		URL:     r.GetString("url"),
		Badge:   Badges[r.GetString("state")],
		Message: r,
	}
	if l.To == "" {
		l.To = reminders.First("name", r.ExpandedOne("user"), r.ExpandedOne("recipient"))
	}
	if l.To == "" {
		l.To = reminders.First("position", r.ExpandedOne("recipient"))
	}
	reason := "deliveries.reason." + outbox.DisplayReasonOf(r)
	switch {
	case r.GetString("reason") == outbox.ReasonByHand:
		l.Reason = ToldWords(r, language, zone)
	case lang.Has(reason):
		l.Reason = lang.T(language, reason)
	}
	return l
}

// Stays says of a message that waits why it will not leave.
func (l *MessageRow) Stays(language, reason string) {
	l.State, l.Badge, l.Reason = lang.T(language, "reminders.will_not"), "bad", lang.T(language, "deliveries.reason."+reason)
}

// unreachedWords says how many they are, nothing for nobody.
func unreachedWords(language string, n int) string {
	switch {
	case n == 0:
		return ""
	case n > MostUnreached:
		return lang.T(language, "reminders.unreached_more", "n", MostUnreached)
	}
	return lang.T(language, "reminders.unreached", "n", n)
}

// ToldWords says by whom and when a message was told in person.
func ToldWords(letter *core.Record, language, zone string) string {
	who := reminders.First("position", letter.ExpandedOne("contacted_by"))
	if who == "" {
		who = reminders.First("name", letter.ExpandedOne("contacted_by"))
	}
	if who == "" {
		who = lang.T(language, "reminders.the_team")
	}
	return lang.T(language, "reminders.contacted_by", "who", who, "when", lang.Moment(language, letter.GetDateTime("sent_at").Time(), zone))
}
