// Package fields says once what the fields of each noun are for: who may write
// them, what the activity keeps of them, and which forms, lists and pages show
// them. Their kind, length and codes stand in the schema; their words in
// lang/<language>/<noun>.json under <noun>.<field>.
package fields

import "slices"

// Writer says who may write a field. The zero value is a decision not taken,
// which stops the start.
type Writer int

// Of the first four, each may write what those before it may not.
const (
	undecided Writer = iota
	Hub              // nobody: the code fills it in
	Creation         // whoever makes the record; it never changes after
	Team             // the team of the programme
	Partner          // also the party the record is about, such as the organisation that owns a task
	Restored         // nobody, but a change may send it: the code puts its own back
)

// Log says what the activity keeps of a change. The zero value stops the start.
type Log int

// Values are kept of states, dates, links and public names; of what somebody
// typed about people, of addresses and figures only that it changed.
const (
	unlogged Log = iota
	NameOnly
	Values
)

// Use is where people meet a field.
type Use uint

// Uses of a field. A field that people may write is asked by a form or Unasked.
const (
	New      Use = 1 << iota // forms of a new record ask for it
	Change                   // forms of a stored record ask for it
	Unasked                  // no form asks: it is written by a step or over REST
	Need                     // a form is not taken without it
	Draft                    // unsent text is kept in the browser
	Long                     // several lines
	AtLeast0                 // a number that is never negative
	Beside                   // stands beside the next input
	More                     // stands folded behind "more"
	Mail                     // stands under the heading of reminders
	Shown                    // stands among the facts of the record's page
	Filter                   // narrows the list to what is chosen
	Search                   // narrows the list to what holds the words
)

// Asked is asked by every form.
const Asked = New | Change

// Field is one field of a noun.
type Field struct {
	Name  string
	Write Writer
	Log   Log
	Use   Use
}

// Is reports whether a field has all of these uses.
func (f Field) Is(use Use) bool { return f.Use&use == use }

// Noun is a collection with its fields in the order of its form.
type Noun struct {
	Name   string
	Fields []Field
}

// Of returns the description of a collection.
func Of(collection string) (n Noun, described bool) {
	i := slices.IndexFunc(Nouns, func(n Noun) bool { return n.Name == collection })
	if i < 0 {
		return Noun{}, false
	}
	return Nouns[i], true
}

// Using returns the fields that have all of these uses.
func (n Noun) Using(use Use) []Field {
	return slices.DeleteFunc(slices.Clone(n.Fields), func(f Field) bool { return !f.Is(use) })
}

// Filters returns the fields that narrow the list.
func (n Noun) Filters() []Field {
	return slices.DeleteFunc(slices.Clone(n.Fields), func(f Field) bool { return f.Use&(Filter|Search) == 0 })
}

// Names names the fields that have all of these uses.
func (n Noun) Names(use Use) []string {
	return n.names(func(f Field) bool { return f.Is(use) })
}

// ClosedTo names the fields that a writer may not change in a stored record.
func (n Noun) ClosedTo(w Writer) []string {
	return n.names(func(f Field) bool { return f.Write < w })
}

// FilledByHub names the fields that nobody sets in a new record.
func (n Noun) FilledByHub() []string {
	return n.names(func(f Field) bool { return f.Write == Hub || f.Write == Restored })
}

// Logged names the fields whose values the activity keeps.
func (n Noun) Logged() []string {
	return n.names(func(f Field) bool { return f.Log == Values })
}

func (n Noun) names(fits func(Field) bool) []string {
	names := []string{}
	for _, f := range n.Fields {
		if fits(f) {
			names = append(names, f.Name)
		}
	}
	return names
}
