package page

// Option is one choice of a list.
type Option struct {
	Value, Label, Group, Icon string
	Chosen                    bool
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

// Label takes the words from another key than `<room>.<name>`.
func (i *Input) Label(key string) *Input {
	i.label = key
	return i
}

// Hint takes the hint from another key than `<room>.<name>_hint`.
func (i *Input) Hint(key string) *Input {
	i.hint = key
	return i
}

// Draft keeps unsent text of this input in the reader's browser.
func (i *Input) Draft() *Input {
	i.draft = true
	return i
}
