package smtp

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxHeader is the longest header text, in bytes.
const maxHeader = 200

// HeaderText makes a safe header of any text: no line breaks, no control characters, and nothing that a reader would decode
// into them.
func HeaderText(text string) string {
	text = strings.ReplaceAll(text, "=?", "= ?")
	printable := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
	line := strings.Join(strings.Fields(printable), " ")
	return strings.ToValidUTF8(line[:min(len(line), maxHeader)], "")
}

// spaces finds what HTML shows as one space.
var spaces = regexp.MustCompile(`\s+`)

// gaps finds three and more line breaks.
var gaps = regexp.MustCompile(`\n{3,}`)

// invisible are elements nobody reads.
var invisible = map[atom.Atom]bool{atom.Head: true, atom.Style: true, atom.Script: true, atom.Template: true}

const paragraph = "\n\n"

// before is what stands in front of an element; a paragraph also ends with an empty line.
var before = map[atom.Atom]string{atom.P: paragraph, atom.Div: paragraph, atom.H1: paragraph, atom.H2: paragraph,
	atom.H3: paragraph, atom.Hr: paragraph, atom.Ul: paragraph, atom.Ol: paragraph, atom.Table: paragraph,
	atom.Blockquote: paragraph, atom.Pre: paragraph, atom.Br: "\n", atom.Tr: "\n", atom.Li: "\n- "}

// PlainText turns the HTML of a message into text for readers without HTML. Links are written "label (address)".
func PlainText(source string) string {
	root, err := html.Parse(strings.NewReader(source))
	if err != nil {
		// Only a failing reader makes the parser fail; a string does not.
		return source
	}
	var out strings.Builder
	writeText(&out, root)
	lines := strings.Split(out.String(), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimSpace(line)
	}
	return strings.TrimSpace(gaps.ReplaceAllString(strings.Join(lines, "\n"), "\n\n")) + "\n"
}

func writeText(out *strings.Builder, n *html.Node) {
	if n.Type == html.TextNode {
		out.WriteString(spaces.ReplaceAllString(n.Data, " "))
		return
	}
	if invisible[n.DataAtom] {
		return
	}
	out.WriteString(before[n.DataAtom])
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		writeText(out, child)
	}
	if address := target(n); address != "" {
		out.WriteString(" (" + address + ")")
	}
	if before[n.DataAtom] == paragraph {
		out.WriteString(paragraph)
	}
}

// target is the address of a link that its label does not already show.
func target(n *html.Node) string {
	if n.DataAtom != atom.A {
		return ""
	}
	for _, a := range n.Attr {
		if a.Key == "href" && (n.FirstChild == nil || n.FirstChild.Data != a.Val) {
			return a.Val
		}
	}
	return ""
}
