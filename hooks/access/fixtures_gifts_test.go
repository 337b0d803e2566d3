package access_test

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

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

func house(w *testkit.World) []fixture {
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
