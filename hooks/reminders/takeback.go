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
	ID         string `db:"id"`
	State      string `db:"state"`
	Key        string `db:"key"`
	Kind       string `db:"kind"`
	Rule       string `db:"rule"`
	Occurrence string `db:"occurrence"`
}

// takeBack cancels the letters about a subject that nothing calls for any more,
// each with its own reason. Letters of other sources about the same record stay.
func (p *planner) takeBack(s Subject, src source, rules []*Rule, letters []dated) error {
	if p.fresh {
		return nil
	}
	hold := map[string]bool{}
	for _, l := range letters {
		hold[l.Key] = true
	}
	rows, err := p.unfinished(s)
	if err != nil {
		return err
	}
	gone, all, told := map[string][]string{}, []string{}, []waiting{}
	for _, row := range rows {
		if !slices.Contains(unsent, row.State) {
			told = append(told, row)
			continue
		}
		all = append(all, row.Key)
		if !hold[row.Key] && slices.Contains(src.kinds, row.Kind) {
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
	told = slices.DeleteFunc(told, func(row waiting) bool { return !row.settled(s, rules, hold[row.Key]) })
	return p.settle(src, told)
}

// unsent are the states of letters that have not left yet.
var unsent = []string{mail.StatePlanned, mail.StateQueued, mail.StateRetry, mail.StateHeld}

// unfinished reads the letters about a subject that have not left yet, and those
// that their reader has not read on the page of reminders.
func (p *planner) unfinished(s Subject) (rows []waiting, err error) {
	err = p.app.DB().Select("id", "state", "key", "kind", "rule", "occurrence").From("deliveries").
		Where(dbx.HashExp{"subject_collection": s.Collection, "subject_id": s.Record.Id}).
		AndWhere(dbx.NewExp("(state IN ('planned', 'queued', 'retry', 'held') OR read_at = '' AND user != '')")).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("letters about %s %s: %w", s.Collection, s.Record.Id, err)
	}
	return rows, nil
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
