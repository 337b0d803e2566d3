package digest

import (
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/lang"
	"simpul/hooks/notify/outbox"
	"simpul/hooks/notify/reminders"
)

// staleUseful is how long such a message is worth sending.
const staleUseful = 7 * 24 * time.Hour

// isLost holds for reminders that came too late and stand in no summary yet. The
// column expiry_report_id names the summary that tells of them.
const isLost = `state IN ('skipped', 'failed') AND reason = 'stale' AND digest_id = '' AND expiry_report_id = '' AND due_at > {:since}
	AND programme != '' AND kind NOT IN ('` + reminders.KindDaily + `', '` + reminders.KindExpiredSummary + `')`

// sumUp plans one message to each initiator of every programme that lost
// reminders. What is lost before that message leaves is told by it too.
func sumUp(app core.App, now time.Time) error {
	var programmes []string
	since := dbx.Params{"since": reminders.Stamp(now.Add(-reminders.StaleSeen))}
	err := app.DB().NewQuery("SELECT DISTINCT programme FROM deliveries WHERE " + isLost).Bind(since).Column(&programmes)
	if err != nil || len(programmes) == 0 {
		return err
	}
	return app.RunInTransaction(func(tx core.App) error {
		for _, id := range programmes {
			if err := sumUpOne(tx, id, now); err != nil {
				return fmt.Errorf("lost reminders of programme %s: %w", id, err)
			}
		}
		return nil
	})
}

func sumUpOne(tx core.App, programme string, now time.Time) error {
	about := dbx.Params{"programme": programme, "since": reminders.Stamp(now.Add(-reminders.StaleSeen)), "kind": reminders.KindExpiredSummary}
	var anchor string
	err := tx.DB().NewQuery(`SELECT COALESCE(MAX(anchor_at), '') FROM deliveries
		WHERE kind = {:kind} AND programme = {:programme} AND state IN ('planned', 'queued', 'retry', 'held')`).Bind(about).Row(&anchor)
	if err != nil {
		return err
	}
	if anchor == "" {
		if anchor, err = planSummary(tx, programme, now); err != nil || anchor == "" {
			return err
		}
	}
	about["anchor"] = anchor
	_, err = tx.DB().NewQuery(`UPDATE deliveries SET expiry_report_id = (SELECT MIN(id) FROM deliveries
		WHERE kind = {:kind} AND programme = {:programme} AND anchor_at = {:anchor})
		WHERE programme = {:programme} AND ` + isLost).Bind(about).Execute()
	return err
}

// planSummary plans the messages and returns their anchor; nothing when the
// programme has nobody to write to.
func planSummary(tx core.App, programme string, now time.Time) (string, error) {
	p, err := reminders.Maybe(tx, "programmes", programme)
	if err != nil || p == nil {
		return "", err
	}
	people, err := reminders.Initiators(tx, programme)
	if err != nil || len(people) == 0 {
		return "", err
	}
	anchor := now.UTC().Format("2006-01-02T15:04:05")
	messages := make([]outbox.Message, len(people))
	for i, person := range people {
		messages[i] = outbox.Message{Kind: reminders.KindExpiredSummary, Programme: programme, SubjectCollection: "programmes", SubjectID: programme,
			User: person.User, Email: person.Email, Language: person.Language, AnchorAt: anchor,
			Key: outbox.Key(reminders.KindExpiredSummary, programme, person.User, anchor), URL: "/programmes/" + p.GetString("slug") + "/reminders",
			DueAt: now, UsefulUntil: now.Add(staleUseful)}
	}
	_, err = outbox.NewTx(tx, now).Enqueue(messages...)
	return anchor, err
}

// staleMessage is asked when a summary is to leave: does its reader still lead
// the programme, and how many reminders were lost?
func staleMessage(app core.App, d outbox.Delivery, _ time.Time) (outbox.Contents, string, error) {
	user, err := reminders.Maybe(app, "users", d.User)
	p, err2 := reminders.Maybe(app, "programmes", d.Programme)
	leads, err3 := app.CountRecords("memberships", dbx.HashExp{"user": d.User, "programme": d.Programme, "role": "initiator"})
	if err := errors.Join(err, err2, err3); err != nil {
		return outbox.Contents{}, "", err
	}
	switch {
	case p == nil:
		return outbox.Contents{}, outbox.ReasonDeleted, nil
	case user == nil || user.GetBool("disabled"):
		return outbox.Contents{}, outbox.ReasonDisabled, nil
	case leads == 0:
		return outbox.Contents{}, outbox.ReasonNoAccess, nil
	}
	lines, total, err := lostLines(app, d)
	if err != nil {
		return outbox.Contents{}, "", err
	}
	if total == 0 {
		return outbox.Contents{}, outbox.ReasonNothingToSay, nil
	}
	say := func(key string, args ...any) string { return lang.T(d.Language, "reminders.expired."+key, args...) }
	return outbox.Contents{
		Email: user.Email(), Subject: say("subject", "n", total, "programme", p.GetString("name")), Greeting: reminders.Greeting(d.Language, user),
		Lines:  append([]string{say("line", "n", total, "programme", p.GetString("name"))}, lines...),
		Button: outbox.Link{Label: say("button"), URL: reminders.Home(app) + d.URL}, Why: say("why"),
	}, "", nil
}

// lostLines counts what a summary tells of, a line a kind.
func lostLines(app core.App, d outbox.Delivery) (lines []string, total int, err error) {
	var counts []struct {
		Kind string `db:"kind"`
		N    int    `db:"n"`
	}
	err = app.DB().NewQuery(`SELECT lost.kind, COUNT(*) AS n FROM deliveries lost JOIN deliveries told ON told.id = lost.expiry_report_id
		WHERE told.kind = {:kind} AND told.programme = {:programme} AND told.anchor_at = {:anchor} AND lost.reason = 'stale'
		GROUP BY lost.kind ORDER BY n DESC, lost.kind`).
		Bind(dbx.Params{"kind": reminders.KindExpiredSummary, "programme": d.Programme, "anchor": d.AnchorAt}).All(&counts)
	for _, c := range counts {
		total += c.N
		lines = append(lines, lang.T(d.Language, "reminders.expired.count", "kind", lang.T(d.Language, "reminder_rules.kind."+c.Kind), "n", c.N))
	}
	return lines, total, err
}
