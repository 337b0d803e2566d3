package devices_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

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
			if off := r.Text(".badge.bad") == lang.T(language, "devices.stopped"); off != (status == 410) {
				t.Errorf("%d: the device is off: %v", status, off)
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
