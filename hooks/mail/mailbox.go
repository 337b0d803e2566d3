package mail

import (
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/notify/smtp"
)

// Post is one letter as the mailbox page shows it.
type Post struct {
	ID, Kind, Programme, State, To, Language string
	Reason                                   string // why it is in this state; for a waiting letter why it would not be sent
	Subject, Text, HTML                      string // empty once sent, or when the letter is not wanted any more
	URL                                      string
	LastError, ServerReply                   string
	Attempts                                 int
	DueAt, UsefulUntil, SentAt, NextAttempt  time.Time // zero when unknown
	Zone                                     string    // the recipient's; empty when unknown
	Rule                                     string    // name of the rule it came from, if any
	SubjectCollection, SubjectID             string    // what it is about
}

// Sheet is one page of the mailbox.
type Sheet struct {
	State string // one state; empty is every letter whose hour has come
	Skip  int    // how many letters come before
	Size  int    // how many it lists at most
}

// filed is a row of the ledger with the name of its rule.
type filed struct {
	Delivery
	RuleName string `db:"rule_name"`
}

// Mailbox lists letters, the latest first: one that left by when it left, any other by when it is or was due; with one
// state of letters to come, the next first. Letters that have not left yet are rendered as they would be now, which needs
// the app's sender; without one they show only what the ledger keeps.
func Mailbox(app core.App, sheet Sheet) ([]Post, error) {
	condition, order := `d.state != 'planned' AND (d.due_at <= {:now} OR d.sent_at != '')`, `COALESCE(NULLIF(d.sent_at, ''), d.due_at) DESC`
	if sheet.State != "" {
		condition = `d.state = {:state}`
	}
	if sheet.State == StatePlanned {
		order = `d.due_at`
	}
	var rows []filed
	query := strings.Replace(selectDelivery, "SELECT d.*", "SELECT d.*, COALESCE((SELECT name FROM reminder_rules WHERE id = d.rule), '') AS rule_name", 1)
	err := app.DB().NewQuery(query + `WHERE ` + condition + ` ORDER BY ` + order + `, d.id LIMIT {:size} OFFSET {:skip}`).
		Bind(dbx.Params{"state": sheet.State, "now": stamp(clock.Now()), "size": sheet.Size, "skip": sheet.Skip}).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("read the mailbox: %w", err)
	}
	sender := senderOf(app)
	posts := make([]Post, len(rows))
	for i, d := range rows {
		posts[i] = post(d)
		switch {
		case d.TextBody != "":
		case d.Message != "":
			posts[i].Text, posts[i].HTML = smtp.ReadParts(d.Message)
		case sender != nil && d.unsent():
			sender.preview(&posts[i], d.Delivery)
		}
	}
	return posts, nil
}

func post(d filed) Post {
	return Post{ID: d.ID, Kind: d.Kind, Programme: d.Programme, State: d.State, Reason: d.Reason, To: d.Email,
		Language: d.Language, Subject: d.Subject, Text: d.TextBody, HTML: d.HTMLBody, URL: d.URL, LastError: d.LastError,
		ServerReply: d.ServerReply, Attempts: d.Attempts, DueAt: d.DueAt.Time(), UsefulUntil: d.UsefulUntilAt.Time(),
		SentAt: d.SentAt.Time(), NextAttempt: d.NextAttemptAt.Time(), Zone: d.Zone, Rule: d.RuleName,
		SubjectCollection: d.SubjectCollection, SubjectID: d.SubjectID}
}

func (d Delivery) unsent() bool {
	switch d.State {
	case StatePlanned, StateQueued, StateRetry, StateHeld:
		return d.Kind != KindAccount
	}
	return false
}

// preview writes a waiting letter as it would be sent now, or the reason why it would not.
func (s *Sender) preview(p *Post, d Delivery) {
	now := clock.Now()
	contents, reason, err := s.kinds.ask(s.app, d, now)
	if err != nil {
		p.LastError = clip(err.Error(), maxWords)
		return
	}
	if reason != "" {
		p.Reason = reason
		return
	}
	b, err := s.paper.render(d.page(contents, s.app.Settings().Meta, now))
	if err != nil {
		p.LastError = clip(err.Error(), maxWords)
		return
	}
	p.Subject, p.Text, p.HTML = b.subject, b.text, b.html
}
