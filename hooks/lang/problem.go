package lang

import "strings"

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
