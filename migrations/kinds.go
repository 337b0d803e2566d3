package migrations

import (
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

const (
	dayPattern   = `^\d{4}-\d{2}-\d{2}$`
	clockPattern = `^([01]\d|2[0-3]):[0-5]\d$`

	// nameMax and longMax are the two caps most texts share, in characters.
	nameMax = 200
	longMax = 20_000
	// richMax leaves room for the tags of a rendered text of longMax characters.
	richMax = 200_000
	// maxRupiah is the largest sum a number field keeps to the rupiah: JSON and
	// SQLite both hold it exactly.
	maxRupiah = 1_000_000_000_000_000
)

// kind makes a field without name and help: its type and options.
type kind func() core.Field

// option changes one property of a field.
type option func(core.Field)

// required refuses an empty value. For numbers this also means zero.
func required(f core.Field) { set(f, "Required", true) }

// presentable puts the value into the labels of the admin UI.
func presentable(f core.Field) { set(f, "Presentable", true) }

// hidden keeps the field out of every REST answer and every REST body; only
// superusers and the hub's own code see it.
func hidden(f core.Field) { f.SetHidden(true) }

// cascade deletes the record together with the one it points to.
func cascade(f core.Field) { set(f, "CascadeDelete", true) }

// matching limits a text to a pattern. An empty text passes unless required.
func matching(pattern string) option { return func(f core.Field) { set(f, "Pattern", pattern) } }

// with makes a kind of a type of field; each call of the kind makes a new field.
func with[F any, P interface {
	*F
	core.Field
}](template F, options []option) kind {
	return func() core.Field {
		made := template
		for _, change := range options {
			change(P(&made))
		}
		return P(&made)
	}
}

// codes are the values of a choice.
func codes(words string) []string { return strings.Fields(words) }

// Texts. A day is a civil date without a zone, so that it never shifts; a
// clockTime is a local time of day, 24 hours.
func text(max int, options ...option) kind { return with(core.TextField{Max: max}, options) }
func day(options ...option) kind           { return text(10, append(options, matching(dayPattern))...) }
func clockTime() kind                      { return text(5, matching(clockPattern)) }
func email(options ...option) kind         { return with(core.EmailField{}, options) }
func link() kind                           { return with(core.URLField{}, nil) }

// instant is a moment in UTC, flag a yes or a no, facts JSON of at most max bytes.
func instant(options ...option) kind { return with(core.DateField{}, options) }
func flag(options ...option) kind    { return with(core.BoolField{}, options) }
func facts(max int64) kind           { return with(core.JSONField{MaxSize: max}, nil) }

// Numbers. A quantity cannot be negative and, when required, is above zero.
func number(options ...option) kind { return with(core.NumberField{}, options) }
func quantity(options ...option) kind {
	return with(core.NumberField{Min: types.Pointer(0.0)}, options)
}
func whole(min, max float64, options ...option) kind {
	return with(core.NumberField{OnlyInt: true, Min: types.Pointer(min), Max: types.Pointer(max)}, options)
}
func rupiah() kind { return whole(0, maxRupiah) }

// Choices of one or of any number of codes.
func oneOf(codes []string, options ...option) kind {
	return with(core.SelectField{Values: codes, MaxSelect: 1}, options)
}
func someOf(codes []string, options ...option) kind {
	return with(core.SelectField{Values: codes, MaxSelect: len(codes)}, options)
}

// Relations to one or at most max records of the named collection.
func to(collection string, options ...option) kind {
	return with(core.RelationField{CollectionId: collection, MaxSelect: 1}, options)
}
func toSome(collection string, max int) kind {
	return with(core.RelationField{CollectionId: collection, MaxSelect: max}, nil)
}

// files keeps at most max protected documents and photos of 10 MB each.
func files(max int) kind {
	return with(core.FileField{MaxSelect: max, MaxSize: 10 << 20, MimeTypes: documentTypes,
		Protected: true, Thumbs: []string{"480x0", "120x120"}}, nil)
}

// rendered is the safe HTML of a markdown field: hidden, written by the hub only.
func rendered(name string) field {
	return field{name, text(richMax, hidden), "Ditulis otomatis dari teks markdown. / Written automatically from the markdown text."}
}

// Fields and indexes that several collections have.
var (
	inProgramme = field{"programme", to("programmes", required, cascade), "Program tempat catatan ini berada. / The programme this belongs to."}

	// The form's own key: the same form sent twice makes one record.
	formKey  = field{"once", text(64), "Kunci formulir; mencegah catatan ganda. / Key of the form; prevents duplicate records."}
	onceOnly = uniqueWhere("`once` != ''", "once")

	// What a person sets takes precedence over the organisation's, and that over the programme's.
	mailFrequency = field{"mail_frequency", oneOf(frequencies),
		"Seberapa sering email dikirim; kosong berarti tidak diatur di sini. / How often emails are sent; empty means not set here."}
	sendAt = field{"send_at", clockTime(),
		"Jam kirim setempat; kosong berarti tidak diatur di sini. / Local hour emails are sent; empty means not set here."}
)
