package reminders

import (
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/mail"
)

// Letters are written into the ledger this far ahead; every night moves on by a
// day. One that looks back on an overdue task is seldom needed and waits until it
// is near: writing it with every new task would cost more than the task.
const (
	horizon     = 35 * 24 * time.Hour
	horizonBack = 7 * 24 * time.Hour
)

// Reasons of this room why a letter is not sent; the words stand with the mail's.
const (
	reasonRuleOff         = "rule_off"
	reasonNotConcerned    = "not_concerned"
	reasonProgrammePaused = "programme_paused"
	reasonNothing         = "nothing_to_report" // the partner said so of the month
	reasonNotMine         = "not_mine"          // the reader said so of the task
	reasonPutOff          = "put_off"           // the reader wanted two days of rest
)

// Follow plans anew what a saved record calls for, in the transaction of the
// save: a letter can neither be lost between the two nor outlive a rollback.
func Follow(e *core.RecordEvent) error {
	fresh := e.Record.IsNew()
	touched := []source{}
	for _, src := range sourcesOf(e.Record.Collection().Name) {
		if fresh || changed(e.Record, src.fields) {
			touched = append(touched, src)
		}
	}
	if err := e.Next(); err != nil {
		return err
	}
	p := newPlanner(e.App, clock.Now())
	p.fresh, p.saved = fresh, true
	for _, src := range touched {
		if err := p.plan(src, e.Record); err != nil {
			return err
		}
	}
	return nil
}

func changed(r *core.Record, fields []string) bool {
	for _, f := range fields {
		if r.GetString(f) != r.Original().GetString(f) {
			return true
		}
	}
	return false
}

// Withdraw takes back what was planned about a deleted record, and asks nobody
// to read what was told of it.
func Withdraw(e *core.RecordEvent) error {
	if err := e.Next(); err != nil {
		return err
	}
	return withdraw(e)
}

func withdraw(e *core.RecordEvent) error {
	about := mail.Subject{Collection: e.Record.Collection().Name, ID: e.Record.Id}
	if err := mail.Cancel(e.App, about, mail.ReasonDeleted); err != nil {
		return err
	}
	return settleAll(e.App, about, clock.Now())
}
