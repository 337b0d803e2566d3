package hooks_test

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/fields"
	"simpul/hooks/testkit"
	"simpul/hooks/testkit/golden"
)

const apiHead = `# REST API and addresses

Made from the schema and from hooks/routes.go by TestAPI_Document_MatchesSchemaAndRoutes; "go test ./hooks -update" writes it.

The collections below are served by PocketBase's own REST API at /api/collections/{collection}/records. Requests
carry PocketBase's token in the header Authorization; cookies count on pages only. What the rules deny looks like what does
not exist (404). Who may read, create, change and delete stands in hooks/access/rules.go, and as a table in
hooks/access/testdata/who_may_do_what.txt.

"Written by" names who may write a field: hub (nobody: the code fills it in), creation (once, with the record), team, partner
(also the party the record is about), or restored (what is sent is ignored). An empty cell follows the rule of the collection.
`

// route finds an address and what answers there.
var route = regexp.MustCompile(`(\w+)\.(GET|POST)\("(/[^"]*)", (?:web\.(?:Get|Post)Form\()?([a-z]+\.[A-Za-z]+)(?:\([A-Za-z.]+\))?\)`)

func TestAPI_Document_MatchesSchemaAndRoutes(t *testing.T) {
	collections, err := testkit.New(t).App.FindAllCollections()
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("routes.go")
	if err != nil {
		t.Fatal(err)
	}
	var doc strings.Builder
	doc.WriteString(apiHead)
	writeSteps(t, &doc, string(source))
	doc.WriteString("\n## Collections\n")
	slices.SortFunc(collections, func(a, b *core.Collection) int { return strings.Compare(a.Name, b.Name) })
	names := map[string]string{}
	for _, c := range collections {
		names[c.Id] = c.Name
	}
	for _, c := range collections {
		if !c.System {
			writeCollection(t, &doc, c, names)
		}
	}
	writePages(t, &doc, string(source))
	golden.CheckFile(t, "../docs/api.md", doc.String())
}

// writeSteps lists the addresses under /api/hub.
func writeSteps(t *testing.T, doc *strings.Builder, source string) {
	t.Helper()
	_, steps, found := strings.Cut(source, "func bindTransitions(")
	steps, _, _ = strings.Cut(steps, "\n}\n")
	prefix := regexp.MustCompile(`bindTransitions\(r\.Group\("([^"]+)"\)\)`).FindStringSubmatch(source)
	if !found || prefix == nil {
		t.Fatal("routes.go binds no transitions")
	}
	doc.WriteString("\n## Steps of the work\n\n| address | answered by |\n|---|---|\n")
	for _, r := range route.FindAllStringSubmatch(steps, -1) {
		fmt.Fprintf(doc, "| %s %s%s | %s |\n", r[2], prefix[1], r[3], r[4])
	}
}

// writePages lists the addresses of pages, as routes.go groups them.
func writePages(t *testing.T, doc *strings.Builder, source string) {
	t.Helper()
	pages := 0
	doc.WriteString("\n## Pages\n\nForms are posted as a browser posts them; a page that needs a sign-in leads to /sign-in.\n")
	for _, part := range strings.Split(source, "\nfunc bind")[2:] {
		name, body, _ := strings.Cut(part, "(")
		if name == "Transitions" {
			continue
		}
		fmt.Fprintf(doc, "\n### %s\n\n| address | answered by |\n|---|---|\n", name)
		for _, r := range route.FindAllStringSubmatch(body, -1) {
			fmt.Fprintf(doc, "| %s %s | %s |\n", r[2], strings.TrimSuffix(r[3], "{$}"), strings.Replace(r[4], "p.", strings.ToLower(name)+".Page.", 1))
			pages++
		}
	}
	if pages < 100 {
		t.Errorf("only %d addresses of pages found in routes.go", pages)
	}
}

func writeCollection(t *testing.T, doc *strings.Builder, c *core.Collection, names map[string]string) {
	t.Helper()
	kind := ""
	if c.Type != core.CollectionTypeBase {
		kind = " (" + c.Type + ")"
	}
	fmt.Fprintf(doc, "\n### %s%s\n\n| field | type | required | written by | meaning |\n|---|---|---|---|---|\n", c.Name, kind)
	noun, _ := fields.Of(c.Name)
	for _, f := range c.Fields {
		shape := shapeOf(t, f)
		if shape.Hidden || f.GetName() == core.FieldNameId {
			continue
		}
		required := ""
		if shape.Required {
			required = "yes"
		}
		_, english, _ := strings.Cut(shape.Help, " / ")
		fmt.Fprintf(doc, "| %s | %s | %s | %s | %s |\n", f.GetName(), shape.kind(f.Type(), names), required, writerOf(noun, f.GetName()),
			strings.ReplaceAll(english, "|", `\|`))
	}
}

// fieldShape is what the document says of a field of the schema.
type fieldShape struct {
	Hidden, Required bool
	Help             string
	Values           []string
	MaxSelect        int
	CollectionId     string
}

func shapeOf(t *testing.T, f core.Field) (s fieldShape) {
	t.Helper()
	raw, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &s); err != nil {
		t.Fatalf("%s: %v", f.GetName(), err)
	}
	return s
}

func (s fieldShape) kind(name string, collections map[string]string) string {
	switch {
	case len(s.Values) > 0 && s.MaxSelect > 1:
		return "any of " + strings.Join(s.Values, ", ")
	case len(s.Values) > 0:
		return "one of " + strings.Join(s.Values, ", ")
	case s.CollectionId != "" && s.MaxSelect > 1:
		return "ids of " + collections[s.CollectionId]
	case s.CollectionId != "":
		return "id of " + collections[s.CollectionId]
	}
	return name
}

func writerOf(noun fields.Noun, field string) string {
	names := map[fields.Writer]string{fields.Hub: "hub", fields.Creation: "creation", fields.Team: "team", fields.Partner: "partner", fields.Restored: "restored"}
	for _, f := range noun.Fields {
		if f.Name == field {
			return names[f.Write]
		}
	}
	return ""
}
