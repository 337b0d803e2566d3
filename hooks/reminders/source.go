package reminders

import (
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// source tells which kinds speak of a collection, what they count from, whom
// they may speak to, and how to read a subject. A collection may have several.
type source struct {
	collection string
	kinds      []string
	anchors    []anchor // the first is the usual one
	audience   []string
	ladder     []string // whom a rule may climb to, in this order
	fields     []string // whose change calls for new planning
	// pending picks what may still call for a letter, for the night and for
	// changed rules; nil where letters leave at once or not at all.
	pending dbx.Expression
	of      string // column of the programme; empty is "programme"
	// near keeps letters that look back out of the ledger until they are near.
	near bool
	// late lets a letter whose hour has passed leave at once when its subject is
	// saved after that hour.
	late bool
	read func(core.App, *Subject) error
}

// anchor is something rules count from.
type anchor struct {
	name  string
	hours bool // it has an hour, so that a rule may count hours
	now   bool // letters leave as soon as it happens and count no days
}

func days(names ...string) (out []anchor) {
	for _, name := range names {
		out = append(out, anchor{name: name})
	}
	return out
}

func (s source) column() string {
	if s.of == "" {
		return "programme"
	}
	return s.of
}

// anchor finds one of the source's anchors by its name.
func (s source) anchor(name string) (anchor, bool) {
	i := slices.IndexFunc(s.anchors, func(a anchor) bool { return a.name == name })
	if i < 0 {
		return anchor{}, false
	}
	return s.anchors[i], true
}

// ladderOfTasks is the one order in which silence climbs; none of them is
// another partner.
var ladderOfTasks = []string{"assignee", "focal_point", "organisation", "accountable", "initiators"}

// sources is the table of everything anybody is reminded of. A new room adds its line here.
var sources = []source{
	{
		collection: "tasks", kinds: []string{"task_due", "task_overdue"}, anchors: days("task.due_on"),
		audience: []string{"assignee", "focal_point", "organisation", "accountable", "initiators"}, ladder: ladderOfTasks,
		fields:  []string{"due_on", "state", "organisation", "assignee", "accountable", "programme"},
		pending: dbx.NewExp("state IN ('todo', 'in_progress', 'waiting') AND due_on != ''"), near: true, late: true, read: readTask,
	},
	{
		collection: "meetings", kinds: []string{"meeting_soon"}, anchors: []anchor{{name: "meeting.starts_at", hours: true}},
		audience: []string{"attendees", "initiators"},
		fields:   []string{"starts_at", "time_zone", "status", "programme", "chair", "taken_by"},
		pending:  dbx.NewExp("status = 'scheduled'"), read: readMeeting,
	},
	{
		collection: "attendances", kinds: []string{"meeting_invite"}, anchors: []anchor{{name: "attendance.invited", now: true}},
		audience: []string{"attendees"}, fields: []string{"state", "contact", "stakeholder"}, read: readInvitation,
	},
	{
		collection: "minutes", kinds: []string{"minutes_followup"}, anchors: []anchor{{name: "minutes.circulated", now: true}},
		audience: []string{"task_owners", "attendees", "initiators"}, fields: []string{"status"}, read: readMinutes,
	},
	{
		collection: "contributions", kinds: []string{"contribution_waiting"}, anchors: days("contribution.submitted_at"),
		audience: []string{"initiators", "team"}, fields: []string{"review_status", "submitted_at", "programme"},
		pending: dbx.NewExp("review_status = 'submitted'"), read: readWaiting,
	},
	{
		collection: "contributions", kinds: []string{"contribution_revision"}, anchors: []anchor{{name: "contribution.returned", now: true}},
		audience: []string{"logged_by"}, fields: []string{"review_status", "logged_by"}, read: readReturned,
	},
	{
		collection: "stakeholders", kinds: []string{"contribution_prompt"}, anchors: days("contribution.month_day"),
		audience: []string{"focal_point", "organisation"}, fields: []string{"organisation", "programme", "joined_on", "ended_on"},
		pending: dbx.NewExp("organisation != ''"), read: readGiver,
	},
	{
		collection: "indicators", kinds: []string{"indicator_due"}, anchors: days("indicator.period_end"),
		audience: []string{"initiators", "team"}, fields: []string{"period", "derived_from", "programme"},
		pending: dbx.NewExp("period IN ('monthly', 'quarterly', 'yearly') AND derived_from = ''"), read: readIndicator,
	},
	{
		collection: "milestones", kinds: []string{"milestone_due"}, anchors: days("milestone.due_on"),
		audience: []string{"initiators", "team"}, fields: []string{"due_on", "state", "programme"},
		pending: dbx.NewExp("state IN ('', 'planned', 'in_progress') AND due_on != ''"), read: readMilestone,
	},
	{
		collection: "programmes", kinds: []string{"programme_date"},
		anchors:  days("programme.ends_on", "programme.starts_on", "programme.on_day"),
		audience: []string{"initiators", "team", "partners"}, fields: []string{"starts_on", "ends_on", "status"},
		pending: dbx.NewExp("status NOT IN ('paused', 'cancelled', 'completed')"), of: "id", read: readProgramme,
	},
}

// sourcesOf are the ways to look at a collection.
func sourcesOf(collection string) (found []source) {
	for _, s := range sources {
		if s.collection == collection {
			found = append(found, s)
		}
	}
	return found
}

// sourceFor finds the source that a kind of reminder speaks of.
func sourceFor(kind string) (source, bool) {
	i := slices.IndexFunc(sources, func(s source) bool { return slices.Contains(s.kinds, kind) })
	if i < 0 {
		return source{}, false
	}
	return sources[i], true
}

// ofProgramme narrows to a programme; a rule without one speaks of all.
func (s source) ofProgramme(programme string) []dbx.Expression {
	if programme == "" {
		return nil
	}
	return []dbx.Expression{dbx.HashExp{s.column(): programme}}
}
