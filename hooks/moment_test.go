package hooks_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"

	"simpul/hooks/testkit/check"
)

// entrances are the only functions of the packages of mail that read the
// clock: what a save, a page or the process itself comes in by. Whatever decides
// about a message is given the moment, so that days to come can be asked about.
var entrances = map[string][]string{
	"notify/outbox":      {"Mailbox", "preview", "KeepAnswer", "Enqueue", "Cancel", "understand", "settle", "ClearSuppression", "Bounced", "trialMessage", "note", "touchHeartbeat", "enter", "once"},
	"notify/reminders":   {"EscalationPreview", "PreviewRule", "Try", "ReconcileSaved", "plannedSoon", "Mark"},
	"notify/rules":       {"outlined", "show"},
	"notify/invitations": {"letter", "relent"},
	"notify/replies":     {"replan", "restsUntil", "stand", "standOfTask", "standOfMonth"},
	"notify/preferences": {"CheckWishes", "InForce", "nextMessage", "wisherOf", "presented"},
	"notify/admin":       {"ledger", "foresee", "answer", "about", "takeStep", "healthOf", "Mailbox"},
}

func TestClock_ReadOnlyAtEntrances(t *testing.T) {
	for pkg, allowed := range entrances {
		used := map[string]bool{}
		for _, file := range goFiles(t, pkg) {
			for _, name := range clockReaders(t, file) {
				used[name] = true
				check.That(t, slices.Contains(allowed, name), "%s: %s reads the clock", file, name)
			}
		}
		for _, name := range allowed {
			check.That(t, used[name], "%s.%s is an entrance and does not read the clock", pkg, name)
		}
	}
}

// clockReaders names the functions of a file that ask the clock for the present.
func clockReaders(t *testing.T, file string) (found []string) {
	t.Helper()
	parsed := check.Must(parser.ParseFile(token.NewFileSet(), file, nil, 0))
	for _, decl := range parsed.Decls {
		name := "a variable"
		if f, ok := decl.(*ast.FuncDecl); ok {
			name = f.Name.Name
		}
		ast.Inspect(decl, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok && readsClock(s) {
				found = append(found, name)
			}
			return true
		})
	}
	return found
}

func readsClock(s *ast.SelectorExpr) bool {
	of, named := s.X.(*ast.Ident)
	return named && of.Name == "clock" && (s.Sel.Name == "Now" || s.Sel.Name == "Today")
}

func TestClockCheck_KnownReaders_Found(t *testing.T) {
	for source, want := range map[string]string{
		`package p; func f() { clock.Now() }`:                         "f",
		`package p; func (a *b) g() string { return clock.Today(z) }`: "g",
		`package p; var now = clock.Now`:                              "a variable",
		`package p; func h() { clock.Day(now, z) }`:                   "",
	} {
		file := t.TempDir() + "/f.go"
		write(t, file, source)
		check.Equal(t, source, strings.Join(clockReaders(t, file), " "), want)
	}
}
