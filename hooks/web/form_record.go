package web

import (
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/lang"
)

// seen names the input that carries which state of a record a form was opened on.
const seen = "seen"

// longestQuote is how much of a stored text is quoted beside another, in characters.
const longestQuote = 120

// Seen makes a form that changes a record notice, with Overtaken, that somebody
// else changed the record while the form was open.
func Seen() *Input { return Hidden(seen) }

// From fills the inputs from a stored record.
func (f *Form) From(r *core.Record) *Form {
	for _, i := range f.inputs {
		if i.name == seen {
			f.typed[seen] = r.GetString("updated")
			continue
		}
		if i.name == "once" || i.kind == "file" || i.passing || r.Collection().Fields.GetByName(i.name) == nil {
			continue
		}
		f.typed[i.name] = shown(f.language, i, r)
	}
	return f
}

// shown writes a stored value the way a person would type it.
func shown(language string, i *Input, r *core.Record) string {
	switch i.kind {
	case "quantity", "money", "number":
		if r.GetFloat(i.name) == 0 {
			return ""
		}
		return lang.Number(language, r.GetFloat(i.name))
	case "check":
		if r.GetBool(i.name) {
			return "on"
		}
		return ""
	}
	return r.GetString(i.name)
}

// Into writes what was typed into the record's fields of the same names.
func (f *Form) Into(r *core.Record) {
	for _, i := range f.inputs {
		if i.kind == "file" || r.Collection().Fields.GetByName(i.name) == nil {
			continue
		}
		r.Set(i.name, f.parsed[i.name])
	}
}

// CheckConflict reports whether somebody else changed the record after the reader
// opened the form; now is the same form as it would open at present. What is
// stored already, as after Back and sending once more, overtakes nobody. It then
// says so, quotes at each field that differs what is stored there now, and takes
// that state as seen: what was typed is kept, and sending it again is a choice.
func (f *Form) CheckConflict(now *Form) bool {
	others := f.others(now)
	if f.typed[seen] == now.typed[seen] || f.OK() && len(others) == 0 {
		return false
	}
	f.AddError("", "problem.changed_meanwhile")
	for _, i := range others {
		stored := now.typed[i.name]
		if stored == "" {
			f.AddError(i.name, "problem.stored_empty")
			continue
		}
		f.AddError(i.name, "problem.stored_now", "value", now.quote(i))
	}
	f.typed[seen] = now.typed[seen]
	return true
}

// others are the inputs in which something else was typed than now is stored.
func (f *Form) others(now *Form) (differ []*Input) {
	for _, i := range f.inputs {
		stored, known := now.typed[i.name]
		if known && i.kind != "hidden" && !f.means(i, stored) {
			differ = append(differ, i)
		}
	}
	return differ
}

// means reports whether a stored value is what was typed, however it was typed.
func (f *Form) means(i *Input, stored string) bool {
	if stored == f.typed[i.name] {
		return true
	}
	other := &Form{noun: f.noun, language: f.language, inputs: f.inputs, typed: map[string]string{}, parsed: map[string]any{}}
	other.take(i, stored)
	return other.OK() && other.parsed[i.name] == f.parsed[i.name]
}

// quote writes what stands in an input the way the reader sees it on the page.
func (f *Form) quote(i *Input) string {
	value := f.typed[i.name]
	for _, o := range f.choices(i) {
		if o.Chosen {
			return o.Label
		}
	}
	switch i.kind {
	case "date":
		return lang.DayShort(f.language, value)
	case "check":
		return lang.T(f.language, "parts.ticked")
	}
	if runes := []rune(value); len(runes) > longestQuote {
		return string(runes[:longestQuote]) + "…"
	}
	return value
}
