package contributions

import (
	"errors"
	"maps"
	"math"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
)

// maxReason is how long a reviewer's reason may be, in characters.
const maxReason = 2000

// Verify accepts a contribution that waits. The quantity is what the team
// found, in the gift's own unit; 0 means as given.
func Verify(d *access.Scope, r *core.Record, quantity float64) error {
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
func Return(d *access.Scope, r *core.Record, reason string) error {
	return judge(d, r, NeedsRevision, reason)
}

// Reject refuses a contribution that waits, for good and with a reason.
func Reject(d *access.Scope, r *core.Record, reason string) error {
	return judge(d, r, Rejected, reason)
}

func judge(d *access.Scope, r *core.Record, status, reason string) error {
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
func review(d *access.Scope, r *core.Record, change func(*core.Record)) error {
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
func Submit(d *access.Scope, r *core.Record, change func(*core.Record)) error {
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
func Withdraw(d *access.Scope, r *core.Record) error {
	return move(d, r, way{access.MayWithdraw, []string{Draft, Submitted, NeedsRevision}}, func(r *core.Record) {
		r.Set("review_status", Withdrawn)
	})
}

// way is who may make a step, and from where.
type way struct {
	sentence access.Rule
	from     []string
}

// move makes a step through the scope. Where it may start is asked here too,
// since no sentence stops an administrator.
func move(d *access.Scope, r *core.Record, w way, change func(*core.Record)) error {
	if !slices.Contains(w.from, r.GetString("review_status")) {
		return access.ErrRefused
	}
	return d.Transition(w.sentence, r, change)
}

// asked is the body of a step: what was found, or why it goes back.
type asked struct {
	Quantity float64 `json:"quantity"`
	Reason   string  `json:"reason"`
}

// steps are the transitions that other programs may ask for, by the last word
// of their address.
var steps = map[string]func(*access.Scope, *core.Record, asked) error{
	"verify": func(d *access.Scope, r *core.Record, a asked) error { return Verify(d, r, a.Quantity) },
	"return": func(d *access.Scope, r *core.Record, a asked) error { return Return(d, r, a.Reason) },
	"reject": func(d *access.Scope, r *core.Record, a asked) error { return Reject(d, r, a.Reason) },
	"submit": func(d *access.Scope, r *core.Record, _ asked) error { return Submit(d, r, nil) },
	"withdraw": func(d *access.Scope, r *core.Record, _ asked) error {
		return Withdraw(d, r)
	},
}

// Take makes the step that the address names and answers, as PocketBase's own
// API does, with the record or with what is wrong.
func Take(e *core.RequestEvent) error {
	take, known := steps[e.Request.PathValue("step")]
	if !known {
		return e.NotFoundError("", nil)
	}
	var body asked
	if err := e.BindBody(&body); err != nil {
		return e.BadRequestError("", err)
	}
	d := access.As(e.App, e.Auth).Through(access.ViaAPI)
	r, err := d.View("contributions", e.Request.PathValue("id"))
	if err == nil {
		err = take(d, r, body)
	}
	if err != nil {
		return answer(e, err)
	}
	if err := apis.EnrichRecord(e, r); err != nil {
		return err
	}
	return e.JSON(http.StatusOK, r)
}

// answer puts an error into PocketBase's words.
func answer(e *core.RequestEvent, err error) error {
	var problems lang.Problems
	var fields validation.Errors
	switch {
	case errors.Is(err, access.ErrRefused):
		return e.NotFoundError("", err)
	case errors.As(err, &problems):
		return e.BadRequestError("", spoken(problems))
	case errors.As(err, &fields):
		return e.BadRequestError("", fields)
	}
	return e.InternalServerError("", err)
}

// spoken says problems in both languages, as every refusal over the API does.
func spoken(problems lang.Problems) validation.Errors {
	out := validation.Errors{}
	for _, p := range problems {
		var said validation.Errors
		if errors.As(access.Invalid(p.Field, p.Key, p.Args...), &said) {
			maps.Copy(out, said)
		}
	}
	return out
}
