package journeys_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
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

func TestPages_Each_PassesAxeAndFitsScreens(t *testing.T) {
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

// axe is the source of axe-core, as package-lock.json names it.
var axe = sync.OnceValues(func() (string, error) {
	raw, err := os.ReadFile(filepath.Join(testkit.Root(), "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		return "", fmt.Errorf("these tests need axe-core: run `make tools` (%w)", err)
	}
	return string(raw), nil
})

// inspect asks axe-core what a page breaks of the rules it is given.
const inspect = `async () => {
	const { violations } = await axe.run(document, { runOnly: %s, resultTypes: ['violations'] })
	return violations.map(({ id, help, nodes }) => id + ': ' + help + ': ' + nodes.map(({ html }) => html.slice(0, 160)).join(' | '))
}`

// What axe-core may be asked: every rule of WCAG 2.0 to 2.2, A and AA, and of best
// practice; or only that of colours, for a page seen before in another light.
const (
	everything = `{ type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }`
	colours    = `{ type: 'rule', values: ['color-contrast'] }`
)

// barriers returns what keeps people from using the page as it stands.
func (v *visitor) barriers(rules string) []string {
	v.Helper()
	source, err := axe()
	v.must(err)
	eval[any](v, "() => { if (!window.axe) {"+source+"}; return null }")
	return eval[[]string](v, fmt.Sprintf(inspect, rules))
}

// here tells what the keyboard stands on, and whether a reader sees that it does.
const here = `() => {
	const one = document.activeElement
	const style = getComputedStyle(one)
	const box = one.getBoundingClientRect()
	const name = (one.getAttribute('aria-label') ?? (one.labels?.[0] ?? one).innerText ?? '').replace(/\s+/g, ' ').trim()
	const ringed = [one, one.parentElement, one.nextElementSibling].some((near) => near && getComputedStyle(near).outlineStyle !== 'none')
	const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth
	return { name, tag: one.tagName.toLowerCase(), ringed: ringed || style.boxShadow !== 'none', inside }
}`

type stop struct {
	Name, Tag      string
	Ringed, Inside bool
}

func (v *visitor) keys(keys string) {
	v.Helper()
	v.must(chromedp.Do(v.ctx, chromedp.KeyEvent(keys)))
}

// enter presses the Enter key as one stroke: what it opens does not get a second.
func enter(ctx context.Context, t *chromedp.Target) (none chromedp.Void, err error) {
	key := input.DispatchKeyEventParams{Key: "Enter", Code: "Enter", WindowsVirtualKeyCode: 13, NativeVirtualKeyCode: 13}
	key.Type, key.Text = input.DispatchKeyEventTypeKeyDown, "\r"
	if _, err = cdp.Call(ctx, t, input.DispatchKeyEvent, key); err != nil {
		return none, err
	}
	key.Type, key.Text = input.DispatchKeyEventTypeKeyUp, ""
	_, err = cdp.Call(ctx, t, input.DispatchKeyEvent, key)
	return none, err
}

// tabs walks the page with the tabulator from its top.
func (v *visitor) tabs(most int) (stops []stop) {
	v.Helper()
	for range most {
		v.keys(kb.Tab)
		s := eval[stop](v, here)
		if s.Tag == "body" {
			break
		}
		stops = append(stops, s)
	}
	return stops
}

func TestSkipLink_Keyboard_LeadsPastMenu(t *testing.T) {
	w := newTown(t)
	v := w.come(w.Initiator)
	v.wide(1280)
	v.open("/")
	v.keys(kb.Tab)
	if first := eval[stop](v, here); first.Name != "Langsung ke isi" || !first.Inside {
		t.Fatalf("the first stop is %+v", first)
	}
	v.must(chromedp.Do(v.ctx, enter))
	v.until(`document.activeElement.id === 'main'`)
	v.keys(kb.Tab)
	check.That(t, eval[bool](v, `() => document.querySelector('main').contains(document.activeElement)`), "after the skip link the keyboard is not in the page's own part")
}

func TestKeyboard_EveryControl_ReachedInOrder(t *testing.T) {
	w := newTown(t)
	v := w.come(w.Partner)
	for path, wanted := range map[string][]string{
		"/": {"Langsung ke isi", "Simpul Lima", "Beranda", "Program", "Organisasi", "Catat kontribusi"},
		"/contributions/new?programme=kopi": {"Langsung ke isi", "Beranda", "Barang", "Apa yang diberikan?", "Jumlah",
			"Satuan", "Kirim catatan", "Batal", "English"},
	} {
		v.wide(1280)
		v.open(path)
		stops := v.tabs(60)
		names := []string{}
		for _, s := range stops {
			names = append(names, s.Name)
			check.That(t, s.Ringed && s.Inside, "%s: %q has the focus and nobody sees it: %+v", path, s.Name, s)
		}
		last := -1
		for _, name := range wanted {
			at := slices.IndexFunc(names, func(n string) bool { return len(n) >= len(name) && n[:len(name)] == name })
			check.That(t, at > last, "%s: %q is not reached after what stands before it: %q", path, name, names)
			last = at
		}
	}
}

func TestKeyboard_Contribution_Logged(t *testing.T) {
	w := newTown(t)
	v := w.come(w.Partner)
	v.open("/contributions/new?programme=kopi")
	v.until(`document.readyState === 'complete'`)
	v.tabTo("Barang")
	v.keys(" ")
	v.tabTo("Apa yang diberikan?")
	v.keys("20 paket sembako")
	v.tabTo("Kirim catatan")
	_, err := chromedp.RunResponse(v.ctx, enter)
	v.must(err)
	v.sees("Terima kasih, sudah kami catat", "20 paket")
}

// tabTo goes on to the next stop with a name.
func (v *visitor) tabTo(name string) {
	v.Helper()
	for range 60 {
		v.keys(kb.Tab)
		if at := eval[stop](v, here).Name; len(at) >= len(name) && at[:len(name)] == name {
			return
		}
	}
	v.Fatalf("%s: the keyboard never reaches %q", v.at(), name)
}
