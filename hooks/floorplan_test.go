package hooks_test

import (
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// arrows says which package may use which. What is not named here is refused.
var arrows = map[string][]string{
	// The platform: tools that know no programme, task or partner.
	"clock":          {},
	"store":          {"clock"},
	"lang":           {"clock"},
	"markdown":       {"clock"},
	"fields":         {"lang"},
	"access":         {"clock", "lang", "markdown", "fields"},
	"signedlink":     {"clock"},
	"notify/smtp":    {"lang"},
	"notify/sentlog": {"clock"},
	"notify/outbox":  {"clock", "lang", "access", "signedlink", "notify/smtp", "notify/sentlog"},
	"web":            {"clock", "lang", "markdown", "fields", "access"},

	// Feature packages: all of the platform, and only these of their neighbours.
	"programmes":         {},
	"roster":             {"programmes"},
	"tasks":              {"programmes", "roster"},
	"meetings":           {"programmes", "roster", "tasks"},
	"contributions":      {"programmes", "roster", "tasks"},
	"results":            {"programmes"},
	"notify/reminders":   {"programmes", "tasks", "meetings", "contributions"},
	"notify/digest":      {"meetings", "tasks", "contributions", "programmes", "notify/reminders"},
	"notify/replies":     {"tasks", "meetings", "contributions", "programmes", "notify/reminders"},
	"notify/preferences": {"programmes", "notify/reminders"},
	"notify/admin":       {"programmes", "meetings", "notify/reminders", "notify/digest", "notify/preferences", "notify/replies"},
	"notify/inbox":       {"programmes", "roster", "notify/reminders"},
	"notify/offline":     {"programmes", "roster", "notify/reminders", "notify/inbox"},
	"notify/push":        {},
	"home":               {"programmes", "roster", "tasks", "meetings", "contributions", "results", "notify/inbox", "notify/offline", "notify/admin"},
	"account":            {"notify/preferences", "notify/reminders"},
	"demo":               {},
	"health":             {"notify/reminders"},
	"cmd":                {"demo", "health", "notify/push"},
}

var platform = []string{"clock", "store", "lang", "markdown", "fields", "access", "signedlink", "notify/smtp", "notify/sentlog", "notify/outbox", "web"}

// testOnly are packages that only tests import.
var testOnly = []string{"testkit", "journeys", "faults", "mta"}

const ours = "simpul/hooks/"

func TestArrowsPointDown(t *testing.T) {
	for _, room := range rooms(t) {
		allowed, known := arrows[room]
		if !known {
			t.Errorf("%s is not on the floor plan", room)
			continue
		}
		for _, file := range goFiles(t, room) {
			for _, path := range imports(t, file) {
				there, own := strings.CutPrefix(path, ours)
				upwards := path == "simpul/hooks" && room != "cmd"
				stranger := own && !slices.Contains(allowed, there) && (slices.Contains(platform, room) || !slices.Contains(platform, there))
				if upwards || stranger {
					t.Errorf("%s may not use %s", file, path)
				}
			}
		}
	}
}

func TestEveryPackageOfTheFloorPlanStands(t *testing.T) {
	standing := rooms(t)
	for room := range arrows {
		if !slices.Contains(standing, room) {
			t.Errorf("%s is on the floor plan and nowhere else", room)
		}
	}
}

func rooms(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, pattern := range []string{"*/*.go", "*/*/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			out = append(out, filepath.Dir(file))
		}
	}
	slices.Sort(out)
	return slices.DeleteFunc(slices.Compact(out), func(dir string) bool { return slices.Contains(testOnly, dir) })
}

// goFiles returns the code of a package without its tests.
func goFiles(t *testing.T, dir string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(found, func(f string) bool { return strings.HasSuffix(f, "_test.go") })
}

func imports(t *testing.T, file string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, i := range parsed.Imports {
		path, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, path)
	}
	return out
}
