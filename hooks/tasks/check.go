package tasks

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
)

// check refuses what no task may be. A link is looked at when it is made, not
// for ever after: a partner who has left can still be shown as the owner of
// what it did.
func check(app core.App, r *core.Record) error {
	if due, starts := r.GetString("due_on"), r.GetString("starts_on"); due != "" && starts != "" && due < starts {
		return access.Invalid("due_on", "tasks.problem_due_before_start")
	}
	if r.GetString("reply") == Declined && !words(r.GetString("reply_reason")) {
		return access.Invalid("reply_reason", "tasks.problem_reply_reason")
	}
	if r.GetString("programme") == "" {
		return nil // refused by the field itself, with the better sentence
	}
	for _, l := range links {
		if err := l.check(app, r); err != nil {
			return err
		}
	}
	return nil
}

// link is a field that points somewhere, and what must be true of the place.
// The query answers with a row when it is; it may use {:it}, {:programme},
// {:organisation} and todayThere.
type link struct {
	field, query, problem string
	// with names a second field whose change asks the question anew.
	with string
}

var links = []link{
	{field: "organisation", problem: "tasks.problem_organisation", query: `SELECT 1 FROM stakeholders s
		JOIN programmes ON programmes.id = s.programme WHERE s.programme = {:programme} AND s.organisation = {:it}
		AND (s.ended_on = '' OR s.ended_on > ` + todayThere + `)`},
	{field: "accountable", problem: "tasks.problem_accountable", query: `SELECT 1 FROM memberships m
		JOIN users u ON u.id = m.user WHERE m.programme = {:programme} AND m.user = {:it}
		AND m.role IN ('initiator', 'coordinator', 'member') AND u.disabled = FALSE`},
	{field: "assignee", with: "organisation", problem: "tasks.problem_assignee",
		query: `SELECT 1 FROM contacts WHERE id = {:it} AND organisation = {:organisation}`},
	{field: "stage", problem: "problem.another_programme", query: `SELECT 1 FROM stages WHERE id = {:it} AND programme = {:programme}`},
	{field: "milestone", problem: "problem.another_programme", query: `SELECT 1 FROM milestones WHERE id = {:it} AND programme = {:programme}`},
	{field: "meeting", problem: "problem.another_programme", query: `SELECT 1 FROM meetings WHERE id = {:it} AND programme = {:programme}`},
	{field: "recurs_from", problem: "problem.another_programme", query: `SELECT 1 FROM tasks WHERE id = {:it} AND programme = {:programme}`},
	{field: "blocked_by", problem: "problem.another_programme", query: `SELECT 1 FROM tasks WHERE id = {:it} AND programme = {:programme}`},
}

// check asks a link's question about each record it newly points to.
func (l link) check(app core.App, r *core.Record) error {
	anew := r.IsNew() || differs(r, "programme") || differs(r, l.field) || l.with != "" && differs(r, l.with)
	if !anew {
		return nil
	}
	for _, id := range r.GetStringSlice(l.field) {
		asked := days()
		asked["it"], asked["programme"], asked["organisation"] = id, r.GetString("programme"), r.GetString("organisation")
		found, err := holds(app, l.query, asked)
		if err != nil {
			return fmt.Errorf("tasks: %s: %w", l.field, err)
		}
		if !found {
			return access.Invalid(l.field, l.problem)
		}
	}
	return nil
}

// holds reports whether a query answers with a row.
func holds(app core.App, query string, params dbx.Params) (bool, error) {
	var one int
	err := app.DB().NewQuery(query + " LIMIT 1").Bind(params).Row(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// inTeam reports whether a user runs a programme.
func inTeam(app core.App, programme, user string) (bool, error) {
	return holds(app, `SELECT 1 FROM memberships WHERE programme = {:programme} AND user = {:user}
		AND role IN ('initiator', 'coordinator', 'member')`, dbx.Params{"programme": programme, "user": user})
}

// accountable picks who answers for a task that names nobody: the actor if they
// are of the team, else the initiator who has been there longest; "" if the
// programme has none, which the required field then refuses.
func accountable(app core.App, programme string, actor *core.Record) (string, error) {
	var chosen string
	err := app.DB().NewQuery(`SELECT m.user FROM memberships m JOIN users u ON u.id = m.user
		WHERE m.programme = {:programme} AND u.disabled = FALSE
		AND (m.role = 'initiator' OR m.user = {:actor} AND m.role IN ('coordinator', 'member'))
		ORDER BY m.user = {:actor} DESC, m.created, m.rowid LIMIT 1`).
		Bind(dbx.Params{"programme": programme, "actor": user(actor)}).
		Row(&chosen)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("tasks: accountable: %w", err)
	}
	return chosen, nil
}
