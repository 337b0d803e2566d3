package mail

import (
	"bytes"
	"fmt"
	htmltemplate "html/template"
	"io/fs"
	"strings"
	texttemplate "text/template"
	"unicode"

	"simpul/hooks/lang"
)

// maxLetter is the most a letter may weigh, all parts together, in bytes.
const maxLetter = 60_000

// maxSubject is the longest subject line, in bytes.
const maxSubject = 200

// body is a rendered letter.
type body struct {
	subject, text, html string
}

// stationery is every letter template, parsed once per language.
type stationery struct {
	text map[string]*texttemplate.Template
	html map[string]*htmltemplate.Template
}

// readStationery parses mail/*.txt and mail/*.html. A letter needs both of the same name.
func readStationery(files fs.FS) (*stationery, error) {
	s := &stationery{text: map[string]*texttemplate.Template{}, html: map[string]*htmltemplate.Template{}}
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

// render writes both parts of a letter. Every mistake in a template, a panic too, is a brokenError.
func (s *stationery) render(p page) (b body, err error) {
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
	// A calendar object is in the letter twice.
	if weight := text.Len() + html.Len() + 2*len(p.Calendar); weight > maxLetter {
		return body{}, brokenError{fmt.Sprintf("the letter weighs %d bytes, more than %d", weight, maxLetter)}
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
