package access

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/fields"
)

// traced lists the fields whose values the activity keeps, for collections
// that package fields does not describe: states, dates, links and public names,
// never what somebody typed about people, never addresses or the figures of a
// gift. Of other fields that change it keeps the name alone.
var traced = map[string][]string{
	"users":          {"language", "time_zone", "disabled", "may_create_programmes"},
	"memberships":    {"user", "role", "organisation"},
	"stages":         {"position"},
	"milestones":     {"due_on", "state"},
	"assessments":    {"stakeholder"},
	"minutes":        {"status", "revision"},
	"decisions":      {"state", "review_on"},
	"attendances":    {"stakeholder", "state"},
	"reminder_rules": {"active", "kind", "offset_days", "offset_hours", "on_day", "at", "escalate_to"},
	"holidays":       {"on", "kind", "no_mail"},
	"suppressions":   {"reason"},
	"hub_settings":   {"hub_name", "mail_held"},
}

// logged returns the fields of a collection whose values the activity keeps; ok
// is false where it keeps nothing at all.
func logged(collection string) (names []string, ok bool) {
	if n, described := fields.Of(collection); described {
		return n.Logged(), true
	}
	names, ok = traced[collection]
	return names, ok
}

// Together makes a save and everything its reactions write one transaction.
func Together(e *core.RecordEvent) error {
	if e.App.IsTransactional() {
		return e.Next()
	}
	outer := e.App
	defer func() { e.App = outer }()
	return outer.RunInTransaction(func(tx core.App) error {
		e.App = tx
		return e.Next()
	})
}

// RecordActivity writes down who did what, in the transaction of the doing.
// Action is create, update or delete.
func RecordActivity(action string) func(*core.RecordEvent) error {
	return func(e *core.RecordEvent) error {
		kept, ok := logged(e.Record.Collection().Name)
		if !ok {
			return e.Next()
		}
		before := values(e.Record.Original())
		programme := ProgrammeOf(e.App, e.Record)
		if err := e.Next(); err != nil {
			return err
		}
		changes := differences(before, values(e.Record), kept)
		if action == "create" {
			maps.DeleteFunc(changes, func(_ string, pair any) bool { return pair == nil })
		}
		if action == "update" && len(changes) == 0 {
			return nil
		}
		if programme == "" {
			programme = ProgrammeOf(e.App, e.Record)
		}
		return trace(e.App, e.Record, entry{action: action, programme: programme, changes: changes})
	}
}

type entry struct {
	action, programme string
	changes           map[string]any
}

// values reads the fields of a record as text. Before a save they are not yet
// what the reactions make of them, so both sides are read at their own time.
func values(r *core.Record) map[string]string {
	out := map[string]string{}
	for _, f := range r.Collection().Fields {
		name := f.GetName()
		switch {
		case f.Type() == core.FieldTypeAutodate, name == core.FieldNameId, strings.HasSuffix(name, "_html"):
			// Kept by the hub along with every change.
		case f.Type() == core.FieldTypePassword:
			out[name] = r.GetString(name + ":hash")
		case f.Type() == core.FieldTypeJSON, f.Type() == core.FieldTypeFile, r.GetString(name) == "":
			out[name] = listed(r.Get(name))
		default:
			out[name] = r.GetString(name)
		}
	}
	return out
}

// listed writes what is no plain text, such as several choices, as text.
func listed(value any) string {
	if isZero(value) {
		return ""
	}
	return fmt.Sprint(value)
}

// KeepActivity refuses to change or remove a row of the activity: it is only
// ever added to, by administrators' saves as by everybody's.
func KeepActivity(*core.RecordEvent) error {
	return Invalid("action", "activity.problem_kept")
}

// differences pairs old and new of each traced field that differs; of other
// fields it names those that had a value before, without any value.
func differences(before, after map[string]string, kept []string) map[string]any {
	changes := map[string]any{}
	for f, now := range after {
		switch was := before[f]; {
		case was == now:
		case slices.Contains(kept, f):
			changes[f] = []string{was, now}
		default:
			changes[f] = nil
		}
	}
	return changes
}
