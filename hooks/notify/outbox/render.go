package outbox

import (
	"bytes"
	"errors"
	"fmt"
	htmltemplate "html/template"
	"io/fs"
	texttemplate "text/template"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/lang"
	"simpul/hooks/notify/smtp"
)

// maxMessage is the most a message may weigh, all parts together, in bytes.
const maxMessage = 60_000

// body is a rendered message.
type body struct {
	subject, text, html string
}

// templates is every message template, parsed once per language.
type templates struct {
	text map[string]*texttemplate.Template
	html map[string]*htmltemplate.Template
}

// parseTemplates parses mail/*.txt and mail/*.html. A message needs both of the same name.
func parseTemplates(files fs.FS) (*templates, error) {
	s := &templates{text: map[string]*texttemplate.Template{}, html: map[string]*htmltemplate.Template{}}
	for _, language := range lang.Languages {
		words := map[string]any{"t": func(key string, args ...any) string { return lang.T(language, key, args...) }}
		text, err := texttemplate.New("").Funcs(words).ParseFS(files, "mail/*.txt")
		if err != nil {
			return nil, fmt.Errorf("message templates: %w", err)
		}
		html, err := htmltemplate.New("").Funcs(words).ParseFS(files, "mail/*.html")
		if err != nil {
			return nil, fmt.Errorf("message templates: %w", err)
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
	p.Subject = smtp.HeaderText(p.Subject)
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

// errNoSender is answered where nobody sends messages.
var errNoSender = errors.New("mail: this process sends no messages")

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
		return "", "", fmt.Errorf("draft a message: %w", err)
	}
	b, err := s.templates.render(d.page(contents, app.Settings().Meta, time.Time{}))
	return b.subject, b.text, err
}
