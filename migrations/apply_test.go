package migrations_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pocketbase/pocketbase/core"
)

// steps are the numbered files of this package, in order.
func steps(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("[0-9][0-9][0-9][0-9]_*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no steps found: %v", err)
	}
	return files
}

func TestEveryFileIsOneStepAndEveryNumberIsTakenOnce(t *testing.T) {
	var registered []string
	for _, m := range core.AppMigrations.Items() {
		registered = append(registered, m.File)
		if m.Up == nil || m.Down == nil {
			t.Errorf("%s cannot go both ways", m.File)
		}
	}
	files := steps(t)
	if diff := cmp.Diff(files, registered); diff != "" {
		t.Errorf("files and registered steps differ:\n%s", diff)
	}
	numbers := map[string]string{}
	for _, file := range files {
		if other := numbers[file[:4]]; other != "" {
			t.Errorf("%s and %s share a number", other, file)
		}
		numbers[file[:4]] = file
	}
}

func TestASecondRunHasNothingToDo(t *testing.T) {
	app := openHub(t)
	applied, err := core.NewMigrationsRunner(app, core.AppMigrations).Up()
	if err != nil || len(applied) > 0 {
		t.Errorf("applied again: %v, %v", applied, err)
	}
}

func TestEveryStepCanBeTakenBackAndDoneAgain(t *testing.T) {
	bare, app := snapshot(t, openApp(t)), openHub(t)
	full := snapshot(t, app)
	runner := core.NewMigrationsRunner(app, core.AppMigrations)

	for left := len(steps(t)); left > 0; left-- {
		reverted, err := runner.Down(1)
		if err != nil || len(reverted) != 1 {
			t.Fatalf("with %d steps left: reverted %v, %v", left, reverted, err)
		}
	}
	if diff := cmp.Diff(bare, snapshot(t, app)); diff != "" {
		t.Errorf("taking everything back leaves something (-bare +left):\n%s", diff)
	}

	if _, err := runner.Up(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(full, snapshot(t, app)); diff != "" {
		t.Errorf("the second time differs (-first +second):\n%s", diff)
	}
}

// What differs between two folders by chance: secrets, moments and the ids of a view's fields.
var chance = regexp.MustCompile(`"(?:secret|created|updated)":"[^"]*",?|"id":"_clone_[^"]*",?`)

// snapshot describes every collection and the settings, without what is random.
func snapshot(t *testing.T, app core.App) map[string]any {
	t.Helper()
	collections, err := app.FindAllCollections()
	if err != nil {
		t.Fatal(err)
	}
	picture := map[string]any{}
	for _, c := range collections {
		if c.Name == core.CollectionNameSuperusers {
			picture["superusers' token"] = c.AuthToken.Duration
		}
		if !c.System {
			slices.Sort(c.Indexes)
			picture[c.Name] = plain(t, c)
		}
	}
	settings, err := app.Settings().Clone()
	if err != nil {
		t.Fatal(err)
	}
	picture["settings"] = plain(t, settings)
	return picture
}

func plain(t *testing.T, value any) any {
	t.Helper()
	raw, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	var decoded any
	if err := json.Unmarshal(chance.ReplaceAll(raw, nil), &decoded); err != nil {
		t.Fatalf("%v in %s", err, chance.ReplaceAll(raw, nil))
	}
	sortFields(decoded)
	return decoded
}

// sortFields orders the fields of a collection by name: a field put back lands last.
func sortFields(decoded any) {
	object, ok := decoded.(map[string]any)
	if !ok {
		return
	}
	fields, ok := object["fields"].([]any)
	if !ok {
		return
	}
	name := func(field any) string { return field.(map[string]any)["name"].(string) }
	slices.SortFunc(fields, func(a, b any) int {
		if name(a) < name(b) {
			return -1
		}
		return 1
	})
}

// goldenPath holds the fields of every collection as people rely on them.
var goldenPath = filepath.Join("testdata", "fields.json")

func TestFieldsAreTheOnesPeopleRelyOn(t *testing.T) {
	got := map[string][]string{}
	for _, c := range ownCollections(t, reading) {
		for _, field := range c.Fields {
			got[c.Name] = append(got[c.Name], field.GetName()+" "+kindOf(field))
		}
	}
	text, err := json.MarshalIndent(got, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(goldenPath, append(text, '\n'), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	golden, err := os.ReadFile(goldenPath)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]string{}
	if err := json.Unmarshal(golden, &want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("fields changed (-golden +now); if that is meant, run once with UPDATE_GOLDEN=1:\n%s", diff)
	}
}

// kindOf is a field's type and what about it callers rely on.
func kindOf(field core.Field) string {
	kind := field.Type()
	if field.GetHidden() {
		kind += " hidden"
	}
	return kind
}
