package markdown

import (
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// Limits that no written minutes come near, but beyond which parsing takes longer than the text deserves. Without
// them 20,000 characters could take half a minute or become 120 MB.
const (
	// A table row is filled up to the width of its header, so a wide header above many short rows grows and grows.
	maxCells = 20000
	// Each of these signs may begin a link, a tag or code, whose end is searched for in all that follows.
	maxBrackets = 1000
	maxAngles   = 500
	maxTicks    = 1000
	// Each sign of emphasis is compared with those before it.
	maxEmphasis = 4000
	// Every line is offered to every list and quote that is open above it.
	maxLevels = 15
	// Parts within parts, as parsed: two for each level of a list.
	maxDepth = 30
)

// costly recognises, without parsing, a text whose rendering could take too long.
func costly(source string) bool {
	searched := strings.Count(source, "[") > maxBrackets ||
		strings.Count(source, "<") > maxAngles ||
		strings.Count(source, "`") > maxTicks ||
		emphasis(source) > maxEmphasis
	if searched {
		return true
	}
	widest, rows := 0, 0
	for line := range strings.Lines(source) {
		if levels(line) > maxLevels {
			return true
		}
		widest = max(widest, strings.Count(line, "|"))
		rows++
	}
	return widest*rows > maxCells
}

// emphasis counts signs of emphasis, a row of equal ones as one, so that a line to write on (____) is no more. Not so
// tildes, of which each is tried anew.
func emphasis(source string) int {
	count, last := 0, byte(0)
	for i := range len(source) {
		c := source[i]
		if c == '~' || c != last && (c == '*' || c == '_') {
			count++
		}
		last = c
	}
	return count
}

var (
	// marker is what opens a quote or a list item.
	marker = regexp.MustCompile(`^(?:>|[-+*][ \t\n]|\d{1,9}[.)][ \t\n])`)
	// rule is a line across the page, which looks like many list items.
	rule = regexp.MustCompile(`^(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,})\n?$`)
)

// levels estimates how many lists and quotes may be open at the end of a line's markers. Two columns of indent can
// continue one level from the lines above.
func levels(line string) int {
	opened, columns := 0, 0
	for opened <= maxLevels {
		rest := strings.TrimLeft(line, " \t")
		indent := line[:len(line)-len(rest)]
		columns += len(indent) + 3*strings.Count(indent, "\t")
		found := marker.FindString(rest)
		if found == "" || rule.MatchString(rest) {
			break
		}
		opened++
		// The space behind a marker belongs to it and is not counted as indent.
		line = rest[len(found):]
	}
	if opened == 0 {
		return 0
	}
	return opened + columns/2
}

// tooDeep reports whether any part of a parsed text is nested beyond maxDepth.
func tooDeep(document ast.Node) bool {
	depth, deepest := 0, 0
	// The walker returns only the errors of the function it is given, which has none.
	_ = ast.Walk(document, func(_ ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			depth--
			return ast.WalkContinue, nil
		}
		depth++
		deepest = max(deepest, depth)
		return ast.WalkContinue, nil
	})
	return deepest > maxDepth
}
