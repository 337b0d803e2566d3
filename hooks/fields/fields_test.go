package fields_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/fields"
	"simpul/hooks/store"
	_ "simpul/hooks/testkit/golden" // the flag -update
	_ "simpul/migrations"
)

// bare returns an app with the schema and nothing else.
func bare(t *testing.T) core.App {
	t.Helper()
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: t.TempDir(), DBConnect: store.Connect})
	if err := app.Bootstrap(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := app.ClearBootstrap(); err != nil {
			t.Error(err)
		}
	})
	if err := app.RunAllMigrations(); err != nil {
		t.Fatal(err)
	}
	return app
}

// described replaces the fields of tasks for one test.
func described(t *testing.T, change func([]fields.Field) []fields.Field) {
	t.Helper()
	before := fields.Nouns
	t.Cleanup(func() { fields.Nouns = before })
	n, _ := fields.Of("tasks")
	n.Fields = change(slices.Clone(n.Fields))
	fields.Nouns = []fields.Noun{n}
}

func TestCheck_DescriptionsAndSchema_Agree(t *testing.T) {
	if err := fields.Check(bare(t)); err != nil {
		t.Error(err)
	}
}

func TestCheck_SomethingForgotten_StopsTheStart(t *testing.T) {
	app := bare(t)
	set := func(name string, change func(*fields.Field)) func([]fields.Field) []fields.Field {
		return func(all []fields.Field) []fields.Field {
			change(&all[slices.IndexFunc(all, func(f fields.Field) bool { return f.Name == name })])
			return all
		}
	}
	for name, c := range map[string]struct {
		change func([]fields.Field) []fields.Field
		says   string
	}{
		"a field of the schema":              {func(all []fields.Field) []fields.Field { return all[1:] }, "tasks.programme is not described"},
		"a field of a form is asked nowhere": {set("title", func(f *fields.Field) { f.Use = fields.Need }), "is asked by no form"},
		"who may write":                      {set("title", func(f *fields.Field) { f.Write = 0 }), "who may write it"},
		"what the log keeps":                 {set("title", func(f *fields.Field) { f.Log = 0 }), "whether the activity keeps"},
		"the words":                          {set("recurrence", func(f *fields.Field) { f.Use = fields.Asked }), "has no words"},
		"a field that is gone":               {set("title", func(f *fields.Field) { f.Name = "place_note" }), "has no field place_note"},
		"one field twice":                    {func(all []fields.Field) []fields.Field { return append(all, all[0]) }, "described twice"},
	} {
		t.Run(name, func(t *testing.T) {
			described(t, c.change)
			if err := fields.Check(app); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("error %v, want one that says %q", err, c.says)
			}
		})
	}
}

func TestCheck_CodeWithoutWords_StopsTheStart(t *testing.T) {
	app := bare(t)
	c, err := app.FindCollectionByNameOrId("tasks")
	if err != nil {
		t.Fatal(err)
	}
	urgency := c.Fields.GetByName("urgency").(*core.SelectField)
	urgency.Values = append(urgency.Values, "whenever")
	if err := app.Save(c); err != nil {
		t.Fatal(err)
	}
	if err := fields.Check(app); err == nil || !strings.Contains(err.Error(), "has no words for whenever") {
		t.Errorf("error %v", err)
	}
}

// What partners write of a task is a list of what is open, not of what is closed.
func TestClosedTo_Partner_LeavesTheAnswerOpen(t *testing.T) {
	closed := fields.Tasks.ClosedTo(fields.Partner)
	open := []string{}
	for _, f := range fields.Tasks.Fields {
		if !slices.Contains(closed, f.Name) {
			open = append(open, f.Name)
		}
	}
	if diff := cmp.Diff([]string{"state", "reply", "reply_reason", "files"}, open); diff != "" {
		t.Errorf("open to partners (-want +got):\n%s", diff)
	}
}
