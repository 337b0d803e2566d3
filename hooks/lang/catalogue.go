package lang

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/nicksnyder/go-i18n/v2/i18n/template"
	"golang.org/x/text/language"
)

//go:embed id/*.json en/*.json
var files embed.FS

// catalogue is one language, made ready at start: a plain sentence is found in a map, and only a sentence with
// placeholders or plural forms goes through go-i18n.
type catalogue struct {
	plain     map[string]string
	shaped    map[string]shape
	localizer *i18n.Localizer
	marks     marks
}

// shape tells how a sentence with placeholders is asked for: go-i18n fails when it is given a count for a sentence
// that has only one form.
type shape struct {
	plural bool
}

// placeholders refuses a sentence whose value was not given, instead of printing "<no value>".
var placeholders = &template.TextParser{Option: "missingkey=error"}

var catalogues = loadAll()

func loadAll() map[string]*catalogue {
	all := make(map[string]*catalogue, len(Languages))
	for _, name := range Languages {
		c, err := load(files, name)
		if err != nil {
			// A broken language file is a mistake made while building and shows in the first test run.
			panic("lang: " + err.Error())
		}
		all[name] = c
	}
	return all
}

func catalogueOf(name string) *catalogue {
	if c, known := catalogues[name]; known {
		return c
	}
	return catalogues[Languages[0]]
}

// load prepares one language from the folder of its name.
func load(files fs.FS, name string) (*catalogue, error) {
	tag := language.MustParse(name)
	bundle := i18n.NewBundle(tag)
	c := &catalogue{
		plain:     map[string]string{},
		shaped:    map[string]shape{},
		localizer: i18n.NewLocalizer(bundle, name),
		marks:     marksOf[name],
	}
	entries, err := fs.ReadDir(files, name)
	if err != nil {
		return nil, err
	}
	for _, entry := range entries {
		file := path.Join(name, entry.Name())
		messages, err := read(files, file)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		for _, message := range messages {
			if err := c.add(bundle, tag, message); err != nil {
				return nil, fmt.Errorf("%s: %s: %w", file, message.ID, err)
			}
		}
	}
	return c, nil
}

// read returns the messages of one file. A value is a sentence, or an object of plural forms.
func read(files fs.FS, file string) ([]*i18n.Message, error) {
	data, err := fs.ReadFile(files, file)
	if err != nil {
		return nil, err
	}
	var values map[string]any
	if err := json.Unmarshal(data, &values); err != nil {
		return nil, err
	}
	messages := make([]*i18n.Message, 0, len(values))
	for key, value := range values {
		message, err := i18n.NewMessage(value)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
		message.ID = key
		messages = append(messages, message)
	}
	return messages, nil
}

func (c *catalogue) add(bundle *i18n.Bundle, tag language.Tag, message *i18n.Message) error {
	plural := message.One != ""
	if !plural && !strings.Contains(message.Other, "{{") {
		c.plain[message.ID] = message.Other
		return nil
	}
	c.shaped[message.ID] = shape{plural: plural}
	return bundle.AddMessages(tag, message)
}

// shape fills the placeholders of a sentence.
func (c *catalogue) shape(key string, how shape, args []any) string {
	values := make(map[string]any, len(args)/2)
	request := &i18n.LocalizeConfig{MessageID: key, TemplateData: values, TemplateParser: placeholders}
	for i := 0; i+1 < len(args); i += 2 {
		name := fmt.Sprint(args[i])
		values[name] = args[i+1]
		n, number := asNumber(args[i+1])
		if name != "n" || !number {
			continue
		}
		values[name] = c.number(n)
		if how.plural {
			// As text, go-i18n sees decimals too, and chooses the form for "2.5 packages".
			request.PluralCount = strconv.FormatFloat(n, 'f', -1, 64)
		}
	}
	sentence, err := c.localizer.Localize(request)
	if err != nil {
		return missing(key)
	}
	return sentence
}

// Languages lists the languages of the hub, the first being the one used when nothing else is known.
var Languages = []string{"id", "en"}

// T returns the sentence for a key in a language, its placeholders filled from args, which are pairs of a name
// and a value: T("en", "tasks.count", "n", 3). The number named "n" picks singular or plural and is written as
// Number writes it; every other value is written as it is. An unknown language is answered as the first of
// Languages. A key that does not exist, or a placeholder without a value, returns the key between ⟦ and ⟧, so that
// the gap is seen.
func T(language, key string, args ...any) string {
	c := catalogueOf(language)
	if sentence, found := c.plain[key]; found {
		return sentence
	}
	shaped, found := c.shaped[key]
	if !found {
		return missing(key)
	}
	return c.shape(key, shaped, args)
}

// Has reports whether a key exists. Both languages hold the same keys.
func Has(key string) bool {
	c := catalogueOf(Languages[0])
	_, plain := c.plain[key]
	_, shaped := c.shaped[key]
	return plain || shaped
}

// Keys returns all keys of a language in alphabetical order.
func Keys(language string) []string {
	c := catalogueOf(language)
	keys := make([]string, 0, len(c.plain)+len(c.shaped))
	for key := range c.plain {
		keys = append(keys, key)
	}
	for key := range c.shaped {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

func missing(key string) string {
	return "⟦" + key + "⟧"
}

// Problem is one thing wrong with what a person typed, to be shown at the field.
type Problem struct {
	Field string // the field's name in the form, empty when the whole form is meant
	Key   string // the key of the sentence that says what is wrong and how to put it right
	Args  []any  // pairs of a placeholder's name and its value, as for T
}

// Sentence returns what the person reads. The label is the field's own name on the page; it fills the placeholder
// "label" of sentences that mention it.
func (p Problem) Sentence(language, label string) string {
	args := append([]any{"label", label}, p.Args...)
	return T(language, p.Key, args...)
}

// Problems is everything wrong with a form, in the order in which it was found. It is an error, so that a
// function which checks or saves can return it.
type Problems []Problem

// Add notes one more problem. Args are pairs of a placeholder's name and its value.
func (p *Problems) Add(field, key string, args ...any) {
	*p = append(*p, Problem{Field: field, Key: key, Args: args})
}

// Of returns the first problem of a field, and whether there is one.
func (p Problems) Of(field string) (Problem, bool) {
	for _, problem := range p {
		if problem.Field == field {
			return problem, true
		}
	}
	return Problem{}, false
}

// Err returns the problems as an error, or nil when there are none.
func (p Problems) Err() error {
	if len(p) == 0 {
		return nil
	}
	return p
}

// Error names the fields and keys, for the log; people read Sentence.
func (p Problems) Error() string {
	parts := make([]string, len(p))
	for i, problem := range p {
		parts[i] = problem.Field + ": " + problem.Key
	}
	return strings.Join(parts, "; ")
}
