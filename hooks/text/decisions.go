package text

import (
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// Decision is one line of a text that records what was decided: "KEPUTUSAN: posko dibuka setiap Senin".
type Decision struct {
	Key  string // names the line among all lines of its text; keeps when other lines change
	Text string // what was decided, never empty
	Line int    // where the line stands in the text, counted from 1
}

var decided = regexp.MustCompile(`(?i)^(?:keputusan|decision)\s*:\s*`)

// Decisions returns the lines of a markdown text that begin with KEPUTUSAN: or DECISION:, in their order, whether
// they stand in a paragraph or in a list. The same lines are left out as by ActionLines.
func Decisions(markdown string) []Decision {
	var found []Decision
	keys := keysSeen{}
	eachBlock(markdown, func(block ast.Node, source []byte) {
		for _, line := range plainLines(block, source) {
			opening := decided.FindString(line.text)
			what := strings.TrimSpace(line.text[len(opening):])
			if opening == "" || what == "" {
				continue
			}
			found = append(found, Decision{Key: keys.next("decision", what), Text: what, Line: line.number})
		}
	})
	return found
}
