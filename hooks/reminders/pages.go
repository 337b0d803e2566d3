package reminders

import (
	"net/http"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/mail"
	"simpul/hooks/page"
	"simpul/hooks/programmes"
)

// shownLetters is how many coming and how many past letters the page lists.
const shownLetters = 30

type overviewPage struct {
	page.Base
	Programme *programmes.Programme
	Tabs      programmes.Tabs
	Rules     []ruleRow
	Coming    []letterRow
	Past      []letterRow
	// Most is how many letters a list shows at most, said when there may be more.
	Most int
	Held bool
	// Unreached says how many people the team has to tell over WhatsApp.
	Unreached string
	// Bounced are the addresses from which letters come back.
	Bounced []string
	// MayAdd is for initiators, who keep the programme's rules.
	MayAdd bool
	// MayAsk is for the team, who may read everybody's letters.
	MayAsk bool
}

type ruleRow struct {
	Name, Kind, Sentence, URL string
	Off, Own                  bool
}

// letterRow is one letter of the ledger as the team reads it.
type letterRow struct {
	Title, Kind, To, When, State, Reason, URL string
	Badge                                     string
	letter                                    *core.Record // as the ledger holds it, nil while it is only foreseen
}

// Overview shows a programme's rules in words, what goes out next, and what
// went out or why it did not.
func Overview(e *core.RequestEvent) error {
	p, d, err := reading(e)
	if err != nil {
		return err
	}
	data := overviewPage{Base: page.New(e, "reminders.title").At("programmes"), Programme: p, Most: shownLetters}
	data.Crumbs = append(p.Crumbs(data.Language), page.Crumb{Label: data.Title})
	data.Tabs, data.MayAdd = p.Tabs("reminders", data.Language), p.Roles.Initiator || d.Super()
	data.MayAsk = p.Roles.Team || d.Super()
	if data.Rules, err = ruleRows(d, p, data.Language); err != nil {
		return err
	}
	silent, err := unreached(d, p)
	if err != nil {
		return err
	}
	data.Unreached = unreachedWords(data.Language, silent)
	now := clock.Now()
	if data.Coming, err = letters(d, p, data.Base, coming(now)); err != nil {
		return err
	}
	if data.Past, err = letters(d, p, data.Base, past(now)); err != nil {
		return err
	}
	if p.Roles.Team || d.Super() {
		if data.Bounced, err = bounced(d.App(), p.ID(), p.Zone()); err != nil {
			return err
		}
	}
	data.Held = slices.ContainsFunc(data.Past, func(l letterRow) bool { return l.letter.GetString("state") == mail.StateHeld })
	return page.Render(e, http.StatusOK, "reminders/overview", data)
}

// ruleRows are the rules in force, and the programme's own that are switched off.
func ruleRows(d *access.Door, p *programmes.Programme, language string) ([]ruleRow, error) {
	found, err := d.List("reminder_rules", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.In("reminder_rules.programme", "", p.ID())).
			OrderBy("reminder_rules.kind", "reminder_rules.offset_days", "reminder_rules.id")
	})
	on, off := []*Rule{}, []*Rule{}
	for _, r := range found {
		switch {
		case r.GetBool("active"):
			on = append(on, wrap(r))
		case r.GetString("programme") != "":
			off = append(off, wrap(r))
		}
	}
	rows := make([]ruleRow, 0, len(found))
	for _, rule := range append(inForce(on), off...) {
		rows = append(rows, ruleRow{Name: rule.GetString("name"), Kind: lang.T(language, "reminder_rules.kind."+rule.Kind()),
			Sentence: rule.Sentence(language), URL: p.URL() + "/reminders/" + rule.Id, Off: !rule.GetBool("active"), Own: rule.GetString("programme") != ""})
	}
	return rows, err
}

func coming(now time.Time) func(*dbx.SelectQuery) {
	return func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.In("deliveries.state", mail.StatePlanned, mail.StateQueued, mail.StateRetry)).
			AndWhere(dbx.NewExp("deliveries.due_at > {:now}", dbx.Params{"now": stamp(now)})).
			OrderBy("deliveries.due_at")
	}
}

func past(now time.Time) func(*dbx.SelectQuery) {
	return func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.NewExp("(deliveries.due_at <= {:now} OR deliveries.state NOT IN ('planned', 'queued', 'retry'))",
			dbx.Params{"now": stamp(now)})).OrderBy("deliveries.due_at DESC")
	}
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05.000Z") }

func letters(d *access.Door, p *programmes.Programme, b page.Base, narrow func(*dbx.SelectQuery)) ([]letterRow, error) {
	found, err := d.List("deliveries", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.HashExp{"deliveries.programme": p.ID()}).Limit(shownLetters)
		narrow(q)
	})
	if err != nil {
		return nil, err
	}
	titles, err := subjectTitles(d, found)
	if err != nil {
		return nil, err
	}
	rows := make([]letterRow, 0, len(found))
	err = d.With(found, "user", "recipient", "told_by")
	for _, r := range found {
		l := row(r, b.Language, p.Zone())
		l.Title = titles[r.GetString("subject_id")]
		rows = append(rows, l)
	}
	return rows, err
}

// subjectTitles tells what letters are about, as far as the reader may see it,
// by the id of the record.
func subjectTitles(d *access.Door, letters []*core.Record) (map[string]string, error) {
	about := map[string][]any{}
	for _, r := range letters {
		collection := r.GetString("subject_collection")
		about[collection] = append(about[collection], r.GetString("subject_id"))
	}
	named := map[string]string{}
	for collection, field := range titles {
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

// badges colour the states of a letter; the words say the same.
var badges = map[string]string{
	mail.StateSent: "ok", mail.StateHeld: "warn", mail.StateRetry: "warn", mail.StateUncertain: "warn", mail.StateFailed: "bad",
}

func row(r *core.Record, language, zone string) letterRow {
	l := letterRow{
		Kind:   lang.T(language, "reminder_rules.kind."+r.GetString("kind")),
		To:     r.GetString("email"),
		When:   lang.Moment(language, r.GetDateTime("due_at").Time(), zone),
		State:  lang.T(language, "deliveries.state."+r.GetString("state")),
		URL:    r.GetString("url"),
		Badge:  badges[r.GetString("state")],
		letter: r,
	}
	if l.To == "" {
		l.To = first("name", r.ExpandedOne("user"), r.ExpandedOne("recipient"))
	}
	if l.To == "" {
		l.To = first("position", r.ExpandedOne("recipient"))
	}
	reason := "deliveries.reason." + r.GetString("reason")
	switch {
	case r.GetString("reason") == mail.ReasonByHand:
		l.Reason = toldWords(r, language, zone)
	case lang.Has(reason):
		l.Reason = lang.T(language, reason)
	}
	return l
}

// stays says of a letter that waits why it will not leave.
func (l *letterRow) stays(language, reason string) {
	l.State, l.Badge, l.Reason = lang.T(language, "reminders.will_not"), "bad", lang.T(language, "deliveries.reason."+reason)
}
