package journeys_test

import (
	"slices"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/serviceworker"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// worker notes the service worker that the window's pages register.
func (v *visitor) worker() func() serviceworker.RegistrationID {
	v.Helper()
	var id serviceworker.RegistrationID
	seen := make(chan serviceworker.RegistrationID, 16)
	v.must(chromedp.Listen(v.ctx, func(event any) {
		if updated, ok := event.(*serviceworker.EventWorkerRegistrationUpdated); ok {
			for _, r := range updated.Registrations {
				if strings.HasPrefix(r.ScopeURL, v.home) {
					seen <- r.RegistrationID
				}
			}
		}
	}))
	call(v, serviceworker.Enable, cdp.Empty{})
	return func() serviceworker.RegistrationID {
		for id == "" || len(seen) > 0 {
			id = <-seen
		}
		return id
	}
}

// notices are what the browser shows of the hub at this moment.
const notices = `async () => {
	const shown = await (await navigator.serviceWorker.ready).getNotifications()
	return shown.map(({ title, body, tag, data }) => [title, body, tag, data.url].join(' | '))
}`

// awake tells whether the page's worker can be pushed to; before that the browser drops what it is given.
const awake = `async () => (await navigator.serviceWorker.getRegistration())?.active?.state === 'activated'`

// shows pushes until the browser shows one notice and no other: a push service, too, repeats what got lost.
func (v *visitor) shows(want string, push func()) {
	v.Helper()
	var got []string
	var pushed time.Time
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(30 * time.Millisecond) {
		if time.Since(pushed) > patience/4 && eval[bool](v, awake) {
			push()
			pushed = time.Now()
		}
		if got = eval[[]string](v, notices); slices.Equal(got, []string{want}) {
			return
		}
	}
	v.Fatalf("the browser shows %q, want %q", got, want)
}

// pressed is what a press on the one notice does, up to the window it would open. Only a person's hand may open one.
const pressed = `(async () => {
	const asked = []
	self.clients.openWindow = async (url) => asked.push(url)
	const [notification] = await self.registration.getNotifications()
	const press = new NotificationEvent('notificationclick', { notification })
	const done = []
	press.waitUntil = (work) => done.push(work)
	self.dispatchEvent(press)
	await Promise.all(done)
	const left = await self.registration.getNotifications()
	return left.length ? 'the notice stays' : asked.join()
})()`

// click presses the notice that the browser shows and returns the address it opens.
func (v *visitor) click() string {
	v.Helper()
	return v.atWork(pressed)
}

// atWork runs a script in the service worker, which must be running or about to, and returns what it answers.
func (v *visitor) atWork(script string) string {
	v.Helper()
	window := call(v, target.GetTargetInfo, target.GetTargetInfoParams{}).TargetInfo
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(30 * time.Millisecond) {
		all := call(v, target.GetTargets, target.GetTargetsParams{}).TargetInfos
		i := slices.IndexFunc(all, func(one *target.Info) bool {
			return one.Type == "service_worker" && one.BrowserContextID == window.BrowserContextID
		})
		if i < 0 {
			continue
		}
		ctx, cancel := chromedp.NewContext(v.ctx, chromedp.WithTargetID(all[i].TargetID))
		defer cancel()
		answer, err := chromedp.Run(ctx, chromedp.Evaluate[string](script, chromedp.EvalAwaitPromise))
		v.must(err)
		return answer
	}
	v.Fatal("no service worker runs")
	return ""
}
