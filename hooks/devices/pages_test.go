package devices_test

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"simpul/hooks/devices"
	"simpul/hooks/lang"
	"simpul/hooks/testkit"
)

func TestADeviceIsSwitchedOnListedTriedAndSwitchedOff(t *testing.T) {
	d := newDesk(t)
	c := d.visitor(d.Partner)
	c.Header.Set("User-Agent", "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/141.0.0.0 Mobile Safari/537.36")
	empty := c.Get("/devices").Want(http.StatusOK)
	if !strings.Contains(empty.Text("main"), lang.T("id", "devices.none")) || empty.Doc().Find("[data-push-on]").Length() != 0 {
		t.Errorf("at first the page says %s", empty.Text("main"))
	}
	b := newBrowser(t, phone)
	listed := c.Follow(c.Post("/devices", b.form()...))
	if got := listed.Text(".flash"); got != lang.T("id", "devices.turned_on") {
		t.Errorf("says %q", got)
	}
	text := listed.Text("#yours, section[aria-labelledby=yours]")
	for _, want := range []string{"Chrome di Android", "Perangkat ini", "Belum pernah diberi tahu", "Sejak "} {
		if !strings.Contains(text, want) {
			t.Errorf("the list lacks %q: %s", want, text)
		}
	}
	if listed.Doc().Find("[data-push-on]").Length() != 1 {
		t.Error("the page does not know its own browser")
	}
	if strings.Contains(listed.Body, phone) || strings.Contains(listed.Body, b.form()[5]) {
		t.Error("the page shows what only browser and hub are to know")
	}
	id := d.Only("devices", "endpoint", phone).Id
	tried := c.Follow(c.Post("/devices/" + id + "/test"))
	if got := tried.Text(".flash"); got != lang.T("id", "devices.tried", "name", "Chrome di Android") {
		t.Errorf("says %q", got)
	}
	same(t, "the test", b.bodies(d.service.taken()), lang.T("id", "devices.test_body"))
	if text := tried.Text("main"); !strings.Contains(text, "Terakhir diberi tahu Sen, 23 Nov 2026, 09.00 WIB") {
		t.Errorf("the list says %s", text)
	}
	off := c.Follow(c.Post("/devices/" + id + "/off"))
	if got := off.Text(".flash"); got != lang.T("id", "devices.turned_off", "name", "Chrome di Android") || d.Count("devices") != 0 {
		t.Errorf("says %q, %d left", got, d.Count("devices"))
	}
}

func TestWhatATestMeetsIsSaid(t *testing.T) {
	for status, key := range map[int]string{500: "devices.trouble_busy", 403: "devices.trouble_refused", 410: "devices.gone"} {
		for _, language := range lang.Languages {
			d := newDesk(t)
			d.change(d.Partner, "language", language)
			b := d.on(d.Partner, phone)
			name := d.Only("devices", "id", b.id).GetString("name")
			d.service.answers(status, nil)
			r := d.visitor(d.Partner).Post("/devices/" + b.id + "/test").Want(http.StatusUnprocessableEntity)
			if want := lang.T(language, key, "detail", strconv.Itoa(status), "name", name); r.Text(".callout.bad") != want {
				t.Errorf("%d: says %q, want %q", status, r.Text(".callout.bad"), want)
			}
			if left := d.Count("devices"); left != map[bool]int64{true: 0, false: 1}[status == 410] {
				t.Errorf("%d: %d devices left", status, left)
			}
		}
	}
}

func TestAServiceThatIsAwayIsSaid(t *testing.T) {
	d := newDesk(t)
	b := d.on(d.Partner, phone)
	d.service.down = true
	r := d.visitor(d.Partner).Post("/devices/" + b.id + "/test").Want(http.StatusUnprocessableEntity)
	if got := r.Text(".callout.bad"); got != lang.T("id", "devices.trouble_away") {
		t.Errorf("says %q", got)
	}
	if n := d.Only("devices", "id", b.id).GetInt("failures"); n != 0 {
		t.Errorf("%d failures for a service that is away", n)
	}
}

func TestDevicesOfOthersAreNotThere(t *testing.T) {
	d := newDesk(t)
	b := d.on(d.Partner, phone)
	for name, person := range map[string]*testkit.Client{"a colleague": d.visitor(d.OtherPartner), "the initiator": d.visitor(d.Initiator),
		"an administrator": d.visitor(d.Administrator)} {
		for _, step := range []string{"off", "test"} {
			if r := person.Post("/devices/" + b.id + "/" + step); r.Status != http.StatusNotFound {
				t.Errorf("%s: %s answers %d", name, step, r.Status)
			}
		}
		if r := person.Get("/devices"); r.Status == http.StatusOK && strings.Contains(r.Body, b.id) {
			t.Errorf("%s sees it", name)
		}
		if r := person.API(http.MethodGet, "/api/collections/devices/records/"+b.id, nil); name != "an administrator" && r.Status != http.StatusNotFound {
			t.Errorf("%s: the API answers %d", name, r.Status)
		}
	}
	d.As(nil).Post("/devices/" + b.id + "/off").Want(http.StatusUnauthorized)
	if d.Count("devices") != 1 || len(d.service.taken()) != 0 {
		t.Error("somebody else had an effect")
	}
}

