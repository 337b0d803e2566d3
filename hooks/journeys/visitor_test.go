package journeys_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
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

// place is a point of the window in CSS pixels.
type place struct {
	X, Y  float64
	Wrong string
}

// called writes the call of a JavaScript function.
func called(function string, args []any) string {
	written := make([]string, len(args))
	for i, a := range args {
		raw, err := json.Marshal(a)
		if err != nil {
			panic(err)
		}
		written[i] = string(raw)
	}
	return "(" + function + ")(" + strings.Join(written, ", ") + ")"
}

func contains(text, words string) bool {
	return strings.Contains(strings.Join(strings.Fields(text), " "), strings.Join(strings.Fields(words), " "))
}

// find brings something into view as a finger would and returns its middle.
// What is hidden, or lies under something else, cannot be pressed.
func (v *visitor) find(kind, words string) place {
	v.Helper()
	at := eval[place](v, locate, kind, words)
	if at.Wrong != "" {
		v.Fatalf("%s: %s %q %s; shown:\n%s", v.at(), kind, words, at.Wrong, eval[string](v, shown))
	}
	return at
}

// locate finds, by the words people read, a button, link or heading of folded
// text ("press") or the control of a label ("field").
const locate = `(kind, words) => {
	const tidy = (text) => (text ?? '').replace(/\s+/g, ' ').trim()
	const visible = (one) => one.checkVisibility({ visibilityProperty: true })
	const controls = () => [...document.querySelectorAll('label, legend')].map((label) => ({
		name: tidy(label.innerText),
		one: label.tagName === 'LEGEND' ? label : label.control?.type.match(/radio|checkbox|file/) ? label : label.control,
	}))
	const presses = () => [...document.querySelectorAll('a[href], button, summary')].map((one) =>
		({ name: tidy(one.getAttribute('aria-label') ?? one.innerText), one }))
	const inMain = ({ one }) => Boolean(one.closest('main, .toast'))
	const known = (kind === 'field' ? controls() : presses()).filter(({ one }) => one && visible(one))
		.sort((a, b) => inMain(b) - inMain(a))
	const { one } = known.find(({ name }) => name === words) ?? known.find(({ name }) => name.startsWith(words)) ?? {}
	if (!one) return { X: 0, Y: 0, Wrong: 'is not on the page' }
	one.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' })
	const box = one.getClientRects()[0]
	const X = box.x + box.width / 2, Y = box.y + box.height / 2
	const top = document.elementFromPoint(X, Y)
	const Wrong = top && (one.contains(top) || top.contains(one)) ? '' : 'lies under ' + (top?.outerHTML ?? 'nothing').slice(0, 120)
	return { X, Y, Wrong }
}`

// choose does what picking in a native list, card or calendar does. It reports
// whether the choice is offered.
const choose = `(label, choice) => {
	const tidy = (text) => (text ?? '').replace(/\s+/g, ' ').trim()
	const starts = (one) => tidy(one.innerText).startsWith(label)
	const best = (all, text) => all.find((one) => tidy(text(one)) === choice) ?? all.find((one) => tidy(text(one)).startsWith(choice))
	const told = (one) => ['input', 'change'].forEach((kind) => one.dispatchEvent(new Event(kind, { bubbles: true })))
	const group = [...document.querySelectorAll('legend')].find(starts)?.closest('fieldset')
	const card = group && best([...group.querySelectorAll('label')], (one) => one.innerText)
	if (group) {
		card?.click()
		return Boolean(card)
	}
	const one = [...document.querySelectorAll('label')].find(starts)?.control
	if (one?.tagName === 'SELECT') {
		const option = best([...one.options], (option) => option.text)
		if (option) option.selected = true
		told(one)
		return Boolean(option)
	}
	one.value = choice
	told(one)
	return one.value === choice
}`

// shown is the text of the page as it is painted.
const shown = `() => document.body.innerText.replace(/[ \u00a0\u202f]+/g, ' ')`

// wide makes the window so many CSS pixels wide.
func (v *visitor) wide(width int64) {
	v.Helper()
	v.must(chromedp.Do(v.ctx, chromedp.EmulateViewport(width, 740)))
}

