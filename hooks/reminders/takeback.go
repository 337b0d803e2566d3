package reminders

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"

	"simpul/hooks/mail"
)

// waiting is a letter in the ledger that has not left yet, or that nobody read.
type waiting struct {
	mail.Delivery
	Folded bool `db:"folded"` // told by a letter that has not left yet
	Missed bool `db:"missed"` // taken back when its hour had come
	ours   bool // it comes from the source that is planned, not from another one of the same record
}

// unsent reports whether the letter has not left yet, neither by itself nor within another.
func (w waiting) unsent() bool { return w.Folded || slices.Contains(unsent, w.State) }

// takeBack cancels the letters about a subject that nothing calls for any more,
// each with its own reason. Letters of other sources about the same record stay.
func (p *planner) takeBack(rows []waiting, s Subject, rules []*Rule, letters []dated) error {
	hold := keysOf(letters)
	gone, all := map[string][]string{}, []string{}
	for _, row := range rows {
		if !row.unsent() {
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
		if err := mail.NewSorting(p.app, p.now).Cancel(mail.Subject{Collection: s.Collection, ID: s.Record.Id}, reason, keep...); err != nil {
			return err
		}
	}
	return nil
}

func keysOf(letters []dated) map[string]bool {
	keys := map[string]bool{}
	for _, l := range letters {
		keys[l.Key] = true
	}
	return keys
}

// over are the letters that left and whose reader need not read them any more.
func over(rows []waiting, s Subject, rules []*Rule, letters []dated) (told []waiting) {
	hold := keysOf(letters)
	for _, row := range rows {
		if !row.unsent() && row.settled(s, rules, hold[row.Key]) {
			told = append(told, row)
		}
	}
	return told
}

// unsent are the states of letters that have not left yet and are told by no other.
var unsent = []string{mail.StatePlanned, mail.StateQueued, mail.StateRetry, mail.StateHeld}

// takenLate holds for a letter that was taken back when its hour had come and nobody had been told yet.
const takenLate = `(deliveries.state = 'cancelled' AND deliveries.sent_at = '' AND deliveries.updated >= deliveries.due_at)`

// unfinished reads the letters about a subject that have not left yet, those that
// their reader has not read on the page of reminders, and those that were taken
// back at the last moment.
func (p *planner) unfinished(s Subject, src source) (rows []waiting, err error) {
	err = p.app.DB().Select("id", "state", "key", "kind", "rule", "occurrence", "due_at", "useful_until_at", "user", "email", "language", "url",
		mail.StillFolded+" AS folded", takenLate+" AS missed").
		From("deliveries").
		Where(dbx.HashExp{"subject_collection": s.Collection, "subject_id": s.Record.Id}).
		AndWhere(dbx.NewExp("(state IN ('planned', 'queued', 'retry', 'held') OR read_at = '' AND user != '' OR " + mail.StillFolded + " OR " + takenLate + ")")).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("letters about %s %s: %w", s.Collection, s.Record.Id, err)
	}
	for i, row := range rows {
		rows[i].ours = slices.Contains(src.kinds, row.Kind)
	}
	return rows, nil
}

// lacking leaves out the letters that stand in the ledger as they are: most
// nights change nothing, and then nothing is written.
func lacking(rows []waiting, letters []mail.Letter) []mail.Letter {
	return slices.DeleteFunc(letters, func(l mail.Letter) bool {
		return slices.ContainsFunc(rows, func(row waiting) bool { return row.Key == l.Key && l.Stands(row.Delivery) })
	})
}

// outdated tells why a planned letter does not hold any more.
func (w waiting) outdated(s Subject, rules []*Rule) string {
	if s.Closed != "" {
		return s.Closed
	}
	if strings.HasSuffix(w.Occurrence, restMark) {
		return reasonNotConcerned
	}
	i := slices.IndexFunc(rules, func(r *Rule) bool { return r.Id == w.Rule })
	if i < 0 {
		return reasonRuleOff
	}
	at, there := s.counting(rules[i], w.Occurrence)
	switch {
	case !there:
		return mail.ReasonMoved
	case at.over != "":
		return at.over
	}
	return reasonNotConcerned
}
