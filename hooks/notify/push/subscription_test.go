package push_test

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	webpush "github.com/SherClockHolmes/webpush-go"

	"simpul/hooks/lang"
	"simpul/hooks/notify/push"
	"simpul/hooks/testkit"
)

func TestAllowed_Endpoint_OnlyListedServices(t *testing.T) {
	for endpoint, want := range map[string]bool{
		"https://fcm.googleapis.com/fcm/send/abc:def":            true,
		"https://fcm.googleapis.com/wp/abc":                      true,
		"https://FCM.googleapis.com/fcm/send/abc":                true,
		"https://updates.push.services.mozilla.com/wpush/v2/abc": true,
		"https://wns2-par02p.notify.windows.com/w/?token=abc":    true,
		"https://web.push.apple.com/abc":                         true,
		"https://api.push.apple.com/3/device/abc":                true,
		"http://fcm.googleapis.com/fcm/send/abc":                 false,
		"https://fcm.googleapis.com:8443/fcm/send/abc":           false,
		"https://fcm.googleapis.com:443/fcm/send/abc":            false,
		"https://user:secret@fcm.googleapis.com/fcm/send/abc":    false,
		"https://fcm.googleapis.com@127.0.0.1/":                  false,
		"https://fcm.googleapis.com.evil.example/fcm/send/abc":   false,
		"https://evil-fcm.googleapis.com/abc":                    false,
		"https://evilpush.services.mozilla.com/abc":              false,
		"https://push.services.mozilla.com/abc":                  false,
		"https://notify.windows.com.evil.example/abc":            false,
		"https://127.0.0.1/abc":                                  false,
		"https://[::1]/abc":                                      false,
		"https://169.254.169.254/latest/meta-data":               false,
		"https://localhost/abc":                                  false,
		"https://fcm.googleapis.com":                             false,
		"https://fcm.googleapis.com/abc#x":                       false,
		"https:///fcm.googleapis.com/abc":                        false,
		"//fcm.googleapis.com/abc":                               false,
		"fcm.googleapis.com/abc":                                 false,
		"javascript:alert(1)":                                    false,
		"file:///etc/passwd":                                     false,
		"gopher://fcm.googleapis.com/abc":                        false,
		"https://fcm.googleapis.com\\@evil.example/abc":          false,
		"https://fcm.googleapis.com%2eevil.example/abc":          false,
		"https://evil.example/?https://fcm.googleapis.com/abc":   false,
		"https://fcm.googleapis.com\t.evil.example/abc":          false,
		"": false,
	} {
		if got := push.Allowed(endpoint); got != want {
			t.Errorf("Allowed(%q) = %v, want %v", endpoint, got, want)
		}
	}
}

// Whatever a name resolves to, the hub connects to public addresses only.
func TestRequirePublic_Address_RefusesPrivateNetworks(t *testing.T) {
	for address, allowed := range map[string]bool{
		"142.250.4.95:443": true, "[2404:6800:4003:c00::5f]:443": true,
		"127.0.0.1:443": false, "127.1.2.3:443": false, "10.0.0.1:443": false, "172.16.5.4:443": false, "192.168.1.1:443": false,
		"169.254.169.254:443": false, "100.64.0.1:443": false, "0.0.0.0:443": false, "224.0.0.1:443": false, "255.255.255.255:443": false,
		"[::1]:443": false, "[::]:443": false, "[fe80::1]:443": false, "[fc00::1]:443": false, "[fd12:3456::1]:443": false,
		"[::ffff:127.0.0.1]:443": false, "[::ffff:10.0.0.1]:443": false, "nowhere": false,
	} {
		if err := push.RequirePublic(address); (err == nil) != allowed {
			t.Errorf("RequirePublic(%s) = %v", address, err)
		}
	}
}

func TestClient_LocalServer_IsNotConnected(t *testing.T) {
	asked := false
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	defer server.Close()
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := push.Client.Do(req)
	if err == nil {
		_ = response.Body.Close()
	}
	if err == nil || asked || !strings.Contains(err.Error(), "no public address") {
		t.Errorf("asked = %v, err = %v", asked, err)
	}
}

func TestValidate_Subscription_RefusesKeysNoBrowserHas(t *testing.T) {
	good := newBrowser(t, phone)
	point := good.key.PublicKey().Bytes()
	offCurve := append([]byte{}, point...)
	offCurve[64] ^= 1
	text, padded := base64url.EncodeToString, base64.URLEncoding.EncodeToString
	key, auth := text(point), text(good.auth)
	for name, c := range map[string]struct{ endpoint, key, auth, want string }{
		"as browsers send it":   {phone, key, auth, ""},
		"with padding":          {phone, padded(point), padded(good.auth), ""},
		"nothing":               {"", "", "", "push.problem_nothing"},
		"no endpoint":           {"", key, auth, "push.problem_service"},
		"an unknown service":    {"https://evil.example/x", key, auth, "push.problem_service"},
		"a very long endpoint":  {phone + strings.Repeat("x", 1000), key, auth, "push.problem_service"},
		"no key":                {phone, "", auth, "push.problem_keys"},
		"no secret":             {phone, key, "", "push.problem_keys"},
		"a point off the curve": {phone, text(offCurve), auth, "push.problem_keys"},
		"a short point":         {phone, text(point[:64]), auth, "push.problem_keys"},
		"a compressed point":    {phone, text(append([]byte{2}, point[1:33]...)), auth, "push.problem_keys"},
		"the point at infinity": {phone, text([]byte{0}), auth, "push.problem_keys"},
		"a short secret":        {phone, key, text(good.auth[:15]), "push.problem_keys"},
		"a long secret":         {phone, key, text(append(good.auth, 0)), "push.problem_keys"},
		"no base64":             {phone, "!" + key[1:], auth, "push.problem_keys"},
		"standard base64":       {phone, key, "++++++++++++++++++++++", "push.problem_keys"},
		"a line break":          {phone, key, auth + "\n", "push.problem_keys"},
	} {
		s := webpush.Subscription{Endpoint: c.endpoint, Keys: webpush.Keys{P256dh: c.key, Auth: c.auth}}
		if got := push.Validate(s); got != c.want {
			t.Errorf("%s: Validate = %q, want %q", name, got, c.want)
		}
	}
}

