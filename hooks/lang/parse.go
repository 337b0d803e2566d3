package lang

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
)

// ErrNotMoney says that typed text is not an amount in whole rupiah.
var ErrNotMoney = errors.New("not an amount of money")

// ErrNotANumber says that typed text is not a quantity.
var ErrNotANumber = errors.New("not a number")

// maxDigits keeps an amount exact in a database that stores numbers as 64-bit floats.
const maxDigits = 15

var (
	currency = regexp.MustCompile(`^(?:rp|idr)\.?\s*`)
	trailing = regexp.MustCompile(`,-+$`)
	amount   = regexp.MustCompile(`^([0-9][0-9.,]*)\s*([a-z]*)$`)

	dotGroups   = regexp.MustCompile(`^[1-9]\d{0,2}(?:\.\d{3})+$`)
	commaGroups = regexp.MustCompile(`^[1-9]\d{0,2}(?:,\d{3})+$`)
	onlyDigits  = regexp.MustCompile(`^\d+$`)
)

// powers tells how many zeros a number word stands for.
var powers = map[string]int{
	"":   0,
	"rb": 3, "ribu": 3, "thousand": 3,
	"jt": 6, "juta": 6, "million": 6,
	"m": 9, "miliar": 9, "milyar": 9, "billion": 9,
	"t": 12, "triliun": 12, "trilyun": 12, "trillion": 12,
}

// ParseMoney reads an amount as people type it and returns whole rupiah: "5000000", "5.000.000", "Rp 5.000.000",
// "Rp5.000.000,00", "5 juta", "1,5 juta". A dot before three digits always separates thousands, so "1.500" is
// one thousand five hundred. The error is ErrNotMoney, also for a part of a rupiah, a minus sign, and more than
// fifteen digits.
func ParseMoney(typed string) (int64, error) {
	text := currency.ReplaceAllString(strings.ToLower(strings.TrimSpace(typed)), "")
	text = trailing.ReplaceAllString(text, "")
	whole, decimals, ok := readNumber(text)
	if !ok || strings.Trim(decimals, "0") != "" {
		return 0, ErrNotMoney
	}
	rupiah, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return 0, ErrNotMoney
	}
	return rupiah, nil
}

// ParseQuantity reads a quantity as people type it: "20", "2,5", "1.500" (one thousand five hundred), "2 ribu".
// A dot that cannot separate thousands is taken for a decimal point, so "2.5" is two and a half. The error is
// ErrNotANumber, also for a minus sign and for more than fifteen digits.
func ParseQuantity(typed string) (float64, error) {
	whole, decimals, ok := readNumber(strings.ToLower(strings.TrimSpace(typed)))
	if !ok {
		return 0, ErrNotANumber
	}
	value, err := strconv.ParseFloat(whole+"."+decimals+"0", 64)
	if err != nil {
		return 0, ErrNotANumber
	}
	return value, nil
}

// readNumber returns the digits before and after the decimal mark, the number word having been worked in.
func readNumber(text string) (whole, decimals string, ok bool) {
	part := amount.FindStringSubmatch(text)
	if part == nil {
		return "", "", false
	}
	zeros, known := powers[part[2]]
	if !known {
		return "", "", false
	}
	whole, decimals, ok = splitMarks(part[1])
	if !ok {
		return "", "", false
	}
	whole, decimals = shift(whole, decimals, zeros)
	whole = strings.TrimLeft(whole, "0")
	if whole == "" {
		whole = "0"
	}
	return whole, decimals, len(whole)+len(decimals) <= maxDigits
}

// splitMarks decides which mark separates thousands and which begins the decimals.
func splitMarks(digits string) (whole, decimals string, ok bool) {
	switch {
	case onlyDigits.MatchString(digits):
		return digits, "", true
	case dotGroups.MatchString(digits):
		return strings.ReplaceAll(digits, ".", ""), "", true
	case strings.Count(digits, ",") > 1 && commaGroups.MatchString(digits):
		return strings.ReplaceAll(digits, ",", ""), "", true
	case strings.LastIndexByte(digits, '.') > strings.LastIndexByte(digits, ','):
		return cutDecimals(digits, ".", commaGroups)
	default:
		return cutDecimals(digits, ",", dotGroups)
	}
}

// cutDecimals splits at the last mark; before it only digits, or thousands grouped by the other mark, may stand.
func cutDecimals(digits, mark string, groups *regexp.Regexp) (whole, decimals string, ok bool) {
	at := strings.LastIndex(digits, mark)
	whole, decimals = digits[:at], digits[at+1:]
	if groups.MatchString(whole) {
		whole = strings.NewReplacer(".", "", ",", "").Replace(whole)
	}
	return whole, decimals, onlyDigits.MatchString(whole) && onlyDigits.MatchString(decimals)
}

// shift moves the decimal mark to the right by a number of places.
func shift(whole, decimals string, places int) (string, string) {
	for len(decimals) < places {
		decimals += "0"
	}
	return whole + decimals[:places], decimals[places:]
}
