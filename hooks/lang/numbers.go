package lang

import (
	"math"
	"reflect"
	"strconv"
	"strings"
)

// marks are the signs a language puts between the parts of a number and of a time.
type marks struct {
	thousands string
	decimal   string
	time      string
}

var marksOf = map[string]marks{
	"id": {thousands: ".", decimal: ",", time: "."},
	"en": {thousands: ",", decimal: ".", time: ":"},
}

// Money writes whole rupiah: Rp5.000.000 in Indonesian, Rp5,000,000 in English. There is no space in it, so an
// amount never breaks across two lines.
func Money(language string, rupiah int64) string {
	amount := "Rp" + grouped(rupiah, catalogueOf(language).marks.thousands)
	if rupiah < 0 {
		return "-" + strings.Replace(amount, "-", "", 1)
	}
	return amount
}

// Number writes a quantity with at most two decimals: 5.317 and 2,5 in Indonesian, 5,317 and 2.5 in English. What
// is no number (a division by zero) is written as a dash.
func Number(language string, value float64) string {
	return catalogueOf(language).number(value)
}

func (c *catalogue) number(value float64) string {
	if math.IsNaN(value) || math.IsInf(value, 0) {
		return "–"
	}
	text := strconv.FormatFloat(value, 'f', 2, 64)
	whole, decimals, _ := strings.Cut(text, ".")
	decimals = strings.TrimRight(decimals, "0")
	if whole == "-0" && decimals == "" {
		whole = "0"
	}
	whole = group(whole, c.marks.thousands)
	if decimals == "" {
		return whole
	}
	return whole + c.marks.decimal + decimals
}

func grouped(value int64, mark string) string {
	return group(strconv.FormatInt(value, 10), mark)
}

// group puts a mark between each three digits, counted from the right.
func group(digits, mark string) string {
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	if len(digits) <= 3 {
		return sign + digits
	}
	var out strings.Builder
	out.WriteString(sign)
	for i, digit := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			out.WriteString(mark)
		}
		out.WriteRune(digit)
	}
	return out.String()
}

// asNumber returns a value as a number if its type is one of Go's numbers.
func asNumber(value any) (float64, bool) {
	v := reflect.ValueOf(value)
	switch {
	case v.CanInt():
		return float64(v.Int()), true
	case v.CanUint():
		return float64(v.Uint()), true
	case v.CanFloat():
		return v.Float(), true
	default:
		return 0, false
	}
}