func TestTheAPITellsAPersonNoAddressAndNoKey(t *testing.T) {
	d := newDesk(t)
	b := d.on(d.Partner, phone)
	r := d.As(d.Partner).API(http.MethodGet, "/api/collections/devices/records", nil).Want(http.StatusOK)
	for _, value := range b.form() {
		if strings.Contains(r.Body, value) {
			t.Errorf("the API tells %s", value)
		}
	}
	own := map[string]string{}
	for i := 0; i < 6; i += 2 {
		own[b.form()[i]] = b.form()[i+1]
	}
	own["user"] = d.Partner.Id
	d.As(d.Partner).API(http.MethodPost, "/api/collections/devices/records", own).Want(http.StatusForbidden)
	d.As(d.Partner).API(http.MethodDelete, "/api/collections/devices/records/"+b.id, nil).Want(http.StatusNoContent)
}

func TestWhatABrowserSendsWronglyIsExplained(t *testing.T) {
	d := newDesk(t)
	good := newBrowser(t, phone).form()
	for name, of := range map[string]struct {
		fields []string
		key    string
	}{
		"nothing":         {nil, "devices.problem_nothing"},
		"another service": {append([]string{"endpoint", "https://intranet.example/x"}, good[2:]...), "devices.problem_service"},
		"this machine":    {append([]string{"endpoint", "https://127.0.0.1/x"}, good[2:]...), "devices.problem_service"},
		"a broken key":    {append(append([]string{}, good[:2]...), "p256dh", "AAAA", "auth", good[5]), "devices.problem_keys"},
		"a broken secret": {append(append([]string{}, good[:4]...), "auth", "AAAA"), "devices.problem_keys"},
		"not a text":      {append([]string{"endpoint", "https://fcm.googleapis.com/\xff"}, "p256dh", "\xff", "auth", "\x00"), "devices.problem_keys"},
	} {
		for _, language := range lang.Languages {
			d.change(d.Partner, "language", language)
			r := d.visitor(d.Partner).Post("/devices", of.fields...).Want(http.StatusUnprocessableEntity)
			if got := r.Text(".callout.bad"); got != lang.T(language, of.key) {
				t.Errorf("%s: says %q", name, got)
			}
		}
	}
	if d.Count("devices") != 0 || d.service.dialled != 0 {
		t.Errorf("%d devices kept, %d services asked", d.Count("devices"), d.service.dialled)
	}
}

func TestAPersonHasTenDevicesAndAColleagueTenMore(t *testing.T) {
	d := newDesk(t)
	for n := range devices.Most {
		d.on(d.Partner, phone+strconv.Itoa(n))
	}
	r := d.visitor(d.Partner).Post("/devices", newBrowser(t, laptop).form()...).Want(http.StatusUnprocessableEntity)
	if got := r.Text(".callout.bad"); got != lang.T("id", "devices.problem_full", "n", devices.Most) {
		t.Errorf("says %q", got)
	}
	if n := r.Doc().Find(`form[action$="/off"]`).Length(); n != devices.Most {
		t.Errorf("%d devices are listed", n)
	}
	d.on(d.OtherPartner, laptop)
	if n := d.Count("devices"); n != int64(devices.Most)+1 {
		t.Errorf("%d devices", n)
	}
}

// A browser that is switched on again, also by somebody else who sits down at it, is one device.
func TestABrowserHasOneReaderAtATime(t *testing.T) {
	d := newDesk(t)
	c := d.visitor(d.Partner)
	first := newBrowser(t, phone)
	c.Post("/devices", first.form()...).Want(http.StatusSeeOther)
	renewed := newBrowser(t, phone+"-renewed") // the browser got another address
	c.Post("/devices", renewed.form()...).Want(http.StatusSeeOther)
	if d.Count("devices") != 1 || d.Only("devices", "endpoint", renewed.endpoint).GetString("user") != d.Partner.Id {
		t.Errorf("%d devices", d.Count("devices"))
	}
	d.on(d.OtherPartner, renewed.endpoint)
	if d.Count("devices") != 1 || d.Only("devices", "endpoint", renewed.endpoint).GetString("user") != d.OtherPartner.Id {
		t.Error("the browser still belongs to its former reader")
	}
	// The cookie of a former device of somebody else takes nothing away from them.
	other := d.visitor(d.Partner)
	other.SetCookie("device", d.Only("devices", "endpoint", renewed.endpoint).Id)
	other.Post("/devices", newBrowser(t, laptop).form()...).Want(http.StatusSeeOther)
	if d.Count("devices") != 2 {
		t.Errorf("%d devices", d.Count("devices"))
	}
}

