package migrations_test

import (
	"maps"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit/check"
)

// values are the fields of one record.
type values map[string]any

// but returns the values with some changed.
func (v values) but(changed values) values {
	out := maps.Clone(v)
	maps.Copy(out, changed)
	return out
}

// hub is an app with one valid record in every collection.
type hub struct {
	*core.BaseApp
	t   *testing.T
	ids map[string]string
}

func fillHub(t *testing.T) *hub {
	t.Helper()
	h := &hub{BaseApp: openHub(t), t: t, ids: map[string]string{}}
	h.must("users", values{"name": "Kepala Panti", "password": "sepuluh huruf"})
	h.must("organisations", values{"name": "Puskesmas Tambakaji", "helix": "government"})
	h.must("contacts", values{"organisation": h.ids["organisations"], "position": "Kepala", "user": h.ids["users"]})
	h.must("programmes", values{"slug": "kopi-rehat", "name": "KOPI REHAT", "owner": h.ids["organisations"]})
	for _, c := range []string{
		"memberships", "stages", "milestones", "stakeholders", "assessments", "meetings", "tasks", "minutes",
		"minutes_revisions", "decisions", "attendances", "contributions", "comments", "evidence", "nil_reports", "indicators",
		"indicator_values", "reminder_rules", "deliveries", "holidays", "suppressions", "activity",
		"push_subscriptions", "push_messages",
	} {
		h.must(c, h.valid(c))
	}
	return h
}

// valid is a small record that the collection takes.
func (h *hub) valid(collection string) values {
	in := values{"programme": h.ids["programmes"]}
	switch collection {
	case "memberships":
		return in.but(values{"user": h.ids["users"], "role": "initiator"})
	case "stages", "indicators":
		return in.but(values{"name": "Rantang 1"})
	case "milestones":
		return in.but(values{"title": "Peluncuran", "horizon": "short", "due_on": "2026-12-10"})
	case "stakeholders":
		return in.but(values{"organisation": h.ids["organisations"], "position": "Kepala"})
	case "assessments":
		return values{"stakeholder": h.ids["stakeholders"], "influence": 4, "interest": 1, "assessed_on": "2026-12-10"}
	case "meetings":
		return in.but(values{"title": "Rapat", "starts_at": "2026-12-10 02:00:00.000Z"})
	case "tasks":
		return in.but(values{"title": "Jadwal", "organisation": h.ids["organisations"], "accountable": h.ids["users"]})
	case "minutes":
		return values{"meeting": h.ids["meetings"], "body": "Isi"}
	case "minutes_revisions":
		return values{"minutes": h.ids["minutes"], "revision": 1}
	case "decisions":
		return values{"meeting": h.ids["meetings"], "text": "Kunjungan rumah bersama."}
	case "attendances":
		return values{"meeting": h.ids["meetings"], "stakeholder": h.ids["stakeholders"], "state": "invited"}
	case "contributions":
		return in.but(values{"contributor": h.ids["organisations"], "kind": "goods", "item": "Sembako",
			"quantity": 20, "unit": "package", "given_on": "2026-12-10", "review_status": "submitted"})
	case "comments":
		return in.but(values{"task": h.ids["tasks"], "author": h.ids["users"], "body": "Siap."})
	case "evidence":
		return in.but(values{"contribution": h.ids["contributions"], "url": "https://example.org/berita"})
	case "nil_reports":
		return in.but(values{"organisation": h.ids["organisations"], "month": "2026-11"})
	case "indicator_values":
		return values{"indicator": h.ids["indicators"], "on": "2026-12-10", "value": 0}
	case "reminder_rules":
		return in.but(values{"name": "Tugas: H-3", "kind": "task_due", "anchor": "task.due_on",
			"audience": []string{"assignee"}, "at": "08:00", "useful_until": "+1"})
	case "deliveries":
		return in.but(values{"rule": h.ids["reminder_rules"], "kind": "task_due", "key": "a", "state": "planned",
			"due_at": "2026-12-10 01:00:00.000Z", "user": h.ids["users"], "recipient": h.ids["contacts"]})
	case "holidays":
		return values{"on": "2026-12-25", "name": "Natal", "kind": "national_holiday"}
	case "suppressions":
		return values{"email": "sri@example.org", "reason": "bounced"}
	case "push_subscriptions":
		return values{"user": h.ids["users"], "endpoint": "https://fcm.googleapis.com/a", "p256dh": "k", "auth": "a"}
	case "push_messages":
		return values{"subscription": h.ids["push_subscriptions"], "delivery": h.ids["deliveries"], "state": "waiting"}
	case "activity":
		return in.but(values{"via": "page", "collection": "tasks", "record": h.ids["tasks"], "action": "create"})
	}
	h.t.Fatalf("no valid record of %s is known", collection)
	return nil
}

func (h *hub) must(collection string, fields values) {
	h.t.Helper()
	id, err := h.save(collection, fields)
	if err != nil {
		h.t.Fatalf("%s: %v", collection, err)
	}
	h.ids[collection] = id
}

func (h *hub) save(collection string, fields values) (id string, err error) {
	h.t.Helper()
	c, err := h.FindCollectionByNameOrId(collection)
	if err != nil {
		h.t.Fatal(err)
	}
	r := core.NewRecord(c)
	for name, value := range fields {
		r.Set(name, value)
	}
	err = h.Save(r)
	return r.Id, err
}

// remove deletes the one record of the collection that fillHub made.
func (h *hub) remove(collection string) error {
	h.t.Helper()
	r := check.Must(h.FindRecordById(collection, h.ids[collection]))
	return h.Delete(r)
}

func (h *hub) count(collection string) int64 {
	h.t.Helper()
	n := check.Must(h.CountRecords(collection))
	return n
}
