package journeys_test

import (
	"context"
	"slices"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

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

func TestTheSkipLinkLeadsPastTheMenu(t *testing.T) {
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
	if !eval[bool](v, `() => document.querySelector('main').contains(document.activeElement)`) {
		t.Error("after the skip link the keyboard is not in the page's own part")
	}
}

func TestTheKeyboardReachesEverythingInOrder(t *testing.T) {
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
			if !s.Ringed || !s.Inside {
				t.Errorf("%s: %q has the focus and nobody sees it: %+v", path, s.Name, s)
			}
		}
		last := -1
		for _, name := range wanted {
			at := slices.IndexFunc(names, func(n string) bool { return len(n) >= len(name) && n[:len(name)] == name })
			if at <= last {
				t.Errorf("%s: %q is not reached after what stands before it: %q", path, name, names)
			}
			last = at
		}
	}
}

func TestAGiftIsLoggedByKeyboardAlone(t *testing.T) {
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
