package lang

import "strings"

const (
	country   = "62"
	phoneMin  = 8
	phoneMax  = 15
	phoneRest = " .-()/"
)

// ParsePhone turns a number as people type it (0812…, +62 812…, (024) 76…) into
// digits that begin with the country, as message links want them. A number
// abroad keeps its plus, so that it is never taken for one of ours. It reports
// false for what is no telephone number.
func ParsePhone(typed string) (kept string, ok bool) {
	typed = strings.TrimSpace(typed)
	digits := strings.Map(func(r rune) rune {
		if strings.ContainsRune(phoneRest, r) {
			return -1
		}
		return r
	}, strings.TrimPrefix(typed, "+"))
	if strings.Trim(digits, "0123456789") != "" || len(digits) < phoneMin || len(digits) > phoneMax {
		return "", false
	}
	switch {
	case strings.HasPrefix(digits, country+"0"):
		return country + digits[len(country)+1:], true
	case strings.HasPrefix(digits, country):
		return digits, true
	case strings.HasPrefix(typed, "+"):
		return "+" + digits, true
	case strings.HasPrefix(digits, "0"):
		return country + digits[1:], true
	case strings.HasPrefix(digits, "8"):
		return country + digits, true
	}
	return digits, true
}

// Phone writes a kept number the way people read it: 0812-3456-7890. What
// was never kept in that form is shown as it is.
func Phone(digits string) string {
	rest, ours := strings.CutPrefix(digits, country)
	if !ours || strings.Trim(rest, "0123456789") != "" {
		return digits
	}
	groups, number := []string{}, "0"+rest
	for len(number) > 4+2 {
		groups, number = append(groups, number[:4]), number[4:]
	}
	return strings.Join(append(groups, number), "-")
}

// Reach tells how a kept number is written for reading and for links, and whether
// it can take messages: a number abroad may.
func Reach(kept string) (shown, digits string, messages bool) {
	return Phone(kept), strings.TrimPrefix(kept, "+"), IsMobile(kept) || strings.HasPrefix(kept, "+")
}

// IsMobile reports whether a kept number can take messages.
func IsMobile(digits string) bool { return strings.HasPrefix(digits, country+"8") }
