package access

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"simpul/hooks/clock"
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

// InTransaction makes a save and everything its reactions write one transaction.
func InTransaction(e *core.RecordEvent) error {
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

// trace appends one row whose hash covers the row before it, so that a row shows
// that was altered, or removed from between others.
func trace(app core.App, r *core.Record, of entry) error {
	var previous string
	err := app.DB().Select("hash").From("activity").OrderBy("_rowid_ DESC").Limit(1).Row(&previous)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("activity: %w", err)
	}
	raw, err := json.Marshal(of.changes)
	if err != nil {
		return fmt.Errorf("activity: %w", err)
	}
	actor := ""
	if person := Actor(r); person != nil {
		actor = person.Id
	}
	now := clock.Now().Format(types.DefaultDateLayout)
	row := dbx.Params{
		"id": core.GenerateDefaultRandomId(), "actor": actor, "on_behalf_of": "", "via": Via(r),
		"programme": of.programme, "collection": r.Collection().Name, "record": r.Id, "action": of.action,
		"changes": string(raw), "previous_hash": previous, "created": now, "updated": now,
	}
	row["hash"] = digest(row)
	if _, err := app.DB().Insert("activity", row).Execute(); err != nil {
		return fmt.Errorf("activity: %w", err)
	}
	return nil
}

func digest(row dbx.Params) string {
	parts := []string{}
	for _, f := range []string{"previous_hash", "created", "actor", "on_behalf_of", "via", "programme", "collection", "record", "action", "changes"} {
		parts = append(parts, fmt.Sprint(row[f]))
	}
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x1f")))
	return hex.EncodeToString(sum[:])
}

// verifyBatch rows are in memory at once: all of a million take 2 GB.
const verifyBatch = 1000

// VerifyActivity walks the chain and returns the id of the first row that does
// not follow from the one before it, or "" when the whole chain holds.
func VerifyActivity(app core.App) (broken string, err error) {
	previous, after := "", "0"
	for {
		var rows []dbx.NullStringMap
		err := app.DB().Select("*", "_rowid_ AS number").From("activity").Where(dbx.NewExp("_rowid_ > CAST({:after} AS INTEGER)", dbx.Params{"after": after})).
			OrderBy("_rowid_").Limit(verifyBatch).All(&rows)
		if err != nil {
			return "", fmt.Errorf("activity: %w", err)
		}
		for _, row := range rows {
			params := dbx.Params{}
			for name, value := range row {
				params[name] = value.String
			}
			if row["previous_hash"].String != previous || digest(params) != row["hash"].String {
				return row["id"].String, nil
			}
			previous, after = row["hash"].String, row["number"].String
		}
		if len(rows) < verifyBatch {
			return "", nil
		}
	}
}

// Note writes into the activity what the person did to a record of a collection
// whose saves leave no trace by themselves, such as a message. Changes pairs old
// and new value of each field.
func (d *Scope) Note(r *core.Record, changes map[string]any) error {
	return trace(d.app, Sign(r, d.person, d.via), entry{action: "update", programme: ProgrammeOf(d.app, r), changes: changes})
}

// The ways by which a change can reach the hub.
const (
	ViaPage  = "page"
	ViaLink  = "link"
	ViaAPI   = "api"
	ViaAdmin = "admin"
	ViaJob   = "job"
)

const (
	actorKey = "@actor"
	viaKey   = "@via"
)

// Sign notes on a record in memory who is about to save it and by which way,
// so that reactions and the activity know. The note itself is never stored.
func Sign(r *core.Record, person *core.Record, via string) *core.Record {
	r.SetRaw(actorKey, person)
	r.SetRaw(viaKey, via)
	return r
}

// Actor returns who signed the record, nil for the hub itself.
func Actor(r *core.Record) *core.Record {
	person, _ := r.GetRaw(actorKey).(*core.Record)
	return person
}

// Via returns the way by which the record's change came, ViaJob if unsigned.
func Via(r *core.Record) string {
	if via, ok := r.GetRaw(viaKey).(string); ok && via != "" {
		return via
	}
	return ViaJob
}

// SignRequest signs a record that comes through PocketBase's own API or its
// admin UI, so that these leave the same trace as pages.
func SignRequest(e *core.RecordRequestEvent) error {
	via := ViaAPI
	if e.HasSuperuserAuth() {
		via = ViaAdmin
	}
	Sign(e.Record, e.Auth, via)
	return e.Next()
}
