package contributions

import (
	"slices"
	"strings"

	"simpul/hooks/lang"
)

// unitSynonyms are words people type for a unit beside its name on the screen.
var unitSynonyms = map[string][]string{
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

// containers are no units of their own: five boxes of water are five units of "dus air", so that the word stays
// readable.
var containers = strings.Fields("dus kardus karton karung sak botol galon kaleng bungkus kotak boks lusin kodi rim ton box boxes carton bottle bottles sack sacks dozen")

// numerals are words for numbers, which are recognised and not converted.
var numerals = strings.Fields("satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas belas puluh seratus ratus seribu ribu setengah one two three four five six seven eight nine ten twelve twenty hundred")

// multipliers are words that belong to the number before them. Shorter ones do not: "5 m kabel" are five metres.
var multipliers = []string{"ribu", "rb", "juta", "jt", "thousand", "million"}

// unitsByWord maps every word for a unit to the units it can mean.
var unitsByWord = indexUnits()

func indexUnits() map[string][]string {
	index := map[string][]string{}
	for _, kind := range kinds {
		for _, unit := range units[kind] {
			words := slices.Clone(unitSynonyms[unit])
			for _, language := range lang.Languages {
				words = append(words, unitLabel(language, unit, 1), unitLabel(language, unit, 2))
			}
			for _, word := range words {
				word = strings.ToLower(word)
				index[word] = append(index[word], unit)
			}
		}
	}
	return index
}

// findUnit returns the unit a word means for a kind, "" if none.
func findUnit(kind, word string) string {
	for _, unit := range unitsByWord[strings.ToLower(word)] {
		if suits(kind, unit) {
			return unit
		}
	}
	return ""
}

// parsedQuantity is what a line such as "20 paket sembako" says.
type parsedQuantity struct {
	quantity float64
	// unit is "" when the word after the number is none; item is then all that follows.
	unit, item string
	// found is false when the line does not begin with a quantity.
	found bool
}

// parseQuantity understands a contribution that was typed into one line.
func parseQuantity(kind, typed string) parsedQuantity {
	words := strings.Fields(splitNumber(typed))
	if kind == kindMoney {
		return parseMoney(words)
	}
	if len(words) > 1 && slices.Contains(multipliers, strings.ToLower(words[1])) {
		words = append([]string{words[0] + " " + words[1]}, words[2:]...)
	}
	if len(words) < 2 {
		return parsedQuantity{}
	}
	quantity, err := lang.ParseQuantity(words[0])
	if err != nil || quantity < 0 {
		return parsedQuantity{}
	}
	words = words[1:]
	parsed := parsedQuantity{quantity: quantity, item: strings.Join(words, " "), found: true}
	for n := min(2, len(words)); n > 0; n-- {
		if unit := findUnit(kind, strings.Join(words[:n], " ")); unit != "" {
			parsed.unit, parsed.item = unit, strings.Join(words[n:], " ")
			return parsed
		}
	}
	if slices.Contains(containers, strings.ToLower(words[0])) && suits(kind, "unit") {
		parsed.unit = "unit"
	}
	return parsed
}

// parseMoney takes the longest beginning that is an amount: "Rp 1,5 juta".
func parseMoney(words []string) parsedQuantity {
	for n := min(3, len(words)); n > 0; n-- {
		amount, err := lang.ParseMoney(strings.Join(words[:n], " "))
		if err == nil && amount > 0 {
			return parsedQuantity{quantity: float64(amount), unit: unitRupiah, item: strings.Join(words[n:], " "), found: true}
		}
	}
	return parsedQuantity{}
}

// splitNumerals splits a line that begins with a number in words: "dua puluh" and "paket sembako".
func splitNumerals(typed string) (number, rest string) {
	words, n := strings.Fields(typed), 0
	for n < len(words) && slices.Contains(numerals, strings.ToLower(words[n])) {
		n++
	}
	return strings.Join(words[:n], " "), strings.Join(words[n:], " ")
}

// splitNumber separates a number from the unit written against it: "20kg" is "20 kg".
func splitNumber(typed string) string {
	typed = strings.TrimSpace(typed)
	end := strings.IndexFunc(typed, func(r rune) bool { return !strings.ContainsRune("0123456789.,", r) })
	if end <= 0 {
		return typed
	}
	return typed[:end] + " " + typed[end:]
}