func TestWhoSignsOutEverywhereIsToldNowhere(t *testing.T) {
	d := newDesk(t)
	d.on(d.Partner, phone)
	d.on(d.OtherPartner, laptop)
	d.visitor(d.Partner).Post("/me/language", "value", "en").Want(http.StatusSeeOther)
	if d.Count("devices") != 2 {
		t.Fatal("another language switched a device off")
	}
	d.visitor(d.Partner).Post("/me/sign-out-everywhere").Want(http.StatusSeeOther)
	if d.Count("devices") != 1 || d.Only("devices", "user", d.OtherPartner.Id).GetString("endpoint") != laptop {
		t.Errorf("%d devices are left", d.Count("devices"))
	}
	fresh := d.Fresh(d.OtherPartner)
	fresh.SetPassword("kalimat baru yang panjang")
	d.must(d.App.Save(fresh))
	if d.Count("devices") != 0 {
		t.Error("a new password left a device on")
	}
}

func TestDevicesGoWithTheirPerson(t *testing.T) {
	d := newDesk(t)
	d.on(d.Outsider, phone)
	d.must(d.App.Delete(d.Fresh(d.Outsider)))
	if d.Count("devices") != 0 {
		t.Error("the device of nobody is kept")
	}
}

func TestTheServiceWorkerStandsAtTheRootAndIsAskedForEachTime(t *testing.T) {
	w := testkit.New(t)
	for _, encoding := range []string{"", "gzip"} {
		req := httptest.NewRequest(http.MethodGet, "/sw.js", nil)
		req.Header.Set("Accept-Encoding", encoding)
		r := w.As(nil).Do(req).Want(http.StatusOK)
		for name, want := range map[string]string{"Cache-Control": "no-cache", "Content-Encoding": encoding, "X-Content-Type-Options": "nosniff"} {
			if got := r.Header.Get(name); got != want {
				t.Errorf("%s is %q, want %q", name, got, want)
			}
		}
		if kind := r.Header.Get("Content-Type"); !strings.HasPrefix(kind, "text/javascript") {
			t.Errorf("sent as %s", kind)
		}
		if policy := r.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'self'") {
			t.Errorf("the worker runs under %q", policy)
		}
		if cookies := r.Header["Set-Cookie"]; len(cookies) > 0 {
			t.Errorf("sets %v", cookies)
		}
	}
}

func TestTheKeyOfTheHubIsMadeOnceAndNeverShown(t *testing.T) {
	w := testkit.New(t)
	row := w.Only("hub_settings", "id", hubSettings(w))
	key := row.GetString("push_key")
	if len(key) != 43 {
		t.Fatalf("the key has %d letters", len(key))
	}
	if err := devices.EnsureKey(w.App); err != nil || w.Fresh(row).GetString("push_key") != key {
		t.Errorf("the key is another now, %v", err)
	}
	admin := w.As(w.Administrator)
	for _, path := range []string{"/api/collections/hub_settings/records", "/api/collections/hub_settings/records/" + row.Id} {
		if r := admin.API(http.MethodGet, path, nil).Want(http.StatusOK); strings.Contains(r.Body, key) {
			t.Errorf("%s shows the key", path)
		}
	}
	admin.API(http.MethodPatch, "/api/collections/hub_settings/records/"+row.Id, map[string]string{"place": "Semarang"}).Want(http.StatusOK)
	if w.Fresh(row).GetString("push_key") != key {
		t.Error("a save changed the key")
	}
	page := w.As(w.Partner).Get("/devices")
	if public := page.Doc().Find("[data-push]").AttrOr("data-push", ""); len(unbase(public)) != 65 || strings.Contains(page.Body, key) {
		t.Errorf("browsers are given %q", public)
	}
}

func hubSettings(w *testkit.World) string {
	found, err := w.App.FindAllRecords("hub_settings")
	if err != nil || len(found) != 1 {
		w.Fatalf("%d rows of settings, %v", len(found), err)
	}
	return found[0].Id
}

func TestTheAccountPageLeadsToDevices(t *testing.T) {
	w := testkit.New(t)
	if n := w.As(w.Partner).Get("/me").Doc().Find(`main a[href="/devices"]`).Length(); n != 1 {
		t.Errorf("%d links", n)
	}
	if n := w.As(w.Administrator).Get("/me").Doc().Find(`main a[href="/devices"]`).Length(); n != 0 {
		t.Error("an administrator, who gets no reminders, is led there")
	}
}
