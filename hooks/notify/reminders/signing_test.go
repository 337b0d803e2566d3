package reminders_test

import (
	"net/http"
	"strings"
	"testing"

	"simpul/hooks/notify/outbox"
	"simpul/hooks/notify/smtp"
	"simpul/hooks/testkit"
)

const hubSettings = "/api/collections/hub_settings/records"

func settingsPath(t *testing.T, w *testkit.World) string {
	t.Helper()
	rows, err := w.App.FindAllRecords("hub_settings")
	if err != nil || len(rows) != 1 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	return hubSettings + "/" + rows[0].Id
}

func TestAWrongDKIMKeyIsRefusedAtItsFieldInWords(t *testing.T) {
	w := testkit.New(t)
	path, admin := settingsPath(t, w), w.As(w.Administrator)
	good, err := smtp.NewDKIMKey("rsa")
	if err != nil {
		t.Fatal(err)
	}
	for name, of := range map[string]struct {
		domain, selector, key string
		field, words          string
	}{
		"no key":        {"example.org", "simpul", "", "dkim_key", "simpul dkim"},
		"half a key":    {"example.org", "simpul", good[:200], "dkim_key", "BEGIN"},
		"words":         {"example.org", "simpul", "kunci rahasia", "dkim_key", "bukan kunci PEM"},
		"public key":    {"example.org", "simpul", strings.ReplaceAll(good, "PRIVATE", "PUBLIC"), "dkim_key", "kunci publik"},
		"an address":    {"https://example.org", "simpul", good, "dkim_domain", "domain alone"},
		"two selectors": {"example.org", "a b", good, "dkim_selector", "one word"},
		"a key alone":   {"", "", good, "dkim_domain", "domain"},
	} {
		got := admin.API(http.MethodPatch, path, map[string]string{"dkim_domain": of.domain, "dkim_selector": of.selector, "dkim_key": of.key})
		if got.Status != http.StatusBadRequest || !strings.Contains(got.Body, `"`+of.field+`"`) || !strings.Contains(got.Body, of.words) {
			t.Errorf("%s: %d %s", name, got.Status, got.Body)
		}
	}
	admin.API(http.MethodPatch, path, map[string]string{"dkim_domain": "example.org", "dkim_selector": "simpul",
		"dkim_key": strings.ReplaceAll(good, "\n", " ")}).Want(http.StatusOK)
	s, err := outbox.LoadDKIM(w.App)
	if err != nil || len(s.Check()) > 0 {
		t.Errorf("saved: %v, %v", s, err)
	}
	admin.API(http.MethodPatch, path, map[string]string{"dkim_domain": "", "dkim_selector": "", "dkim_key": ""}).Want(http.StatusOK)
}

func TestTheSecretBehindLinksIsNeverShown(t *testing.T) {
	w := testkit.New(t)
	rows, err := w.App.FindAllRecords("hub_settings")
	if err != nil || len(rows) != 1 || len(rows[0].GetString("link_secret")) < 40 {
		t.Fatalf("the hub has no secret: %v", err)
	}
	secret := rows[0].GetString("link_secret")
	admin := w.As(w.Administrator)
	for _, path := range []string{hubSettings, settingsPath(t, w), hubSettings + "?fields=*,link_secret"} {
		if got := admin.API(http.MethodGet, path, nil).Want(http.StatusOK); strings.Contains(got.Body, secret) {
			t.Errorf("%s shows the secret", path)
		}
	}
	// Saving the form of the admin UI, which does not know the secret, keeps it.
	admin.API(http.MethodPatch, settingsPath(t, w), map[string]string{"place": "Semarang"}).Want(http.StatusOK)
	if got := w.Fresh(rows[0]).GetString("link_secret"); got != secret {
		t.Error("a save changed the secret")
	}
	if activity := w.Count("activity"); activity == 0 {
		t.Error("the save left no trace")
	}
	traces, err := w.App.FindAllRecords("activity")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range traces {
		if strings.Contains(row.GetString("changes"), secret) {
			t.Errorf("the activity tells the secret: %s", row.GetString("changes"))
		}
	}
}
