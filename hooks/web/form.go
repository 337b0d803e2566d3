package web

import (
	"errors"
	"slices"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"
	"github.com/pocketbase/pocketbase/tools/security"

	"simpul/hooks/access"
	"simpul/hooks/lang"
)

// Form is what a page asks, what was typed and what is wrong with it.
type Form struct {
	Problems lang.Problems

	noun, language string
	inputs         []*Input
	typed          map[string]string
	parsed         map[string]any
	uploads        map[string]*filesystem.File
	links          map[string]string
	usual          map[string]string
	unfolded       bool
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

// NewForm lays out a form whose words stand under the noun's prefix.
func NewForm(e *core.RequestEvent, noun string, inputs ...*Input) *Form {
	f := &Form{
		noun:     noun,
		language: Language(e),
		inputs:   inputs,
		typed:    map[string]string{},
		parsed:   map[string]any{},
		uploads:  map[string]*filesystem.File{},
		links:    map[string]string{},
		usual:    map[string]string{},
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

// Usually names a value so common that an input that holds it may stay folded.
func (f *Form) Usually(name, value string) *Form {
	f.usual[name] = value
	return f
}

// Unfold opens what stands folded.
func (f *Form) Unfold() *Form {
	f.unfolded = true
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

// AddError notes a sentence at a field.
func (f *Form) AddError(field, key string, args ...any) {
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

// Part is a run of inputs under one heading; Open says that something in a
// folded part is wrong or not as usual.
type Part struct {
	Legend       string
	Folded, Open bool
	// Rows hold one control, or two that stand beside each other.
	Rows [][]Field
}

// Parts returns all controls in order, as the part "form_parts" shows them.
func (f *Form) Parts() []Part {
	var parts []Part
	section, beside := "", false
	for _, i := range f.inputs {
		if len(parts) == 0 || i.section != section {
			parts = append(parts, Part{Legend: f.text(i.section), Folded: i.folded, Open: f.unfolded})
			section, beside = i.section, false
		}
		p, field := &parts[len(parts)-1], f.field(i)
		p.Open = p.Open || field.Error != "" || field.Value != f.usual[i.name]
		if last := len(p.Rows) - 1; beside {
			p.Rows[last] = append(p.Rows[last], field)
		} else {
			p.Rows = append(p.Rows, []Field{field})
		}
		beside = i.beside
	}
	return parts
}

func (f *Form) text(key string) string {
	if key == "" {
		return ""
	}
	return lang.T(f.language, key)
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
	return lang.T(f.language, f.noun+"."+i.name)
}

func (f *Form) hint(i *Input) string {
	key := i.hint
	if key == "" {
		key = f.noun + "." + i.name + "_hint"
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
		o := Option{Value: code, Label: lang.T(f.language, f.noun+"."+i.name+"."+code), Chosen: code == f.typed[i.name]}
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

// Confirm asks something about the whole form before it is taken; the question
// leads to the page at url.
func (f *Form) Confirm(url, key string, args ...any) {
	f.AddError("", key, args...)
	f.links[key] = url
}

// renew gives the form a key of its own, under which it makes one record.
func (f *Form) renew() { f.Set("once", security.RandomString(24)) }

// sentence is what is wrong with a field, in the reader's language.
func (f *Form) sentence(name string) string {
	for _, p := range f.Problems {
		if p.Field == name {
			return f.say(p)
		}
	}
	return ""
}

// say writes a problem as a sentence. What is chosen from a list is not filled in.
func (f *Form) say(p lang.Problem) string {
	key := p.Key
	if i := f.find(p.Field); i != nil && key == "problem.needed" && i.picked() {
		key = "problem.choose"
	}
	return lang.T(f.language, key, f.about(p)...)
}

// Mistake is one line of the summary above a form. URL leads to what it speaks
// of, where that stands on another page.
type Mistake struct{ Field, Text, URL string }

// Mistakes returns every problem as a sentence with the field it belongs to;
// Field is empty when the form has no such control.
func (f *Form) Mistakes() []Mistake {
	out := make([]Mistake, 0, len(f.Problems))
	for _, p := range f.Problems {
		m := Mistake{Text: f.say(p), URL: f.links[p.Key]}
		if f.find(p.Field) != nil {
			m.Field = p.Field
		}
		out = append(out, m)
	}
	return out
}

// about gives a problem's sentence the field's own label to speak of.
func (f *Form) about(p lang.Problem) []any {
	name := p.Field
	if i := f.find(p.Field); i != nil {
		name = f.label(i)
	}
	return append([]any{"label", name}, p.Args...)
}

// AddErrors turns an error about fields into sentences at them and reports whether
// it was one; any other error is not for the reader. A form that was sent
// before with other content gets another key, so that it can be sent again.
func (f *Form) AddErrors(err error) bool {
	if errors.Is(err, access.ErrSentOtherwise) {
		f.AddError("", "problem.sent_otherwise")
		f.renew()
		return true
	}
	var problems lang.Problems
	if errors.As(err, &problems) {
		f.Problems = append(f.Problems, problems...)
		return len(problems) > 0
	}
	var fields validation.Errors
	if !errors.As(err, &fields) {
		return false
	}
	f.Problems = append(f.Problems, access.Problems(fields)...)
	return true
}
