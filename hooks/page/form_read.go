package page

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
	"simpul/hooks/text"
)

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
			f.Refuse(i.name, "problem.needed")
		}
		return
	}
	file, err := filesystem.NewFileFromMultipart(header)
	if err != nil {
		f.Refuse(i.name, "problem.wrong_file")
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
		f.Refuse(i.name, "problem.unreadable")
	case value == "":
		f.empty(i)
	case i.max > 0 && utf8.RuneCountInString(value) > i.max && !i.picked(), i.fresh && len(value) > hashed:
		f.Refuse(i.name, "problem.too_long", "n", i.max)
	case i.kind != "hidden" && i.kind != "password" && text.SixteenDigits(value):
		f.Refuse(i.name, "problem.sixteen_digits")
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
		f.Refuse(i.name, "problem.needed")
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
			f.Refuse(i.name, "problem.not_a_choice")
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
		f.Refuse(i.name, key)
	}
}

func (f *Form) offered(i *Input, value string) bool {
	return slices.Contains(i.codes, value) ||
		slices.ContainsFunc(i.options, func(o Option) bool { return o.Value == value })
}
