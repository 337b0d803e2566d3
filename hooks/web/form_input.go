package web

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pocketbase/ozzo-validation/v4/is"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"
	"github.com/pocketbase/pocketbase/tools/router"

	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/markdown"
)

// Option is one choice of a list.
type Option struct {
	Value, Label, Group, Icon string
	Chosen                    bool `db:"-"`
}

// Input describes one control of a form: what may be typed and under which
// words of the catalogue it stands.
type Input struct {
	name, kind  string
	label, hint string
	need, draft bool
	fresh       bool
	unmarked    bool
	max         int
	options     []Option
	codes       []string
	icons       bool
	// unchecked takes any choice: whoever saves the record looks at it anyway.
	unchecked bool
	// passing is handed on and never stored, so nobody else can have changed it.
	passing bool
	beside  bool
	// section is the key of the heading under which the input stands, folded or not.
	section string
	folded  bool
}

func input(name, kind string, max int) *Input { return &Input{name: name, kind: kind, max: max} }

// Text is one line, 200 characters unless Max says otherwise.
func Text(name string) *Input { return input(name, "text", 200) }

// Long is several lines, 20,000 characters unless Max says otherwise.
func Long(name string) *Input { return input(name, "long", 20000) }

// Date is a civil day, kept as YYYY-MM-DD however it was typed.
func Date(name string) *Input { return input(name, "date", 40) }

// Time is an hour of the day, kept as HH:MM.
func Time(name string) *Input { return input(name, "time", 10) }

// Quantity is a number of zero or more, with the comma or dot people type.
func Quantity(name string) *Input { return input(name, "quantity", 20) }

// Number is any number, zero and less included.
func Number(name string) *Input { return input(name, "number", 20) }

// Money is whole rupiah, in figures or as "1,5 juta".
func Money(name string) *Input { return input(name, "money", 30) }

// Check is a box that is ticked or not.
func Check(name string) *Input { return input(name, "check", 10) }

// File is an upload; the handler takes it with Form.Upload.
func File(name string) *Input { return input(name, "file", 0) }

// Hidden carries a value that the reader does not type.
func Hidden(name string) *Input { return input(name, "hidden", 200) }

// Email is one address.
func Email(name string) *Input { return input(name, "email", 200) }

// Password is taken as it was typed, spaces included, and never shown again.
func Password(name string) *Input { return input(name, "password", 200) }

// NewPassword is a password about to be chosen, which browsers offer to make up.
func NewPassword(name string) *Input {
	i := Password(name).Max(71)
	i.fresh = true
	return i
}

// Code is a one-time code.
func Code(name string) *Input { return input(name, "code", 12) }

// Choice is one of several records or other options.
func Choice(name string, options []Option) *Input {
	i := input(name, "choice", 200)
	i.options = options
	return i
}

// Codes is one of the stored codes of a field, shown in the reader's words.
func Codes(name string, codes ...string) *Input {
	i := input(name, "choice", 200)
	i.codes = codes
	return i
}

// Offer narrows the codes of a choice, or puts them in another order.
func (i *Input) Offer(codes ...string) *Input {
	i.codes = codes
	return i
}

// Cards shows a choice as cards with icons named after the codes.
func (i *Input) Cards() *Input {
	i.kind, i.icons = "radio", true
	return i
}

// control is the kind of control that shows the input.
func (i *Input) control() string {
	switch {
	case i.kind == "number":
		return "quantity"
	case i.fresh:
		return "new_password"
	}
	return i.kind
}

// picked reports whether a value is picked from what is there, not typed.
func (i *Input) picked() bool {
	return i.kind == "choice" || i.kind == "radio" || i.kind == "file"
}

// Need makes the input one that must be filled.
func (i *Input) Need() *Input {
	i.need = true
	return i
}

// Unmarked leaves out the mark that it may stay empty, where that depends on
// another input or goes without saying.
func (i *Input) Unmarked() *Input {
	i.unmarked = true
	return i
}

// Max caps the number of characters.
func (i *Input) Max(n int) *Input {
	i.max = n
	return i
}

// Label takes the words from another key than `<noun>.<name>`.
func (i *Input) Label(key string) *Input {
	i.label = key
	return i
}

// Hint takes the hint from another key than `<noun>.<name>_hint`.
func (i *Input) Hint(key string) *Input {
	i.hint = key
	return i
}

// Passing is not filled from the stored record nor compared with it.
func (i *Input) Passing() *Input {
	i.passing = true
	return i
}

// Beside puts the input beside the next one.
func (i *Input) Beside() *Input {
	i.beside = true
	return i
}

// Fold puts the input under a heading behind which it stands folded.
func (i *Input) Fold(key string) *Input {
	i.section, i.folded = key, true
	return i
}

