package journeys_test

import (
	"time"
	"testing"
)

// schemes and languages are walked so that every page is seen light and dark
// and every page is seen in both languages.
var (
	schemes   = []string{"light", "dark"}
	languages = []string{"id", "en"}
)

// widths run from the smallest phone to a desk.
var widths = []int64{320, 360, 768, 1280, 1440}

// sideways is by how many pixels a page can be scrolled to the side, and what
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
			t0 := time.Now()
			if status := v.open(path); status != page.expected() {
				t.Errorf("%s as %s: status %d", path, page.who, status)
				continue
			}
			t1 := time.Now()
			v.unrolled(360)
			t2 := time.Now()
			v.barriers()
			t3 := time.Now()
			defer func(){t.Log(t1.Sub(t0), t2.Sub(t1), t3.Sub(t2))}()
			for _, barrier := range v.barriers() {
				t.Errorf("%s as %s, %s, %s: %s", path, page.who, scheme, language, barrier)
			}
			for _, trouble := range v.seen.troubles() {
				t.Errorf("%s as %s, %s: %s", path, page.who, language, trouble)
			}
			if contains(eval[string](v, shown), "⟦") {
				t.Errorf("%s as %s misses a word in %s", path, page.who, language)
			}
			v.keepsItsWidth(t, path)
		}
	}
}

func (v *visitor) keepsItsWidth(t *testing.T, path string) {
	t.Helper()
	for _, width := range widths {
		v.wide(width)
		if over := eval[string](v, sideways); over != "" {
			t.Errorf("%s scrolls sideways at %d px by %s", path, width, over)
		}
	}
}

// enter comes as the person of a visit, reading a language.
func (v *visitor) enter(d *demo, page visit, language string) {
	v.Helper()
	v.signedIn(d.speak(page.who, language))
	v.cookie("language", language)
	if page.route == "/sign-in/code" {
		v.cookie("code", "asked")
	}
}

func (p visit) expected() int {
	if p.status == 0 {
		return 200
	}
	return p.status
}
