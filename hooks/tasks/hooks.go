package tasks

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/markdown"
	"simpul/hooks/programmes"
)

// Normalize holds for every save of a task, whichever way it comes: it fills what
// nobody has to type, refuses what cannot be, and keeps who did it and when.
func Normalize(e *core.RecordEvent) error {
	r := e.Record
	if err := setDefaults(e.App, r); err != nil {
		return err
	}
	// Before the hub itself changes the reply.
	if err := refuseClosed(e.App, r); err != nil {
		return err
	}
	resetReply(r)
	if err := revokeDecline(e.App, r); err != nil {
		return err
	}
	if err := validate(e.App, r); err != nil {
		return err
	}
	stampDone(r)
	move, err := takeDueChange(r)
	if err != nil {
		return err
	}
	if err := e.Next(); err != nil {
		return err
	}
	return move.addComment(e.App, r)
}

// setDefaults sets the defaults. Somebody of the team always answers for a task: who
// makes it if they are of the team, else an initiator of the programme.
func setDefaults(app core.App, r *core.Record) error {
	access.SetDefault(r, "state", Todo)
	access.SetDefault(r, "urgency", "normal")
	if r.GetString("accountable") != "" {
		return nil
	}
	user, err := defaultAccountable(app, r.GetString("programme"), access.Actor(r))
	if err != nil {
		return err
	}
	r.Set("accountable", user)
	return nil
}

// resetReply forgets an answer to a question that has changed: another
// organisation owns the task now, or more time was wanted and given.
func resetReply(r *core.Record) {
	if r.IsNew() || access.Changed(r, "reply") || access.Changed(r, "reply_reason") {
		return
	}
	given := access.Changed(r, "due_on") && r.GetString("reply") == MoreTime
	if access.Changed(r, "organisation") || given {
		r.Set("reply", "")
		r.Set("reply_reason", "")
	}
	if access.Changed(r, "organisation") && !access.Changed(r, "assignee") {
		r.Set("assignee", "")
	}
}

// stampDone notes when a task was done and by whom, and forgets it when the task
// is opened again. Nobody types these two; only unsigned saves of the hub
// itself may bring them along.
func stampDone(r *core.Record) {
	was := !r.IsNew() && r.Original().GetString("state") == Done
	switch done := r.GetString("state") == Done; {
	case !done:
		r.Set("done_at", "")
		r.Set("done_by", "")
	case was && access.Actor(r) != nil:
		r.Set("done_at", r.Original().Get("done_at"))
		r.Set("done_by", r.Original().Get("done_by"))
	case !was && (access.Actor(r) != nil || r.GetDateTime("done_at").IsZero()):
		at, err := types.ParseDateTime(clock.Now())
		if err == nil {
			r.Set("done_at", at)
		}
		r.Set("done_by", access.UserID(access.Actor(r)))
	}
}

// NormalizeComment holds for every comment: it stands under exactly one thing, in
// that thing's programme, signed by who wrote it. What a partner writes is for
// the team and the partners alike; the rule refuses anything else from them.
func NormalizeComment(e *core.RecordEvent) error {
	r := e.Record
	if err := resolveSubject(e.App, r); err != nil {
		return err
	}
	author := access.Actor(r)
	if author != nil {
		r.Set("author", access.UserID(author))
	}
	usual := "team"
	if id := r.GetString("author"); id != "" {
		team, err := isInTeam(e.App, r.GetString("programme"), id)
		if err != nil {
			return err
		}
		if !team {
			usual = "partners"
		}
	}
	access.SetDefault(r, "visibility", usual)
	return e.Next()
}

// resolveSubject gives a comment the programme of the one thing it is about.
func resolveSubject(app core.App, r *core.Record) error {
	subjects := []string{}
	for _, field := range []string{"task", "meeting", "contribution"} {
		if r.GetString(field) != "" {
			subjects = append(subjects, field)
		}
	}
	if len(subjects) != 1 {
		return access.Invalid("task", "comments.problem_subject")
	}
	subject, err := app.FindRecordById(subjects[0]+"s", r.GetString(subjects[0]))
	if err != nil {
		return access.Invalid(subjects[0], "comments.problem_subject")
	}
	r.Set("programme", subject.GetString("programme"))
	return nil
}

// hasWords reports whether a reason says anything at all, not just marks.
func hasWords(reason string) bool {
	return strings.ContainsFunc(reason, func(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) })
}

