package journeys_test

import (
	"fmt"
	"slices"
	"testing"
)

// Every page is seen light and dark, and in both languages.
var (
	schemes   = []string{"light", "dark"}
	languages = []string{"id", "en"}
)

// widths run from the smallest phone to a wide screen, in CSS pixels.
var widths = []int64{320, 360, 768, 1280, 1440}

// enlarged are the pages people need most; they must also hold letters twice
// as large on the smallest phone.
var enlarged = []string{"/sign-in", "/{$}", "/programmes/{slug}", "/programmes/{slug}/tasks", "/tasks/{id}",
	"/contributions/new", "/contributions/{id}", "/meetings/{id}/minutes", "/programmes/{slug}/contributions"}

// sideways tells by how many pixels a page can be pushed to the side, and what
// sticks out.
const sideways = `() => {
	const over = document.scrollingElement.scrollWidth - innerWidth
	if (over <= 0) return ''
	const inside = (one) => one.closest('.table-scroll, .subnav, .filters, .sr-only, .skip')
	const out = [...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && !inside(one))
	return over + ' px: ' + out.slice(0, 3).map((one) => one.outerHTML.slice(0, 140)).join(' | ')
}`

func TestEveryPageIsForEverybody(t *testing.T) {
	d := newDemo(t)
	v := newVisitor(t, d.home)
	for i, page := range visits {
		path := page.path(d)
		for s, scheme := range schemes {
			language := languages[(i+s)%2]
			v.enter(d, page, language)
			v.prefers(scheme)
			v.wide(360)
			if status := v.open(path); status != page.expected() {
				t.Errorf("%s as %s: status %d, want %d", path, page.who, status, page.expected())
				continue
			}
			v.unrolled(360)
			rules := everything
			if s > 0 {
				rules = colours
			}
			for _, fault := range v.faults(rules) {
				t.Errorf("%s as %s, %s, %s: %s", path, page.who, scheme, language, fault)
			}
		}
		for _, fault := range v.overflows(slices.Contains(enlarged, page.route)) {
			t.Errorf("%s as %s %s", path, page.who, fault)
		}
	}
}

// enter comes as the person of a visit, who reads a language.
func (v *visitor) enter(d *demonstration, page visit, language string) {
	v.Helper()
	v.signedIn(d.speak(page.who, language))
	v.cookie("language", language)
	if page.route == "/sign-in/code" {
		v.cookie("code", "asked")
	}
}

// faults is what no page may have, whatever it shows; axe-core is asked some rules.
func (v *visitor) faults(rules string) []string {
	v.Helper()
	found := append(v.barriers(rules), v.seen.troubles()...)
	if text := eval[string](v, shown); contains(text, "⟦") {
		found = append(found, "a word is missing in "+text)
	}
	if empty := eval[[]string](v, nameless); len(empty) > 0 {
		found = append(found, fmt.Sprintf("nothing is written on %v", empty))
	}
	return found
}

// nameless finds buttons and links that show neither a word nor a picture.
const nameless = `() => [...document.querySelectorAll('a, button, summary')]
	.filter((one) => one.checkVisibility() && !one.innerText.trim() && !one.querySelector('svg, img') && !one.matches('.cover'))
	.map((one) => one.outerHTML.slice(0, 140))`

// unfolded opens everything that a reader can open on a page.
const unfolded = `() => { for (const one of document.querySelectorAll('details')) one.open = true; return true }`

// overflows finds the widths at which the page, with all its folds open, can be
// pushed to the side.
func (v *visitor) overflows(enlarged bool) (found []string) {
	v.Helper()
	eval[bool](v, unfolded)
	for _, width := range widths {
		v.wide(width)
		if over := eval[string](v, sideways); over != "" {
			found = append(found, fmt.Sprintf("scrolls sideways at %d px by %s", width, over))
		}
	}
	if !enlarged {
		return found
	}
	v.wide(320)
	if over := eval[string](v, `() => { document.documentElement.style.fontSize = '200%'; return (`+sideways+`)() }`); over != "" {
		found = append(found, "scrolls sideways with letters twice as large by "+over)
	}
	return found
}

func (p visit) expected() int {
	if p.status == 0 {
		return 200
	}
	return p.status
}
