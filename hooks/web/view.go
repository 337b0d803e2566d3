package web

import (
	"cmp"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/fields"
	"simpul/hooks/lang"
)

// Fact is one line about a record, as the part "summary_list" shows it.
type Fact struct{ Label, Value, URL, Action, ActionURL string }

// Badge is a short word about a state, as the part "badge" shows it.
type Badge struct{ Text, Kind, Icon string }

// Action is a link in the head of a page.
type Action struct {
	Label, URL, Icon string
	Primary          bool
}

// Step is a button that takes a record on: the code it sends and how it looks;
// with a Question it asks first.
type Step struct{ Code, Label, Icon, Kind, Question string }

// Pair is a hidden field of a form that a template writes by hand.
type Pair struct{ Name, Value string }

// Figure is one number on top of a page, as the part "figures" shows it.
type Figure struct{ Label, Value, Note, URL string }

// Callout is a remark above a form or a list, as the part "callout" shows it.
type Callout struct{ Kind, Title, Text, URL, Label, Icon string }

// Confirm is a button that asks before it posts, as the part "confirm" shows it.
type Confirm struct {
	Label, Title, Text, Action, Yes, Kind, Icon string
	Hidden                                      []Pair
}

// Facts gathers what a page says about a record, without empty lines.
type Facts struct {
	language string
	record   *core.Record
	shown    map[string]bool
	List     []Fact
}

// NewFacts begins the facts of a record, in the words of its collection.
func NewFacts(language string, r *core.Record) *Facts {
	return &Facts{language: language, record: r, shown: map[string]bool{}}
}

// Add says something under the label of a field, nothing if the value is empty.
func (f *Facts) Add(field, value, url string) *Facts {
	f.shown[field] = true
	if value != "" {
		f.List = append(f.List, Fact{Label: lang.T(f.language, f.record.Collection().Name+"."+field), Value: value, URL: url})
	}
	return f
}

// Field says what stands in each of these fields, in the reader's words.
func (f *Facts) Field(names ...string) *Facts {
	for _, name := range names {
		f.Add(name, Words(f.language, f.record, name), "")
	}
	return f
}

// Rest says what the description of the noun shows besides what was said.
func (f *Facts) Rest() []Fact {
	noun, _ := fields.Of(f.record.Collection().Name)
	for _, field := range noun.Using(fields.Shown) {
		if !f.shown[field.Name] {
			f.Field(field.Name)
		}
	}
	return f.List
}

// Words writes what stands in a field as people read it: a day, the label of a
// code, the name of a related record that was brought along.
func Words(language string, r *core.Record, name string) string {
	stored := r.Collection().Fields.GetByName(name)
	switch {
	case stored == nil || r.GetString(name) == "":
		return ""
	case stored.Type() == core.FieldTypeRelation:
		return Named(r, name)
	case stored.Type() == core.FieldTypeSelect:
		return label(language, r.Collection().Name+"."+name, r.GetString(name))
	case stored.Type() == core.FieldTypeNumber:
		return lang.Number(language, r.GetFloat(name))
	case isDay(name):
		return lang.Day(language, r.GetString(name))
	}
	return r.GetString(name)
}

// nameFields tell which field names a record; in other collections it is "name".
var nameFields = map[string]string{"tasks": "title", "meetings": "title", "milestones": "title", "contacts": "position"}

// Named is what a related record is called, "" if there is none or the reader
// may not see it.
func Named(r *core.Record, relation string) string {
	related := r.ExpandedOne(relation)
	if related == nil {
		return ""
	}
	return related.GetString(cmp.Or(nameFields[related.Collection().Name], "name"))
}