func TestSubscribe_TenSubscriptions_RefusesTheNext(t *testing.T) {
	e := newEnv(t)
	for n := range push.MaxPerPerson {
		e.subscribe(e.Partner, phone+strconv.Itoa(n))
	}
	r := e.client(e.Partner).Post("/devices", newBrowser(t, laptop).form()...).Want(http.StatusUnprocessableEntity)
	if got, want := r.Text(".callout.bad"), lang.T("id", "push.problem_full", "n", push.MaxPerPerson); got != want {
		t.Errorf("callout = %q, want %q", got, want)
	}
	if n := r.Doc().Find(`form[action$="/off"]`).Length(); n != push.MaxPerPerson {
		t.Errorf("%d subscriptions are listed", n)
	}
	e.subscribe(e.OtherPartner, laptop)
	e.wantCount(push.MaxPerPerson + 1)
}

// A browser that subscribes again, also for another person, has one subscription.
func TestSubscribe_SameBrowser_ReplacesItsSubscription(t *testing.T) {
	e := newEnv(t)
	c := e.client(e.Partner)
	c.Post("/devices", newBrowser(t, phone).form()...).Want(http.StatusSeeOther)
	renewed := newBrowser(t, phone+"-renewed")
	c.Post("/devices", renewed.form()...).Want(http.StatusSeeOther)
	e.wantCount(1)
	if owner := e.Only("push_subscriptions", "endpoint", renewed.endpoint).GetString("user"); owner != e.Partner.Id {
		t.Errorf("user = %s, want the partner", owner)
	}
	taken := e.subscribe(e.OtherPartner, renewed.endpoint)
	e.wantCount(1)
	if owner := e.subscription(taken).GetString("user"); owner != e.OtherPartner.Id {
		t.Errorf("user = %s, want the other partner", owner)
	}
	// A cookie with another person's subscription removes nothing of theirs.
	other := e.client(e.Partner)
	other.SetCookie("device", taken.id)
	other.Post("/devices", newBrowser(t, laptop).form()...).Want(http.StatusSeeOther)
	e.wantCount(2)
}

// Push services number their endpoints; such a number is nobody's identity number.
func TestSubscribe_SixteenDigitsInEndpoint_IsStored(t *testing.T) {
	e := newEnv(t)
	e.subscribe(e.Partner, "https://wns2-sg2p.notify.windows.com/w/3374010112900001")
	e.wantCount(1)
}

func TestRemoveOnSignOut_SessionsEnd_RemovesSubscriptions(t *testing.T) {
	e := newEnv(t)
	e.subscribe(e.Partner, phone)
	other := e.subscribe(e.OtherPartner, laptop)
	e.client(e.Partner).Post("/me/language", "value", "en").Want(http.StatusSeeOther)
	e.wantCount(2)
	e.client(e.Partner).Post("/me/sign-out-everywhere").Want(http.StatusSeeOther)
	e.wantCount(1)
	if e.subscription(other).GetString("user") != e.OtherPartner.Id {
		t.Error("another person's subscription was removed")
	}
	fresh := e.Fresh(e.OtherPartner)
	fresh.SetPassword("kalimat baru yang panjang")
	e.must(e.App.Save(fresh))
	e.wantCount(0)
}

func TestDeletePerson_Subscriptions_AreDeleted(t *testing.T) {
	e := newEnv(t)
	e.subscribe(e.Outsider, phone)
	e.must(e.App.Delete(e.Fresh(e.Outsider)))
	e.wantCount(0)
}

func TestEnsureKey_Twice_KeepsKeyAndHidesIt(t *testing.T) {
	w := testkit.New(t)
	row := w.Only("hub_settings", "hub_name", "Simpul Lima")
	key := row.GetString("push_key")
	if len(key) != 43 {
		t.Fatalf("the key has %d characters, want 43", len(key))
	}
	if err := push.EnsureKey(w.App); err != nil || w.Fresh(row).GetString("push_key") != key {
		t.Errorf("the key changed, %v", err)
	}
	admin := w.As(w.Administrator)
	for _, path := range []string{"/api/collections/hub_settings/records", "/api/collections/hub_settings/records/" + row.Id} {
		if r := admin.API(http.MethodGet, path, nil).Want(http.StatusOK); strings.Contains(r.Body, key) {
			t.Errorf("%s shows the key", path)
		}
	}
	admin.API(http.MethodPatch, "/api/collections/hub_settings/records/"+row.Id, map[string]string{"place": "Semarang"}).Want(http.StatusOK)
	if w.Fresh(row).GetString("push_key") != key {
		t.Error("saving the settings changed the key")
	}
	page := w.As(w.Partner).Get("/devices")
	if public := page.Doc().Find("[data-push]").AttrOr("data-push", ""); len(decode(public)) != 65 || strings.Contains(page.Body, key) {
		t.Errorf("public key = %q", public)
	}
}