// validate refuses what no task may be.
func validate(app core.App, r *core.Record) error {
	if due, starts := r.GetString("due_on"), r.GetString("starts_on"); due != "" && starts != "" && due < starts {
		return access.Invalid("due_on", "tasks.problem_due_before_start")
	}
	if r.GetString("reply") == Declined && !hasWords(r.GetString("reply_reason")) {
		return access.Invalid("reply_reason", "tasks.problem_reply_reason")
	}
	bind := programmes.Days(clock.Now())
	bind["organisation"] = r.GetString("organisation")
	return links.Check(app, r, bind)
}

// links are the fields of a task that point somewhere.
var links = access.Links{Anchor: "programme", Fields: []access.Link{
	{Field: "organisation", Problem: "tasks.problem_organisation", Query: `SELECT 1 FROM stakeholders s
		JOIN programmes ON programmes.id = s.programme WHERE s.programme = {:anchor} AND s.organisation = {:it}
		AND (s.ended_on = '' OR s.ended_on > ` + todayThere + `)`},
	{Field: "accountable", Problem: "tasks.problem_accountable", Query: `SELECT 1 FROM memberships m
		JOIN users u ON u.id = m.user WHERE m.programme = {:anchor} AND m.user = {:it}
		AND m.role IN ('initiator', 'coordinator', 'member') AND u.disabled = FALSE`},
	{Field: "assignee", With: "organisation", Problem: "tasks.problem_assignee",
		Query: `SELECT 1 FROM contacts WHERE id = {:it} AND organisation = {:organisation}`},
	access.SameProgramme("stage", "stages"),
	access.SameProgramme("milestone", "milestones"),
	access.SameProgramme("meeting", "meetings"),
	access.SameProgramme("recurs_from", "tasks"),
	access.SameProgramme("blocked_by", "tasks"),
}}

// isInTeam reports whether a user runs a programme.
func isInTeam(app core.App, programme, user string) (bool, error) {
	return access.Exists(app, `SELECT 1 FROM memberships WHERE programme = {:programme} AND user = {:user}
		AND role IN ('initiator', 'coordinator', 'member')`, dbx.Params{"programme": programme, "user": user})
}

// defaultAccountable picks who answers for a task that names nobody: the actor if they
// are of the team, else the initiator who has been there longest; "" if the
// programme has none, which the required field then refuses.
func defaultAccountable(app core.App, programme string, actor *core.Record) (string, error) {
	var chosen string
	err := app.DB().NewQuery(`SELECT m.user FROM memberships m JOIN users u ON u.id = m.user
		WHERE m.programme = {:programme} AND u.disabled = FALSE
		AND (m.role = 'initiator' OR m.user = {:actor} AND m.role IN ('coordinator', 'member'))
		ORDER BY m.user = {:actor} DESC, m.created, m.rowid LIMIT 1`).
		Bind(dbx.Params{"programme": programme, "actor": access.UserID(actor)}).
		Row(&chosen)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("tasks: accountable: %w", err)
	}
	return chosen, nil
}

// refuseClosed refuses two things that a page left open for too long would still
// send: an answer to a task about which nothing is to be answered any more, from
// whomever, and opening what was called off, from anybody but the team.
func refuseClosed(app core.App, r *core.Record) error {
	if r.IsNew() {
		return nil
	}
	if !Wrap(r).Open() && (access.Changed(r, "reply") || access.Changed(r, "reply_reason")) {
		return access.Invalid("reply", "tasks.problem_reply_closed")
	}
	if r.Original().GetString("state") != Cancelled || !access.Changed(r, "state") {
		return nil
	}
	person := access.Actor(r)
	if person == nil || person.IsSuperuser() {
		return nil
	}
	team, err := isInTeam(app, r.GetString("programme"), person.Id)
	if err == nil && !team {
		err = access.Invalid("state", "tasks.problem_cancelled")
	}
	return err
}

// longestReason caps the reason for another due day, in characters.
const longestReason = 1000

// dueChange is another due day and why. The days are counted from the activity; the
// reason becomes a comment that the team and the partners read.
type dueChange struct{ from, to, reason string }

