package hooks_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"simpul/hooks/testkit/check"
)

// around are the ways past the scope that a page must not take.
var around = []string{
	"Save", "SaveNoValidate", "SaveWithContext", "DB", "ConcurrentDB", "NonconcurrentDB", "RecordQuery", "ModelQuery",
	"RunInTransaction", "UnsafeWithoutHooks", "ExpandRecord", "ExpandRecords", "CanAccessRecord", "CountRecords",
}

// excused are calls that cannot go through the scope: finding out who somebody
// is happens before there is a scope for them.
var excused = []string{"FindAuthRecordByToken", "FindCachedCollectionByNameOrId", "FindCollectionByNameOrId"}

func TestPages_DirectDatabaseCalls_None(t *testing.T) {
	seen := 0
	for _, pkg := range packages(t) {
		for _, file := range goFiles(t, pkg) {
			if !strings.HasPrefix(filepath.Base(file), "pages") {
				continue
			}
			seen++
			for _, call := range calls(t, file) {
				t.Errorf("%s bypasses the scope", call)
			}
		}
	}
	check.That(t, seen >= 8, "only %d files of pages seen", seen)
}

// calls returns the forbidden method calls of a file.
func calls(t *testing.T, file string) (found []string) {
	t.Helper()
	set := token.NewFileSet()
	parsed := check.Must(parser.ParseFile(set, file, nil, 0))
	ast.Inspect(parsed, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		method, ok := call.Fun.(*ast.SelectorExpr)
		if ok && forbidden(method) {
			found = append(found, set.Position(call.Pos()).String()+" "+method.Sel.Name)
		}
		return true
	})
	return found
}

// forbidden reports whether a method reads or writes records without a rule.
// Deleting is judged by who is asked: the scope may, the app may not.
func forbidden(method *ast.SelectorExpr) bool {
	name := method.Sel.Name
	if slices.Contains(excused, name) {
		return false
	}
	if name == "Delete" {
		return onApp(method.X)
	}
	return strings.HasPrefix(name, "Find") && onApp(method.X) || slices.Contains(around, name)
}

// onApp reports whether an expression is an app: e.App, scope.App(), tx.
func onApp(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.SelectorExpr:
		return x.Sel.Name == "App"
	case *ast.CallExpr:
		return onApp(x.Fun)
	case *ast.Ident:
		return x.Name == "app" || x.Name == "tx"
	}
	return false
}

func TestScopeCheck_KnownBypasses_Found(t *testing.T) {
	for source, want := range map[string]int{
		`package p; func f() { e.App.FindRecordById("tasks", id) }`:  1,
		`package p; func f() { app.Save(r) }`:                        1,
		`package p; func f() { door.App().FindAllRecords("tasks") }`: 1,
		`package p; func f() { door.View("tasks", id) }`:             0,
		`package p; func f() { door.Delete(r) }`:                     0,
		`package p; func f() { tx.Delete(r) }`:                       1,
	} {
		file := filepath.Join(t.TempDir(), "pages.go")
		write(t, file, source)
		check.Equal(t, source, len(calls(t, file)), want)
	}
}
