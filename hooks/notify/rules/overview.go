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

// shownMessages is how many coming and how many past messages the page lists.
const shownMessages = 30

type overviewPage struct {
	web.Base
	Programme *programmes.Programme
	Tabs      programmes.Tabs
	Rules     []ruleRow
	Coming    []MessageRow
	Past      []MessageRow
	// Most is how many messages a list shows at most, said when there may be more.
	Most int
	Held bool
	// Unreached says how many people the team has to tell over WhatsApp.
	Unreached string
	// Bounced are the addresses from which messages come back.
	Bounced []string
	// MayAdd is for initiators, who keep the programme's rules.
	MayAdd bool
	// MayAsk is for the team, who may read everybody's messages.
	MayAsk bool
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
	data := overviewPage{Base: web.New(e, "reminders.title").At("programmes"), Programme: p, Most: shownMessages}
	data.Crumbs = append(p.Crumbs(data.Language), web.Crumb{Label: data.Title})
	data.Tabs, data.MayAdd = p.Tabs("reminders", data.Language), p.Roles.Initiator || d.Super()
	data.MayAsk = p.Roles.Team || d.Super()
	if data.Rules, err = ruleRows(d, p, data.Language); err != nil {
		return err
	}
	if data.MayAsk { // the team can tell them
		silent, err := count(d, p)
		if err != nil {
			return err
		}
		data.Unreached = unreachedWords(data.Language, silent)
	}
	now := clock.Now()
	if data.Coming, err = Messages(d, p, data.Base, coming(now)); err != nil {
		return err
	}
	if data.Past, err = Messages(d, p, data.Base, past(now)); err != nil {
		return err
	}
	if p.Roles.Team || d.Super() {
		if data.Bounced, err = outbox.Bounced(d.App(), p.ID(), p.Zone()); err != nil {
			return err
		}
	}
	data.Held = slices.ContainsFunc(data.Past, func(l MessageRow) bool { return l.Message.GetString("state") == outbox.StateHeld })
	return web.Render(e, http.StatusOK, "reminders/overview", data)
}

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
			Sentence: rule.Sentence(language), URL: p.URL() + "/reminders/" + rule.Id, Off: !rule.GetBool("active"), Own: rule.GetString("programme") != ""})
	}
	return rows, err
}

func coming(now time.Time) func(*dbx.SelectQuery) {
	return func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.In("deliveries.state", outbox.StatePlanned, outbox.StateQueued, outbox.StateRetry)).
			AndWhere(dbx.NewExp("deliveries.due_at > {:now}", dbx.Params{"now": reminders.Stamp(now)})).
			OrderBy("deliveries.due_at")
	}
}

func past(now time.Time) func(*dbx.SelectQuery) {
	return func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.NewExp("(deliveries.due_at <= {:now} OR deliveries.state NOT IN ('planned', 'queued', 'retry'))",
			dbx.Params{"now": reminders.Stamp(now)})).OrderBy("deliveries.due_at DESC")
	}
}

// Messages lists those of a programme, narrowed by a condition.
func Messages(d *access.Scope, p *programmes.Programme, b web.Base, narrow func(*dbx.SelectQuery)) ([]MessageRow, error) {
	found, err := d.List("deliveries", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.HashExp{"deliveries.programme": p.ID()}).Limit(shownMessages)
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
	err = d.With(found, "user", "recipient", "told_by")
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
	reason := "deliveries.reason." + r.GetString("reason")
	switch {
	case r.GetString("reason") == outbox.ReasonByHand:
		l.Reason = reminders.ToldWords(r, language, zone)
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
