package access_test

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"simpul/hooks/testkit"
	"simpul/hooks/testkit/check"
)

// kept says in both languages that a row is the hub's to write.
func kept(t *testing.T, got *testkit.Response, words ...string) {
	t.Helper()
	got.Want(http.StatusBadRequest)
	check.Contains(t, "the answer", got.Body, words...)
}

// everything is a collection as it stands, by id.
func everything(t *testing.T, w *testkit.World, collection string) map[string]string {
	t.Helper()
	rows := check.Must(w.App.FindAllRecords(collection))
	all := map[string]string{}
	for _, r := range rows {
		body := check.Must(r.MarshalJSON())
		all[r.Id] = string(body) + r.GetString("text_body") + r.GetString("link_secret") + r.GetString("push_key")
	}
	return all
}

// The ledger says what left and what did not: by hand it could say anything.
func TestRejectDirectWrites_Deliveries_AdministratorRefused(t *testing.T) {
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
		kept(t, admin.API(method, path, body), "Catatan pengiriman ditulis otomatis.", "Antrean email (/mailbox)", "The delivery records are written automatically.", "page Email queue (/mailbox)")
	}
	check.Same(t, "the ledger", before, everything(t, w, "deliveries"))
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
	check.Equal(t, "after the page's own step the letter", w.Fresh(letter).GetString("state"), "queued")
	made := admin.API(http.MethodPost, "/api/collections/suppressions/records", map[string]any{"email": "mati@example.org", "reason": "bounced"}).Want(http.StatusOK)
	row := w.Only("suppressions", "email", "mati@example.org")
	check.Contains(t, "a suppression is answered", made.Body, row.Id)
	admin.API(http.MethodDelete, "/api/collections/suppressions/records/"+row.Id, nil).Want(http.StatusNoContent)
}

// What goes with a record goes on going with it, messages too.
func TestDelete_Programme_DeletesItsMessages(t *testing.T) {
	w := testkit.New(t)
	draft := w.Make("programmes", "slug", "rancangan", "name", "Rancangan", "owner", w.Agency.Id, "province", "Jawa Tengah", "regency", "Kota Semarang",
		"time_zone", "Asia/Jakarta", "kind", "change_action", "status", "draft", "starts_on", "2026-01-01", "ends_on", "2026-12-31")
	w.Make("deliveries", "kind", "task_due", "programme", draft.Id, "email", "partner@example.org", "key", "k", "due_at", "2026-12-01 01:00:00.000Z", "state", "failed")
	w.As(w.Administrator).API(http.MethodDelete, "/api/collections/programmes/records/"+draft.Id, nil).Want(http.StatusNoContent)
	check.Equal(t, "n", check.Must(w.App.CountRecords("deliveries", dbx.HashExp{"programme": draft.Id})), 0)
}

// The admin UI does not know the hub's secrets: whatever it sends, they stay.
func TestProtectFields_HubSettings_SecretsStay(t *testing.T) {
	w := testkit.New(t)
	check.Must(w.App.NonconcurrentDB().NewQuery(`UPDATE hub_settings SET instance = 'tanda', mail_rounds = 7, planned_at = '2026-11-23 01:00:00.000Z'`).Execute())
	row := w.Only("hub_settings", "hub_name", "Simpul Lima")
	path := "/api/collections/hub_settings/records/" + row.Id
	fields := []string{"link_secret", "push_key", "instance", "mail_rounds", "planned_at"}
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
	check.Equal(t, "the limit", w.Fresh(row).GetInt("mails_per_hour"), 40)
	for _, path := range []string{path, "/api/collections/hub_settings/truncate"} {
		kept(t, admin.API(http.MethodDelete, path, nil), "Pengaturan aplikasi tidak bisa dihapus", "cannot be deleted")
	}
	if got := slices.Collect(maps.Keys(everything(t, w, "hub_settings"))); len(got) != 1 || got[0] != row.Id {
		t.Errorf("the settings are %v", got)
	}
}

