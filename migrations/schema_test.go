package migrations_test

import (
	"cmp"
	"encoding/json"
	"errors"
	"log"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/dbutils"

	"simpul/hooks/store"
	"simpul/hooks/testkit/check"
	_ "simpul/migrations"
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
		check.That(t, known[c.Name], "%s is not in the list of collections", c.Name)
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
		check.That(t, labels != 0, "%s has no presentable field", c.Name)
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
			check.That(t, !strings.HasSuffix(f.Name, "name") || limit <= 200, "%s.%s is a name of %d characters", c.Name, f.Name, limit)
		case *core.JSONField:
			limit = f.MaxSize
		case *core.FileField:
			limit = f.MaxSize
			check.That(t, len(f.MimeTypes) != 0, "%s.%s takes any kind of file", c.Name, f.Name)
			check.That(t, f.Protected, "%s.%s can be fetched by anybody", c.Name, f.Name)
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
			check.That(t, !seen[value], "%s.%s offers %s twice", c.Name, choice.Name, value)
			seen[value] = true
			check.That(t, choice.Name == "time_zone" || code.MatchString(value), "%s.%s offers %q", c.Name, choice.Name, value)
		}
		check.That(t, choice.MaxSelect == 1 || choice.MaxSelect == len(choice.Values), "%s.%s takes %d of %d codes", c.Name, choice.Name, choice.MaxSelect, len(choice.Values))
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
		check.That(t, first["created"], "%s: the admin UI sorts by created, which has no index", c.Name)
		for _, field := range c.Fields {
			// A list of several relations is one JSON text; an index cannot look inside.
			relation, ok := field.(*core.RelationField)
			check.That(t, !ok || relation.IsMultiple() || first[relation.Name], "%s.%s leads no index", c.Name, field.GetName())
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
		case strings.HasSuffix(name, "_at") && name != "send_at" && name != "anchor_at": // an anchor is a local day or hour
			check.That(t, field.Type() == core.FieldTypeDate, "%s.%s is no instant", c.Name, name)
		case name == "at" || name == "send_at":
			if text, ok := field.(*core.TextField); !ok || text.Pattern == "" {
				t.Errorf("%s.%s is no time of day", c.Name, name)
			}
		case strings.HasSuffix(name, "_idr"):
			money, ok := field.(*core.NumberField)
			check.That(t, ok && money.OnlyInt && money.Min != nil && *money.Min == 0, "%s.%s is not whole rupiah from zero", c.Name, name)
		case strings.HasSuffix(name, "_html"):
			check.That(t, field.GetHidden() || c.Name == "deliveries", "%s.%s can be written over REST", c.Name, name)
		}
	})
}

// values are the fields of one record.
type values map[string]any

// but returns the values with some changed.
func (v values) but(changed values) values {
	out := maps.Clone(v)
	maps.Copy(out, changed)
	return out
}

// hub is an app with one valid record in every collection.
type hub struct {
	*core.BaseApp
	t   *testing.T
	ids map[string]string
}

func fillHub(t *testing.T) *hub {
	t.Helper()
	h := &hub{BaseApp: openHub(t), t: t, ids: map[string]string{}}
	h.must("users", values{"name": "Kepala Panti", "password": "sepuluh huruf"})
	h.must("organisations", values{"name": "Puskesmas Tambakaji", "helix": "government"})
	h.must("contacts", values{"organisation": h.ids["organisations"], "position": "Kepala", "user": h.ids["users"]})
	h.must("programmes", values{"slug": "kopi-rehat", "name": "KOPI REHAT", "owner": h.ids["organisations"]})
	for _, c := range []string{
		"memberships", "stages", "milestones", "stakeholders", "assessments", "meetings", "tasks", "minutes",
		"minutes_revisions", "decisions", "attendances", "contributions", "comments", "evidence", "nil_reports", "indicators",
		"indicator_values", "reminder_rules", "deliveries", "holidays", "suppressions", "activity",
		"push_subscriptions", "push_messages",
	} {
		h.must(c, h.valid(c))
	}
	return h
}

