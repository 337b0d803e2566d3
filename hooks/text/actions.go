package text

import (
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	extended "github.com/yuin/goldmark/extension/ast"

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
