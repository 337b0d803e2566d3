package reminders

import (
	"html"

	"simpul/hooks/mail"
)

const (
	// mostListed is how many things a section of the daily letter names.
	mostListed = 20
	// mostBytes is what the things it names may weigh together as they are sent,
	// so that the whole letter stays below 60 kB: mail services cut off what is
	// longer, and a phone on a bad line waits for it.
	mostBytes = 48_000
)

// What a line of the daily letter and one of its links weigh besides their words.
const (
	lineMarkup = 250
	linkMarkup = 80
)

// fitting are the first of some things that a section has room for, and the room
// that is left: what comes first in a letter matters most.
func fitting(items []mail.Item, room int) ([]mail.Item, int) {
	for n, item := range items {
		weight := weightOf(item)
		if n == mostListed || weight > room {
			return items[:n], room
		}
		room -= weight
	}
	return items, room
}

// weightOf is about how many bytes a line takes, as text and once more as HTML.
func weightOf(item mail.Item) int {
	n := lineMarkup + twice(item.Label) + twice(item.Note) + twice(item.URL)
	for _, link := range item.Links {
		n += linkMarkup + twice(link.Label) + twice(link.URL)
	}
	return n
}

func twice(text string) int { return quoted(text) + quoted(html.EscapeString(text)) }

// quoted is how many bytes a text takes as quoted-printable, which writes three
// for one of what is not ASCII and three more to break each line.
func quoted(text string) (n int) {
	for _, b := range []byte(text) {
		if n++; b == '=' || b > '~' {
			n += 2
		}
	}
	return n + n/24
}
