package deliveries

import (
	"strings"
	"unicode/utf8"

	"simpul/hooks/lang"
)

// maxText is the longest text to pass on, in characters: what a phone still
// shows without unfolding.
const maxText = 1000

// maxTitle is how much of a title a line keeps when the text would not fit.
const maxTitle = 120

// shortest is how much of a line is left at least.
const shortest = 40

// text writes what a person is told: a greeting, a line with its link for each
// thing, and who writes. It holds as much as fits and returns what it tells.
func (who *person) text(programme, hub string) (string, []told) {
	sign := lang.T(who.Language, "deliveries.text_sign", "programme", short(programme), "hub", short(hub))
	out, n := who.Greets+"\n", 0
	for _, t := range who.Told {
		begin, end := out+"\n• ", t.links()
		room := maxText - utf8.RuneCountInString(begin+"\n"+end+"\n"+sign)
		if n > 0 && utf8.RuneCountInString(t.Line) > room {
			break
		}
		// Half a link leads nowhere, so that words make room for it.
		out, n = begin+clip(t.Line, max(room, shortest))+"\n"+end, n+1
	}
	return clip(out, maxText-1-utf8.RuneCountInString(sign)) + "\n" + sign, who.Told[:n]
}

// links are the addresses that a thing leads to, a line each.
func (t told) links() (lines string) {
	if t.Join.URL != "" {
		lines = t.Join.Label + ": " + t.Join.URL + "\n"
	}
	if t.URL != "" {
		lines += t.URL + "\n"
	}
	return lines
}

// short cuts a name that would leave no room for anything else.
func short(name string) string { return clip(name, maxTitle) }

// clip cuts a text to so many characters, in words where it can.
func clip(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	cut := string([]rune(text)[:most-1])
	if space := strings.LastIndex(cut, " "); space > most/2 {
		cut = cut[:space]
	}
	return cut + "…"
}
