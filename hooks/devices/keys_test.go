package devices_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"simpul/hooks/devices"
	"simpul/hooks/testkit"
)

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
	admin.API(http.MethodPatch, "/api/collections/hub_settings/records/"+row.Id, map[string]string{"letterhead_lines": "Semarang"}).Want(http.StatusOK)
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