// unrolled makes the window as tall as its page, so that what sticks to the edge
// of a window covers nothing.
func (v *visitor) unrolled(width int64) {
	v.Helper()
	v.wide(width)
	v.must(chromedp.Do(v.ctx, chromedp.EmulateViewport(width, eval[int64](v, `() => document.scrollingElement.scrollHeight`))))
}

// prefers sets what the reader's system asks of pages: "light" or "dark".
func (v *visitor) prefers(scheme string) {
	v.Helper()
	call(v, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}})
}

// onPaper shows the page as it would be printed.
func (v *visitor) onPaper() {
	v.Helper()
	call(v, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
}

// withoutScripts makes the window one that runs none of our JavaScript.
func (v *visitor) withoutScripts() *visitor {
	v.Helper()
	call(v, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	return v
}

// online takes the window's network away or gives it back.
func (v *visitor) online(yes bool) {
	v.Helper()
	call(v, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: !yes, DownloadThroughput: -1, UploadThroughput: -1})
	call(v, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
		MatchedNetworkConditions: []*network.Conditions{{Offline: !yes, DownloadThroughput: -1, UploadThroughput: -1}}})
}

// watch notes what no page may do: complain in the console, break the content
// policy, throw, or ask another origin for anything.
type watch struct {
	home string
	mu   sync.Mutex
	bad  []string
	// bytes counts what came over the wire since the last time it was asked.
	bytes float64
}

// note runs in the loop that reads the browser's messages.
func (w *watch) note(event any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch event := event.(type) {
	case *network.EventRequestWillBeSent:
		if u := event.Request.URL; !strings.HasPrefix(u, w.home) && !strings.HasPrefix(u, "data:") {
			w.bad = append(w.bad, "asks another origin: "+u)
		}
	case *network.EventLoadingFinished:
		w.bytes += event.EncodedDataLength
	case *log.EventEntryAdded:
		w.logged(event.Entry)
	case *runtime.EventExceptionThrown:
		w.bad = append(w.bad, "throws: "+event.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		if event.Type == runtime.ConsoleAPICalledTypeError || event.Type == runtime.ConsoleAPICalledTypeWarning {
			w.bad = append(w.bad, fmt.Sprintf("writes to the console: %s", event.Args[0].Value))
		}
	}
}

// logged keeps errors and warnings of the browser. That a page was refused is
// no fault of the page: the test itself asks for the status.
func (w *watch) logged(entry *log.Entry) {
	refused := entry.Source == log.EntrySourceNetwork && strings.HasPrefix(entry.Text, "Failed to load resource: the server responded")
	serious := entry.Level == log.EntryLevelError || entry.Level == log.EntryLevelWarning
	if serious && !(refused && !strings.Contains(entry.URL, "/assets/")) {
		w.bad = append(w.bad, fmt.Sprintf("%s: %s (%s)", entry.Source, entry.Text, entry.URL))
	}
}

// troubles returns what was noted and forgets it.
func (w *watch) troubles() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	bad := w.bad
	w.bad = nil
	return bad
}

// browser is the one Chromium that all tests share; each test looks through a
// window of its own that knows no cookie of another.
var (
	browser        context.Context
	browserMissing error
)

func TestMain(m *testing.M) {
	os.Exit(withBrowser(m))
}

func withBrowser(m *testing.M) int {
	profile, err := os.MkdirTemp("", "simpul-browser-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(profile)
	var stop func()
	if browser, stop, browserMissing = startBrowser(profile); browserMissing == nil {
		defer stop()
	}
	return m.Run()
}

// startBrowser runs Debian's Chromium without a screen. It speaks to nobody but
// the server under test.
func startBrowser(profile string) (context.Context, func(), error) {
	path, err := exec.LookPath("chromium")
	if err != nil {
		return nil, nil, fmt.Errorf("these tests drive a real Chromium: run `make tools` (%w)", err)
	}
	allocator, release := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.UserDataDir(profile), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("accept-lang", "id-ID,id"))...)
	ctx, cancel := chromedp.NewContext(allocator)
	if err := chromedp.Do(ctx); err != nil {
		cancel()
		release()
		return nil, nil, fmt.Errorf("Chromium does not start: run `make tools` (%w)", err)
	}
	return ctx, func() {
		if err := chromedp.Cancel(ctx); err != nil {
			fmt.Fprintln(os.Stderr, "closing Chromium:", err)
		}
		release()
	}, nil
}
