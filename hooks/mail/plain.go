package mail

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// spaces finds what HTML shows as one space.
var spaces = regexp.MustCompile(`\s+`)

// gaps finds three and more line breaks.
var gaps = regexp.MustCompile(`\n{3,}`)

// unread are elements nobody reads.
var unread = map[atom.Atom]bool{atom.Head: true, atom.Style: true, atom.Script: true, atom.Template: true}

// paragraphs begin and end on a line of their own.
var paragraphs = map[atom.Atom]bool{atom.P: true, atom.Div: true, atom.H1: true, atom.H2: true, atom.H3: true, atom.Hr: true,
	atom.Ul: true, atom.Ol: true, atom.Table: true, atom.Blockquote: true, atom.Pre: true}

// plain turns the HTML of a letter into text for readers without HTML. Links are written "label (address)".
func plain(source string) string {
	root, err := html.Parse(strings.NewReader(source))
	if err != nil {
		// Only a failing reader makes the parser fail; a string does not.
		return source
	}
	var out strings.Builder
	speak(&out, root)
	lines := strings.Split(out.String(), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimSpace(line)
	}
	return strings.TrimSpace(gaps.ReplaceAllString(strings.Join(lines, "\n"), "\n\n")) + "\n"
}

func speak(out *strings.Builder, n *html.Node) {
	if n.Type == html.TextNode {
		out.WriteString(spaces.ReplaceAllString(n.Data, " "))
		return
	}
	if unread[n.DataAtom] {
		return
	}
	around := edge(n.DataAtom)
	out.WriteString(around)
	if n.DataAtom == atom.Li {
		out.WriteString("- ")
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		speak(out, child)
	}
	if address := target(n); address != "" {
		out.WriteString(" (" + address + ")")
	}
	if n.DataAtom != atom.Br {
		out.WriteString(around)
	}
}

// edge is what separates an element from its neighbours.
func edge(tag atom.Atom) string {
	switch {
	case paragraphs[tag]:
		return "\n\n"
	case tag == atom.Br, tag == atom.Li, tag == atom.Tr:
		return "\n"
	}
	return ""
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
