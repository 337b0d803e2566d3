package access_test

import (
	"encoding/json"
	"net/http"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/testkit"
	"simpul/hooks/testkit/check"
)

// fixture is one stored record to ask about, a body that would make another
// like it, and a change of it.
type fixture struct {
	name   string
	record *core.Record
	body   map[string]any
	change map[string]any
}

type fields = map[string]any

// fixtures are one record or more of every collection, most of them in Kopi.
func fixtures(w *testkit.World) []fixture {
	out := append(people(w), work(w)...)
	out = append(out, talk(w)...)
	out = append(out, gifts(w)...)
	return append(out, system(w)...)
}

func people(w *testkit.World) []fixture {
	contact := w.Only("contacts", "organisation", w.Puskesmas.Id)
	spare := w.Make("organisations", "name", "Radio Semarang", "helix", "media", "subtype", "radio")
	stakeholder := w.Only("stakeholders", "organisation", w.Puskesmas.Id)
	member := membership(w, w.Coordinator)
	return []fixture{
		{"users: partner", w.Partner, nil, fields{"position": "Bidan"}},
		{"users: initiator", w.Initiator, nil, fields{"position": "Kepala"}},
		{"organisations: Puskesmas", w.Puskesmas, fields{"name": "Yayasan Baru", "helix": "community", "subtype": "lks"}, fields{"address": "Jalan Raya 1"}},
		{"contacts: Puskesmas", contact, fields{"organisation": w.Puskesmas.Id, "position": "Perawat", "email": "perawat@example.org"}, fields{"position": "Kepala"}},
		{"programmes: kopi", w.Kopi, fields{"name": "Program Baru", "slug": "program-baru", "owner": w.Agency.Id, "province": "Jawa Tengah",
			"time_zone": "Asia/Jakarta", "kind": "service", "status": "draft"}, fields{"regency": "Semarang"}},
		{"memberships: coordinator", member, fields{"programme": w.Kopi.Id, "user": w.Outsider.Id, "role": "member"}, fields{"role": "member"}},
		{"stakeholders: Puskesmas", stakeholder, fields{"programme": w.Kopi.Id, "organisation": spare.Id, "joined_on": "2026-02-01"}, fields{"role": "Layanan kesehatan"}},
		{"assessments: Puskesmas", w.Make("assessments", "stakeholder", stakeholder.Id, "influence", 3, "interest", 3, "stance", "supportive",
			"assessed_on", "2026-02-01", "reason", "Awal", "assessor", w.Initiator.Id),
			fields{"stakeholder": stakeholder.Id, "influence": 4, "interest": 2, "stance": "neutral", "assessed_on": "2026-03-01", "reason": "Lagi"},
			fields{"reason": "Lain"}},
	}
}

func membership(w *testkit.World, user *core.Record) *core.Record {
	return w.Only("memberships", "user", user.Id)
}

func work(w *testkit.World) []fixture {
	kopi := w.Kopi.Id
	task := w.Make("tasks", "programme", kopi, "title", "Jadwal home visit", "organisation", w.Puskesmas.Id,
		"accountable", w.Initiator.Id, "due_on", "2026-12-10", "state", "todo", "urgency", "normal")
	return []fixture{
		{"stages", w.Make("stages", "programme", kopi, "position", 1, "name", "Asesmen"),
			fields{"programme": kopi, "position": 2, "name": "Kunjungan"}, fields{"name": "Asesmen awal"}},
		{"milestones", w.Make("milestones", "programme", kopi, "title", "Peluncuran", "horizon", "short", "due_on", "2026-12-01", "state", "planned"),
			fields{"programme": kopi, "title": "Evaluasi", "horizon": "medium", "due_on": "2027-01-10", "state": "planned"}, fields{"title": "Peluncuran gerai"}},
		{"tasks: of Puskesmas", task, fields{"programme": kopi, "title": "Siapkan tempat", "organisation": w.Puskesmas.Id,
			"accountable": w.Initiator.Id, "due_on": "2026-12-12", "state": "todo", "urgency": "normal"}, fields{"title": "Judul lain"}},
		{"tasks: state of Puskesmas'", task, nil, fields{"state": "in_progress"}},
		{"indicators", w.Make("indicators", "programme", kopi, "name", "Penerima manfaat dilayani", "unit", "orang", "type", "output",
			"direction", "higher_better", "period", "yearly", "method", "latest"),
			fields{"programme": kopi, "name": "Kembali ke keluarga", "unit": "orang", "type": "outcome", "direction": "higher_better", "period": "yearly", "method": "latest"},
			fields{"name": "Penerima manfaat"}},
	}
}

