package lang

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"simpul/hooks/testkit/check"
)

// forms returns the sentences of one catalogue entry by plural form; a plain sentence has the form "other" only.
func forms(t *testing.T, key string, value any) map[string]string {
	t.Helper()
	switch v := value.(type) {
	case string:
		return map[string]string{"other": v}
	case map[string]any:
		out := map[string]string{}
		for form, sentence := range v {
			text, isText := sentence.(string)
			check.That(t, isText && (form == "one" || form == "other"), "%s: %q is no plural form with a sentence", key, form)
			out[form] = text
		}
		return out
	default:
		t.Errorf("%s holds a %T, want a sentence or plural forms", key, value)
		return nil
	}
}

// onDisk reads the files as they lie beside this test, keyed by file and key.
func onDisk(t *testing.T, language string) map[string]map[string]any {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(language, "*.json"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no files for %s: %v", language, err)
	}
	out := map[string]map[string]any{}
	for _, name := range names {
		data := check.Must(os.ReadFile(name))
		var entries map[string]any
		if err := json.Unmarshal(data, &entries); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out[strings.TrimSuffix(filepath.Base(name), ".json")] = entries
	}
	return out
}

func TestCatalogue_Keys_SameInBothLanguages(t *testing.T) {
	first := Keys(Languages[0])
	for _, language := range Languages[1:] {
		if diff := cmp.Diff(first, Keys(language)); diff != "" {
			t.Errorf("keys differ (-%s +%s):\n%s", Languages[0], language, diff)
		}
	}
}

func TestCatalogue_Files_OwnPrefixOnly(t *testing.T) {
	wellFormed := regexp.MustCompile(`^[a-z_]+(\.[A-Za-z0-9_/-]+)+$`)
	for _, language := range Languages {
		for prefix, entries := range onDisk(t, language) {
			for key := range entries {
				check.That(t, strings.HasPrefix(key, prefix+"."), "%s/%s.json holds %q", language, prefix, key)
				check.That(t, wellFormed.MatchString(key), "%s/%s.json: %q is no key in dotted lower case", language, prefix, key)
			}
		}
	}
}

func TestCatalogue_Keys_Unique(t *testing.T) {
	entry := regexp.MustCompile(`"([a-z_]+\.[^"]+)"\s*:`)
	for _, language := range Languages {
		for prefix := range onDisk(t, language) {
			name := filepath.Join(language, prefix+".json")
			data := check.Must(os.ReadFile(name))
			seen := map[string]bool{}
			for _, match := range entry.FindAllSubmatch(data, -1) {
				key := string(match[1])
				check.That(t, !seen[key], "%s holds %q twice; the first would be lost", name, key)
				seen[key] = true
			}
		}
	}
}

func TestCatalogue_Sentences_Tidy(t *testing.T) {
	for _, language := range Languages {
		for _, entries := range onDisk(t, language) {
			for key, value := range entries {
				for form, sentence := range forms(t, key, value) {
					if sentence == "" || sentence != strings.TrimSpace(sentence) || strings.Contains(sentence, "  ") {
						t.Errorf("%s %s (%s) is empty or has stray spaces: %q", language, key, form, sentence)
					}
				}
			}
		}
	}
}

func TestCatalogue_Plurals_AllForms(t *testing.T) {
	for _, language := range Languages {
		for _, entries := range onDisk(t, language) {
			for key, value := range entries {
				have := slices.Sorted(maps.Keys(forms(t, key, value)))
				_, plural := value.(map[string]any)
				check.That(t, !plural || language != "en" || slices.Equal(have, []string{"one", "other"}), "en %s has the forms %v, English needs one and other", key, have)
				check.That(t, slices.Contains(have, "other"), "%s %s lacks the form other", language, key)
			}
		}
	}
}

var placeholder = regexp.MustCompile(`\{\{(.*?)\}\}`)

func placeholdersOf(t *testing.T, key string, value any) []string {
	t.Helper()
	var names []string
	for _, sentence := range forms(t, key, value) {
		for _, match := range placeholder.FindAllStringSubmatch(sentence, -1) {
			names = append(names, match[1])
		}
		check.That(t, strings.Count(sentence, "{{") == len(placeholder.FindAllString(sentence, -1)), "%s has an open placeholder: %q", key, sentence)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func TestCatalogue_Placeholders_SameInBothLanguages(t *testing.T) {
	simple := regexp.MustCompile(`^\.[a-z_]+$`)
	other := onDisk(t, "en")
	for prefix, entries := range onDisk(t, "id") {
		for key, value := range entries {
			names := placeholdersOf(t, key, value)
			check.Same(t, key+": placeholders differ (-id +en):\n", placeholdersOf(t, key, other[prefix][key]), names)
			for _, name := range names {
				check.That(t, simple.MatchString(name), "%s: {{%s}} is more than a name", key, name)
			}
		}
	}
}

func TestCatalogue_Sentences_Rendered(t *testing.T) {
	for _, language := range Languages {
		for _, entries := range onDisk(t, language) {
			for key, value := range entries {
				var args []any
				for _, name := range placeholdersOf(t, key, value) {
					args = append(args, strings.TrimPrefix(name, "."), 2)
				}
				said := T(language, key, args...)
				check.That(t, !strings.ContainsAny(said, "⟦⟧") && !strings.Contains(said, "{{") && said != "", "T(%q, %q, %v) = %q", language, key, args, said)
			}
		}
	}
}

func TestCatalogue_Files_CanonicalForm(t *testing.T) {
	for _, language := range Languages {
		for prefix := range onDisk(t, language) {
			name := filepath.Join(language, prefix+".json")
			data := check.Must(os.ReadFile(name))
			check.That(t, !bytes.ContainsAny(data, "\r\t") && bytes.HasSuffix(data, []byte("}\n")), "%s has tabs, carriage returns or no final line end", name)
		}
	}
}

func TestLoad_InvalidFile_Named(t *testing.T) {
	cases := map[string]string{
		"no JSON":          `{"tasks.title": "Judul"`,
		"a number":         `{"tasks.title": 3}`,
		"a list":           `{"tasks.title": ["Judul"]}`,
		"a nested section": `{"tasks": {"state": {"done": "Selesai"}}}`,
	}
	for what, content := range cases {
		files := fstest.MapFS{"id/tasks.json": {Data: []byte(content)}}
		if _, err := load(files, "id"); err == nil || !strings.Contains(err.Error(), "id/tasks.json") {
			t.Errorf("%s: the error is %v, want one that names the file", what, err)
		}
	}
	if _, err := load(fstest.MapFS{}, "id"); err == nil {
		t.Error("a language without files gives no error")
	}
}
