package reminders

import (
	"slices"
	"strings"

	"github.com/pocketbase/dbx"

	"simpul/hooks/mail"
)

// settle takes letters as read of which nothing is left: the page of reminders
// no longer asks anybody to look.
func (p *planner) settle(src source, over []waiting) error {
	ids := []any{}
	for _, row := range over {
		if slices.Contains(src.kinds, row.Kind) {
			ids = append(ids, row.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	return mail.MarkRead(p.app, p.now, dbx.In("id", ids...))
}

// settled reports whether what a letter told is done, called off, at another time
// or another's now. That its rule is gone does not settle it, and a letter of the
// ladder is over only with its subject.
func (w waiting) settled(s Subject, rules []*Rule, holds bool) bool {
	switch w.outdated(s, rules) {
	case reasonRuleOff:
		return false
	case reasonNotConcerned:
		return s.Closed != "" || !holds && !strings.Contains(w.Occurrence, "^")
	}
	return true
}
