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

// text writes what a person is told: a greeting, a line with its link for each
// thing, and who writes. It holds as much as fits and returns what it tells.
func (who *person) text(programme, hub string) (string, []told) {
	sign := lang.T(who.Language, "deliveries.text_sign", "programme", short(programme), "hub", short(hub))
	out, n := who.Greets+"\n", 0
	for _, t := range who.Told {
		next := out + "\n• " + t.Line + "\n"
		if t.URL != "" {
			next += t.URL + "\n"
		}
		if n > 0 && utf8.RuneCountInString(next+"\n"+sign) > maxText {
			break
		}
		out, n = next, n+1
	}
	return clip(out, maxText-1-utf8.RuneCountInString(sign)) + "\n" + sign, who.Told[:n]
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