// valid is a small record that the collection takes.
func (h *hub) valid(collection string) values {
	in := values{"programme": h.ids["programmes"]}
	switch collection {
	case "memberships":
		return in.but(values{"user": h.ids["users"], "role": "initiator"})
	case "stages", "indicators":
		return in.but(values{"name": "Rantang 1"})
	case "milestones":
		return in.but(values{"title": "Peluncuran", "horizon": "short", "due_on": "2026-12-10"})
	case "stakeholders":
		return in.but(values{"organisation": h.ids["organisations"], "position": "Kepala"})
	case "assessments":
		return values{"stakeholder": h.ids["stakeholders"], "influence": 4, "interest": 1, "assessed_on": "2026-12-10"}
	case "meetings":
		return in.but(values{"title": "Rapat", "starts_at": "2026-12-10 02:00:00.000Z"})
	case "tasks":
		return in.but(values{"title": "Jadwal", "organisation": h.ids["organisations"], "accountable": h.ids["users"]})
	case "minutes":
		return values{"meeting": h.ids["meetings"], "body": "Isi"}
	case "minutes_revisions":
		return values{"minutes": h.ids["minutes"], "revision": 1}
	case "decisions":
		return values{"meeting": h.ids["meetings"], "text": "Kunjungan rumah bersama."}
	case "attendances":
		return values{"meeting": h.ids["meetings"], "stakeholder": h.ids["stakeholders"], "state": "invited"}
	case "contributions":
		return in.but(values{"contributor": h.ids["organisations"], "kind": "goods", "item": "Sembako",
			"quantity": 20, "unit": "package", "given_on": "2026-12-10", "review_status": "submitted"})
	case "comments":
		return in.but(values{"task": h.ids["tasks"], "author": h.ids["users"], "body": "Siap."})
	case "evidence":
		return in.but(values{"contribution": h.ids["contributions"], "url": "https://example.org/berita"})
	case "nil_reports":
		return in.but(values{"organisation": h.ids["organisations"], "month": "2026-11"})
	case "indicator_values":
		return values{"indicator": h.ids["indicators"], "on": "2026-12-10", "value": 0}
	case "reminder_rules":
		return in.but(values{"name": "Tugas: H-3", "kind": "task_due", "anchor": "task.due_on",
			"audience": []string{"assignee"}, "at": "08:00", "useful_until": "+1"})
	case "deliveries":
		return in.but(values{"rule": h.ids["reminder_rules"], "kind": "task_due", "key": "a", "state": "planned",
			"due_at": "2026-12-10 01:00:00.000Z", "user": h.ids["users"], "recipient": h.ids["contacts"]})
	case "holidays":
		return values{"on": "2026-12-25", "name": "Natal", "kind": "national_holiday"}
	case "suppressions":
		return values{"email": "sri@example.org", "reason": "bounced"}
	case "push_subscriptions":
		return values{"user": h.ids["users"], "endpoint": "https://fcm.googleapis.com/a", "p256dh": "k", "auth": "a"}
	case "push_messages":
		return values{"subscription": h.ids["push_subscriptions"], "delivery": h.ids["deliveries"], "state": "waiting"}
	case "activity":
		return in.but(values{"via": "page", "collection": "tasks", "record": h.ids["tasks"], "action": "create"})
	}
	h.t.Fatalf("no valid record of %s is known", collection)
	return nil
}

func (h *hub) must(collection string, fields values) {
	h.t.Helper()
	id, err := h.save(collection, fields)
	if err != nil {
		h.t.Fatalf("%s: %v", collection, err)
	}
	h.ids[collection] = id
}

func (h *hub) save(collection string, fields values) (id string, err error) {
	h.t.Helper()
	c, err := h.FindCollectionByNameOrId(collection)
	if err != nil {
		h.t.Fatal(err)
	}
	r := core.NewRecord(c)
	for name, value := range fields {
		r.Set(name, value)
	}
	err = h.Save(r)
	return r.Id, err
}

// remove deletes the one record of the collection that fillHub made.
func (h *hub) remove(collection string) error {
	h.t.Helper()
	r := check.Must(h.FindRecordById(collection, h.ids[collection]))
	return h.Delete(r)
}

func (h *hub) count(collection string) int64 {
	h.t.Helper()
	n := check.Must(h.CountRecords(collection))
	return n
}

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

func TestMigrations_OneAFile_NumbersUnique(t *testing.T) {
	files, err := filepath.Glob("[0-9][0-9][0-9]_*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no migrations found: %v", err)
	}
	var registered []string
	for _, m := range core.AppMigrations.Items() {
		registered = append(registered, m.File)
	}
	check.Same(t, "files and registered migrations differ:\n", registered, files)
	numbers := map[string]string{}
	for _, file := range files {
		if other := numbers[file[:3]]; other != "" {
			t.Errorf("%s and %s have the same number", other, file)
		}
		numbers[file[:3]] = file
	}
}

