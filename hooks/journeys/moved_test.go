package journeys_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	permission "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/serviceworker"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// replaced has the worker told that its browser's address was replaced, and waits until it has done what it does. Which
// of the two addresses the browser names differs; the push service is asked of us, as in pushService.
const replaced = `(async ([old, made]) => {
	const text = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
	const fresh = async (endpoint) => {
		const { publicKey } = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits'])
		const keys = { p256dh: text(await crypto.subtle.exportKey('raw', publicKey)), auth: text(crypto.getRandomValues(new Uint8Array(16))) }
		return { endpoint, keys, toJSON: () => ({ endpoint, expirationTime: null, keys }) }
	}
	PushManager.prototype.subscribe = async ({ userVisibleOnly, applicationServerKey }) => {
		if (made === 'refused') throw new DOMException('no permission', 'NotAllowedError')
		if (!userVisibleOnly || atob(applicationServerKey.replaceAll('-', '+').replaceAll('_', '/')).length !== 65) throw new TypeError('not asked rightly')
		return fresh('https://fcm.googleapis.com/fcm/send/asked-for')
	}
	const change = new ExtendableEvent('pushsubscriptionchange')
	change.oldSubscription = old ? { endpoint: old } : undefined
	change.newSubscription = made && made !== 'refused' ? await fresh(made) : null
	const done = []
	change.waitUntil = (work) => done.push(work)
	self.dispatchEvent(change)
	await Promise.all(done)
	return String(done.length)
})(%s)`

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

// replace has the browser's address replaced: the former and the new one, as far as it names them.
func (v *visitor) replace(former, made string) {
	v.Helper()
	call(v, serviceworker.StartWorker, serviceworker.StartWorkerParams{ScopeURL: v.home + "/"})
	if heard := v.atWork(fmt.Sprintf(replaced, fmt.Sprintf("[%q, %q]", former, made))); heard != "1" {
		v.Fatalf("the worker did %s things", heard)
	}
}

func TestABrowserWhoseAddressIsReplacedStaysTurnedOn(t *testing.T) {
	w := newTown(t)
	v := w.come(w.Partner)
	v.before(pushService)
	v.mayNotify(permission.PermissionSettingGranted)
	v.worker()
	v.open("/devices")
	v.until(mayTurnOn)
	v.press("Nyalakan di perangkat ini")
	v.until(`document.querySelector('[data-push] button').hidden && document.querySelector('[data-say=script]').hidden`)
	device := w.Only("devices", "user", w.Partner.Id)
	at := func(want string) {
		t.Helper()
		if got := w.Fresh(device).GetString("endpoint"); !strings.HasSuffix(got, want) || w.Count("devices") != 1 {
			t.Errorf("told at %s, want %s; %d devices", got, want, w.Count("devices"))
		}
	}
	v.replace(device.GetString("endpoint"), "https://fcm.googleapis.com/fcm/send/second")
	at("/second")
	v.replace("", "") // a browser that names neither
	at("/asked-for")
	v.open("/devices")
	v.sees("Perangkat ini sudah menyala")

	v.signedIn(nil)
	v.replace(w.Fresh(device).GetString("endpoint"), "https://fcm.googleapis.com/fcm/send/third")
	at("/asked-for")
	v.signedIn(w.Partner)
	v.open("/devices")
	v.until(mayTurnOn)
	v.sees("Mati", "Buka halaman ini di perangkat itu, lalu nyalakan lagi")
	v.clean("devices")
	v.press("Nyalakan di perangkat ini")
	v.sees("Perangkat ini sudah menyala")
}

func TestABrowserThatMayNotTellAnyMoreIsTurnedOff(t *testing.T) {
	w := newTown(t)
	v := w.come(w.Partner)
	v.before(pushService)
	v.mayNotify(permission.PermissionSettingGranted)
	v.worker()
	v.open("/devices")
	v.until(mayTurnOn)
	v.press("Nyalakan di perangkat ini")
	v.until(`document.querySelector('[data-push] button').hidden && document.querySelector('[data-say=script]').hidden`)
	device := w.Only("devices", "user", w.Partner.Id)
	v.replace(device.GetString("endpoint"), "refused")
	if kept := w.Fresh(device); kept.GetString("last_error") != "gone" || kept.GetInt("failures") == 0 {
		t.Errorf("kept is %q, failed %d times", kept.GetString("last_error"), kept.GetInt("failures"))
	}
}
