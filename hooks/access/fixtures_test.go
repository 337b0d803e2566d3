package access_test

import (
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"
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
	return append(out, house(w)...)
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
