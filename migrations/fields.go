// Package migrations describes the hub's data: one file one step, each step a
// description that can be read aloud and taken back.
//
// No step sets an access rule. Every collection stays closed to everyone but
// superusers until the rules are written at start, so a half-started hub leaks
// nothing.
package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

const (
	dayPattern   = `^\d{4}-\d{2}-\d{2}$`
	clockPattern = `^([01]\d|2[0-3]):[0-5]\d$`
	slugPattern  = `^[a-z0-9]+(-[a-z0-9]+)*$`

	// nameMax and longMax are the two caps most texts share, in characters.
	nameMax = 200
	longMax = 20_000
	// richMax leaves room for the tags of a rendered text of longMax characters.
	richMax = 200_000
	// maxRupiah is the largest sum a number field keeps to the rupiah: JSON and
	// SQLite both hold it exactly.
	maxRupiah = 1_000_000_000_000_000
	megabyte  = 1 << 20
)

// option changes one property of a field, so that a description reads
// text("name", nameMax, "…", required, presentable).
type option func(core.Field)

// required refuses an empty value. For numbers this also means zero.
func required(f core.Field) {
	switch field := f.(type) {
	case *core.TextField:
		field.Required = true
	case *core.SelectField:
		field.Required = true
	case *core.RelationField:
		field.Required = true
	case *core.NumberField:
		field.Required = true
	case *core.DateField:
		field.Required = true
	case *core.EmailField:
		field.Required = true
	default:
		panic("required: unknown kind of field " + f.Type())
	}
}

// presentable puts the field's value into the labels of the admin UI.
func presentable(f core.Field) {
	switch field := f.(type) {
	case *core.TextField:
		field.Presentable = true
	case *core.SelectField:
		field.Presentable = true
	case *core.RelationField:
		field.Presentable = true
	case *core.EmailField:
		field.Presentable = true
	case *core.NumberField:
		field.Presentable = true
	case *core.DateField:
		field.Presentable = true
	default:
		panic("presentable: unknown kind of field " + f.Type())
	}
}

// hidden keeps the field out of every REST answer and every REST body; only
// superusers and the hub's own code see it.
func hidden(f core.Field) { f.SetHidden(true) }

// dying makes the record die together with the one it points to.
func dying(f core.Field) { f.(*core.RelationField).CascadeDelete = true }

// matching limits a text to a pattern. An empty text passes unless required.
func matching(pattern string) option {
	return func(f core.Field) { f.(*core.TextField).Pattern = pattern }
}

func with(f core.Field, options []option) core.Field {
	for _, set := range options {
		set(f)
	}
	return f
}

// text is a line or a page of text of at most max characters.
func text(name string, max int, help string, options ...option) core.Field {
	return with(&core.TextField{Name: name, Max: max, Help: help}, options)
}

// rendered is the safe HTML twin of a markdown field: hidden, written by the hub only.
func rendered(name string) core.Field {
	return text(name, richMax, "Ditulis otomatis dari teks markdown. / Written by the hub from the markdown text.", hidden)
}

// formKey is the form's own key: the same form sent twice makes one record.
func formKey() core.Field {
	return text("once", 64, "Kunci formulir; mencegah catatan ganda. / The form's own key; keeps one form from making two records.")
}

// day is a civil date without a zone, kept as text so that it never shifts.
func day(name, help string, options ...option) core.Field {
	return text(name, 10, help, append(options, matching(dayPattern))...)
}

// clockTime is a local time of day, 24 hours, HH:MM.
func clockTime(name, help string, options ...option) core.Field {
	return text(name, 5, help, append(options, matching(clockPattern))...)
}

// instant is a moment in UTC.
func instant(name, help string, options ...option) core.Field {
	return with(&core.DateField{Name: name, Help: help}, options)
}

// email is one address.
func email(name, help string, options ...option) core.Field {
	return with(&core.EmailField{Name: name, Help: help}, options)
}

// link is one web address.
func link(name, help string) core.Field {
	return &core.URLField{Name: name, Help: help}
}

// flag is a yes or a no; no is the default.
func flag(name, help string, options ...option) core.Field {
	return with(&core.BoolField{Name: name, Help: help}, options)
}

// facts is structured data of at most max bytes, as JSON.
func facts(name string, max int64, help string) core.Field {
	return &core.JSONField{Name: name, MaxSize: max, Help: help}
}

// number is any number, also negative.
func number(name, help string, options ...option) core.Field {
	return with(&core.NumberField{Name: name, Help: help}, options)
}

// span is the smallest and the largest number a field takes.
type span struct{ min, max float64 }

// whole is a whole number within a span.
func whole(name string, within span, help string, options ...option) core.Field {
	return with(&core.NumberField{Name: name, Help: help, OnlyInt: true,
		Min: types.Pointer(within.min), Max: types.Pointer(within.max)}, options)
}

// quantity is an amount that cannot be negative; with required it is above zero.
func quantity(name, help string, options ...option) core.Field {
	return with(&core.NumberField{Name: name, Help: help, Min: types.Pointer(0.0)}, options)
}

// rupiah is a sum of money in whole rupiah.
func rupiah(name, help string) core.Field {
	return whole(name, span{0, maxRupiah}, help)
}

// oneOf is a choice of exactly one code.
func oneOf(name string, codes []string, help string, options ...option) core.Field {
	return with(&core.SelectField{Name: name, Help: help, Values: codes, MaxSelect: 1}, options)
}

// someOf is a choice of any number of codes.
func someOf(name string, codes []string, help string, options ...option) core.Field {
	return with(&core.SelectField{Name: name, Help: help, Values: codes, MaxSelect: len(codes)}, options)
}

// to points to one record of another collection, given by name; create finds its id.
func to(name, collection, help string, options ...option) core.Field {
	return with(&core.RelationField{Name: name, CollectionId: collection, MaxSelect: 1, Help: help}, options)
}

// toSome points to at most max records of another collection.
func toSome(name, collection string, max int, help string) core.Field {
	return &core.RelationField{Name: name, CollectionId: collection, MaxSelect: max, Help: help}
}

// inProgramme is the programme the record belongs to and dies with.
func inProgramme() core.Field {
	return to("programme", "programmes", "Program tempat catatan ini berada. / The programme this belongs to.", required, dying)
}

// files keeps at most max protected documents and photos of 10 MB each.
func files(name string, max int, help string) core.Field {
	return &core.FileField{Name: name, MaxSelect: max, MaxSize: 10 * megabyte, MimeTypes: documentTypes,
		Protected: true, Thumbs: []string{"480x0", "120x120"}, Help: help}
}