// Under puts the input under a heading.
func (i *Input) Under(key string) *Input {
	i.section = key
	return i
}

// Draft keeps unsent text of this input in the reader's browser.
func (i *Input) Draft() *Input {
	i.draft = true
	return i
}

// uploadMemory is how much of an upload is kept in memory while it is read.
const uploadMemory = 4 << 20

// hashed is how many bytes of a password count when it is kept.
const hashed = 72

// Read takes what was sent, keeps it as typed, and notes a sentence at every
// field that cannot be taken. Only a body that cannot be read at all is an error.
func (f *Form) Read(e *core.RequestEvent) error {
	if err := parseBody(e.Request); err != nil {
		var known *router.ApiError
		if errors.As(err, &known) {
			return known // such as a body that is too large
		}
		return e.BadRequestError("", err)
	}
	for _, i := range f.inputs {
		if i.kind == "file" {
			f.receive(e, i)
			continue
		}
		f.take(i, e.Request.PostFormValue(i.name))
	}
	return nil
}

// parseBody reads the fields and files of a request. ParseMultipartForm would
// swallow what is wrong with a form that is not multipart.
func parseBody(r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	err := r.ParseMultipartForm(uploadMemory)
	if errors.Is(err, http.ErrNotMultipart) {
		return nil
	}
	return err
}

func (f *Form) receive(e *core.RequestEvent, i *Input) {
	_, header, err := e.Request.FormFile(i.name)
	if err != nil || header.Size == 0 {
		if i.need {
			f.AddError(i.name, "problem.needed")
		}
		return
	}
	file, err := filesystem.NewFileFromMultipart(header)
	if err != nil {
		f.AddError(i.name, "problem.wrong_file")
		return
	}
	f.uploads[i.name] = file
}

// take keeps one typed value and parses it by the input's kind.
func (f *Form) take(i *Input, raw string) {
	value := raw
	if i.kind != "password" {
		value = strings.TrimSpace(strings.ReplaceAll(raw, "\r\n", "\n"))
	}
	f.typed[i.name] = value
	f.parsed[i.name] = value
	switch {
	case !utf8.ValidString(value) || strings.ContainsRune(value, 0):
		f.typed[i.name] = strings.ToValidUTF8(strings.ReplaceAll(value, "\x00", ""), "")
		f.AddError(i.name, "problem.unreadable")
	case value == "":
		f.empty(i)
	case i.max > 0 && utf8.RuneCountInString(value) > i.max && !i.picked(), i.fresh && len(value) > hashed:
		f.AddError(i.name, "problem.too_long", "n", i.max)
	case i.kind != "hidden" && i.kind != "password" && markdown.SixteenDigits(value):
		f.AddError(i.name, "problem.sixteen_digits")
	default:
		f.parse(i, value)
	}
}

func (f *Form) empty(i *Input) {
	switch i.kind {
	case "quantity", "money", "number":
		f.parsed[i.name] = 0
	case "check":
		f.parsed[i.name] = false
	}
	if i.need {
		f.AddError(i.name, "problem.needed")
	}
}

func (f *Form) parse(i *Input, value string) {
	var err error
	switch i.kind {
	case "date":
		f.parsed[i.name], err = clock.ParseDay(value)
		f.doubt(i, err, "problem.not_a_date")
	case "time":
		f.parsed[i.name], err = clock.ParseTime(value)
		f.doubt(i, err, "problem.not_a_time")
	case "quantity":
		f.parsed[i.name], err = lang.ParseQuantity(value)
		f.doubt(i, err, "problem.not_a_number")
	case "number":
		f.parsed[i.name], err = signed(value)
		f.doubt(i, err, "problem.not_a_number")
	case "money":
		f.parsed[i.name], err = lang.ParseMoney(value)
		f.doubt(i, err, "problem.not_money")
	case "email":
		f.doubt(i, is.EmailFormat.Validate(value), "problem.not_an_address")
	case "check":
		f.parsed[i.name] = true
	case "choice", "radio":
		if !f.offered(i, value) {
			f.AddError(i.name, "problem.not_a_choice")
		}
	}
}

// signed reads a number that may be below zero.
func signed(typed string) (float64, error) {
	rest, below := strings.CutPrefix(typed, "-")
	n, err := lang.ParseQuantity(rest)
	if below {
		n = -n
	}
	return n, err
}

func (f *Form) doubt(i *Input, err error, key string) {
	if err != nil {
		f.AddError(i.name, key)
	}
}

func (f *Form) offered(i *Input, value string) bool {
	return i.unchecked || slices.Contains(i.codes, value) ||
		slices.ContainsFunc(i.options, func(o Option) bool { return o.Value == value })
}
