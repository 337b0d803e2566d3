package migrations_test

import (
	"cmp"
	"encoding/json"
	"regexp"
	"slices"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit/check"
)

// random is what differs between two fresh databases: secrets, times and the ids of a view's fields.
var random = regexp.MustCompile(`"(?:secret|created|updated)":"[^"]*",?|"id":"_clone_[^"]*",?`)

// readSchema describes every collection, the settings and the tables and indexes
// of SQLite, without what is random and with lists whose order does not matter sorted.
func readSchema(t *testing.T, app core.App) map[string]any {
	t.Helper()
	collections := check.Must(app.FindAllCollections())
	schema := map[string]any{}
	for _, c := range collections {
		slices.Sort(c.Indexes)
		// A field that a migration adds comes last.
		slices.SortFunc(c.Fields, func(a, b core.Field) int { return cmp.Compare(a.GetName(), b.GetName()) })
		schema["collection "+c.Name] = decoded(t, c)
	}
	settings := check.Must(app.Settings().Clone())
	schema["settings"] = decoded(t, settings)
	var columns, others []string
	check.NoError(t, app.DB().NewQuery(`SELECT concat_ws(' ', m.name, c.name, c.type, c."notnull", c.dflt_value, c.pk)
		FROM sqlite_master m, pragma_table_xinfo(m.name) c WHERE m.type = 'table' ORDER BY 1`).Column(&columns))
	check.NoError(t, app.DB().NewQuery(`SELECT concat_ws(' ', type, tbl_name, name, sql) FROM sqlite_master WHERE type != 'table' ORDER BY 1`).Column(&others))
	schema["columns"], schema["indexes, views and triggers"] = columns, others
	return schema
}

func decoded(t *testing.T, value any) (plain any) {
	t.Helper()
	raw := check.Must(json.Marshal(value))
	raw = random.ReplaceAll(raw, nil)
	if err := json.Unmarshal(raw, &plain); err != nil {
		t.Fatalf("%v in %s", err, raw)
	}
	return plain
}
