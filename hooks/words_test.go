package hooks_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"simpul/hooks/fields"
	"simpul/hooks/lang"

	"simpul/hooks/testkit/check"
)

// spelled finds what looks like a key. One that ends in a dot or a line is the
// beginning of a key that is completed while running.
var spelled = regexp.MustCompile("[\"`(]([a-z_]+\\.[a-zA-Z0-9_./-]*)")

// said finds the keys that must have words: those given to what speaks to people.
var said = regexp.MustCompile(`(?:\bt |lang\.T\([^,"]+, |web\.New\(e, |web\.See\([^"]*(?:"[^"]*")?[^"]*, |\.Refuse\("[a-z_]*", |Invalid\("[a-z_]*", |\.Add\("[a-z_]*", )"([a-z_]+\.[a-zA-Z0-9_.]+)"`)

// Every key that is spelled out in the code must have words, and all words must
// be used somewhere.
func TestCatalogue_Keys_UsedAndDefined(t *testing.T) {
	exact, beginnings, needed := spelledKeys(t)
	check.That(t, len(needed) >= 100, "only %d keys found in code and templates", len(needed))
	for _, key := range needed {
		check.That(t, lang.Has(key) || someKeyBegins(key), "%s has no words", key)
	}
	for _, key := range lang.Keys("id") {
		check.That(t, exact[key] || begins(key, beginnings) || ofCode(key), "%s is used nowhere", key)
	}
}

func spelledKeys(t *testing.T) (exact map[string]bool, beginnings, needed []string) {
	t.Helper()
	exact = map[string]bool{}
	note := func(file, body string) {
		if strings.HasSuffix(file, "_test.go") {
			return
		}
		for _, found := range said.FindAllStringSubmatch(body, -1) {
			needed = append(needed, found[1])
		}
		for _, found := range spelled.FindAllStringSubmatch(body, -1) {
			exact[found[1]] = true
			if strings.HasSuffix(found[1], ".") || strings.HasSuffix(found[1], "_") {
				beginnings = append(beginnings, found[1])
			}
		}
	}
	walk(t, "../hooks", ".go", note)
	walk(t, "../templates", ".html", note)
	walk(t, "../templates", ".txt", note)
	return exact, beginnings, needed
}

// ofCode reports whether a key names a stored code or a field: such words are
// looked up by collection, field and value.
func ofCode(key string) bool {
	parts := strings.Split(key, ".")
	if len(parts) >= 3 {
		return true
	}
	base, _ := strings.CutSuffix(parts[1], "_hint")
	noun, _ := fields.Of(parts[0])
	described := slices.ContainsFunc(noun.Fields, func(f fields.Field) bool {
		return f.Name == base && f.Use&(fields.Asked|fields.Shown|fields.Filter|fields.Search) != 0
	})
	return described || base == "more" || slices.Contains(fieldNames, base)
}

// fieldNames are the names of form inputs and facts, whose labels web looks up.
var fieldNames = inputNames()

func inputNames() (names []string) {
	input := regexp.MustCompile(`(?:web\.(?:Text|Long|Date|Time|Quantity|Money|Check|File|Hidden|Email|Password|Code|Choice|Codes)|\.Add)\("([a-z_]+)"`)
	for _, pkg := range []string{"account", "programmes", "roster", "tasks", "meetings", "contributions", "results", "notify/rules", "notify/reminders", "notify/preferences", "home"} {
		entries, err := os.ReadDir(pkg)
		if err != nil {
			continue
		}
		for _, e := range entries {
			body, err := os.ReadFile(pkg + "/" + e.Name())
			if err != nil {
				continue
			}
			for _, found := range input.FindAllStringSubmatch(string(body), -1) {
				names = append(names, found[1])
			}
		}
	}
	return names
}

func begins(key string, beginnings []string) bool {
	return slices.ContainsFunc(beginnings, func(b string) bool { return strings.HasPrefix(key, b) })
}

func someKeyBegins(key string) bool {
	return slices.ContainsFunc(lang.Keys("id"), func(known string) bool { return strings.HasPrefix(known, key) })
}

func write(t *testing.T, file, body string) {
	t.Helper()
	check.NoError(t, os.WriteFile(file, []byte(body), 0o644))
}
