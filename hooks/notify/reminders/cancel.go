package reminders

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"

	"simpul/hooks/notify/outbox"
)

// Waiting is a message in the ledger that has not left yet, or that nobody read.
type Waiting struct {
	outbox.Delivery
	Folded bool `db:"folded"` // told by a message that has not left yet
	Missed bool `db:"missed"` // taken back when its hour had come
	ours   bool // it comes from the source that is planned, not from another one of the same record
}

// Unsent reports whether the message has not left yet, neither by itself nor within another.
func (w Waiting) Unsent() bool { return w.Folded || slices.Contains(unsent, w.State) }

// takeBack cancels the messages about a subject that nothing calls for any more,
// each with its own reason. Messages of other sources about the same record stay.
func (p *planner) takeBack(rows []Waiting, s Subject, rules []*Rule, messages []planned) error {
	hold := keysOf(messages)
	gone, all := map[string][]string{}, []string{}
	for _, row := range rows {
		if !row.Unsent() {
			continue
		}
		all = append(all, row.Key)
		if !hold[row.Key] && row.ours {
			reason := row.outdated(s, rules)
			gone[reason] = append(gone[reason], row.Key)
		}
	}
	for reason, out := range gone {
		keep := slices.DeleteFunc(slices.Clone(all), func(key string) bool { return slices.Contains(out, key) })
		if err := outbox.NewTx(p.app, p.Now).Cancel(outbox.RecordRef{Collection: s.Collection, ID: s.Record.Id}, reason, keep...); err != nil {
			return err
		}
	}
	return nil
}

func keysOf(messages []planned) map[string]bool {
	keys := map[string]bool{}
	for _, l := range messages {
		keys[l.Key] = true
	}
	return keys
}

// over are the messages that left and whose reader need not read them any more.
func over(rows []Waiting, s Subject, rules []*Rule, messages []planned) (told []Waiting) {
	hold := keysOf(messages)
	for _, row := range rows {
		if !row.Unsent() && row.settled(s, rules, hold[row.Key]) {
			told = append(told, row)
		}
	}
	return told
}

// Unsent are the states of messages that have not left yet and are told by no other.
var unsent = []string{outbox.StatePlanned, outbox.StateQueued, outbox.StateRetry, outbox.StateHeld}

// takenLate holds for a message that was taken back when its hour had come and nobody had been told yet.
const takenLate = `(deliveries.state = 'cancelled' AND deliveries.sent_at = '' AND deliveries.updated >= deliveries.due_at)`

// unfinished reads the messages about a subject that have not left yet, those that
// their reader has not read on the page of reminders, and those that were taken
// back at the last moment.
func (p *planner) unfinished(s Subject, src Source) (rows []Waiting, err error) {
	err = p.app.DB().Select("id", "state", "key", "kind", "rule", "occurrence", "due_at", "useful_until_at", "user", "email", "language", "url",
		outbox.StillInDigest+" AS folded", takenLate+" AS missed").
		From("deliveries").
		Where(dbx.HashExp{"subject_collection": s.Collection, "subject_id": s.Record.Id}).
		AndWhere(dbx.NewExp("(state IN ('planned', 'queued', 'retry', 'held') OR read_at = '' AND user != '' OR " + outbox.StillInDigest + " OR " + takenLate + ")")).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("letters about %s %s: %w", s.Collection, s.Record.Id, err)
	}
	for i, row := range rows {
		rows[i].ours = slices.Contains(src.Kinds, row.Kind)
	}
	return rows, nil
}

// lacking leaves out the messages that stand in the ledger as they are: most
// nights change nothing, and then nothing is written.
func lacking(rows []Waiting, messages []outbox.Message) []outbox.Message {
	return slices.DeleteFunc(messages, func(l outbox.Message) bool {
		return slices.ContainsFunc(rows, func(row Waiting) bool { return row.Key == l.Key && l.Stands(row.Delivery) })
	})
}

// outdated tells why a planned message does not hold any more.
func (w Waiting) outdated(s Subject, rules []*Rule) string {
	if s.Closed != "" {
		return s.Closed
	}
	if strings.HasSuffix(w.Occurrence, restMark) {
		return reasonNotConcerned
	}
	i := slices.IndexFunc(rules, func(r *Rule) bool { return r.Id == w.Rule })
	if i < 0 {
		return ReasonRuleOff
	}
	at, there := s.counting(rules[i], w.Occurrence)
	switch {
	case !there:
		return outbox.ReasonMoved
	case at.over != "":
		return at.over
	}
	return reasonNotConcerned
}

// settle takes messages as read of which nothing is left: the page of reminders
// no longer asks anybody to look.
func (p *planner) settle(src Source, over []Waiting) error {
	ids := []any{}
	for _, row := range over {
		if slices.Contains(src.Kinds, row.Kind) {
			ids = append(ids, row.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	return outbox.MarkRead(p.app, p.Now, dbx.In("id", ids...))
}

// settled reports whether what a message told is done, called off, at another time
// or another's now. That its rule is gone does not settle it, and a message of the
// ladder is over only with its subject.
func (w Waiting) settled(s Subject, rules []*Rule, holds bool) bool {
	switch w.outdated(s, rules) {
	case ReasonRuleOff:
		return false
	case reasonNotConcerned:
		return s.Closed != "" || !holds && !strings.Contains(w.Occurrence, "^")
	}
	return true
}
