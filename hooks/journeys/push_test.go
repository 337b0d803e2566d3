package journeys_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	permission "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/serviceworker"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"

	"simpul/hooks/testkit/check"
)

// pushService gives the page a browser whose maker's push service answers: the
// Chromium of these tests asks nobody. All else is the real thing.
const pushService = `(() => {
	let made = JSON.parse(localStorage.getItem('subscribed'))
	const text = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
	const whole = (kept) => kept && { ...kept, toJSON: () => kept, unsubscribe: async () => { localStorage.removeItem('subscribed'); return true } }
	PushManager.prototype.getSubscription = async () => whole(made)
	PushManager.prototype.subscribe = async ({ userVisibleOnly, applicationServerKey }) => {
		if (!userVisibleOnly || atob(applicationServerKey.replaceAll('-', '+').replaceAll('_', '/')).length !== 65) throw new TypeError('not asked rightly')
		const { publicKey } = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits'])
		const keys = { p256dh: text(await crypto.subtle.exportKey('raw', publicKey)), auth: text(crypto.getRandomValues(new Uint8Array(16))) }
		made = { endpoint: 'https://fcm.googleapis.com/fcm/send/' + keys.auth, expirationTime: null, keys }
		localStorage.setItem('subscribed', JSON.stringify(made))
		return whole(made)
	}
})()`

// mayTurnOn holds once the page has found that this browser can be turned on.
const mayTurnOn = `document.querySelector('[data-push] button').hidden === false`

