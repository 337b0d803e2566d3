package push_test

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"simpul/hooks/lang"
	"simpul/hooks/testkit"
)

func TestPages_SubscribeTestAndUnsubscribe(t *testing.T) {
	e := newEnv(t)
	c := e.client(e.Partner)
	empty := c.Get("/devices").Want(http.StatusOK)
	if !strings.Contains(empty.Text("main"), lang.T("id", "push.none")) || empty.Doc().Find("[data-push-on]").Length() != 0 {
		t.Errorf("page without subscriptions = %s", empty.Text("main"))
	}
	b := newBrowser(t, phone)
	listed := c.Follow(c.Post("/devices", b.form()...))
	if got := listed.Text(".flash"); got != lang.T("id", "push.turned_on") {
		t.Errorf("flash = %q", got)
	}
	const list = "section[aria-labelledby=yours]"
	for _, want := range []string{"Perangkat ini", "Belum ada pemberitahuan", "Sejak "} {
		if !strings.Contains(listed.Text(list), want) {
			t.Errorf("the list lacks %q: %s", want, listed.Text(list))
		}
	}
	if listed.Doc().Find("[data-push-on]").Length() != 1 {
		t.Error("the page does not mark its own browser")
	}
	if strings.Contains(listed.Body, phone) || strings.Contains(listed.Body, b.form()[5]) {
		t.Error("the page shows the endpoint or the secret")
	}
	elsewhere := e.client(e.Partner).Get("/devices")
	if text := elsewhere.Text(list); !strings.Contains(text, "Perangkat lain") || elsewhere.Doc().Find("[data-push-on]").Length() != 0 {
		t.Errorf("in another browser the list is %s", text)
	}
	id := e.Only("push_subscriptions", "endpoint", phone).Id
	tested := c.Follow(c.Post("/devices/" + id + "/test"))
	if got := tested.Text(".flash"); got != lang.T("id", "push.tried") {
		t.Errorf("flash = %q", got)
	}
	e.wantEqual("test message", b.bodies(e.service.received()), lang.T("id", "push.test_body"))
	if text := tested.Text(list); !strings.Contains(text, "Pemberitahuan terakhir Sen, 23 Nov 2026, 09.00 WIB") {
		t.Errorf("the list is %s", text)
	}
	off := c.Follow(c.Post("/devices/" + id + "/off"))
	if got := off.Text(".flash"); got != lang.T("id", "push.turned_off") {
		t.Errorf("flash = %q", got)
	}
	e.wantCount(0)
	e.wantMessages()
}

func TestSendTest_Failure_IsExplained(t *testing.T) {
	for status, key := range map[int]string{500: "push.trouble_busy", 403: "push.trouble_refused", 410: "push.gone", 0: "push.trouble_unreachable"} {
		for _, language := range lang.Languages {
			e := newEnv(t)
			e.change(e.Partner, "language", language)
			b := e.subscribe(e.Partner, phone)
			e.service.respond(status, nil)
			e.service.down = status == 0
			r := e.client(e.Partner).Post("/devices/" + b.id + "/test").Want(http.StatusUnprocessableEntity)
			if want := lang.T(language, key, "status", strconv.Itoa(status)); r.Text(".callout.bad") != want {
				t.Errorf("%d: callout = %q, want %q", status, r.Text(".callout.bad"), want)
			}
			want := map[bool]int64{true: 0, false: 1}[status == 410]
			e.wantCount(want)
			if status == 0 && e.subscription(b).GetInt("failures") != 0 {
				t.Error("an unreachable service counts as a refusal")
			}
		}
	}
}

func TestPages_OtherPerson_NotFound(t *testing.T) {
	e := newEnv(t)
	b := e.subscribe(e.Partner, phone)
	for name, c := range map[string]*testkit.Client{"a colleague": e.client(e.OtherPartner), "the initiator": e.client(e.Initiator),
		"an administrator": e.client(e.Administrator)} {
		for _, step := range []string{"off", "test"} {
			if r := c.Post("/devices/" + b.id + "/" + step); r.Status != http.StatusNotFound {
				t.Errorf("%s: %s answers %d", name, step, r.Status)
			}
		}
		if r := c.Get("/devices"); r.Status == http.StatusOK && strings.Contains(r.Body, b.id) {
			t.Errorf("%s sees it", name)
		}
		if r := c.API(http.MethodGet, "/api/collections/push_subscriptions/records/"+b.id, nil); name != "an administrator" && r.Status != http.StatusNotFound {
			t.Errorf("%s: the API answers %d", name, r.Status)
		}
	}
	e.client(e.Administrator).Post("/devices", newBrowser(t, laptop).form()...).Want(http.StatusNotFound)
	e.As(nil).Post("/devices/" + b.id + "/off").Want(http.StatusUnauthorized)
	e.wantCount(1)
	if got := e.service.received(); len(got) != 0 {
		t.Errorf("%d requests, want none", len(got))
	}
}

