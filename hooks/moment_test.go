package hooks_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"
)

// entrances are the only functions of the packages of mail that read the
// clock: what a save, a page or the process itself comes in by. Whatever decides
// about a message is given the moment, so that days to come can be asked about.
var entrances = map[string][]string{
	"notify/outbox":      {"Mailbox", "preview", "KeepAnswer", "Enqueue", "CancelKeys", "markLogged", "ClearSuppression", "Bounced", "trialMessage", "note", "touchHeartbeat", "insert", "sendNow"},
	"notify/reminders":   {"EscalationPreview", "outlined", "Try", "letter", "Overview", "markDirty", "ReconcileSaved", "CheckWishes", "plannedSoon", "Mark"},
	"notify/replies":     {"replan", "restsUntil", "stand", "standOfTask", "standOfMonth"},
	"notify/preferences": {"InForce", "nextMessage", "wisherOf", "presented"},
	"notify/admin":       {"ledger", "foresee", "answer", "about", "takeStep", "healthOf", "Mailbox"},
}

func TestOnlyEntrancesReadTheClock(t *testing.T) {
	for room, allowed := range entrances {
		used := map[string]bool{}
		for _, file := range goFiles(t, room) {
			for _, name := range clockReaders(t, file) {
				used[name] = true
				if !slices.Contains(allowed, name) {
					t.Errorf("%s: %s reads the clock", file, name)
				}
			}
		}
		for _, name := range allowed {
			if !used[name] {
				t.Errorf("%s.%s is an entrance and does not read the clock", room, name)
			}
		}
	}
}

// clockReaders names the functions of a file that ask the clock for the present.
func clockReaders(t *testing.T, file string) (found []string) {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
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

func TestTheBanOnReadingTheClockBites(t *testing.T) {
	for source, want := range map[string]string{
		`package p; func f() { clock.Now() }`:                         "f",
		`package p; func (a *b) g() string { return clock.Today(z) }`: "g",
		`package p; var now = clock.Now`:                              "a variable",
		`package p; func h() { clock.Day(now, z) }`:                   "",
	} {
		file := t.TempDir() + "/f.go"
		write(t, file, source)
		if got := strings.Join(clockReaders(t, file), " "); got != want {
			t.Errorf("%s: %q, want %q", source, got, want)
		}
	}
}