// before has a script run in every page before the page's own.
func (v *visitor) before(script string) {
	v.Helper()
	call(v, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
}

// mayNotify answers what the browser asks its reader.
func (v *visitor) mayNotify(setting permission.PermissionSetting) {
	v.Helper()
	window := call(v, target.GetTargetInfo, target.GetTargetInfoParams{}).TargetInfo
	call(v, permission.SetPermission, permission.SetPermissionParams{Origin: v.home, Setting: setting, BrowserContextID: window.BrowserContextID,
		Permission: &permission.PermissionDescriptor{Name: "notifications"}})
}

func TestPush_Subscribed_ShowsNotifications(t *testing.T) {
	w := newTown(t)
	v := w.come(w.Partner)
	v.before(pushService)
	v.mayNotify(permission.PermissionSettingGranted)
	worker := v.worker()
	v.open("/me")
	v.press("Pemberitahuan di ponsel dan komputer")
	v.sees("Belum ada perangkat yang aktif")
	check.Equal(t, "a worker is there before anybody asked", eval[int](v, `async () => (await navigator.serviceWorker.getRegistrations()).length`), 0)
	v.until(mayTurnOn)
	v.press("Aktifkan di perangkat ini")
	v.until(`document.querySelector('[data-push] button').hidden && document.querySelector('[data-say=script]').hidden`)
	v.sees("Pemberitahuan diaktifkan di perangkat ini", "Pemberitahuan aktif di perangkat ini", "Belum ada pemberitahuan")
	v.misses("Aktifkan di perangkat ini")
	w.Only("push_subscriptions", "user", w.Partner.Id)

	for _, n := range []struct{ data, want, leads string }{
		{`{"title":"Simpul Lima","body":"Tenggat Kamis: Satu","url":"/tasks/x","tag":"a"}`, "Simpul Lima | Tenggat Kamis: Satu | a | /tasks/x", ""},
		{`{"title":"Simpul Lima","body":"Tenggat Jumat: Satu","url":"/tasks/x","tag":"a"}`, "Simpul Lima | Tenggat Jumat: Satu | a | /tasks/x", "/tasks/x"},
		{`{"title":"Hub","url":"https://evil.example/x","tag":"b"}`, "Hub |  | b | https://evil.example/x", "/"},
		{`{"title":"Hub","url":"//evil.example/x","tag":"c"}`, "Hub |  | c | //evil.example/x", "/"},
		{`{"title":"Hub","url":"javascript:alert(1)","tag":"d"}`, "Hub |  | d | javascript:alert(1)", "/"},
		{`{"title":"Hub","tag":"e"}`, "Hub |  | e | ", "/"},
		{`not what we send`, "Simpul Lima |  |  | ", "/"},
	} {
		v.shows(n.want, func() {
			call(v, serviceworker.DeliverPushMessage, serviceworker.DeliverPushMessageParams{Origin: v.home, RegistrationID: worker(), Data: n.data})
		})
		if n.leads == "" {
			continue // the next one has the same tag and takes its place
		}
		if got := v.click(); got != v.home+n.leads {
			t.Errorf("a press on %q opens %s", n.want, got)
		}
	}
	v.clean("devices")

	v.press("Matikan")
	v.until(mayTurnOn)
	v.sees("Pemberitahuan di perangkat itu dimatikan", "Belum ada perangkat yang aktif", "Aktifkan di perangkat ini")
	check.Equal(t, "rows of push_subscriptions", w.Count("push_subscriptions"), 0)
}

// clean stops the test if a page complained.
func (v *visitor) clean(what string) {
	v.Helper()
	if bad := v.seen.troubles(); len(bad) > 0 {
		v.Errorf("%s: %v", what, bad)
	}
}

func TestPush_Unavailable_ExplainsWhy(t *testing.T) {
	w := newTown(t)
	for name, of := range map[string]struct {
		setting permission.PermissionSetting
		script  string
		want    string
	}{
		"refused before":   {permission.PermissionSettingDenied, "", "Peramban ini menolak pemberitahuan"},
		"an old browser":   {permission.PermissionSettingGranted, "delete window.PushManager", "Peramban ini tidak bisa menerima pemberitahuan"},
		"an iPad":          {permission.PermissionSettingGranted, "delete window.PushManager; Object.defineProperties(navigator, { platform: { value: 'MacIntel' }, maxTouchPoints: { value: 5 } })", "Tambah ke Layar Utama"},
		"without https":    {permission.PermissionSettingGranted, "Object.defineProperty(window, 'isSecureContext', { value: false })", "perlu alamat https"},
		"nothing is wrong": {permission.PermissionSettingGranted, "", "Pilih “Izinkan”"},
	} {
		v := w.come(w.Partner)
		v.mayNotify(of.setting)
		if of.script != "" {
			v.before(of.script)
		}
		if status := v.open("/devices"); status != http.StatusOK {
			t.Fatalf("status %d", status)
		}
		v.until(`document.querySelector('[data-say=script]').hidden`)
		v.sees(of.want)
		check.Equal(t, name+": the button is mayTurnOn", eval[bool](v, `() => `+mayTurnOn), (name == "nothing is wrong"))
		v.clean(name)
	}
}

func TestPush_PermissionRefused_Explained(t *testing.T) {
	w := newTown(t)
	for script, want := range map[string]string{
		`Notification.requestPermission = async () => 'default'`:                                               "izin belum diberikan",
		`Notification.requestPermission = async () => 'denied'`:                                                "Peramban ini menolak",
		`PushManager.prototype.subscribe = async () => { throw new DOMException('no service', 'AbortError') }`: "sedang tidak bisa dipakai",
	} {
		v := w.come(w.Partner)
		v.mayNotify(permission.PermissionSettingGranted)
		v.before(script)
		v.open("/devices")
		v.until(mayTurnOn)
		v.tap("Aktifkan di perangkat ini")
		v.until(`document.querySelector('[data-say=ready]').hidden`)
		v.sees(want)
		v.clean(want)
	}
	check.Equal(t, "rows of push_subscriptions", w.Count("push_subscriptions"), 0)
}

func TestPush_SubscriptionLost_SubscribesAnewOnTheNextVisit(t *testing.T) {
	w := newTown(t)
	v := w.come(w.Partner)
	v.before(pushService)
	v.mayNotify(permission.PermissionSettingGranted)
	v.open("/devices")
	v.until(mayTurnOn)
	v.press("Aktifkan di perangkat ini")
	v.until(`document.querySelector('[data-push] button').hidden && document.querySelector('[data-say=script]').hidden`)
	first := w.Only("push_subscriptions", "user", w.Partner.Id).GetString("endpoint")
	eval[bool](v, `() => { localStorage.removeItem('subscribed'); return true }`)
	v.open("/devices")
	v.until(`document.querySelector('.flash') && document.querySelector('[data-say=script]').hidden`)
	v.sees("Pemberitahuan diaktifkan di perangkat ini", "Pemberitahuan aktif di perangkat ini")
	if now := w.Only("push_subscriptions", "user", w.Partner.Id).GetString("endpoint"); now == first {
		t.Errorf("endpoint = %s, want another", now)
	}
	v.clean("devices")
}

func TestPush_NoScripts_ListsAndUnsubscribes(t *testing.T) {
	w := newTown(t)
	w.Make("push_subscriptions", "user", w.Partner.Id, "endpoint", "https://fcm.googleapis.com/fcm/send/a", "p256dh", "k", "auth", "a")
	v := w.come(w.Partner).withoutScripts()
	v.open("/devices")
	v.sees("perlu menjalankan JavaScript", "Perangkat lain", "Kirim uji")
	v.press("Matikan")
	v.sees("Pemberitahuan di perangkat itu dimatikan")
}

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
