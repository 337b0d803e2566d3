package migrations_test

import (
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/dbutils"

	"simpul/hooks/testkit/check"
)

// collectionNames are the hub's own collections, the view last.
var collectionNames = []string{
	"users", "organisations", "contacts", "programmes", "memberships", "stages", "milestones", "stakeholders",
	"assessments", "meetings", "tasks", "minutes", "minutes_revisions", "decisions", "attendances", "contributions",
	"comments", "evidence", "nil_reports", "indicators", "indicator_values", "reminder_rules", "deliveries", "holidays",
	"suppressions", "activity", "hub_settings", "push_subscriptions", "push_messages", "verified_contributions",
}

// ownCollections returns the hub's collections and fails if one is missing or unknown.
func ownCollections(t *testing.T, app core.App) []*core.Collection {
	t.Helper()
	all := check.Must(app.FindAllCollections())
	known := map[string]bool{}
	for _, name := range collectionNames {
		known[name] = true
	}
	var own []*core.Collection
	for _, c := range all {
		if c.System {
			continue
		}
		if !known[c.Name] {
			t.Errorf("%s is not in the list of collections", c.Name)
		}
		own = append(own, c)
	}
	check.Equal(t, "number of own", len(own), len(collectionNames))
	return own
}

// eachField calls check for every field that people fill or read: not the id and
// not the two autodates, which need no explanation and take none.
func eachField(t *testing.T, app core.App, check func(c *core.Collection, field core.Field)) {
	t.Helper()
	for _, c := range ownCollections(t, app) {
		for _, field := range c.Fields {
			if field.GetName() != core.FieldNameId && field.Type() != core.FieldTypeAutodate {
				check(c, field)
			}
		}
	}
}

// property reads one setting all kinds of field have, such as Help.
func property[V any](field core.Field, name string) V {
	value, _ := reflect.ValueOf(field).Elem().FieldByName(name).Interface().(V)
	return value
}

func TestFields_Help_BothLanguages(t *testing.T) {
	eachField(t, reading, func(c *core.Collection, field core.Field) {
		if field.GetName() == core.FieldNameTokenKey {
			return // The admin UI never shows the token key.
		}
		id, en, both := strings.Cut(property[string](field, "Help"), " / ")
		if !both || len(id) < 4 || len(en) < 4 || !strings.HasSuffix(id, ".") || !strings.HasSuffix(en, ".") {
			t.Errorf("%s.%s: help %q / %q", c.Name, field.GetName(), id, en)
		}
	})
}

func TestCollections_HavePresentableField(t *testing.T) {
	for _, c := range ownCollections(t, reading) {
		labels := 0
		for _, field := range c.Fields {
			if field.Type() != core.FieldTypeAutodate && property[bool](field, "Presentable") {
				labels++
			}
		}
		if labels == 0 {
			t.Errorf("%s has no presentable field", c.Name)
		}
	}
}

func TestFields_TextAndFiles_Capped(t *testing.T) {
	eachField(t, reading, func(c *core.Collection, field core.Field) {
		var limit int64
		switch f := field.(type) {
		case *core.TextField:
			limit = int64(f.Max)
			if f.System {
				limit = 1 // PocketBase caps its own.
			}
			if longest := int64(20_000); limit > longest && !f.Hidden {
				t.Errorf("%s.%s takes %d characters", c.Name, f.Name, limit)
			}
			if strings.HasSuffix(f.Name, "name") && limit > 200 {
				t.Errorf("%s.%s is a name of %d characters", c.Name, f.Name, limit)
			}
		case *core.JSONField:
			limit = f.MaxSize
		case *core.FileField:
			limit = f.MaxSize
			if len(f.MimeTypes) == 0 {
				t.Errorf("%s.%s takes any kind of file", c.Name, f.Name)
			}
			if !f.Protected {
				t.Errorf("%s.%s can be fetched by anybody", c.Name, f.Name)
			}
		default:
			return
		}
		if limit <= 0 {
			t.Errorf("%s.%s has no cap", c.Name, field.GetName())
		}
	})
}

func TestSelects_Codes_SnakeCaseAndUnique(t *testing.T) {
	code := regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)
	eachField(t, reading, func(c *core.Collection, field core.Field) {
		choice, ok := field.(*core.SelectField)
		if !ok {
			return
		}
		seen := map[string]bool{}
		for _, value := range choice.Values {
			if seen[value] {
				t.Errorf("%s.%s offers %s twice", c.Name, choice.Name, value)
			}
			seen[value] = true
			if choice.Name != "time_zone" && !code.MatchString(value) {
				t.Errorf("%s.%s offers %q", c.Name, choice.Name, value)
			}
		}
		if choice.MaxSelect != 1 && choice.MaxSelect != len(choice.Values) {
			t.Errorf("%s.%s takes %d of %d codes", c.Name, choice.Name, choice.MaxSelect, len(choice.Values))
		}
	})
}

// firstColumns returns the first column of each index that holds every row that
// has a value there.
func firstColumns(c *core.Collection) map[string]bool {
	first := map[string]bool{}
	for _, text := range c.Indexes {
		index := dbutils.ParseIndex(text)
		if index.Where == "" {
			first[index.Columns[0].Name] = true
		}
	}
	return first
}

func TestIndexes_LedByRelationsAndCreated(t *testing.T) {
	for _, c := range ownCollections(t, reading) {
		if c.IsView() {
			continue
		}
		first := firstColumns(c)
		if !first["created"] {
			t.Errorf("%s: the admin UI sorts by created, which has no index", c.Name)
		}
		for _, field := range c.Fields {
			// A list of several relations is one JSON text; an index cannot look inside.
			relation, ok := field.(*core.RelationField)
			if ok && !relation.IsMultiple() && !first[relation.Name] {
				t.Errorf("%s.%s leads no index", c.Name, relation.Name)
			}
		}
	}
}

func TestCollections_AccessRules_Closed(t *testing.T) {
	for _, c := range ownCollections(t, reading) {
		for verb, rule := range map[string]*string{
			"list": c.ListRule, "view": c.ViewRule, "create": c.CreateRule, "update": c.UpdateRule, "delete": c.DeleteRule,
		} {
			if rule != nil {
				t.Errorf("%s: %s is open to %q", c.Name, verb, *rule)
			}
		}
	}
}

func TestFields_DaysAndTimes_CheckedByPattern(t *testing.T) {
	eachField(t, reading, func(c *core.Collection, field core.Field) {
		name := field.GetName()
		switch {
		case strings.HasSuffix(name, "_on") || name == "on":
			if text, ok := field.(*core.TextField); !ok || text.Pattern != `^\d{4}-\d{2}-\d{2}$` {
				t.Errorf("%s.%s is no civil day", c.Name, name)
			}
		case strings.HasSuffix(name, "_at") && name != "send_at":
			if field.Type() != core.FieldTypeDate {
				t.Errorf("%s.%s is no instant", c.Name, name)
			}
		case name == "at" || name == "send_at":
			if text, ok := field.(*core.TextField); !ok || text.Pattern == "" {
				t.Errorf("%s.%s is no time of day", c.Name, name)
			}
		case strings.HasSuffix(name, "_idr"):
			money, ok := field.(*core.NumberField)
			if !ok || !money.OnlyInt || money.Min == nil || *money.Min != 0 {
				t.Errorf("%s.%s is not whole rupiah from zero", c.Name, name)
			}
		case strings.HasSuffix(name, "_html"):
			if !field.GetHidden() && c.Name != "deliveries" {
				t.Errorf("%s.%s can be written over REST", c.Name, name)
			}
		}
	})
}
