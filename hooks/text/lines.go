package text

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	extended "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/util"
)

// eachBlock calls visit for every paragraph and list line of a text, leaving out quotes. Code and blocks of HTML
// are no paragraphs. A text too long or too costly to be rendered has no lines.
func eachBlock(markdown string, visit func(block ast.Node, source []byte)) {
	text := normalise(markdown)
	if utf8.RuneCountInString(text) > MaxLength || costly(text) {
		return
	}
	document := parse(text)
	if tooDeep(document) {
		return
	}
	source := []byte(text)
	_ = ast.Walk(document, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if node.Kind() == ast.KindBlockquote {
			return ast.WalkSkipChildren, nil
		}
		written := node.Kind() == ast.KindParagraph || node.Kind() == ast.KindTextBlock
		if entering && written && node.HasChildren() {
			visit(node, source)
		}
		return ast.WalkContinue, nil
	})
}

// plainLine is one line of a paragraph without its markup.
type plainLine struct {
	text   string
	number int
}

// plainLines returns the lines of a paragraph: at least one. Struck-out text is left out.
func plainLines(block ast.Node, source []byte) []plainLine {
	c := collector{source: source, at: block.Lines().At(0).Start}
	c.inlines(block)
	c.endLine()
	return c.lines
}

// collector gathers the text of a paragraph's parts until a line ends.
type collector struct {
	source []byte
	lines  []plainLine
	open   strings.Builder
	at     int // where the open line begins in the source
}

func (c *collector) inlines(parent ast.Node) {
	for node := parent.FirstChild(); node != nil; node = node.NextSibling() {
		switch n := node.(type) {
		case *ast.Text:
			c.text(n)
		case *ast.String:
			c.open.Write(n.Value)
		case *ast.AutoLink:
			c.open.Write(n.Label(c.source))
		case *ast.RawHTML:
			c.open.Write(n.Segments.Value(c.source))
		case *extended.Strikethrough:
			continue
		default:
			c.inlines(n)
		}
	}
}

func (c *collector) text(n *ast.Text) {
	words := n.Segment.Value(c.source)
	if !n.IsRaw() {
		words = util.ResolveNumericReferences(util.ResolveEntityNames(util.UnescapePunctuations(words)))
	}
	c.open.Write(words)
	if n.SoftLineBreak() || n.HardLineBreak() {
		c.endLine()
		c.at = n.Segment.Stop + 1
	}
}

func (c *collector) endLine() {
	words := strings.Join(strings.Fields(c.open.String()), " ")
	number := 1 + bytes.Count(c.source[:min(c.at, len(c.source))], []byte("\n"))
	c.lines = append(c.lines, plainLine{text: words, number: number})
	c.open.Reset()
}

// keysSeen counts how often each key was given, so that equal lines get different keys.
type keysSeen map[string]int

// next returns the key of a line made of parts. Capitals, spaces and a closing full stop make no difference. It is
// short enough never to hold sixteen digits in a row.
func (k keysSeen) next(parts ...string) string {
	for i, part := range parts {
		parts[i] = strings.TrimRight(strings.ToLower(part), " .;,")
	}
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	key := hex.EncodeToString(sum[:6])
	k[key]++
	if k[key] > 1 {
		key += "-" + strconv.Itoa(k[key])
	}
	return key
}
