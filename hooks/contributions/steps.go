package contributions

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
)

// maxReason is how long a reviewer's reason may be, in characters.
const maxReason = 2000

// Verify accepts a contribution that waits. The quantity is what the team
// found, in the gift's own unit; 0 means as given.
func Verify(d *access.Door, r *core.Record, quantity float64) error {
	money := r.GetString("kind") == Money
	if quantity < 0 || quantity > most || math.IsNaN(quantity) || money && quantity != math.Trunc(quantity) {
		return lang.Problems{{Field: "verified_quantity", Key: "problem.not_a_number"}}
	}
	return review(d, r, func(r *core.Record) {
		r.Set("review_status", Verified)
		r.Set("review_note", "")
		r.Set("verified_quantity", quantity)
	})
}

// Return sends a contribution that waits back to its giver, who reads the
// reason and may put it right.
func Return(d *access.Door, r *core.Record, reason string) error {
	return judge(d, r, NeedsRevision, reason)
}

// Reject refuses a contribution that waits, for good and with a reason.
func Reject(d *access.Door, r *core.Record, reason string) error {
	return judge(d, r, Rejected, reason)
}

func judge(d *access.Door, r *core.Record, status, reason string) error {
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return lang.Problems{{Field: "reason", Key: "contributions.problem_reason"}}
	}
	if utf8.RuneCountInString(reason) > maxReason {
		return lang.Problems{{Field: "reason", Key: "problem.too_long", Args: []any{"n", maxReason}}}
	}
	return review(d, r, func(r *core.Record) {
		r.Set("review_status", status)
		r.Set("review_note", reason)
	})
}

// review makes a step of the review in the reviewer's name.
func review(d *access.Door, r *core.Record, change func(*core.Record)) error {
	return move(d, r, way{access.MayReview, []string{Submitted}}, func(r *core.Record) {
		change(r)
		r.Set("reviewed_at", clock.Now())
		r.Set("reviewed_by", "")
		if !d.Super() {
			r.Set("reviewed_by", d.Person().Id)
		}
	})
}

// Submit sends a draft or a returned contribution in for review. The change
// writes what its giver put right; nil sends it as it is.
func Submit(d *access.Door, r *core.Record, change func(*core.Record)) error {
	return move(d, r, way{access.MaySubmit, []string{Draft, NeedsRevision}}, func(r *core.Record) {
		if change != nil {
			change(r)
		}
		r.Set("review_status", Submitted)
		r.Set("submitted_at", clock.Now())
	})
}

// Withdraw takes back a contribution that has not been verified. It stays to be
// seen and counts for nothing.
func Withdraw(d *access.Door, r *core.Record) error {
	return move(d, r, way{access.MayWithdraw, []string{Draft, Submitted, NeedsRevision}}, func(r *core.Record) {
		r.Set("review_status", Withdrawn)
	})
}

// way is who may make a step, and from where.
type way struct {
	sentence access.Sentence
	from     []string
}

// move makes a step through the door. Where it may start is asked here too,
// since no sentence stops an administrator.
func move(d *access.Door, r *core.Record, w way, change func(*core.Record)) error {
	if !slices.Contains(w.from, r.GetString("review_status")) {
		return access.ErrRefused
	}
	return d.Move(w.sentence, r, change)
}
