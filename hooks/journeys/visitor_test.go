package journeys_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/pocketbase/pocketbase/core"
)

// patience is how long a page may take on a busy machine.
const patience = 30 * time.Second

// visitor is a person at a browser: they see a page, and press and type what
// they find on it by its words.
type visitor struct {
	testing.TB
	ctx  context.Context
	home string
	seen *watch
	// typed counts the characters and fields the hands had to fill.
	typed, fields int
}

// newVisitor opens a window of its own on the hub at an address, as wide as a
// small phone.
func newVisitor(t testing.TB, home string) *visitor {
	t.Helper()
	if browserMissing != nil {
		t.Fatal(browserMissing)
	}
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	v := &visitor{TB: t, ctx: ctx, home: home, seen: &watch{home: home}}
	v.must(chromedp.Do(ctx))
	v.must(chromedp.Listen(ctx, v.seen.note))
	v.wide(360)
	return v
}

// signedIn gives the window the session of a person, nil for a guest.
func (v *visitor) signedIn(person *core.Record) *visitor {
	v.Helper()
	call(v, network.ClearBrowserCookies, cdp.Empty{})
	if person == nil {
		return v
	}
	token, err := person.NewAuthToken()
	v.must(err)
	v.cookie("simpul", token)
	return v
}

func (v *visitor) cookie(name, value string) {
	v.Helper()
	call(v, network.SetCookie, network.SetCookieParams{Name: name, Value: value, URL: v.home})
}

// open goes to an address and returns the status of the answer.
func (v *visitor) open(path string) int {
	v.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, patience)
	defer cancel()
	answer, err := chromedp.Run(ctx, chromedp.NavigateResponse(v.home+path))
	return v.arrived(answer, err, path)
}

// arrived reads the status of a page that has loaded.
func (v *visitor) arrived(answer *network.Response, err error, what string) int {
	v.Helper()
	if err != nil {
		v.Fatalf("%s: %v", what, err)
	}
	if answer == nil {
		return 0
	}
	return int(answer.Status)
}

// press presses a button or link that leads to another page, and waits for it.
func (v *visitor) press(words string) int {
	v.Helper()
	at := v.find("press", words)
	ctx, cancel := context.WithTimeout(v.ctx, patience)
	defer cancel()
	answer, err := chromedp.RunResponse(ctx, chromedp.MouseClickXY(at.X, at.Y))
	return v.arrived(answer, err, "pressing "+words)
}

// tap presses something that stays on the page.
func (v *visitor) tap(words string) {
	v.Helper()
	at := v.find("press", words)
	v.must(chromedp.Do(v.ctx, chromedp.MouseClickXY(at.X, at.Y)))
}

// write types text into the field with this label, after what stands there.
func (v *visitor) write(label, text string) {
	v.Helper()
	at := v.find("field", label)
	v.must(chromedp.Do(v.ctx, chromedp.MouseClickXY(at.X, at.Y)))
	v.must(chromedp.Do(v.ctx, chromedp.KeyEvent(text)))
	v.fields++
	v.typed += len([]rune(text))
}

// rewrite replaces what stands in the field with this label.
func (v *visitor) rewrite(label, text string) {
	v.Helper()
	at := v.find("field", label)
	v.must(chromedp.Do(v.ctx, chromedp.MouseClickXY(at.X, at.Y), chromedp.KeyEvent("a", chromedp.KeyModifiers(chromedp.ModifierCtrl)),
		chromedp.KeyEvent(text)))
	v.fields++
	v.typed += len([]rune(text))
}

// pick chooses a card, a line of a list or a day in the field with this label.
func (v *visitor) pick(label, choice string) {
	v.Helper()
	v.find("field", label)
	if !eval[bool](v, choose, label, choice) {
		v.Fatalf("%q does not offer %q", label, choice)
	}
	v.fields++
}

// sees stops the test unless the page shows these words.
func (v *visitor) sees(words ...string) {
	v.Helper()
	text := eval[string](v, shown)
	for _, w := range words {
		if !contains(text, w) {
			v.Fatalf("%s does not show %q but:\n%s", v.at(), w, text)
		}
	}
}

// misses stops the test if the page shows these words.
func (v *visitor) misses(words string) {
	v.Helper()
	if contains(eval[string](v, shown), words) {
		v.Fatalf("%s shows %q", v.at(), words)
	}
}

// at is the path the window stands at.
func (v *visitor) at() string {
	v.Helper()
	return eval[string](v, `() => location.pathname + location.search + location.hash`)
}

// until waits for a condition of the page, a JavaScript expression.
func (v *visitor) until(condition string) {
	v.Helper()
	end := time.Now().Add(patience)
	for {
		// On the way from one page to the next there is nothing to ask.
		met, err := chromedp.Run(v.ctx, chromedp.Evaluate[bool](`Boolean(`+condition+`)`))
		if met && err == nil {
			return
		}
		if time.Now().After(end) {
			v.Fatalf("%s: never %s (%v)", v.at(), condition, err)
		}
		time.Sleep(30 * time.Millisecond)
	}
}

func (v *visitor) must(err error) {
	v.Helper()
	if err != nil {
		v.Fatal(err)
	}
}

// eval calls a JavaScript function on the page with arguments. It goes through
// DevTools, which the page's content policy does not bind.
func eval[T any](v *visitor, function string, args ...any) T {
	v.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, patience)
	defer cancel()
	out, err := chromedp.Run(ctx, chromedp.Evaluate[T](called(function, args), chromedp.EvalAwaitPromise))
	if err != nil {
		v.Fatalf("%v in %.200s", err, function)
	}
	return out
}

// call sends a DevTools command to the window.
func call[P, R any](v *visitor, command cdp.Command[P, R], params P) R {
	v.Helper()
	out, err := chromedp.Call(v.ctx, command, params)
	if err != nil && !errors.Is(err, context.Canceled) {
		v.Fatalf("%s: %v", command.Method, err)
	}
	return out
}
