package mail

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"simpul/hooks/notify/smtp"
)

// Rehearsal is the sender of a hub at work on a copy of its database, as if the mail server took every letter at once:
// the same rounds, sorter, questions and texts, and no line over which anything could leave.
type Rehearsal struct {
	sender *Sender
	// Held is why no letter leaves the hub at present, ReasonSMTPOff or ReasonMailHeld; the rehearsal passes over it.
	Held string
	// Hourly is how many letters may leave the hub in an hour, which the rehearsal passes over too; zero is no limit.
	Hourly int
}

// NewRehearsal readies a copy of the app's database, and only ever writes there. It fails where the app has no sender.
func NewRehearsal(app, twin core.App, now time.Time) (*Rehearsal, error) {
	s := senderOf(app)
	if s == nil {
		return nil, errNoSender
	}
	held, err := holding(twin)
	most, err2 := hourly(twin)
	if err := errors.Join(err, err2); err != nil {
		return nil, err
	}
	twin.Settings().SMTP.Enabled = true
	// What is being sent at this moment arrives, and what was decided until now is no outcome of the rehearsal.
	for _, query := range []string{
		`UPDATE hub_settings SET mail_held = FALSE`,
		`UPDATE deliveries SET state = 'sent', sent_at = {:before}, leased_until_at = '' WHERE state = 'sending'`,
		`UPDATE deliveries SET updated = {:before} WHERE updated > {:before}`,
	} {
		_, err := twin.DB().NewQuery(query).Bind(dbx.Params{"before": stamp(now.Add(-time.Millisecond))}).Execute()
		if err != nil {
			return nil, fmt.Errorf("ready a rehearsal: %w", err)
		}
	}
	return &Rehearsal{sender: &Sender{app: twin, kinds: s.kinds, paper: s.paper, sort: s.sort}, Held: held, Hourly: most}, nil
}

// Round does what the sender would do at a moment and marks every letter that would leave as sent then.
func (r *Rehearsal) Round(ctx context.Context, now time.Time) error {
	s := r.sender
	for moved := true; moved; {
		if _, err := tidy(s.app, now, Tally{}); err != nil {
			return err
		}
		if err := s.sort(ctx, s.app, now); err != nil {
			return err
		}
		ids, err := due(s.app, now, false)
		if err != nil {
			return err
		}
		if moved, err = r.some(ctx, ids, now); err != nil {
			return err
		}
	}
	return nil
}

// some brings some letters to their end; moved reports whether any changed.
func (r *Rehearsal) some(ctx context.Context, ids []string, now time.Time) (moved bool, err error) {
	for _, id := range ids {
		if err := ctx.Err(); err != nil {
			return moved, err
		}
		job, state, err := r.sender.claim(id, now)
		if err != nil {
			return moved, err
		}
		moved = moved || state != ""
		if job != nil {
			if err := r.sender.save(job.settle(smtp.Result{Class: smtp.Accepted}, now)); err != nil {
				return moved, err
			}
		}
	}
	return moved, nil
}

// Next is the next moment after one at which a letter may become due; zero when none will.
func (r *Rehearsal) Next(after time.Time) (time.Time, error) {
	var next types.DateTime
	err := r.sender.app.DB().NewQuery(`SELECT COALESCE(MIN(MAX(due_at, next_attempt_at)), '') FROM deliveries
		WHERE (state IN ('planned', 'queued', 'retry') OR state = 'uncertain' AND next_attempt_at != '')
			AND MAX(due_at, next_attempt_at) > {:after}`).Bind(dbx.Params{"after": stamp(after)}).Row(&next)
	if err != nil {
		return time.Time{}, fmt.Errorf("next letter of a rehearsal: %w", err)
	}
	return next.Time(), nil
}
