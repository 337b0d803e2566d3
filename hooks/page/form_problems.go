package page

import (
	"errors"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/tools/security"

	"simpul/hooks/access"
	"simpul/hooks/lang"
)

// Doubt asks something about the whole form before it is taken; the question
// leads to the page at url.
func (f *Form) Doubt(url, key string, args ...any) {
	f.Refuse("", key, args...)
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

// Take turns an error about fields into sentences at them and reports whether
// it was one; any other error is not for the reader. A form that was sent
// before with other content gets another key, so that it can be sent again.
func (f *Form) Take(err error) bool {
	if errors.Is(err, access.ErrSentOtherwise) {
		f.Refuse("", "problem.sent_otherwise")
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
