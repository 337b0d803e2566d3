package tasks

import (
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
)

// heedClosed refuses two things that a page left open for too long would still
// send: an answer to a task about which nothing is to be answered any more, from
// whomever, and opening what was called off, from anybody but the team.
func heedClosed(app core.App, r *core.Record) error {
	if r.IsNew() {
		return nil
	}
	if !Wrap(r).Open() && (differs(r, "reply") || differs(r, "reply_reason")) {
		return access.Invalid("reply", "tasks.problem_reply_closed")
	}
	if r.Original().GetString("state") != Cancelled || !differs(r, "state") {
		return nil
	}
	person := access.Actor(r)
	if person == nil || person.IsSuperuser() {
		return nil
	}
	team, err := inTeam(app, r.GetString("programme"), person.Id)
	if err == nil && !team {
		err = access.Invalid("state", "tasks.problem_cancelled")
	}
	return err
}
