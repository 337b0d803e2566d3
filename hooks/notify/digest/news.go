package digest

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"simpul/hooks/lang"
	"simpul/hooks/notify/outbox"
	"simpul/hooks/notify/reminders"
)

// oldestNews is how far back a daily message tells what is new at most.
const oldestNews = 7 * 24 * time.Hour

// event is one row of the activity that may be news.
type event struct {
	Collection string        `db:"collection"`
	Record     string        `db:"record"`
	Action     string        `db:"action"`
	Changes    types.JSONRaw `db:"changes"`
}

// headline is what a change of a field to a value is called, by collection and
// field; creations go by the field "".
var headlines = map[string]map[string]map[string]string{
	"tasks":         {"": {"": "task_new"}, "state": {"done": "task_done"}},
	"meetings":      {"": {"": "meeting_new"}, "status": {"cancelled": "meeting_cancelled"}},
	"minutes":       {"status": {"circulated": "minutes_circulated", "final": "minutes_final"}},
	"contributions": {"review_status": {"submitted": "contribution_new", "verified": "contribution_verified"}},
}

// headline names the news in an event; empty when there is none.
func (e event) headline() string {
	kinds := headlines[e.Collection]
	var changes map[string]any
	if json.Unmarshal(e.Changes, &changes) != nil {
		return ""
	}
	for field, values := range kinds {
		// Old and new value; a field of which only the name is kept is no pair.
		if pair, _ := changes[field].([]any); len(pair) == 2 && values[fmt.Sprint(pair[1])] != "" {
			return values[fmt.Sprint(pair[1])]
		}
	}
	if e.Action == "create" {
		return kinds[""][""]
	}
	return ""
}

// read lists what others did in the reader's programmes since the last daily
// Message, the newest first, as far as the reader may see it.
func (i *digest) read() error {
	if i.scope == nil {
		return nil
	}
	if len(i.yours)+len(i.others) == 0 {
		if alone, err := subscribed(i.app, i.user.Id); err != nil || !alone {
			return err
		}
	}
	since, err := i.since()
	if err != nil {
		return err
	}
	members, err := i.scope.Programmes()
	if err != nil {
		return err
	}
	programmes := []any{}
	for _, m := range members {
		programmes = append(programmes, m.Programme)
	}
	var events []event
	err = i.app.DB().Select("collection", "record", "action", "changes").From("activity").
		Where(dbx.In("programme", programmes...)).
		AndWhere(dbx.NewExp("created > {:since} AND actor != {:me}", dbx.Params{"since": reminders.Stamp(since), "me": i.user.Id})).
		AndWhere(dbx.In("collection", "tasks", "meetings", "minutes", "contributions")).
		OrderBy("created DESC", "rowid DESC").Limit(300).All(&events)
	if err != nil {
		return fmt.Errorf("news: %w", err)
	}
	return i.report(events)
}

// since is when the reader was last told what is new.
func (i *digest) since() (time.Time, error) {
	var last types.DateTime
	err := i.app.DB().NewQuery(`SELECT COALESCE(MAX(sent_at), '') FROM deliveries
		WHERE user = {:user} AND kind = '` + reminders.KindDaily + `' AND state = 'sent'`).Bind(dbx.Params{"user": i.user.Id}).Row(&last)
	if err != nil {
		return time.Time{}, fmt.Errorf("last daily letter: %w", err)
	}
	if last.IsZero() {
		return i.now.Add(-24 * time.Hour), nil
	}
	return reminders.Latest(last.Time(), i.now.Add(-oldestNews)), nil
}

// report writes the newest event of each record the reader may see. What stands
// under another heading of the message is known from there.
func (i *digest) report(events []event) error {
	told, above := map[string]bool{}, map[string]bool{}
	for _, p := range slices.Concat(i.yours, i.others) {
		above[p.URL] = true
	}
	for _, e := range events {
		name := e.headline()
		if name == "" || told[e.Record] || len(i.news) > 2*mostListed {
			continue
		}
		told[e.Record] = true
		title, url, err := i.titled(e)
		if err != nil {
			return err
		}
		if link := (outbox.Link{Label: title, URL: reminders.Home(i.app) + url}); title != "" && !above[link.URL] {
			i.news = append(i.news, &item{Item: outbox.Item{Link: link, Note: lang.T(i.letter.Language, "reminders.news."+name)}})
		}
	}
	return nil
}

// titled returns what an event is about; nothing when the reader may not see it.
func (i *digest) titled(e event) (title, url string, err error) {
	r, err := i.seen(e.Collection, e.Record)
	if err != nil || r == nil {
		return "", "", err
	}
	if e.Collection == "minutes" {
		meeting, err := i.seen("meetings", r.GetString("meeting"))
		if err != nil || meeting == nil {
			return "", "", err
		}
		return meeting.GetString("title"), "/meetings/" + meeting.Id + "/minutes", nil
	}
	return r.GetString(reminders.Titles[e.Collection]), "/" + e.Collection + "/" + r.Id, nil
}

// seen reads a record through the reader's scope; nil when it stays shut.
func (i *digest) seen(collection, id string) (*core.Record, error) {
	found, err := i.scope.List(collection, func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.HashExp{collection + ".id": id}).Limit(1)
	})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}
