package hooks_test

import (
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"simpul/hooks/testkit/check"
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
	"notify/rules":       {"programmes", "notify/reminders"},
	"notify/invitations": {"meetings", "notify/reminders"},
	"notify/digest":      {"notify/invitations", "meetings", "tasks", "contributions", "programmes", "notify/reminders"},
	"notify/replies":     {"tasks", "meetings", "contributions", "programmes", "notify/reminders"},
	"notify/preferences": {"programmes", "notify/reminders"},
	"notify/admin":       {"notify/invitations", "programmes", "meetings", "notify/reminders", "notify/rules", "notify/digest", "notify/preferences", "notify/replies"},
	"notify/inbox":       {"programmes", "roster", "notify/reminders"},
	"notify/offline":     {"notify/invitations", "programmes", "roster", "notify/reminders", "notify/rules", "notify/inbox"},
	"notify/push":        {},
	"home":               {"programmes", "roster", "tasks", "meetings", "contributions", "results", "notify/inbox", "notify/offline", "notify/admin"},
	"account":            {"notify/preferences", "notify/reminders"},
	"demo":               {},
	"health":             {"notify/rules"},
	"cmd":                {"demo", "health", "notify/push"},
}

var platform = []string{"clock", "store", "lang", "markdown", "fields", "access", "signedlink", "notify/smtp", "notify/sentlog", "notify/outbox", "web"}

// testOnly are packages that only tests import.
var testOnly = []string{"testkit", "testkit/check", "testkit/golden", "journeys", "faults", "mta"}

const ours = "simpul/hooks/"

func TestImports_EveryPackage_Allowed(t *testing.T) {
	for _, pkg := range packages(t) {
		allowed, known := arrows[pkg]
		if !known {
			t.Errorf("%s is missing in the table of imports", pkg)
			continue
		}
		for _, file := range goFiles(t, pkg) {
			for _, path := range imports(t, file) {
				there, own := strings.CutPrefix(path, ours)
				upwards := path == "simpul/hooks" && pkg != "cmd"
				stranger := own && !slices.Contains(allowed, there) && (slices.Contains(platform, pkg) || !slices.Contains(platform, there))
				check.That(t, !upwards && !stranger, "%s may not use %s", file, path)
			}
		}
	}
}

func TestImports_Table_NamesExistingPackages(t *testing.T) {
	standing := packages(t)
	for pkg := range arrows {
		check.That(t, slices.Contains(standing, pkg), "%s stands in the table of imports and nowhere else", pkg)
	}
}

func packages(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, pattern := range []string{"*/*.go", "*/*/*.go"} {
		files := check.Must(filepath.Glob(pattern))
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
	found := check.Must(filepath.Glob(filepath.Join(dir, "*.go")))
	return slices.DeleteFunc(found, func(f string) bool { return strings.HasSuffix(f, "_test.go") })
}

func imports(t *testing.T, file string) []string {
	t.Helper()
	parsed := check.Must(parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly))
	var out []string
	for _, i := range parsed.Imports {
		path := check.Must(strconv.Unquote(i.Path.Value))
		out = append(out, path)
	}
	return out
}