func talk(w *testkit.World) []fixture {
	task := w.Only("tasks", "programme", w.Kopi.Id)
	meeting := w.Make("meetings", "programme", w.Kopi.Id, "kind", "coordination", "title", "Rapat koordinasi", "starts_at", "2026-12-01 02:00:00.000Z",
		"ends_at", "2026-12-01 04:00:00.000Z", "time_zone", "Asia/Jakarta", "mode", "in_person", "place", "Aula", "status", "scheduled")
	other := w.Make("meetings", "programme", w.Kopi.Id, "kind", "team", "title", "Rapat tim", "starts_at", "2026-12-02 02:00:00.000Z",
		"time_zone", "Asia/Jakarta", "mode", "online", "status", "scheduled")
	third := w.Make("meetings", "programme", w.Kopi.Id, "kind", "team", "title", "Rapat tim kedua", "starts_at", "2026-12-03 02:00:00.000Z",
		"time_zone", "Asia/Jakarta", "mode", "online", "status", "scheduled")
	draft := w.Make("minutes", "meeting", other.Id, "body", "Konsep", "status", "draft")
	circulated := w.Make("minutes", "meeting", meeting.Id, "body", "Edaran", "status", "circulated")
	revision := w.Make("minutes_revisions", "minutes", draft.Id, "revision", 90, "body", "Konsep")
	return []fixture{
		{"comments: for partners", w.Make("comments", "programme", w.Kopi.Id, "task", task.Id, "author", w.Initiator.Id, "body", "Semangat", "visibility", "partners"),
			fields{"programme": w.Kopi.Id, "task": task.Id, "body": "Baik", "visibility": "partners"}, fields{"body": "Lain"}},
		{"comments: for the team", w.Make("comments", "programme", w.Kopi.Id, "task", task.Id, "author", w.Initiator.Id, "body", "Rahasia", "visibility", "team"),
			fields{"programme": w.Kopi.Id, "task": task.Id, "body": "Baik", "visibility": "team"}, nil},
		{"meetings", meeting, fields{"programme": w.Kopi.Id, "kind": "team", "title": "Rapat baru", "starts_at": "2026-12-05 02:00:00.000Z",
			"time_zone": "Asia/Jakarta", "mode": "online", "status": "scheduled"}, fields{"place": "Ruang Melati"}},
		{"minutes: draft", draft, fields{"meeting": third.Id, "body": "Catatan"}, fields{"body": "Konsep kedua"}},
		{"minutes: circulated", circulated, nil, fields{"status": "final"}},
		{"minutes_revisions", revision, fields{"minutes": draft.Id, "revision": 9, "body": "Palsu"}, fields{"body": "Palsu"}},
		{"decisions: of draft minutes", w.Make("decisions", "meeting", other.Id, "text", "Lanjut", "state", "standing"),
			fields{"meeting": meeting.Id, "text": "Setuju", "state": "standing"}, fields{"text": "Lanjut terus"}},
		{"decisions: of circulated minutes", w.Make("decisions", "meeting", meeting.Id, "text", "Setuju", "state", "standing"), nil, nil},
		{"attendances: Puskesmas", w.Make("attendances", "meeting", meeting.Id, "stakeholder", w.Only("stakeholders", "organisation", w.Puskesmas.Id).Id, "state", "invited"),
			fields{"meeting": meeting.Id, "stakeholder": w.Only("stakeholders", "organisation", w.Forum.Id).Id, "state": "invited"}, fields{"state": "confirmed"}},
	}
}

