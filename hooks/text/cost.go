package text

import (
	"strings"

	"github.com/yuin/goldmark/ast"
)

// Limits that no written minutes come near, but beyond which parsing takes longer than the text deserves.
const (
	// A table row is filled up to the width of its header, so a wide header above many short rows grows without
	// measure: 20,000 characters became 120 MB.
	maxCells = 20000
	// Each opening bracket may begin a link that is searched for again from every later bracket.
	maxBrackets = 2000
	// Lists within lists and quotes within quotes, as parsed.
	maxDepth = 30
)

// costly recognises, without parsing, a text whose rendering could take too long.
func costly(source string) bool {
	if strings.Count(source, "[") > maxBrackets {
		return true
	}
	widest, rows := 0, 0
	for line := range strings.Lines(source) {
		widest = max(widest, strings.Count(line, "|"))
		rows++
	}
	return widest*rows > maxCells
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
