package markdown

import (
	"regexp"
	"slices"
	"strings"
)

// figures matches digits with at most one space, dot or hyphen between them.
var figures = regexp.MustCompile(`\d+(?:[ .-]\d+)*`)

// grouped are the ways a personal number is copied in pieces: in fours as on a card, or in the parts it is made of
// (province, regency and district, date of birth, serial).
var grouped = [][]int{{4, 4, 4, 4}, {2, 2, 2, 6, 4}, {6, 6, 4}}

// SixteenDigits reports whether a text holds a number of exactly sixteen digits, the form of Indonesia's personal
// (NIK) and family (KK) numbers, which the hub must never keep. The eighteen digits of an official's NIP are not
// meant, nor are telephone numbers in a row.
func SixteenDigits(s string) bool {
	return slices.ContainsFunc(figures.FindAllString(s, -1), isPersonal)
}

func isPersonal(number string) bool {
	var lengths []int
	for part := range strings.FieldsFuncSeq(number, isSeparator) {
		lengths = append(lengths, len(part))
	}
	if slices.Contains(lengths, 16) {
		return true
	}
	return slices.ContainsFunc(grouped, func(form []int) bool { return slices.Equal(form, lengths) })
}

func isSeparator(r rune) bool {
	return r < '0' || r > '9'
}
