package access

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// traced lists, per collection, the fields whose changes the activity keeps:
// states, dates and links, never free text, addresses or figures of a gift.
var traced = map[string][]string{
	"users":            {"language", "time_zone", "disabled", "may_create_programmes"},
	"organisations":    {"name", "helix", "subtype", "parent"},
	"contacts":         {"organisation", "position", "user", "from_on", "until_on"},
	"programmes":       {"name", "slug", "owner", "status", "starts_on", "ends_on", "time_zone"},
	"memberships":      {"user", "role", "organisation"},
	"stages":           {"name", "position"},
	"milestones":       {"title", "due_on", "state"},
	"stakeholders":     {"organisation", "position", "helix", "joined_on", "ended_on"},
	"assessments":      {"stakeholder"},
	"tasks":            {"title", "organisation", "accountable", "due_on", "state", "reply", "urgency"},
	"comments":         {"task", "meeting", "contribution", "visibility"},
	"meetings":         {"title", "starts_at", "status", "place"},
	"minutes":          {"status", "revision"},
	"decisions":        {"state", "review_on"},
	"attendances":      {"stakeholder", "state"},
	"contributions":    {"number", "contributor", "review_status", "kind"},
	"evidence":         {"kind", "visibility"},
	"indicators":       {"name", "target", "target_on"},
	"indicator_values": {"on", "value"},
	"reminder_rules":   {"name", "active", "offset_days", "at"},
	"hub_settings":     {"hub_name", "mail_held"},
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
		fields, ok := traced[e.Record.Collection().Name]
		if !ok {
			return e.Next()
		}
		before := values(e.Record.Original(), fields)
		programme := ProgrammeOf(e.App, e.Record)
		if err := e.Next(); err != nil {
			return err
		}
		changes := differences(before, values(e.Record, fields), action)
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

// values reads fields of a record. Before a save they are not yet what the
// reactions make of them, so both sides are read at their own time.
func values(r *core.Record, fields []string) map[string]string {
	out := map[string]string{}
	for _, f := range fields {
		out[f] = r.GetString(f)
	}
	return out
}

// differences pairs old and new of each traced field that a save changed.
func differences(before, after map[string]string, action string) map[string]any {
	changes := map[string]any{}
	for f, now := range after {
		was := before[f]
		if action == "create" {
			was = ""
		}
		if action != "delete" && was != now {
			changes[f] = []string{was, now}
		}
	}
	return changes
}

// trace appends one row whose hash covers the row before it, so that a removed
// or altered row shows.
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
	if person := Actor(r); person != nil && !person.IsSuperuser() {
		actor = person.Id
	}
	now := types.NowDateTime().String()
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
	for _, f := range []string{"previous_hash", "created", "actor", "via", "programme", "collection", "record", "action", "changes"} {
		parts = append(parts, fmt.Sprint(row[f]))
	}
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x1f")))
	return hex.EncodeToString(sum[:])
}

// VerifyActivity walks the chain and returns the id of the first row that does
// not follow from the one before it, or "" when the whole chain holds.
func VerifyActivity(app core.App) (broken string, err error) {
	var rows []dbx.NullStringMap
	if err := app.DB().Select("*").From("activity").OrderBy("_rowid_").All(&rows); err != nil {
		return "", fmt.Errorf("activity: %w", err)
	}
	previous := ""
	for _, row := range rows {
		params := dbx.Params{}
		for name, value := range row {
			params[name] = value.String
		}
		if row["previous_hash"].String != previous || digest(params) != row["hash"].String {
			return row["id"].String, nil
		}
		previous = row["hash"].String
	}
	return "", nil
}

// parents tells through which relation a record without a programme of its own
// hangs on one.
var parents = map[string][2]string{
	"minutes":           {"meeting", "meetings"},
	"decisions":         {"meeting", "meetings"},
	"attendances":       {"meeting", "meetings"},
	"minutes_revisions": {"minutes", "minutes"},
	"assessments":       {"stakeholder", "stakeholders"},
	"indicator_values":  {"indicator", "indicators"},
}

// ProgrammeOf returns the id of the programme a record belongs to, "" if none.
func ProgrammeOf(app core.App, r *core.Record) string {
	c := r.Collection()
	if c.Name == "programmes" {
		return r.Id
	}
	if c.Fields.GetByName("programme") != nil {
		return r.GetString("programme")
	}
	up, ok := parents[c.Name]
	if !ok {
		return ""
	}
	parent, err := app.FindRecordById(up[1], r.GetString(up[0]))
	if err != nil {
		return ""
	}
	return ProgrammeOf(app, parent)
}