func TestAPI_OwnSubscription_HidesEndpointAndKeys(t *testing.T) {
	e := newEnv(t)
	b := e.subscribe(e.Partner, phone)
	const records = "/api/collections/push_subscriptions/records"
	r := e.As(e.Partner).API(http.MethodGet, records, nil).Want(http.StatusOK)
	fields := map[string]string{"user": e.Partner.Id}
	for i, form := 0, b.form(); i < len(form); i += 2 {
		fields[form[i]] = form[i+1]
		if strings.Contains(r.Body, form[i+1]) {
			t.Errorf("the API shows %s", form[i])
		}
	}
	e.As(e.Partner).API(http.MethodPost, records, fields).Want(http.StatusForbidden)
	e.As(e.Partner).API(http.MethodDelete, records+"/"+b.id, nil).Want(http.StatusNoContent)
}

func TestSubscribe_InvalidForm_IsExplained(t *testing.T) {
	e := newEnv(t)
	good := newBrowser(t, phone).form()
	for name, c := range map[string]struct {
		fields []string
		key    string
	}{
		"nothing":         {nil, "push.problem_nothing"},
		"another service": {append([]string{"endpoint", "https://intranet.example/x"}, good[2:]...), "push.problem_service"},
		"this machine":    {append([]string{"endpoint", "https://127.0.0.1/x"}, good[2:]...), "push.problem_service"},
		"a broken key":    {append(append([]string{}, good[:2]...), "p256dh", "AAAA", "auth", good[5]), "push.problem_keys"},
		"a broken secret": {append(append([]string{}, good[:4]...), "auth", "AAAA"), "push.problem_keys"},
		"not a text":      {append([]string{"endpoint", "https://fcm.googleapis.com/\xff"}, "p256dh", "\xff", "auth", "\x00"), "push.problem_keys"},
	} {
		for _, language := range lang.Languages {
			e.change(e.Partner, "language", language)
			r := e.client(e.Partner).Post("/devices", c.fields...).Want(http.StatusUnprocessableEntity)
			if got := r.Text(".callout.bad"); got != lang.T(language, c.key) {
				t.Errorf("%s: callout = %q", name, got)
			}
		}
	}
	e.wantCount(0)
	if e.service.dialAttempts != 0 {
		t.Errorf("%d connections tried, want none", e.service.dialAttempts)
	}
}

func TestServiceWorker_IsAtTheRootAndRevalidated(t *testing.T) {
	w := testkit.New(t)
	for _, encoding := range []string{"", "gzip"} {
		req := httptest.NewRequest(http.MethodGet, "/sw.js", nil)
		req.Header.Set("Accept-Encoding", encoding)
		r := w.As(nil).Do(req).Want(http.StatusOK)
		for name, want := range map[string]string{"Cache-Control": "no-cache", "Content-Encoding": encoding, "X-Content-Type-Options": "nosniff"} {
			if got := r.Header.Get(name); got != want {
				t.Errorf("%s = %q, want %q", name, got, want)
			}
		}
		if got := r.Header.Get("Content-Type"); !strings.HasPrefix(got, "text/javascript") {
			t.Errorf("Content-Type = %s", got)
		}
		if got := r.Header.Get("Content-Security-Policy"); !strings.Contains(got, "default-src 'self'") {
			t.Errorf("Content-Security-Policy = %q", got)
		}
		if cookies := r.Header["Set-Cookie"]; len(cookies) > 0 {
			t.Errorf("Set-Cookie = %v", cookies)
		}
	}
}

func TestAccountPage_LinksToPushForMembersOnly(t *testing.T) {
	w := testkit.New(t)
	if n := w.As(w.Partner).Get("/me").Doc().Find(`main a[href="/devices"]`).Length(); n != 1 {
		t.Errorf("%d links for the partner, want 1", n)
	}
	if n := w.As(w.Administrator).Get("/me").Doc().Find(`main a[href="/devices"]`).Length(); n != 0 {
		t.Errorf("%d links for an administrator, who gets no reminders", n)
	}
}
