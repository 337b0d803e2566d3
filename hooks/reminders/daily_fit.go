package reminders

import (
	"html"

	"simpul/hooks/meetings"
)

const (
	// mostListed is how many things a section of the daily letter names.
	mostListed = 20
	// mostBytes is what the things it names may weigh together as they are sent,
	// so that the whole letter stays below 60 kB: mail services cut off what is
	// longer, and a phone on a bad line waits for it.
	mostBytes = 48_000
)

// What a piece of the daily letter and one of its links weigh besides their words.
const (
	pieceMarkup = 250
	linkMarkup  = 80
)

// fitting are the first of some pieces, as many as there is room for, which they
// take: what comes first in a letter matters most.
func fitting(pieces []*piece, room *int) []*piece {
	for n, p := range pieces {
		weight := p.weight()
		if n == mostListed || weight > *room {
			return pieces[:n]
		}
		*room -= weight
	}
	return pieces
}

// weight is about how many bytes a piece takes: as text and once more as HTML, and
// what it puts into a calendar as a part and once more as a file.
func (p *piece) weight() int {
	n := pieceMarkup + twice(p.Label) + twice(p.Note) + twice(p.URL)
	for _, link := range p.Links {
		n += linkMarkup + twice(link.Label) + twice(link.URL)
	}
	object := meetings.Published(p.entries...)
	return n + quoted(object) + len(object)*3/2
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
