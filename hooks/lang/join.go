package lang

import "strings"

// Join lists words as a sentence does: "a", "a dan b", "a, b, dan c".
func Join(language string, words ...string) string {
	last := len(words) - 1
	switch {
	case last < 0:
		return ""
	case last == 0:
		return words[0]
	case last == 1:
		return T(language, "page.and", "a", words[0], "b", words[1])
	}
	return T(language, "page.and_last", "a", strings.Join(words[:last], ", "), "b", words[last])
}
