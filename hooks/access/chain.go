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

	"simpul/hooks/clock"
)

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
