package contributions

import (
	"slices"
	"strconv"
	"strings"

	"simpul/hooks/lang"
	"simpul/hooks/web"
)

// alsoCalled are words people type for a unit beside its name on the screen.
var alsoCalled = map[string][]string{
	"package":       {"pak", "pkt", "pack", "packs"},
	"unit":          {"buah", "bh"},
	"piece":         {"pcs", "pc", "helai", "lembar"},
	"set":           {"stel"},
	"kg":            {"kilo", "kilogram", "kilos", "kilograms"},
	"litre":         {"l", "ltr", "liter", "liters"},
	"person_hour":   {"jam", "hour", "hours"},
	"person_day":    {"hari", "day", "days", "hok"},
	"unit_day":      {"hari", "day", "days"},
	"session":       {"kali"},
	"person_served": {"orang", "people"},
	"participant":   {"orang", "people"},
	"news_item":     {"artikel", "article", "articles"},
	"post":          {"posting", "konten"},
	"module":        {"buku"},
}

// containers are no units of their own: five boxes of water are five units of
// "dus air", so that the word stays to be read.
var containers = strings.Fields("dus kardus karton karung sak botol galon kaleng bungkus kotak boks lusin kodi rim ton box boxes carton bottle bottles sack sacks dozen")

// called maps every word for a unit to the units it can mean.
var called = wordsOfUnits()

func wordsOfUnits() map[string][]string {
	words := map[string][]string{}
	note := func(word, unit string) {
		word = strings.ToLower(word)
		if !slices.Contains(words[word], unit) {
			words[word] = append(words[word], unit)
		}
	}
	for _, kind := range Kinds {
		for _, unit := range units[kind] {
			for _, language := range lang.Languages {
				note(unitLabel(language, unit, 1), unit)
				note(unitLabel(language, unit, 2), unit)
			}
			for _, word := range alsoCalled[unit] {
				note(word, unit)
			}
		}
	}
	return words
}

// unitCalled returns the unit a word means for a kind, "" if none.
func unitCalled(kind, word string) string {
	for _, unit := range called[strings.ToLower(word)] {
		if Suits(kind, unit) {
			return unit
		}
	}
	return ""
}

// phrase is what a line such as "20 paket sembako" says. Found is false when it
// does not begin with a quantity.
type phrase struct {
	quantity   float64
	unit, item string
	found      bool
}

// readPhrase understands a gift that was typed whole into one line. Unit is ""
// when the word after the number is none; item is then all that follows.
func readPhrase(kind, typed string) phrase {
	words := strings.Fields(apart(typed))
	if kind == Money {
		return readMoney(words)
	}
	if len(words) < 2 {
		return phrase{}
	}
	quantity, words := leadingQuantity(words)
	if quantity < 0 || len(words) < 2 {
		return phrase{}
	}
	said := phrase{quantity: quantity, item: strings.Join(words[1:], " "), found: true}
	for n := min(2, len(words)-1); n > 0; n-- {
		unit := unitCalled(kind, strings.Join(words[1:1+n], " "))
		if unit == "" {
			continue
		}
		said.unit, said.item = unit, strings.Join(words[1+n:], " ")
		return said
	}
	if slices.Contains(containers, strings.ToLower(words[1])) && Suits(kind, "unit") {
		said.unit = "unit"
	}
	return said
}

// numerals are words for numbers, which nobody reads for the person.
var numerals = strings.Fields("satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas belas puluh seratus ratus seribu ribu setengah one two three four five six seven eight nine ten twelve twenty hundred")

// spelledOut splits a line that begins with a number in words: "dua puluh" and
// "paket sembako".
func spelledOut(typed string) (number, rest string) {
	words, n := strings.Fields(typed), 0
	for n < len(words) && slices.Contains(numerals, strings.ToLower(words[n])) {
		n++
	}
	return strings.Join(words[:n], " "), strings.Join(words[n:], " ")
}

// thousands are number words that belong to the number before them. Shorter
// ones do not: "5 m kabel" are five metres.
var thousands = []string{"ribu", "rb", "juta", "jt", "thousand", "million"}

// leadingQuantity reads the number at the beginning, -1 if there is none, and
// makes it the first of the words.
func leadingQuantity(words []string) (float64, []string) {
	if len(words) > 1 && slices.Contains(thousands, strings.ToLower(words[1])) {
		words = append([]string{words[0] + " " + words[1]}, words[2:]...)
	}
	quantity, err := lang.ParseQuantity(words[0])
	if err != nil {
		return -1, words
	}
	return quantity, words
}

// readMoney takes the longest beginning that is an amount: "Rp 1,5 juta".
func readMoney(words []string) phrase {
	for n := min(3, len(words)); n > 0; n-- {
		amount, err := lang.ParseMoney(strings.Join(words[:n], " "))
		if err == nil && amount > 0 {
			return phrase{quantity: float64(amount), unit: rupiah, item: strings.Join(words[n:], " "), found: true}
		}
	}
	return phrase{}
}

// apart separates a number from the unit written against it: "20kg" is "20 kg".
func apart(typed string) string {
	typed = strings.TrimSpace(typed)
	end := strings.IndexFunc(typed, func(r rune) bool { return !strings.ContainsRune("0123456789.,", r) })
	if end <= 0 {
		return typed
	}
	return typed[:end] + " " + typed[end:]
}

// understandItem takes the quantity and the unit out of "20 paket sembako", and
// says at the right field what it cannot use. It reports whether none is given:
// "0 paket sembako".
func understandItem(form *web.Form, kind, language string) (none bool) {
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
		form.AddError("item", "contributions.problem_item")
	}
	form.Set("item", said.item)
	switch {
	case said.unit != "":
		form.Set("unit", said.unit)
		forgive(form, "unit")
	case onlyUnit(kind) == "" && kind != "":
		word, _, _ := strings.Cut(said.item, " ")
		forgive(form, "unit")
		form.AddError("unit", "contributions.problem_unit_word", "word", word)
	}
	return said.quantity == 0
}

// understandWords moves a number in words to the field that asks for figures:
// "dua puluh paket sembako".
func understandWords(form *web.Form, kind string) {
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
	form.AddError("quantity", "problem.not_a_number")
	if form.Value("unit") == "" {
		form.Set("unit", said.unit)
		forgive(form, "unit")
	}
}
