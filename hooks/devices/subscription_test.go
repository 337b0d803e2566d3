package devices_test

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"simpul/hooks/devices"
)

// The address comes from a browser, or from somebody who is signed in and curious.
func TestOnlyKnownPushServicesAreAsked(t *testing.T) {
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
		if got := devices.Known(endpoint); got != want {
			t.Errorf("%q: %v, want %v", endpoint, got, want)
		}
	}
}

// Whatever a name resolves to, the hub speaks to public addresses only.
func TestNoNeighbourIsConnectedTo(t *testing.T) {
	for address, allowed := range map[string]bool{
		"142.250.4.95:443": true, "[2404:6800:4003:c00::5f]:443": true,
		"127.0.0.1:443": false, "127.1.2.3:443": false, "10.0.0.1:443": false, "172.16.5.4:443": false, "192.168.1.1:443": false,
		"169.254.169.254:443": false, "100.64.0.1:443": false, "0.0.0.0:443": false, "224.0.0.1:443": false, "255.255.255.255:443": false,
		"[::1]:443": false, "[::]:443": false, "[fe80::1]:443": false, "[fc00::1]:443": false, "[fd12:3456::1]:443": false,
		"[::ffff:127.0.0.1]:443": false, "[::ffff:10.0.0.1]:443": false, "nowhere": false,
	} {
		if err := devices.Connect(address); (err == nil) != allowed {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestTheClientItselfRefusesThisMachine(t *testing.T) {
	asked := false
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	defer server.Close()
	err := devices.Ask(context.Background(), server.URL)
	if err == nil || asked || !strings.Contains(err.Error(), "no public address") {
		t.Errorf("asked %v, %v", asked, err)
	}
}

func TestKeysThatNoBrowserHasAreRefused(t *testing.T) {
	good := newBrowser(t, phone)
	point := good.key.PublicKey().Bytes()
	off := append([]byte{}, point...)
	off[64] ^= 1
	text := base64.RawURLEncoding.EncodeToString
	key, secret := text(point), text(good.secret)
	for name, of := range map[string]struct {
		s    devices.Subscription
		want string
	}{
		"as browsers send it":   {devices.Subscription{Endpoint: phone, Key: key, Secret: secret}, ""},
		"with padding":          {devices.Subscription{Endpoint: phone, Key: base64.URLEncoding.EncodeToString(point), Secret: base64.URLEncoding.EncodeToString(good.secret)}, ""},
		"nothing":               {devices.Subscription{}, "devices.problem_nothing"},
		"no address":            {devices.Subscription{Key: key, Secret: secret}, "devices.problem_service"},
		"a foreign address":     {devices.Subscription{Endpoint: "https://evil.example/x", Key: key, Secret: secret}, "devices.problem_service"},
		"a very long address":   {devices.Subscription{Endpoint: phone + strings.Repeat("x", 1000), Key: key, Secret: secret}, "devices.problem_service"},
		"no key":                {devices.Subscription{Endpoint: phone, Secret: secret}, "devices.problem_keys"},
		"no secret":             {devices.Subscription{Endpoint: phone, Key: key}, "devices.problem_keys"},
		"a point off the curve": {devices.Subscription{Endpoint: phone, Key: text(off), Secret: secret}, "devices.problem_keys"},
		"a short point":         {devices.Subscription{Endpoint: phone, Key: text(point[:64]), Secret: secret}, "devices.problem_keys"},
		"a compressed point":    {devices.Subscription{Endpoint: phone, Key: text(append([]byte{2}, point[1:33]...)), Secret: secret}, "devices.problem_keys"},
		"the point at infinity": {devices.Subscription{Endpoint: phone, Key: text([]byte{0}), Secret: secret}, "devices.problem_keys"},
		"a short secret":        {devices.Subscription{Endpoint: phone, Key: key, Secret: text(good.secret[:15])}, "devices.problem_keys"},
		"a long secret":         {devices.Subscription{Endpoint: phone, Key: key, Secret: text(append(good.secret, 0))}, "devices.problem_keys"},
		"no base64":             {devices.Subscription{Endpoint: phone, Key: "!" + key[1:], Secret: secret}, "devices.problem_keys"},
		"of the other alphabet": {devices.Subscription{Endpoint: phone, Key: key, Secret: "++++++++++++++++++++++"}, "devices.problem_keys"},
		"a line break":          {devices.Subscription{Endpoint: phone, Key: key, Secret: secret + "\n"}, ""},
	} {
		if got := of.s.Problem(); got != of.want {
			t.Errorf("%s: %q, want %q", name, got, of.want)
		}
	}
}

func TestDevicesAreNamedByWhatBrowsersSayOfThemselves(t *testing.T) {
	for agent, want := range map[string][2]string{
		"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36":                       {"Chrome di Android", "Chrome on Android"},
		"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36":   {"Samsung Internet di Android", "Samsung Internet on Android"},
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0":         {"Edge di Windows", "Edge on Windows"},
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0":                                                      {"Firefox di Windows", "Firefox on Windows"},
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604": {"Safari di iPhone", "Safari on iPhone"},
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15":                 {"Safari di Mac", "Safari on Mac"},
		"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36":                        {"Chrome di ChromeOS", "Chrome on ChromeOS"},
		"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 OPR/125.0.0.0":                   {"Opera di Linux", "Opera on Linux"},
		"Firefox": {"Firefox", "Firefox"}, "Android": {"Android", "Android"}, "curl/8": {"Perangkat tanpa nama", "Unnamed device"}, "": {"Perangkat tanpa nama", "Unnamed device"},
	} {
		for i, language := range []string{"id", "en"} {
			if got := devices.Guess(language, agent); got != want[i] {
				t.Errorf("%.60s is called %q, want %q", agent, got, want[i])
			}
		}
	}
}