func gift(w *testkit.World, giver *core.Record, status string) *core.Record {
	r := w.Make("contributions", "programme", w.Kopi.Id, "contributor", giver.Id, "kind", "goods", "item", "Sembako", "quantity", 20, "unit", "package",
		"given_on", "2026-11-20", "stage", "delivered", "value_idr", 1000000, "value_basis", "market_estimate", "logged_by", w.Partner.Id)
	if status == r.GetString("review_status") {
		return r
	}
	r.Set("review_status", status)
	check.NoError(w, w.App.Save(r))
	return r
}

func gifts(w *testkit.World) []fixture {
	submitted, returned := gift(w, w.Puskesmas, "submitted"), gift(w, w.Puskesmas, "needs_revision")
	verified := gift(w, w.Forum, "verified")
	indicator := w.Only("indicators", "programme", w.Kopi.Id)
	shown := check.Must(w.App.FindRecordById("verified_contributions", verified.Id))
	body := fields{"programme": w.Kopi.Id, "contributor": w.Puskesmas.Id, "kind": "goods", "item": "Masker", "quantity": 5, "unit": "package",
		"given_on": "2026-11-20", "stage": "delivered"}
	return []fixture{
		{"contributions: submitted by Puskesmas", submitted, body, fields{"item": "Beras"}},
		{"contributions: returned to Puskesmas", returned, nil, fields{"item": "Beras"}},
		{"contributions: status by the giver", returned, with(body, "review_status", "verified"), fields{"review_status": "verified"}},
		{"contributions: verified value by the giver", returned, with(body, "verified_value_idr", 9), fields{"verified_value_idr": 9}},
		{"contributions: verified of Forum", verified, nil, fields{"item": "Beras"}},
		{"verified_contributions: of Forum", shown, nil, nil},
		{"evidence: for the team, of Puskesmas", w.Make("evidence", "programme", w.Kopi.Id, "contribution", submitted.Id, "kind", "photo",
			"url", "https://example.org/foto", "visibility", "team", "people_in_it", "none", "uploaded_by", w.Partner.Id),
			fields{"programme": w.Kopi.Id, "contribution": submitted.Id, "kind": "photo", "url": "https://example.org/lain", "visibility": "team", "people_in_it": "none"},
			fields{"caption": "Lain"}},
		{"nil_reports: of Puskesmas", w.Make("nil_reports", "programme", w.Kopi.Id, "organisation", w.Puskesmas.Id, "month", "2026-08", "said_by", w.Partner.Id),
			fields{"programme": w.Kopi.Id, "organisation": w.Puskesmas.Id, "month": "2026-10"}, fields{"month": "2026-09"}},
		{"indicator_values", w.Make("indicator_values", "indicator", indicator.Id, "on", "2026-06-30", "value", 12, "entered_by", w.Initiator.Id),
			fields{"indicator": indicator.Id, "on": "2026-07-31", "value": 13}, fields{"value": 14}},
	}
}

func with(body fields, name string, value any) fields {
	out := fields{name: value}
	for k, v := range body {
		out[k] = v
	}
	return out
}

