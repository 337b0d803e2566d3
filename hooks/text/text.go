// Package text turns the markdown people write into safe HTML and finds in it the lines that mean something to the
// hub: actions to be followed up and decisions that were taken.
package text

import (
	"errors"
	"html"
	"strings"
	"time"
	"unicode/utf8"
)

// MaxLength is how many characters a markdown text may have.
const MaxLength = 20000

// MaxRendered is how many bytes HTML returns at most, so that a field of that size always holds a rendered text.
const MaxRendered = 200000

// ErrTooLong says that a text has more than MaxLength characters.
var ErrTooLong = errors.New("text is longer than 20,000 characters")

// budget is the time one text may take. Known costly shapes are turned away before; this catches unknown ones.
const budget = time.Second

// HTML renders markdown (CommonMark with GitHub's tables, task lists, strikethrough and bare links) as HTML that is
// safe to print unescaped. Only plain elements and links to http, https, mailto and tel survive; HTML typed by a
// person is shown as the characters typed; an image becomes a link to it. Headings start at level 3, below those
// of the page. A text that would cost too much, nests too deeply or grows too large is shown as typed inside <pre>.
// For one that is too long the error is ErrTooLong and the HTML empty.
func HTML(markdown string) (string, error) {
	source := normalise(markdown)
	if utf8.RuneCountInString(source) > MaxLength {
		return "", ErrTooLong
	}
	if costly(source) {
		return asTyped(source), nil
	}
	done := make(chan string, 1)
	go func() { done <- render(source) }()
	select {
	case rendered := <-done:
		return rendered, nil
	case <-time.After(budget):
		return asTyped(source), nil
	}
}

// normalise gives the text Unix line ends and valid UTF-8, which the parser takes for granted.
func normalise(markdown string) string {
	return strings.ToValidUTF8(strings.ReplaceAll(markdown, "\r\n", "\n"), "\uFFFD")
}

func asTyped(source string) string {
	return "<pre>" + html.EscapeString(strings.ReplaceAll(source, "\x00", "\uFFFD")) + "</pre>\n"
}
