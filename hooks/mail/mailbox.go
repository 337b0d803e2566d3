package mail

import (
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Post is one letter as the mailbox page shows it.
type Post struct {
	ID, Kind, Programme, State, To, Language string
	Reason                                   string // why it is in this state; for a waiting letter why it would not be sent
	Subject, Text, HTML                      string // empty once sent, or when the letter is not wanted any more
	URL                                      string
	LastError, ServerReply                   string
	Attempts                                 int
	DueAt, UsefulUntil, SentAt               time.Time // zero when unknown
}

// Mailbox lists the newest n letters of the ledger. Letters that have not left yet are rendered as they would be now,
// which needs the app's sender; without one they show only what the ledger keeps.
func Mailbox(app core.App, n int) ([]Post, error) {
	var rows []Delivery
	err := app.DB().NewQuery(selectDelivery + "ORDER BY d.created DESC, d.id LIMIT {:n}").Bind(dbx.Params{"n": n}).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("read the mailbox: %w", err)
	}
	sender := senderOf(app)
	posts := make([]Post, len(rows))
	for i, d := range rows {
		posts[i] = post(d)
		if sender != nil && d.TextBody == "" && d.unsent() {
			sender.preview(&posts[i], d)
		}
	}
	return posts, nil
}

func post(d Delivery) Post {
	return Post{ID: d.ID, Kind: d.Kind, Programme: d.Programme, State: d.State, Reason: d.Reason, To: d.Email,
		Language: d.Language, Subject: d.Subject, Text: d.TextBody, HTML: d.HTMLBody, URL: d.URL, LastError: d.LastError,
		ServerReply: d.ServerReply, Attempts: d.Attempts, DueAt: d.DueAt.Time(), UsefulUntil: d.UsefulUntilAt.Time(),
		SentAt: d.SentAt.Time()}
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
	contents, reason, err := s.kinds.ask(s.app, d)
	if err != nil {
		p.LastError = clip(err.Error(), maxWords)
		return
	}
	if reason != "" {
		p.Reason = reason
		return
	}
	b, err := s.paper.render(d.page(contents, s.app.Settings().Meta))
	if err != nil {
		p.LastError = clip(err.Error(), maxWords)
		return
	}
	p.Subject, p.Text, p.HTML = b.subject, b.text, b.html
}

// Health tells an administrator how sending stands.
type Health struct {
	Held      string         // ReasonSMTPOff or ReasonMailHeld while nothing may leave, else empty
	Channel   Channel        // the way to the mail server; its zero value means that nothing is wrong
	States    map[string]int // letters by state
	OldestDue time.Time      // when the oldest letter still waiting was due; zero when none is late
}

// Report reads how sending stands at now.
func Report(app core.App, now time.Time) (Health, error) {
	h := Health{States: map[string]int{}}
	var err error
	if h.Held, err = holding(app); err != nil {
		return h, fmt.Errorf("report on letters: %w", err)
	}
	var counts []struct {
		State string `db:"state"`
		N     int    `db:"n"`
	}
	if err := app.DB().NewQuery(`SELECT state, COUNT(*) AS n FROM deliveries GROUP BY state`).All(&counts); err != nil {
		return h, fmt.Errorf("report on letters: %w", err)
	}
	for _, c := range counts {
		h.States[c.State] = c.N
	}
	var oldest types.DateTime
	err = app.DB().NewQuery(`SELECT COALESCE(MIN(due_at), '') FROM deliveries
		WHERE state IN ('planned', 'queued', 'retry', 'held') AND due_at <= {:now}`).
		Bind(dbx.Params{"now": stamp(now)}).Row(&oldest)
	if err != nil {
		return h, fmt.Errorf("report on letters: %w", err)
	}
	h.OldestDue = oldest.Time()
	if s := senderOf(app); s != nil {
		h.Channel = s.Channel()
	}
	return h, nil
}
