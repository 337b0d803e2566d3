package text

import "regexp"

// Sixteen digits as they are copied from an identity or family card: in one piece, in fours, or in the parts the
// number is made of (place, date of birth, serial).
var sixteen = regexp.MustCompile(`(?:^|\D)(?:\d{16}|\d{4}[ .-]\d{4}[ .-]\d{4}[ .-]\d{4}|\d{2}[ .-]?\d{2}[ .-]?\d{2}[ .-]\d{6}[ .-]\d{4})(?:\D|$)`)

// SixteenDigits reports whether a text holds a number of exactly sixteen digits, the form of Indonesia's personal
// (NIK) and family (KK) numbers, which the hub must never keep. The eighteen digits of an official's NIP are not
// meant.
func SixteenDigits(s string) bool {
	return sixteen.MatchString(s)
}
