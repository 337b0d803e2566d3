package lang_test

import (
	"encoding/json"
	"fmt"
	"go/scanner"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"simpul/hooks/lang"
	_ "simpul/hooks/testkit/golden" // the flag -update
)

// never are the words that no text on a screen or in an email may use, with the
// words that stand in their place (docs/words.md).
var never = map[string]*regexp.Regexp{
	"id": words("surat", "surel", "pekerjaan saya", "kawal", "mengawal", "dikawal", "peragaan", "keadaan", "tugas terbuka", "perjalanan catatan",
		"borang", "milestone", "setelan", "hub", "beristirahat", "lepaskan", "dilepaskan", "melepas", "kata-kata", "menyapa", "mengeluh", "dengan tangan"),
	"en": words("letters?", "e-mails?", "my work", "hub", "demonstration", "climbs?", "climbed", "told", "tells", "by hand", "words of your own"),
}

// unsaid are documents on paper, which are called surat, and names of placeholders.
var unsaid = regexp.MustCompile(`(?i)\b(surat (tugas|dukungan|rujukan|pernyataan|keputusan)|(nomor|kop) surat)\b|\{\{[^}]*\}\}`)

// paperKeys may say letter in English: documents on paper.
var paperKeys = map[string]bool{"evidence.kind.assignment_letter": true, "evidence.kind.support_letter": true}

func words(alternatives ...string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)\b(?:` + strings.Join(alternatives, "|") + `)\b`)
}

func refuse(t *testing.T, where, language, text string) {
	t.Helper()
	if found := never[language].FindString(unsaid.ReplaceAllString(text, "")); found != "" && !paperKeys[where] {
		t.Errorf("%s says %q (%s): %s", where, found, language, text)
	}
}

func TestCatalogue_Values_UseTheVocabulary(t *testing.T) {
	checked := 0
	for _, language := range lang.Languages {
		files, err := filepath.Glob(filepath.Join(language, "*.json"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			var entries map[string]any
			readJSON(t, file, &entries)
			for key, value := range entries {
				eachString(value, func(text string) { refuse(t, key, language, text) })
				checked++
			}
		}
	}
	if checked < 2*len(lang.Keys("id")) {
		t.Errorf("only %d entries checked", checked)
	}
}

// Help texts, commands and PocketBase's own emails stand in both languages in Go.
func TestGoTexts_HelpAndCommands_UseTheVocabulary(t *testing.T) {
	for pattern, atLeast := range map[string]int{"../../migrations/*.go": 250, "../cmd/*.go": 10} {
		checked := 0
		for file, texts := range literals(t, pattern) {
			for _, text := range texts {
				if strings.Contains(text, " ") && !strings.Contains(text, "hub_") {
					checked++
					indonesian, english, both := strings.Cut(text, " / ")
					if !both {
						english = text
					}
					refuse(t, file, "id", indonesian)
					refuse(t, file, "en", english)
				}
			}
		}
		if checked < atLeast {
			t.Errorf("%s: only %d texts checked", pattern, checked)
		}
	}
}

func TestTemplates_WrittenText_UsesTheVocabulary(t *testing.T) {
	actions := regexp.MustCompile(`(?s)\{\{.*?\}\}|<[^>]*>`)
	files, err := filepath.Glob("../../templates/*/*.*")
	if err != nil || len(files) < 40 {
		t.Fatalf("%d templates, %v", len(files), err)
	}
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, language := range lang.Languages {
			refuse(t, file, language, actions.ReplaceAllString(string(body), " "))
		}
	}
}

func TestDemo_Texts_UseTheVocabulary(t *testing.T) {
	files, err := filepath.Glob("../demo/*.json")
	if err != nil || len(files) < 8 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		var data any
		readJSON(t, file, &data)
		eachString(data, func(text string) {
			if strings.Contains(text, " ") {
				refuse(t, file, "id", text)
			}
		})
	}
}

func readJSON(t *testing.T, file string, into any) {
	t.Helper()
	body, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(body, into); err != nil {
		t.Fatal(fmt.Errorf("%s: %w", file, err))
	}
}

func eachString(value any, do func(string)) {
	switch v := value.(type) {
	case string:
		do(v)
	case []any:
		for _, each := range v {
			eachString(each, do)
		}
	case map[string]any:
		for _, each := range v {
			eachString(each, do)
		}
	}
}

// literals returns the string literals of the files without their tests.
func literals(t *testing.T, pattern string) map[string][]string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][]string{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var s scanner.Scanner
		s.Init(token.NewFileSet().AddFile(file, -1, len(source)), source, nil, 0)
		for _, tok, literal := s.Scan(); tok != token.EOF; _, tok, literal = s.Scan() {
			if tok == token.STRING {
				text, err := strconv.Unquote(literal)
				if err != nil {
					t.Fatal(err)
				}
				found[file] = append(found[file], text)
			}
		}
	}
	return found
}
