package web

import (
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/fields"
)

// Choices are what the relations of a form offer, and the codes that bear words
// of their own, by the name of the field.
type Choices map[string][]Option

// Keep adds what a record's relation points to now, if it is not offered any
// more. The relation must have been brought along.
func (c Choices) Keep(r *core.Record, relations ...string) Choices {
	for _, relation := range relations {
		id, label := r.GetString(relation), Named(r, relation)
		if label == "" {
			label = id
		}
		if id != "" && !slices.ContainsFunc(c[relation], func(o Option) bool { return o.Value == id }) {
			c[relation] = append(c[relation], Option{Value: id, Label: label})
		}
	}
	return c
}

// Values are the values of options.
func Values(options []Option) []string {
	values := make([]string, 0, len(options))
	for _, o := range options {
		values = append(values, o.Value)
	}
	return values
}

// Inputs are the controls of a form in their order.
type Inputs []*Input

// RecordInputs are the controls that the description of the record's noun asks
// for, those of a new record or those of a stored one, with the hidden field that
// keeps a form from counting twice or from overwriting what somebody else saved.
// Without choices, relations take what is sent: the save looks at it anyway, and
// only a form that is shown must read what could be chosen.
func RecordInputs(r *core.Record, choices Choices) Inputs {
	c := r.Collection()
	noun, _ := fields.Of(c.Name)
	use, inputs := fields.Change, Inputs{Seen()}
	if r.IsNew() {
		use, inputs = fields.New, nil
		if c.Fields.GetByName("once") != nil {
			inputs = Inputs{Hidden("once")}
		}
	}
	for _, f := range noun.Using(use) {
		i := control(c.Fields.GetByName(f.Name), f, choices)
		i.need, i.draft, i.beside = f.Is(fields.Need), f.Is(fields.Draft), f.Is(fields.Beside)
		switch {
		case f.Is(fields.More):
			i.Fold(c.Name + ".more")
		case f.Is(fields.Mail):
			i.Under("reminders.title")
		}
		inputs = append(inputs, i)
	}
	return inputs
}

// longestLink is the longest web address a form takes.
const longestLink = 500

// control is the kind of input that suits a field.
func control(stored core.Field, f fields.Field, choices Choices) *Input {
	options, offered := choices[f.Name]
	switch s := stored.(type) {
	case *core.RelationField:
		i := Choice(f.Name, options)
		i.unchecked = choices == nil
		return i
	case *core.SelectField:
		if !offered {
			return Codes(f.Name, s.Values...)
		}
	case *core.BoolField:
		return Check(f.Name)
	case *core.EmailField:
		return Email(f.Name)
	case *core.URLField:
		return Text(f.Name).Max(longestLink)
	case *core.NumberField:
		if f.Is(fields.AtLeast0) {
			return Quantity(f.Name)
		}
		return Number(f.Name)
	}
	return typed(stored, f, options)
}

// typed is the control of a text, or the choice that stands for one.
func typed(stored core.Field, f fields.Field, options []Option) *Input {
	t, ok := stored.(*core.TextField)
	switch {
	case options != nil || !ok:
		return Choice(f.Name, options)
	case isDay(f.Name):
		return Date(f.Name)
	case isHour(f.Name):
		return Time(f.Name)
	case f.Is(fields.Long):
		return Long(f.Name).Max(t.Max)
	}
	return Text(f.Name).Max(t.Max)
}

// isDay and isHour know the names that the schema gives civil days and hours.
func isDay(name string) bool { return name == "on" || strings.HasSuffix(name, "_on") }

func isHour(name string) bool { return name == "at" || name == "send_at" }

// After puts inputs behind the one of a name.
func (in Inputs) After(name string, more ...*Input) Inputs {
	i := slices.IndexFunc(in, func(i *Input) bool { return i.name == name })
	return slices.Insert(in, i+1, more...)
}

// Without leaves inputs out.
func (in Inputs) Without(names ...string) Inputs {
	return slices.DeleteFunc(in, func(i *Input) bool { return slices.Contains(names, i.name) })
}

// Get returns the input of a name, to be changed in place.
func (in Inputs) Get(name string) *Input {
	for _, i := range in {
		if i.name == name {
			return i
		}
	}
	return Hidden(name)
}

// RecordForm is a form of nothing but RecordInputs.
func RecordForm(e *core.RequestEvent, r *core.Record, choices Choices) *Form {
	return NewForm(e, r.Collection().Name, RecordInputs(r, choices)...)
}
