package markdown

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	extended "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/util"

	"simpul/hooks/clock"
)

// ActionLine is one line of a text that asks somebody to do something:
//
//   - [ ] @Puskesmas Tambakaji: jadwal home visit (10/12/2026)
type ActionLine struct {
	Key   string // names the line among all lines of its text; keeps when other lines change
	Who   string // the name after @ as typed, empty when the line names nobody
	What  string // what is to be done, never empty
	DueOn string // the day, YYYY-MM-DD, empty when the line gives none
	Done  bool   // the box is ticked
	Line  int    // where the line stands in the text, counted from 1
}

// ActionLines returns the task-list lines of a markdown text in their order. "@Name:" in front says who, a day in
// brackets at the end or after an exclamation mark (!12/10/2026) says until when, in any form clock.ParseDay reads.
// Without a colon the first word is the name; a name of several words may also be written @"Name" or @[Name].
// Lines in code blocks, blocks of HTML and quotes are text, and so is what is struck out. A text that HTML would
// refuse or show as typed has no action lines.
func ActionLines(markdown string) []ActionLine {
	var found []ActionLine
	keys := keysSeen{}
	eachBlock(markdown, func(block ast.Node, source []byte) {
		box, isTask := block.FirstChild().(*extended.TaskCheckBox)
		if !isTask {
			return
		}
		first := plainLines(block, source)[0]
		action := ActionLine{Done: box.IsChecked, Line: first.number}
		rest, who := cutWho(first.text)
		action.Who = who
		action.What, action.DueOn = cutDue(rest)
		if action.What == "" {
			return
		}
		action.Key = keys.next(action.Who, action.What, action.DueOn)
		found = append(found, action)
	})
	return found
}

// enclosed matches a name whose end is marked: in quotation marks or in square brackets.
var enclosed = regexp.MustCompile(`^(?:"([^"]*)"|\[([^\]]*)\])\s*:?\s*`)

// cutWho separates the name at the beginning of a line from what follows it.
func cutWho(line string) (rest, who string) {
	after, named := strings.CutPrefix(line, "@")
	if !named {
		return line, ""
	}
	if part := enclosed.FindStringSubmatch(after); part != nil {
		return after[len(part[0]):], strings.TrimSpace(part[1] + part[2])
	}
	if at := separator(after); at >= 0 {
		return after[at+1:], strings.TrimSpace(after[:at])
	}
	who, rest, _ = strings.Cut(after, " ")
	return rest, who
}

// separator finds the colon that ends a name: not the one in 09:00 and not the one in https://.
func separator(line string) int {
	for at := range len(line) {
		if line[at] != ':' || strings.HasPrefix(line[at:], "://") {
			continue
		}
		inTime := at > 0 && isDigit(line[at-1]) && at+1 < len(line) && isDigit(line[at+1])
		if !inTime {
			return at
		}
	}
	return -1
}

func isDigit(c byte) bool {
	return c >= '0' && c <= '9'
}

// until are the words people put before a due date.
var until = regexp.MustCompile(`(?i)^(?:tenggat|batas waktu|paling lambat|sebelum|sampai|s\.?d\.?|tgl\.?|tanggal|due|by|until)\s*:?\s+`)

// cutDue separates the day at the end of a line, or after an exclamation mark, from what stands before it.
func cutDue(line string) (what, dueOn string) {
	line = strings.TrimSpace(line)
	if what, dueOn = cutBracketed(line); dueOn != "" {
		return what, dueOn
	}
	if what, dueOn = cutMarked(line); dueOn != "" {
		return what, dueOn
	}
	return line, ""
}

func cutBracketed(line string) (what, dueOn string) {
	ended := strings.TrimRight(line, " .;,")
	opened := strings.LastIndex(ended, "(")
	if opened < 0 || !strings.HasSuffix(ended, ")") {
		return "", ""
	}
	day, err := clock.ParseDay(until.ReplaceAllString(ended[opened+1:len(ended)-1], ""))
	if err != nil {
		return "", ""
	}
	return strings.TrimSpace(ended[:opened]), day
}

func cutMarked(line string) (what, dueOn string) {
	at := strings.LastIndex(" "+line, " !")
	if at < 0 {
		return "", ""
	}
	before, after := strings.TrimSpace(line[:at]), line[at+1:]
	if day, err := clock.ParseDay(strings.TrimRight(after, " .;,")); err == nil {
		return before, day
	}
	word, rest, _ := strings.Cut(after, " ")
	day, err := clock.ParseDay(strings.TrimRight(word, ".;,"))
	if err != nil {
		return "", ""
	}
	return strings.TrimSpace(before + " " + rest), day
}

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
