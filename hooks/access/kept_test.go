package access_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"
)

// kept says in both languages that a row is the hub's to write.
func kept(t *testing.T, got *testkit.Response, words ...string) {
	t.Helper()
	got.Want(http.StatusBadRequest)
	for _, want := range words {
		if !strings.Contains(got.Body, want) {
			t.Errorf("the answer %s does not say %q", got.Body, want)
		}
	}
}

// everything is a collection as it stands, by id.
func everything(t *testing.T, w *testkit.World, collection string) map[string]string {
	t.Helper()
	rows, err := w.App.FindAllRecords(collection)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, r := range rows {
		body, err := r.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		all[r.Id] = string(body) + r.GetString("text_body") + r.GetString("link_secret") + r.GetString("push_key")
	}
	return all
}

// The ledger says what left and what did not: by hand it could say anything.
func TestAdministratorsCannotWriteTheLedgerByHand(t *testing.T) {
	w := testkit.New(t)
	letter := w.Make("deliveries", "kind", "task_due", "programme", w.Kopi.Id, "user", w.Partner.Id, "email", "partner@example.org",
		"key", "k", "due_at", "2026-12-01 01:00:00.000Z", "state", "failed")
	before := everything(t, w, "deliveries")
	const rows = "/api/collections/deliveries/records"
	body := map[string]any{"kind": "task_due", "key": "forged", "state": "sent", "due_at": "2026-12-01 01:00:00.000Z", "email": "x@example.org"}
	admin := w.As(w.Administrator)
	for path, method := range map[string]string{rows: http.MethodPost, rows + "/" + letter.Id: http.MethodPatch,
		rows + "/" + letter.Id + "?": http.MethodDelete, "/api/collections/deliveries/truncate": http.MethodDelete,
		"/api/collections/" + letter.Collection().Id + "/truncate": http.MethodDelete} {
		kept(t, admin.API(method, path, body), "Buku surat ditulis oleh hub sendiri.", "Kotak surat (/mailbox)", "The ledger is written by the hub itself.", "page Mailbox (/mailbox)")
	}
	if after := everything(t, w, "deliveries"); !maps.Equal(before, after) {
		t.Errorf("the ledger holds %v, not %v", after, before)
	}
	// What is nobody's but administrators' says nothing to others, and their looking is no writing.
	for _, person := range []*core.Record{nil, w.Partner, w.Initiator} {
		if got := w.As(person).API(http.MethodPost, rows, body); got.Status < 400 || strings.Contains(got.Body, "/mailbox") {
			t.Errorf("somebody is told %d %s", got.Status, got.Body)
		}
		if got := w.As(person).API(http.MethodDelete, "/api/collections/deliveries/truncate", nil); got.Status < 400 || strings.Contains(got.Body, "/mailbox") {
			t.Errorf("somebody is told %d %s", got.Status, got.Body)
		}
	}
	admin.API(http.MethodGet, rows, nil).Want(http.StatusOK)
	// The page for it still works, and so does what stands beside the ledger.
	page := w.As(w.Administrator)
	page.SetCookie("__Host-simpul", page.Cookie("simpul"))
	page.Post("/mailbox/retry", "id", letter.Id)
	if got := w.Fresh(letter).GetString("state"); got != "queued" {
		t.Errorf("after the page's own step the letter is %s", got)
	}
	made := admin.API(http.MethodPost, "/api/collections/suppressions/records", map[string]any{"email": "mati@example.org", "reason": "bounced"}).Want(http.StatusOK)
	row := w.Only("suppressions", "email", "mati@example.org")
	if !strings.Contains(made.Body, row.Id) {
		t.Errorf("a suppression is answered with %s", made.Body)
	}
	admin.API(http.MethodDelete, "/api/collections/suppressions/records/"+row.Id, nil).Want(http.StatusNoContent)
}

// What goes with a record goes on going with it, messages too.
func TestWhatIsDeletedByARequestTakesItsMessagesAlong(t *testing.T) {
	w := testkit.New(t)
	draft := w.Make("programmes", "slug", "rancangan", "name", "Rancangan", "owner", w.Agency.Id, "province", "Jawa Tengah", "regency", "Kota Semarang",
		"time_zone", "Asia/Jakarta", "kind", "change_action", "status", "draft", "starts_on", "2026-01-01", "ends_on", "2026-12-31")
	w.Make("deliveries", "kind", "task_due", "programme", draft.Id, "email", "partner@example.org", "key", "k", "due_at", "2026-12-01 01:00:00.000Z", "state", "failed")
	w.As(w.Administrator).API(http.MethodDelete, "/api/collections/programmes/records/"+draft.Id, nil).Want(http.StatusNoContent)
	if n, err := w.App.CountRecords("deliveries", dbx.HashExp{"programme": draft.Id}); err != nil || n != 0 {
		t.Errorf("%d letters stay, %v", n, err)
	}
}

// The admin UI does not know the hub's secrets: whatever it sends, they stay.
func TestNoRequestChangesWhatTheHubFillsInByItself(t *testing.T) {
	w := testkit.New(t)
	if _, err := w.App.NonconcurrentDB().NewQuery(`UPDATE hub_settings SET instance = 'tanda', mail_rounds = 7, night_on = '2026-11-23', planned_at = '2026-11-23 01:00:00.000Z'`).Execute(); err != nil {
		t.Fatal(err)
	}
	row := w.Only("hub_settings", "hub_name", "Simpul Lima")
	path := "/api/collections/hub_settings/records/" + row.Id
	fields := []string{"link_secret", "push_key", "instance", "mail_rounds", "night_on", "planned_at"}
	before := map[string]string{}
	for _, f := range fields {
		if before[f] = row.GetString(f); before[f] == "" || before[f] == "0" {
			t.Fatalf("%s is empty", f)
		}
	}
	admin := w.As(w.Administrator)
	for name, value := range map[string]any{"empty": "", "another": "2030-01-01 00:00:00.000Z"} {
		body := map[string]any{"letterhead_lines": name, "mails_per_hour": 40, "dkim_selector": ""}
		for _, f := range fields {
			body[f] = value
		}
		if admin.API(http.MethodPatch, path, body).Want(http.StatusOK); w.Fresh(row).GetString("letterhead_lines") != name {
			t.Error("what people fill in is not saved")
		}
		for _, f := range fields {
			if got := w.Fresh(row).GetString(f); got != before[f] {
				t.Errorf("%s: %s is %q, it was %q", name, f, got, before[f])
			}
		}
	}
	if got := w.Fresh(row); got.GetInt("mails_per_hour") != 40 {
		t.Errorf("the limit is %d", got.GetInt("mails_per_hour"))
	}
	for _, path := range []string{path, "/api/collections/hub_settings/truncate"} {
		kept(t, admin.API(http.MethodDelete, path, nil), "Pengaturan hub tidak bisa dihapus", "cannot be deleted")
	}
	if got := slices.Collect(maps.Keys(everything(t, w, "hub_settings"))); len(got) != 1 || got[0] != row.Id {
		t.Errorf("the settings are %v", got)
	}
}
