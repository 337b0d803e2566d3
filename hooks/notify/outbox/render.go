package outbox

import (
	"bytes"
	"errors"
	"fmt"
	htmltemplate "html/template"
	"io/fs"
	"regexp"
	"strings"
	texttemplate "text/template"
	"time"
	"unicode"

	"github.com/pocketbase/pocketbase/core"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"simpul/hooks/lang"
)

// maxMessage is the most a message may weigh, all parts together, in bytes.
const maxMessage = 60_000

// maxSubject is the longest subject line, in bytes.
const maxSubject = 200

// body is a rendered message.
type body struct {
	subject, text, html string
}

// templates is every message template, parsed once per language.
type templates struct {
	text map[string]*texttemplate.Template
	html map[string]*htmltemplate.Template
}

// readStationery parses mail/*.txt and mail/*.html. A message needs both of the same name.
func readStationery(files fs.FS) (*templates, error) {
	s := &templates{text: map[string]*texttemplate.Template{}, html: map[string]*htmltemplate.Template{}}
	for _, language := range lang.Languages {
		words := map[string]any{"t": func(key string, args ...any) string { return lang.T(language, key, args...) }}
		text, err := texttemplate.New("").Funcs(words).ParseFS(files, "mail/*.txt")
		if err != nil {
			return nil, fmt.Errorf("letter templates: %w", err)
		}
		html, err := htmltemplate.New("").Funcs(words).ParseFS(files, "mail/*.html")
		if err != nil {
			return nil, fmt.Errorf("letter templates: %w", err)
		}
		s.text[language], s.html[language] = text, html
	}
	return s, nil
}

// render writes both parts of a message. Every mistake in a template, a panic too, is a brokenError.
func (s *templates) render(p page) (b body, err error) {
	defer broken(&err)
	if _, known := s.text[p.Language]; !known {
		p.Language = lang.Languages[0]
	}
	if p.Template == "" {
		p.Template = "letter"
	}
	p.Subject = oneLine(p.Subject)
	var text, html bytes.Buffer
	if err := s.text[p.Language].ExecuteTemplate(&text, p.Template+".txt", p); err != nil {
		return body{}, brokenError{err.Error()}
	}
	if err := s.html[p.Language].ExecuteTemplate(&html, p.Template+".html", p); err != nil {
		return body{}, brokenError{err.Error()}
	}
	// A calendar object is in the message twice.
	if weight := text.Len() + html.Len() + 2*len(p.Calendar); weight > maxMessage {
		return body{}, brokenError{fmt.Sprintf("the letter weighs %d bytes, more than %d", weight, maxMessage)}
	}
	return body{subject: p.Subject, text: text.String(), html: html.String()}, nil
}

// oneLine makes a safe header of any text: no line breaks, no control characters, and nothing that a reader would decode
// into them.
func oneLine(text string) string {
	text = strings.ReplaceAll(text, "=?", "= ?")
	printable := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
	return clip(strings.Join(strings.Fields(printable), " "), maxSubject)
}

// page is what a template is given.
type page struct {
	Contents
	Language string
	Hub      string // the hub's name
	HubURL   string
	Late     string // says that the message comes late; empty when it does not
}

// lateAfter is how long after its hour a message says that it is late.
const lateAfter = 12 * time.Hour

// page is what a template is given for a row.
func (d Delivery) page(contents Contents, meta core.MetaConfig, now time.Time) page {
	p := page{Contents: contents, Language: d.Language, Hub: d.Hub, HubURL: meta.AppURL}
	if due := d.DueAt.Time(); !due.IsZero() && now.Sub(due) > lateAfter {
		p.Late = lang.T(d.Language, "mail.late", "when", lang.Moment(d.Language, due, d.Zone))
	}
	if p.Hub == "" {
		p.Hub = meta.AppName
	}
	return p
}

// spaces finds what HTML shows as one space.
var spaces = regexp.MustCompile(`\s+`)

// gaps finds three and more line breaks.
var gaps = regexp.MustCompile(`\n{3,}`)

// unread are elements nobody reads.
var unread = map[atom.Atom]bool{atom.Head: true, atom.Style: true, atom.Script: true, atom.Template: true}

const paragraph = "\n\n"

// before is what stands in front of an element; a paragraph also ends with an empty line.
var before = map[atom.Atom]string{atom.P: paragraph, atom.Div: paragraph, atom.H1: paragraph, atom.H2: paragraph,
	atom.H3: paragraph, atom.Hr: paragraph, atom.Ul: paragraph, atom.Ol: paragraph, atom.Table: paragraph,
	atom.Blockquote: paragraph, atom.Pre: paragraph, atom.Br: "\n", atom.Tr: "\n", atom.Li: "\n- "}

// plain turns the HTML of a message into text for readers without HTML. Links are written "label (address)".
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
	out.WriteString(before[n.DataAtom])
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		speak(out, child)
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

// errNoSender is answered where nobody sends messages.
var errNoSender = errors.New("mail: this process sends no letters")

// Preview writes a message in a language without sending it and returns its subject and its plain text. It fails where the
// app has no sender, and with the template's own words when the message cannot be written.
func Preview(app core.App, contents Contents, language string) (subject, text string, err error) {
	s := senderOf(app)
	if s == nil {
		return "", "", errNoSender
	}
	d := Delivery{Language: language}
	err = app.DB().NewQuery("SELECT COALESCE((SELECT hub_name FROM hub_settings LIMIT 1), '')").Row(&d.Hub)
	if err != nil {
		return "", "", fmt.Errorf("draft a letter: %w", err)
	}
	b, err := s.paper.render(d.page(contents, app.Settings().Meta, time.Time{}))
	return b.subject, b.text, err
}