func TestMigrations_SecondRun_AppliesNothing(t *testing.T) {
	app := openHub(t)
	applied, err := core.NewMigrationsRunner(app, core.AppMigrations).Up()
	check.That(t, err == nil && len(applied) == 0, "applied again: %v, %v", applied, err)
}

func TestRelations_OrganisationInUse_DeleteRefused(t *testing.T) {
	h := fillHub(t)
	if err := h.remove("organisations"); err == nil {
		t.Fatal("deleted an organisation that gives, owns and takes part")
	}
	check.Equal(t, "the refused deletion left its mark", h.count("contacts"), 1)
	check.Equal(t, "the refused deletion left its mark", h.count("memberships"), 1)
	unused := check.Must(h.save("organisations", values{"name": "Ganda", "helix": "media"}))
	check.Must(h.save("contacts", values{"organisation": unused, "position": "Redaktur"}))
	r := check.Must(h.FindRecordById("organisations", unused))
	if err := h.Delete(r); err != nil {
		t.Errorf("an unused organisation: %v", err)
	}
	check.Equal(t, "the contact of a deleted organisation stayed", h.count("contacts"), 1)
}

func TestRelations_ProgrammeDeleted_CascadesOwnRows(t *testing.T) {
	h := fillHub(t)
	check.NoError(t, h.remove("programmes"))
	stays := []string{"users", "organisations", "contacts", "holidays", "suppressions", "activity", "hub_settings", "push_subscriptions"}
	for _, name := range collectionNames {
		want := int64(0)
		if slices.Contains(stays, name) {
			want = 1
		}
		if got := h.count(name); got != want {
			t.Errorf("%d of %s left, want %d", got, name, want)
		}
	}
	trace := check.Must(h.FindRecordById("activity", h.ids["activity"]))
	check.Equal(t, "the audit forgot which programme", trace.GetString("programme"), h.ids["programmes"])
}

func TestRelations_MeetingDeleted_TasksStay(t *testing.T) {
	h := fillHub(t)
	ids := []string{h.ids["meetings"]}
	second, err := h.save("meetings", h.valid("meetings"))
	if err != nil {
		t.Fatal(err)
	}
	ids = append(ids, second)
	for _, meeting := range ids {
		// Both minutes hold the same line, so both tasks carry the same key.
		same := values{"meeting": meeting, "source_key": "k"}
		check.Must(h.save("tasks", h.valid("tasks").but(same)))
	}
	for _, meeting := range ids {
		r := check.Must(h.FindRecordById("meetings", meeting))
		if err := h.Delete(r); err != nil {
			t.Errorf("meeting: %v", err)
		}
	}
	orphans, err := h.CountRecords("tasks", dbx.HashExp{"source_key": "k", "meeting": ""})
	check.That(t, err == nil && orphans == 2, "%d tasks left, %v; want 2", orphans, err)
	check.Equal(t, "minutes of a deleted meeting stayed", h.count("minutes"), 0)
}

// reading is one hub for all tests that only read; migrated is a folder to copy.
var (
	reading  *core.BaseApp
	migrated string
)

func TestMain(m *testing.M) {
	os.Exit(runWithHub(m))
}

func runWithHub(m *testing.M) int {
	dir, err := os.MkdirTemp("", "migrations")
	if err != nil {
		log.Print(err)
		return 1
	}
	defer os.RemoveAll(dir)
	migrated = filepath.Join(dir, "migrated")
	first, reader := onFolder(migrated), filepath.Join(dir, "reading")
	reading = onFolder(reader)
	err = errors.Join(first.Bootstrap(), first.RunAllMigrations(), first.ClearBootstrap(),
		os.CopyFS(reader, os.DirFS(migrated)), reading.Bootstrap())
	if err != nil {
		log.Print(err)
		return 1
	}
	code := m.Run()
	if err := reading.ClearBootstrap(); err != nil {
		log.Print(err)
		return 1
	}
	return code
}

func onFolder(dir string) *core.BaseApp {
	return core.NewBaseApp(core.BaseAppConfig{DataDir: dir, DBConnect: store.Connect})
}

// openHub opens an empty hub of the test's own, with every migration applied.
func openHub(t *testing.T) *core.BaseApp {
	t.Helper()
	dir := t.TempDir()
	check.NoError(t, os.CopyFS(dir, os.DirFS(migrated)))
	return opened(t, dir)
}

func opened(t *testing.T, dir string) *core.BaseApp {
	t.Helper()
	app := onFolder(dir)
	check.NoError(t, app.Bootstrap())
	t.Cleanup(func() {
		check.NoError(t, app.ClearBootstrap())
	})
	return app
}