// takeDueChange takes the reason out of the record, where it is only passed through,
// and asks for one when a person changes a due day.
func takeDueChange(r *core.Record) (*dueChange, error) {
	reason := r.GetString("due_reason")
	r.Set("due_reason", "")
	m := &dueChange{from: r.Original().GetString("due_on"), to: r.GetString("due_on"), reason: reason}
	switch {
	case r.IsNew() || m.from == "" || m.from == m.to || access.Actor(r) == nil:
		return nil, nil
	case !hasWords(reason):
		return nil, access.Invalid("due_reason", "tasks.problem_due_reason")
	case utf8.RuneCountInString(reason) > longestReason:
		return nil, access.Invalid("due_reason", "problem.too_long", "n", longestReason)
	case markdown.SixteenDigits(reason):
		return nil, access.Invalid("due_reason", "problem.sixteen_digits")
	}
	return m, nil
}

// addComment adds the change as a comment of the task.
func (m *dueChange) addComment(app core.App, task *core.Record) error {
	if m == nil {
		return nil
	}
	language := access.Actor(task).GetString("language")
	_, err := access.CreateFor(app, task, "comments", map[string]any{
		"task": task.Id, "visibility": "partners",
		"body": lang.T(language, "tasks.moved", "from", m.day(language, m.from), "to", m.day(language, m.to)) + "\n\n" + m.reason,
	})
	return err
}

func (dueChange) day(language, day string) string {
	if day == "" {
		return lang.T(language, "tasks.no_due_day")
	}
	return lang.DayShort(language, day)
}

// Postponed counts how often a task's due day was moved to a later one, or
// taken away, according to the activity.
func Postponed(app core.App, task string) (int, error) {
	var rows []string
	err := app.ConcurrentDB().Select("changes").From("activity").
		Where(dbx.HashExp{"record": task, "collection": "tasks", "action": "update"}).
		Column(&rows)
	if err != nil {
		return 0, fmt.Errorf("tasks: postponed: %w", err)
	}
	n := 0
	for _, raw := range rows {
		var changes struct {
			DueOn []string `json:"due_on"`
		}
		if err := json.Unmarshal([]byte(raw), &changes); err != nil || len(changes.DueOn) != 2 {
			continue
		}
		before, after := changes.DueOn[0], changes.DueOn[1]
		if before != "" && (after == "" || after > before) {
			n++
		}
	}
	return n, nil
}

// revokeDecline lets the later word hold when an organisation begins or finishes a task
// that it declined before: it did not decline it after all, and the activity
// keeps what was said when. That the team has such a task done takes nothing
// back. The reason stays on the record, where nobody reads it without a reply:
// when the step is taken back, the reply stands again as it was.
func revokeDecline(app core.App, r *core.Record) error {
	if r.IsNew() || !access.Changed(r, "state") || access.Changed(r, "reply") || access.Changed(r, "reply_reason") {
		return nil
	}
	switch {
	case r.GetString("reply") == Declined && slices.Contains([]string{InProgress, Done}, r.GetString("state")):
		own, err := represents(app, access.Actor(r), r)
		if own {
			r.Set("reply", "")
		}
		return err
	case r.GetString("reply") == "" && hasWords(r.GetString("reply_reason")):
		back, err := returnsToDeclined(app, r)
		if back {
			r.Set("reply", Declined)
		}
		return err
	}
	return nil
}

// represents reports whether a person acts for the organisation that owns a task.
func represents(app core.App, person, task *core.Record) (bool, error) {
	return access.Exists(app, `SELECT 1 FROM memberships WHERE programme = {:programme} AND user = {:user} AND user != ''
		AND role = 'partner' AND organisation = {:organisation}`,
		dbx.Params{"programme": task.GetString("programme"), "user": access.UserID(person), "organisation": task.GetString("organisation")})
}

// returnsToDeclined reports whether a save takes back the very step by which a task
// was taken up.
func returnsToDeclined(app core.App, r *core.Record) (bool, error) {
	var rows []string
	err := app.DB().Select("changes").From("activity").Where(dbx.HashExp{"collection": "tasks", "record": r.Id}).
		AndWhere(dbx.NewExp("json_type(changes, '$.state') IS NOT NULL")).OrderBy("_rowid_ DESC").Limit(1).Column(&rows)
	if err != nil || len(rows) == 0 {
		return false, err
	}
	var last struct{ State, Reply []string }
	if err := json.Unmarshal([]byte(rows[0]), &last); err != nil {
		return false, fmt.Errorf("tasks: last step of %s: %w", r.Id, err)
	}
	return len(last.State) == 2 && last.State[0] == r.GetString("state") && slices.Equal(last.Reply, []string{Declined, ""}), nil
}
