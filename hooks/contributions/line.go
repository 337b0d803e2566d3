package contributions

import (
	"strconv"
	"strings"

	"simpul/hooks/lang"
	"simpul/hooks/page"
)

// understandItem takes the quantity and the unit out of "20 paket sembako", and
// says at the right field what it cannot use. It reports whether none is given:
// "0 paket sembako".
func understandItem(form *page.Form, kind, language string) (none bool) {
	said := readPhrase(kind, form.Value("item"))
	if refused(form, "item") {
		return false
	}
	if !said.found {
		understandWords(form, kind)
		return false
	}
	form.Set("quantity", strconv.FormatFloat(said.quantity, 'f', -1, 64))
	forgive(form, "quantity")
	chosen := form.Value("unit")
	if chosen != "" && chosen != said.unit {
		return said.quantity == 0
	}
	if said.item == "" && onlyUnit(kind) != "" {
		said.item = lang.T(language, "contributions.kind."+kind)
	}
	if said.item == "" {
		form.Refuse("item", "contributions.problem_item")
	}
	form.Set("item", said.item)
	switch {
	case said.unit != "":
		form.Set("unit", said.unit)
		forgive(form, "unit")
	case onlyUnit(kind) == "" && kind != "":
		word, _, _ := strings.Cut(said.item, " ")
		forgive(form, "unit")
		form.Refuse("unit", "contributions.problem_unit_word", "word", word)
	}
	return said.quantity == 0
}

// understandWords moves a number in words to the field that asks for figures:
// "dua puluh paket sembako".
func understandWords(form *page.Form, kind string) {
	number, rest := spelledOut(form.Value("item"))
	if number == "" || rest == "" {
		return
	}
	said := readPhrase(kind, "1 "+rest)
	if said.unit == "" || said.item == "" {
		return
	}
	forgive(form, "quantity")
	form.Set("quantity", number).Set("item", said.item)
	form.Refuse("quantity", "problem.not_a_number")
	if form.Value("unit") == "" {
		form.Set("unit", said.unit)
		forgive(form, "unit")
	}
}
