package devices

import (
	"strings"

	"simpul/hooks/lang"
)

// mark is a word in what a browser says of itself, and what it means.
type mark struct{ word, name string }

// The first that fits counts: most browsers also claim to be another one.
var (
	browsers = []mark{{"SamsungBrowser", "Samsung Internet"}, {"Edg", "Edge"}, {"OPR", "Opera"}, {"Firefox", "Firefox"}, {"FxiOS", "Firefox"},
		{"Chrome", "Chrome"}, {"CriOS", "Chrome"}, {"Safari", "Safari"}}
	systems = []mark{{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"CrOS", "ChromeOS"},
		{"Macintosh", "Mac"}, {"Linux", "Linux"}}
)

// guess names a device by what its browser says of itself, such as "Chrome di Android".
func guess(language, agent string) string {
	browser, system := first(browsers, agent), first(systems, agent)
	switch {
	case browser != "" && system != "":
		return lang.T(language, "devices.name_guessed", "browser", browser, "system", system)
	case browser != "":
		return browser
	case system != "":
		return system
	}
	return lang.T(language, "devices.name_unknown")
}

func first(marks []mark, agent string) string {
	for _, m := range marks {
		if strings.Contains(agent, m.word) {
			return m.name
		}
	}
	return ""
}