// secret is what the team noted and partners never read.
const secret = "rahasia-tim"

// secrets puts a secret, or a value only the team may know, into every field
// that is hidden from partners, and returns where each stands.
func secrets(w *testkit.World) map[string]*core.Record {
	w.Helper()
	stakeholder := w.Only("stakeholders", "organisation", w.Puskesmas.Id)
	stakeholder.Load(fields{"comms_strategy": secret, "engagement_level": "involve", "partner_status": "dormant", "urgent": true})
	organisation := w.Fresh(w.Puskesmas)
	organisation.Set("note", secret)
	letter := w.Make("deliveries", "kind", "task_due", "programme", w.Kopi.Id, "user", w.Partner.Id, "email", "partner@example.org",
		"key", "surat", "due_at", "2026-12-01 01:00:00.000Z", "state", "held", "subject", "Kode", "text_body", secret, "html_body", "<p>"+secret+"</p>",
		"message", "Subject: "+secret)
	for _, r := range []*core.Record{stakeholder, organisation} {
		check.NoError(w, w.App.Save(r))
	}
	return map[string]*core.Record{
		"stakeholders.comms_strategy": stakeholder, "stakeholders.engagement_level": stakeholder,
		"stakeholders.partner_status": stakeholder, "stakeholders.urgent": stakeholder,
		"organisations.note": organisation, "deliveries.text_body": letter, "deliveries.html_body": letter,
	}
}

func TestHiddenFields_Partner_NotRead(t *testing.T) {
	w := testkit.New(t)
	hidden := secrets(w)
	for name, r := range hidden {
		collection, field, _ := strings.Cut(name, ".")
		asked := map[string]string{
			"list":         records(collection),
			"view":         records(collection) + "/" + r.Id,
			"asked for":    records(collection) + "/" + r.Id + "?fields=*," + field,
			"expanded":     records("stakeholders") + "?expand=organisation,programme",
			"from a task":  records("tasks") + "?expand=organisation",
			"of relations": records("programmes") + "?expand=stakeholders_via_programme.organisation",
		}
		for _, person := range []*core.Record{w.Partner, w.OtherPartner, w.Observer, w.Coordinator, w.Initiator} {
			for way, path := range asked {
				body := w.As(person).API(http.MethodGet, path, nil).Body
				check.That(t, !strings.Contains(body, secret) && !strings.Contains(body, `"`+field+`"`), "%s, %s, reads %s: %.300s", person.GetString("name"), way, name, body)
			}
		}
	}
}

// A filter or a sort by a hidden field would tell its value by and by.
func TestHiddenFields_FilterOrSort_Refused(t *testing.T) {
	w := testkit.New(t)
	for name := range secrets(w) {
		collection, field, _ := strings.Cut(name, ".")
		asked := map[string]string{
			"filter": records(collection) + "?filter=" + url.QueryEscape(field+` != "zzz"`),
			"like":   records(collection) + "?filter=" + url.QueryEscape(field+` ~ "r"`),
			"sort":   records(collection) + "?sort=-" + field,
		}
		for _, person := range []*core.Record{w.Partner, w.Initiator} {
			for way, path := range asked {
				if status := w.As(person).API(http.MethodGet, path, nil).Status; status != http.StatusBadRequest {
					t.Errorf("%s: %s by %s: status %d, want 400", person.GetString("name"), way, name, status)
				}
			}
		}
	}
}

func TestHiddenFields_FilterThroughRelation_Refused(t *testing.T) {
	w := testkit.New(t)
	secrets(w)
	for _, filter := range []string{
		`organisation.note ~ "rahasia"`,
		`programme.stakeholders_via_programme.comms_strategy ?~ "rahasia"`,
		`organisation.stakeholders_via_organisation.partner_status ?= "dormant"`,
		`@collection.stakeholders.urgent ?= true`,
	} {
		answer := w.As(w.Partner).API(http.MethodGet, records("tasks")+"?filter="+url.QueryEscape(filter), nil)
		check.That(t, answer.Status == http.StatusBadRequest || answer.Status == http.StatusForbidden, "%s: status %d, want it refused: %s", filter, answer.Status, answer.Body)
	}
}

