package migrations_test

import (
	"path/filepath"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit/check"
)

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
	if err != nil || len(applied) > 0 {
		t.Errorf("applied again: %v, %v", applied, err)
	}
}
