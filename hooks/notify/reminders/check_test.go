package reminders_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"
)

func TestARuleThatCouldNeverBeCarriedOutIsRefused(t *testing.T) {
	w := testkit.New(t)
	for name, c := range map[string]struct {
		change map[string]any
		field  string
		says   string
	}{
		"an audience nobody knows":    {map[string]any{"audience": []string{"ketua"}}, "audience", "hanya: assignee"},
		"an audience of another kind": {map[string]any{"audience": []string{"focal_point", "attendees"}}, "audience", "hanya: assignee, focal_point"},
		"nobody":                      {map[string]any{"audience": []string{}}, "audience", ""},
		"a kind that is not sent yet": {map[string]any{"kind": "digest"}, "kind", "belum dapat dikirim"},
		"no kind":                     {map[string]any{"kind": ""}, "kind", ""},
		"an anchor of another kind":   {map[string]any{"anchor": "meeting.starts_at"}, "anchor", "task.due_on"},
		"an anchor nobody knows":      {map[string]any{"anchor": "besok"}, "anchor", "task.due_on"},
		"half an hour of day":         {map[string]any{"at": "8:00"}, "at", "08:00"},
		"an hour after midnight":      {map[string]any{"at": "24:00"}, "at", "08:00"},
		"an hour in words":            {map[string]any{"at": "pagi"}, "at", "08:00"},
		"days too far off":            {map[string]any{"offset_days": -366}, "offset_days", ""},
		"half a day":                  {map[string]any{"offset_days": 1.5}, "offset_days", ""},
		"repeats without a maximum":   {map[string]any{"repeat_every_days": 3}, "repeat_max", "keduanya"},
		"a maximum without repeats":   {map[string]any{"repeat_max": 3}, "repeat_max", "keduanya"},
		"repeats for years":           {map[string]any{"repeat_every_days": 30, "repeat_max": 13}, "repeat_max", "365"},
		"repeats backwards":           {map[string]any{"repeat_every_days": -3, "repeat_max": 3}, "repeat_max", ""},
		"hours from a day":            {map[string]any{"offset_hours": -2}, "offset_hours", "tidak punya jam"},
		"hours and days": {map[string]any{"kind": "meeting_soon", "anchor": "meeting.starts_at", "audience": []string{"attendees"}, "offset_hours": -2},
			"offset_hours", "tidak keduanya"},
		"days from what leaves at once": {map[string]any{"kind": "meeting_invite", "anchor": "attendance.invited", "audience": []string{"attendees"}},
			"offset_days", "segera"},
		"a day of its own elsewhere": {map[string]any{"on_day": "2027-01-05"}, "on_day", "hanya untuk"},
		"a day of its own that is missing": {map[string]any{"kind": "programme_date", "anchor": "programme.on_day", "audience": []string{"team"}},
			"on_day", "Isi"},
		"a day that does not exist": {map[string]any{"kind": "programme_date", "anchor": "programme.on_day", "on_day": "2027-02-30", "audience": []string{"team"}},
			"on_day", ""},
		"a ladder without a wait":    {map[string]any{"offset_days": 1, "escalate_to": []string{"initiators"}}, "escalate_after_workdays", "keduanya"},
		"a wait without a ladder":    {map[string]any{"escalate_after_workdays": 2}, "escalate_after_workdays", "keduanya"},
		"a ladder before the day":    {map[string]any{"escalate_to": []string{"initiators"}, "escalate_after_workdays": 2}, "escalate_to", "tenggat lewat"},
		"a ladder to other partners": {map[string]any{"offset_days": 1, "escalate_to": []string{"partners"}, "escalate_after_workdays": 2}, "escalate_to", ""},
		"a ladder where there is none": {map[string]any{"kind": "milestone_due", "anchor": "milestone.due_on", "audience": []string{"team"}, "offset_days": 1,
			"escalate_to": []string{"initiators"}, "escalate_after_workdays": 2}, "escalate_to", "hanya dapat naik ke"},
		"useful until somewhen":            {map[string]any{"useful_until": "lama"}, "useful_until", ""},
		"a blank that nobody can fill":     {map[string]any{"body_id": "Halo {nama}"}, "body_id", "{nama}"},
		"a blank in the English subject":   {map[string]any{"subject_en": "{Title}"}, "subject_en", "{Title}"},
		"a subject longer than its column": {map[string]any{"subject_id": strings.Repeat("x", 400)}, "subject_id", ""},
	} {
		body := map[string]any{"programme": w.Kopi.Id, "name": "Aturan", "kind": "task_due", "anchor": "task.due_on",
			"offset_days": -2, "at": "08:00", "audience": []string{"focal_point"}, "active": true}
		for field, value := range c.change {
			body[field] = value
		}
		before := w.Count("reminder_rules")
		for who, person := range map[string]*core.Record{"initiator": w.Initiator, "administrator": w.Administrator} {
			got := w.As(person).API(http.MethodPost, "/api/collections/reminder_rules/records", body)
			if got.Status != http.StatusBadRequest || !strings.Contains(got.Body, `"`+c.field+`"`) || !strings.Contains(got.Body, c.says) {
				t.Errorf("%s, %s: %d %s", name, who, got.Status, got.Body)
			}
		}
		if w.Count("reminder_rules") != before {
			t.Errorf("%s: the rule is kept", name)
		}
	}
}

func TestARuleIsFilledInAndKept(t *testing.T) {
	w := testkit.New(t)
	for kind, body := range map[string]map[string]any{
		"task_overdue":         {"offset_days": 2, "audience": []string{"assignee", "organisation", "accountable", "initiators"}, "repeat_every_days": 73, "repeat_max": 5},
		"meeting_soon":         {"offset_days": -1, "audience": []string{"attendees", "initiators"}, "subject_id": "{title} pada {when} di {programme}"},
		"contribution_waiting": {"offset_days": 365, "audience": []string{"initiators"}, "at": "23:59", "useful_until": "+30", "mandatory": true},
	} {
		body["programme"], body["name"], body["kind"], body["active"] = w.Kopi.Id, "Aturan", kind, true
		got := w.As(w.Initiator).API(http.MethodPost, "/api/collections/reminder_rules/records", body).Want(http.StatusOK).JSON()
		if at := got["at"]; at != body["at"] && (body["at"] != nil || at != "08:00") {
			t.Errorf("%s sends at %v", kind, at)
		}
		if got["anchor"] == "" {
			t.Errorf("%s has no anchor", kind)
		}
		sentence := w.As(w.Initiator).Get("/programmes/kopi/reminders?show=rules").Text("section:has(#rules)")
		if strings.Contains(sentence, "⟦") {
			t.Errorf("the page says %s", sentence)
		}
	}
}

func TestAPageShowsOnlyTheRulesInForce(t *testing.T) {
	w := testkit.New(t)
	w.Make("reminder_rules", "programme", w.Kopi.Id, "name", "Kita", "kind", "task_due", "anchor", "task.due_on",
		"offset_days", -2, "audience", []string{"focal_point"}, "active", true)
	rules := w.As(w.Initiator).Get("/programmes/kopi/reminders?show=rules").Want(http.StatusOK).Text("section:has(#rules)")
	if !strings.Contains(rules, "2 hari sebelum tenggat") || strings.Contains(rules, "3 hari sebelum tenggat") {
		t.Errorf("the page says %s", rules)
	}
	if !strings.Contains(rules, "sesudah tenggat tugas") {
		t.Errorf("the hub's rule on overdue tasks is missing: %s", rules)
	}
}