func TestHiddenFields_WriteOverAPI_Ignored(t *testing.T) {
	w := testkit.New(t)
	for name, r := range secrets(w) {
		_, field, _ := strings.Cut(name, ".")
		before := w.Fresh(r).GetString(field)
		for _, person := range []*core.Record{w.Partner, w.Coordinator, w.Initiator} {
			patch(w, person, r, fields{field: "inform"})
		}
		check.Equal(t, name, w.Fresh(r).GetString(field), before)
	}
}

func TestHiddenFields_AccountState_NotRead(t *testing.T) {
	w := testkit.New(t)
	for _, person := range []*core.Record{w.Partner, w.Initiator} {
		body := w.As(person).API(http.MethodGet, records("users"), nil).Body
		check.Lacks(t, person.GetString("name"), body, `"disabled"`, `"may_create_programmes"`, `"password"`, `"tokenKey"`, "admin@example.org")
	}
	others := w.As(w.Partner).API(http.MethodGet, records("users"), nil).Body
	check.Lacks(t, "a partner reads the address of another person", others, "initiator@example.org")
}

// A rule about the request itself is met by what was sent over the API; a
// page's query, headers and form are nobody's business but the page's.

func TestRules_QueryAndHeadersOfPage_NotSeen(t *testing.T) {
	w := testkit.New(t)
	r := task(w)
	c := collection(w, "tasks")
	c.ViewRule = types.Pointer(`@request.query.open = "1" && @request.headers.x_open = "1"`)
	check.NoError(t, w.App.Save(c))
	client := w.As(w.Initiator)
	client.API(http.MethodGet, records("tasks")+"/"+r.Id+"?open=1", nil).Want(http.StatusNotFound)
	client.Header.Set("X-Open", "1")
	client.API(http.MethodGet, records("tasks")+"/"+r.Id+"?open=1", nil).Want(http.StatusOK)
	client.Get("/tasks/" + r.Id + "?open=1").Want(http.StatusNotFound)
}

func TestRules_FormOfPage_NotSeen(t *testing.T) {
	w := testkit.New(t)
	r := task(w)
	c := collection(w, "tasks")
	c.UpdateRule = types.Pointer(`@request.body.open = "1"`)
	check.NoError(t, w.App.Save(c))
	if status := patch(w, w.Initiator, r, fields{"state": "waiting", "open": "1"}); status != http.StatusOK {
		t.Fatalf("the rule is not met over the API: status %d", status)
	}
	w.As(w.Initiator).Post("/tasks/"+r.Id+"/state?open=1", "state", "in_progress", "open", "1").Want(http.StatusNotFound)
	check.Equal(t, "the page's own form changed the task", w.Fresh(r).GetString("state"), "waiting")
}

func collection(w *testkit.World, name string) *core.Collection {
	w.Helper()
	c := check.Must(w.App.FindCollectionByNameOrId(name))
	return c
}

func TestForm_UnknownField_NotWritten(t *testing.T) {
	w := testkit.New(t)
	r := task(w)
	w.As(w.Partner).Post("/tasks/"+r.Id+"/state", "state", "in_progress", "title", "Lain", "programme", w.Rantang.Id,
		"accountable", w.Partner.Id, "done_by", w.Partner.Id, "source_key", "x").Want(http.StatusSeeOther)
	after := w.Fresh(r)
	for _, f := range []string{"title", "programme", "accountable", "done_by", "source_key"} {
		check.Equal(t, f, after.GetString(f), r.GetString(f))
	}
	check.Equal(t, "the state did not change", after.GetString("state"), "in_progress")
}
