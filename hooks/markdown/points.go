package markdown

import (
	"regexp"
	"strings"
)

var point = regexp.MustCompile(`^(\d{1,3}[.)]|[-*+])[ \t]+(.+)$`)

var unmarked = strings.NewReplacer("**", "", "__", "", "`", "", "[ ] ", "", "[x] ", "")

// Points are the first points of a text's first list without their markup, at
// most so many. What follows the list is no point of it.
func Points(agenda string, most int) []string {
	var out []string
	bullets, gap := false, false
	for line := range strings.Lines(agenda) {
		found := point.FindStringSubmatch(strings.TrimRight(line, "\r\n"))
		if found == nil {
			if ends(line, gap) && len(out) > 0 {
				break
			}
			gap = strings.TrimSpace(line) == ""
			continue
		}
		if kind := strings.ContainsAny(found[1], "-*+"); len(out) == 0 {
			bullets = kind
		} else if kind != bullets || len(out) == most {
			break
		}
		gap = false
		out = append(out, unmarked.Replace(strings.TrimSpace(found[2])))
	}
	return out
}

// ends reports whether a line that is no point ends the list before it: a
// heading does, and a paragraph after a gap.
func ends(line string, gap bool) bool {
	if strings.HasPrefix(line, "#") {
		return true
	}
	return gap && strings.TrimSpace(line) != "" && !strings.HasPrefix(line, " ") && !strings.HasPrefix(line, "\t")
}
