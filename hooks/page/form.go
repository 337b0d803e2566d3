package page

import (
	"slices"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"

	"simpul/hooks/lang"
)

// Form is what a page asks, what was typed and what is wrong with it.
type Form struct {
	Problems lang.Problems

	room, language string
	inputs         []*Input
	typed          map[string]string
	parsed         map[string]any
	uploads        map[string]*filesystem.File
	links          map[string]string
}

// Field is one control as the part "field" shows it.
type Field struct {
	ID, Name, Kind, Label, Hint, Value, Error string
	Need, Optional, Draft                     bool
	Max                                       int
	Options                                   []Option
	// More are choices that stand folded below the usual ones; Unfold says that
	// one of them is chosen.
	More   []Option
	Unfold bool
}

// NewForm lays out a form whose words stand under the room's prefix.
func NewForm(e *core.RequestEvent, room string, inputs ...*Input) *Form {
	f := &Form{
		room:     room,
		language: Language(e),
		inputs:   inputs,
		typed:    map[string]string{},
		parsed:   map[string]any{},
		uploads:  map[string]*filesystem.File{},
		links:    map[string]string{},
	}
	for _, i := range inputs {
		if i.name == "once" {
			f.renew()
		}
	}
	return f
}

// Value returns what stands in an input.
func (f *Form) Value(name string) string { return f.typed[name] }

// Set puts a value into an input, as a default or on the reader's behalf.
func (f *Form) Set(name, value string) *Form {
	f.typed[name] = value
	f.parsed[name] = value
	return f
}

// Number returns what an input of kind quantity or money holds, 0 if empty.
func (f *Form) Number(name string) float64 {
	switch n := f.parsed[name].(type) {
	case float64:
		return n
	case int64:
		return float64(n)
	}
	return 0
}

// Upload returns the file sent for an input, nil if none.
func (f *Form) Upload(name string) *filesystem.File { return f.uploads[name] }

// Refuse notes a sentence at a field.
func (f *Form) Refuse(field, key string, args ...any) {
	f.Problems.Add(field, key, args...)
}

// OK reports whether nothing is wrong so far.
func (f *Form) OK() bool { return len(f.Problems) == 0 }

// Fields returns all controls in order.
func (f *Form) Fields() []Field {
	fields := make([]Field, 0, len(f.inputs))
	for _, i := range f.inputs {
		fields = append(fields, f.field(i))
	}
	return fields
}

// Field returns one control by name; a name the form does not have is a
// mistake in a template and shows as an empty control named after it.
func (f *Form) Field(name string) Field {
	for _, i := range f.inputs {
		if i.name == name {
			return f.field(i)
		}
	}
	return Field{ID: name, Name: name, Kind: "text", Label: "⟦" + name + "⟧"}
}

// markless are the kinds of inputs that nobody expects to be mandatory.
var markless = []string{"check", "hidden", "password"}

// usual is how many cards are shown before the rest is folded away.
const usual = 6

func (f *Form) field(i *Input) Field {
	field := Field{
		ID:       i.name,
		Name:     i.name,
		Kind:     i.control(),
		Label:    f.label(i),
		Hint:     f.hint(i),
		Value:    f.typed[i.name],
		Error:    f.sentence(i.name),
		Need:     i.need,
		Optional: !i.need && !i.unmarked && !slices.Contains(markless, i.kind),
		Draft:    i.draft,
		Max:      i.max,
		Options:  f.choices(i),
	}
	if i.kind == "radio" && len(field.Options) > usual+2 {
		field.Options, field.More = field.Options[:usual], field.Options[usual:]
		field.Unfold = slices.ContainsFunc(field.More, func(o Option) bool { return o.Chosen })
	}
	return field
}

func (f *Form) label(i *Input) string {
	if i.label != "" {
		return lang.T(f.language, i.label)
	}
	return lang.T(f.language, f.room+"."+i.name)
}

func (f *Form) hint(i *Input) string {
	key := i.hint
	if key == "" {
		key = f.room + "." + i.name + "_hint"
	}
	if !lang.Has(key) {
		return ""
	}
	return lang.T(f.language, key)
}

func (f *Form) choices(i *Input) []Option {
	options := make([]Option, 0, len(i.options)+len(i.codes))
	for _, o := range i.options {
		o.Chosen = o.Value == f.typed[i.name]
		options = append(options, o)
	}
	for _, code := range i.codes {
		o := Option{Value: code, Label: lang.T(f.language, f.room+"."+i.name+"."+code), Chosen: code == f.typed[i.name]}
		if i.icons {
			o.Icon = code
		}
		options = append(options, o)
	}
	return options
}

func (f *Form) find(name string) *Input {
	for _, i := range f.inputs {
		if i.name == name {
			return i
		}
	}
	return nil
}