func system(w *testkit.World) []fixture {
	rule := w.Make("reminder_rules", "programme", w.Kopi.Id, "name", "Tenggat tugas kita", "kind", "task_due", "anchor", "task.due_on",
		"offset_days", -2, "at", "08:00", "audience", []string{"focal_point"}, "active", true)
	subscription := w.Make("push_subscriptions", "user", w.OtherPartner.Id, "endpoint", "https://fcm.googleapis.com/fcm/send/a",
		"p256dh", "k", "auth", "a")
	return []fixture{
		{"reminder_rules: of kopi", rule, fields{"programme": w.Kopi.Id, "name": "Aturan baru", "kind": "task_due", "anchor": "task.due_on",
			"offset_days": -5, "at": "08:00", "audience": []string{"focal_point"}, "active": true}, fields{"active": false}},
		{"deliveries: to the partner", w.Make("deliveries", "kind", "task_due", "programme", w.Kopi.Id, "user", w.Partner.Id, "email", "partner@example.org",
			"key", "fixture", "due_at", "2026-12-01 01:00:00.000Z", "state", "planned"), nil, fields{"state": "sent"}},
		{"holidays", first(w, "holidays"), fields{"on": "2027-01-01", "name": "Tahun Baru", "kind": "national_holiday"}, fields{"name": "Lain"}},
		{"push_subscriptions: of the other partner", subscription, fields{"user": w.OtherPartner.Id, "endpoint": "https://fcm.googleapis.com/fcm/send/b", "p256dh": "k", "auth": "a"},
			fields{"last_error": "410"}},
		{"push_messages", w.Make("push_messages", "subscription", subscription.Id, "state", "waiting"), fields{"subscription": subscription.Id, "state": "sent"}, fields{"state": "sent"}},
		{"suppressions", w.Make("suppressions", "email", "gone@example.org", "reason", "bounced"), fields{"email": "x@example.org", "reason": "bounced"}, nil},
		{"activity", w.Only("activity", "record", rule.Id), nil, fields{"action": "delete"}},
		{"hub_settings", settings(w), nil, fields{"hub_name": "Lain"}},
	}
}

func first(w *testkit.World, collection string) *core.Record {
	found, err := w.App.FindRecordsByFilter(collection, "id != ''", "created", 1, 0)
	if err != nil || len(found) == 0 {
		w.Fatalf("%s is empty: %v", collection, err)
	}
	return found[0]
}

func settings(w *testkit.World) *core.Record {
	found, err := w.App.FindRecordsByFilter("hub_settings", "id != ''", "created", 1, 0)
	if err == nil && len(found) > 0 {
		return found[0]
	}
	return w.Make("hub_settings", "hub_name", "Simpul Lima")
}

func idIs(id string) dbx.Expression { return dbx.HashExp{"id": id} }

// at opens the scope for a person, nil for a guest.
func at(w *testkit.World, person *core.Record) *access.Scope { return access.As(w.App, person) }

// task is a task of Puskesmas in Kopi.
func task(w *testkit.World) *core.Record {
	return w.Make("tasks", "programme", w.Kopi.Id, "title", "Jadwal home visit", "organisation", w.Puskesmas.Id,
		"accountable", w.Initiator.Id, "due_on", "2026-12-10", "state", "todo", "urgency", "normal")
}

// fresh is a new record of a collection, not saved.
func fresh(w *testkit.World, collection string, body fields) *core.Record {
	w.Helper()
	c := check.Must(w.App.FindCachedCollectionByNameOrId(collection))
	r := core.NewRecord(c)
	r.Load(body)
	return r
}

// entries are the rows of the activity about one record, oldest first.
func entries(w *testkit.World, id string) []*core.Record {
	w.Helper()
	found := []*core.Record{}
	check.NoError(w, w.App.RecordQuery("activity").AndWhere(dbx.HashExp{"record": id}).OrderBy("_rowid_").All(&found))
	return found
}

// newest is the last entry about a record, which must be the nth.
func newest(w *testkit.World, id string, n int) *core.Record {
	w.Helper()
	found := entries(w, id)
	if len(found) != n {
		w.Fatalf("%d entries about %s, want %d", len(found), id, n)
	}
	return found[n-1]
}

// changesOf decodes what an entry says has changed.
func changesOf(w *testkit.World, entry *core.Record) map[string][]string {
	w.Helper()
	out := map[string][]string{}
	check.NoError(w, json.Unmarshal([]byte(entry.GetString("changes")), &out))
	return out
}

func records(collection string) string { return "/api/collections/" + collection + "/records" }

// patch changes a record over the API and returns the status.
func patch(w *testkit.World, person, r *core.Record, body fields) int {
	return w.As(person).API(http.MethodPatch, records(r.Collection().Name)+"/"+r.Id, body).Status
}
