package web

import (
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	tree "text/template/parse"

	"simpul/hooks/lang"

	"simpul/hooks/testkit/check"
)

// all parses every template of the project in one language.
func all(t *testing.T, language string) *template.Template {
	t.Helper()
	files := check.Must(loadAssets(os.DirFS("../../pb_public")))
	set := check.Must(parse(os.DirFS("../../templates"), functions(language, files), folder(language, files)))
	return set
}

func TestTemplates_Each_PageInBothLanguages(t *testing.T) {
	want := []string{}
	err := fs.WalkDir(os.DirFS("../../templates"), ".", func(name string, d fs.DirEntry, err error) error {
		inner := strings.Contains(name, "/_") || strings.HasPrefix(name, "_parts/") || strings.HasPrefix(name, "mail/") || name == "layout.html"
		if err == nil && !d.IsDir() && !inner {
			want = append(want, strings.TrimSuffix(name, ".html"))
		}
		return err
	})
	if err != nil || len(want) < 20 {
		t.Fatalf("%d templates, %v", len(want), err)
	}
	for _, language := range lang.Languages {
		set := all(t, language)
		for _, name := range want {
			check.That(t, set.Lookup(mainPrefix+name) != nil, "%s is no page in %s", name, language)
		}
	}
}

// A part that is not there, or a place that cannot be escaped, would show only
// when a reader comes by.
func TestTemplates_Parts_FoundAndEscaped(t *testing.T) {
	set := all(t, "id")
	seen := 0
	for _, part := range set.Templates() {
		for _, called := range calledBy(part) {
			seen++
			if set.Lookup(called) == nil {
				t.Errorf("%s calls %s, which is nowhere", part.Name(), called)
			}
		}
	}
	check.That(t, seen >= 100, "only %d calls seen", seen)
	for _, part := range set.Templates() {
		var unsafe *template.Error
		if !strings.HasPrefix(part.Name(), mainPrefix) && part.Name() != "layout" {
			continue
		}
		if err := set.ExecuteTemplate(io.Discard, part.Name(), nil); errors.As(err, &unsafe) {
			t.Errorf("%s: %v", part.Name(), err)
		}
	}
}

func calledBy(t *template.Template) []string {
	if t.Tree == nil {
		return nil
	}
	return calls(t.Tree.Root)
}

// calls lists the templates that a node calls.
func calls(node tree.Node) (out []string) {
	switch n := node.(type) {
	case *tree.ListNode:
		if n == nil {
			return nil
		}
		for _, inner := range n.Nodes {
			out = append(out, calls(inner)...)
		}
	case *tree.IfNode:
		out = append(calls(n.List), calls(n.ElseList)...)
	case *tree.RangeNode:
		out = append(calls(n.List), calls(n.ElseList)...)
	case *tree.WithNode:
		out = append(calls(n.List), calls(n.ElseList)...)
	case *tree.TemplateNode:
		out = append(out, n.Name)
	}
	return slices.Compact(out)
}

func TestTemplates_Functions_Results(t *testing.T) {
	if _, err := dict("one"); err == nil {
		t.Error("a name without a value went unnoticed")
	}
	if _, err := dict(1, 2); err == nil {
		t.Error("a number was taken for a name")
	}
	got, err := dict("a", 1, "b", "two")
	check.That(t, err == nil && got["a"] == 1 && got["b"] == "two", "%v, %v", got, err)
	for value, want := range map[any]float64{1.5: 1.5, 2: 2, int64(3): 3, "4": 0, nil: 0} {
		check.Equal(t, fmt.Sprint(value), float(value), want)
	}
	check.Equal(t, "no code", label("id", "tasks.state", ""), "")
	check.Lacks(t, "an icon's name is not escaped", string(icon(&assets{hash: "abc"}, `x"><script>`)), "<script")
}

func TestParse_ConstantCalls_ReplacedByTheirResult(t *testing.T) {
	for _, language := range lang.Languages {
		for _, part := range all(t, language).Templates() {
			if part.Tree != nil && constant.MatchString(part.Tree.Root.String()) {
				t.Errorf("%s in %s calls a function for what never changes", part.Name(), language)
			}
		}
	}
	fold := folder("id", &assets{hash: "h"})
	got := fold(`<b title="{{t "page.crumbs"}}">{{t .Key}}{{asset "js/app.js"}}</b>`)
	if want := `<b title="` + lang.T("id", "page.crumbs") + `">{{t .Key}}/assets/h/js/app.js</b>`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
