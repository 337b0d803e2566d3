package migrations_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// values are the fields of one record.
type values map[string]any

// but returns the values with some changed.
func (v values) but(changed values) values {
	out := maps.Clone(v)
	maps.Copy(out, changed)
	return out
}

// hub is a filled house: one valid record of each collection that others point to.
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
		"minutes_revisions", "decisions", "attendances", "contributions", "comments", "evidence", "indicators",
		"indicator_values", "reminder_rules", "deliveries", "holidays", "suppressions", "activity",
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
	r, err := h.FindRecordById(collection, h.ids[collection])
	if err != nil {
		h.t.Fatal(err)
	}
	return h.Delete(r)
}

func (h *hub) count(collection string) int64 {
	h.t.Helper()
	n, err := h.CountRecords(collection)
	if err != nil {
		h.t.Fatal(err)
	}
	return n
}

func TestInvalidEntriesAreRefusedAtTheirField(t *testing.T) {
	h := fillHub(t)
	other := values{"position": "Sekretaris", "once": "x"}
	cases := []struct {
		collection string
		changed    values
		field      string
	}{
		{"milestones", values{"due_on": "10/12/2026"}, "due_on"},
		{"milestones", values{"horizon": ""}, "horizon"},
		{"reminder_rules", values{"at": "24:00"}, "at"},
		{"reminder_rules", values{"at": "8:00"}, "at"},
		{"reminder_rules", values{"anchor": "besok"}, "anchor"},
		{"reminder_rules", values{"useful_until": "3 hari"}, "useful_until"},
		{"reminder_rules", values{"audience": []string{}}, "audience"},
		{"tasks", values{"title": strings.Repeat("a", 201)}, "title"},
		{"tasks", values{"details": strings.Repeat("a", 20_001)}, "details"},
		{"tasks", values{"organisation": ""}, "organisation"},
		{"tasks", values{"accountable": ""}, "accountable"},
		{"tasks", values{"state": "late"}, "state"},
		{"tasks", values{"programme": "000000000000000"}, "programme"},
		{"stakeholders", other.but(values{"helix": "ngo"}), "helix"},
		{"assessments", values{"influence": 5}, "influence"},
		{"assessments", values{"interest": 0}, "interest"},
		{"contributions", values{"quantity": 0}, "quantity"},
		{"contributions", values{"quantity": -1}, "quantity"},
		{"contributions", values{"value_idr": 0.5}, "value_idr"},
		{"contributions", values{"value_idr": -1}, "value_idr"},
		{"contributions", values{"unit": "orang-jam"}, "unit"},
		{"contributions", values{"people_reached": 1.5}, "people_reached"},
		{"evidence", values{"people_in_it": "beneficiaries_no_consent"}, "people_in_it"},
		{"evidence", values{"url": "javascript:alert(1)"}, "url"},
		{"deliveries", values{"key": "b", "state": "lost"}, "state"},
		{"deliveries", values{"key": ""}, "key"},
	}
	for _, c := range cases {
		_, err := h.save(c.collection, h.valid(c.collection).but(c.changed))
		if err == nil || !strings.Contains(err.Error(), c.field+":") {
			t.Errorf("%s with %v gave %v", c.collection, c.changed, err)
		}
	}
}

func TestTheSameTwiceIsRefused(t *testing.T) {
	h := fillHub(t)
	meeting := values{"meeting": h.ids["meetings"]}
	cases := []struct {
		collection string
		first      values // stored before; nil means the record of fillHub
		again      values
	}{
		{"memberships", nil, nil},
		{"stakeholders", nil, nil},
		{"minutes", nil, nil},
		{"minutes_revisions", nil, nil},
		{"attendances", nil, nil},
		{"deliveries", nil, values{"state": "sent"}},
		{"holidays", nil, nil},
		{"suppressions", nil, nil},
		{"tasks", meeting.but(values{"source_key": "k"}), meeting.but(values{"source_key": "k", "title": "Lain"})},
		{"tasks", values{"once": "o"}, values{"once": "o"}},
		{"decisions", values{"source_key": "k"}, values{"source_key": "k"}},
		{"contributions", values{"number": "KR-1"}, values{"number": "KR-1"}},
		{"contributions", values{"once": "o"}, values{"once": "o"}},
		{"comments", values{"once": "o"}, values{"once": "o"}},
		{"meetings", values{"uid": "u"}, values{"uid": "u"}},
		{"indicator_values", values{"once": "o"}, values{"once": "o"}},
	}
	for _, c := range cases {
		if c.first != nil {
			if _, err := h.save(c.collection, h.valid(c.collection).but(c.first)); err != nil {
				t.Errorf("%s with %v: %v", c.collection, c.first, err)
			}
		}
		if _, err := h.save(c.collection, h.valid(c.collection).but(c.again)); err == nil {
			t.Errorf("%s took %v twice", c.collection, c.again)
		}
	}
	if _, err := h.save("programmes", values{"slug": "kopi-rehat", "name": "Lain", "owner": h.ids["organisations"]}); err == nil {
		t.Error("two programmes share an address")
	}
	if _, err := h.save("hub_settings", values{"hub_name": "Kedua"}); err == nil {
		t.Error("the hub has two rows of settings")
	}
}

func TestWhatOnlyLooksAlikeIsTaken(t *testing.T) {
	h := fillHub(t)
	cases := []struct {
		collection string
		changed    values
	}{
		{"tasks", nil}, {"tasks", nil}, // without a form key or a source
		{"contributions", nil}, {"contributions", nil}, // without a number yet
		{"memberships", values{"role": "partner", "organisation": h.ids["organisations"]}},
		{"stakeholders", values{"position": "Sekretaris"}},
		{"attendances", values{"name": "Tamu"}},
		{"attendances", values{"contact": h.ids["contacts"]}},
		{"suppressions", values{"kind": "task_due", "reason": "unsubscribed"}},
		{"holidays", values{"province": "Bali", "kind": "regional_holiday"}},
		{"deliveries", values{"key": "b"}},
	}
	for _, c := range cases {
		if _, err := h.save(c.collection, h.valid(c.collection).but(c.changed)); err != nil {
			t.Errorf("%s with %v: %v", c.collection, c.changed, err)
		}
	}
}

func TestAnOrganisationInUseCannotBeDeleted(t *testing.T) {
	h := fillHub(t)
	if err := h.remove("organisations"); err == nil {
		t.Fatal("deleted an organisation that gives, owns and takes part")
	}
	if h.count("contacts") != 1 || h.count("memberships") != 1 {
		t.Error("the refused deletion left its mark")
	}
	unused, err := h.save("organisations", values{"name": "Ganda", "helix": "media"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.save("contacts", values{"organisation": unused, "position": "Redaktur"}); err != nil {
		t.Fatal(err)
	}
	r, err := h.FindRecordById("organisations", unused)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Delete(r); err != nil {
		t.Errorf("an unused organisation: %v", err)
	}
	if h.count("contacts") != 1 {
		t.Error("the contact of a deleted organisation stayed")
	}
}

func TestAProgrammeTakesItsWorkAlongAndLeavesTheRest(t *testing.T) {
	h := fillHub(t)
	if err := h.remove("programmes"); err != nil {
		t.Fatal(err)
	}
	stays := []string{"users", "organisations", "contacts", "holidays", "suppressions", "activity", "hub_settings"}
	for _, name := range collectionNames {
		want := int64(0)
		if slices.Contains(stays, name) {
			want = 1
		}
		if got := h.count(name); got != want {
			t.Errorf("%d of %s left, want %d", got, name, want)
		}
	}
	trace, err := h.FindRecordById("activity", h.ids["activity"])
	if err != nil {
		t.Fatal(err)
	}
	if trace.GetString("programme") != h.ids["programmes"] {
		t.Error("the audit forgot which programme it was")
	}
}

func TestADeletedMeetingLeavesItsTasks(t *testing.T) {
	h := fillHub(t)
	ids := []string{h.ids["meetings"]}
	second, err := h.save("meetings", h.valid("meetings"))
	if err != nil {
		t.Fatal(err)
	}
	ids = append(ids, second)
	for _, meeting := range ids {
		// Both minutes hold the same line, so both tasks carry the same key.
		same := values{"meeting": meeting, "source_key": "k"}
		if _, err := h.save("tasks", h.valid("tasks").but(same)); err != nil {
			t.Fatal(err)
		}
	}
	for _, meeting := range ids {
		r, err := h.FindRecordById("meetings", meeting)
		if err != nil {
			t.Fatal(err)
		}
		if err := h.Delete(r); err != nil {
			t.Errorf("meeting: %v", err)
		}
	}
	orphans, err := h.CountRecords("tasks", dbx.HashExp{"source_key": "k", "meeting": ""})
	if err != nil || orphans != 2 {
		t.Errorf("%d tasks left, %v; want 2", orphans, err)
	}
	if h.count("minutes") != 0 {
		t.Error("minutes of a deleted meeting stayed")
	}
}

func TestOthersSeeOfAVerifiedGiftNeitherValueNorNote(t *testing.T) {
	h := fillHub(t)
	if h.count("verified_contributions") != 0 {
		t.Fatal("a gift that waits for its review can be seen")
	}
	gift, err := h.FindRecordById("contributions", h.ids["contributions"])
	if err != nil {
		t.Fatal(err)
	}
	gift.Set("review_status", "verified")
	if err := h.Save(gift); err != nil {
		t.Fatal(err)
	}
	seen, err := h.FindRecordById("verified_contributions", gift.Id)
	if err != nil {
		t.Fatal(err)
	}
	if seen.GetFloat("quantity") != 20 || seen.GetString("unit") != "package" || seen.GetString("contributor") != h.ids["organisations"] {
		t.Errorf("seen: %v", seen.PublicExport())
	}
	for _, secret := range []string{"value_idr", "verified_value_idr", "note", "review_note", "logged_by"} {
		if seen.Collection().Fields.GetByName(secret) != nil {
			t.Errorf("others see %s", secret)
		}
	}
	for _, relation := range []string{"programme", "contributor", "recipient"} {
		if seen.Collection().Fields.GetByName(relation).Type() != core.FieldTypeRelation {
			t.Errorf("%s is no relation in the view, so rules cannot follow it", relation)
		}
	}
}

// Lists of a programme must come out of an index in order: sorting a hundred
// thousand rows for thirty of them is what makes lists slow.
func TestListsAreReadInOrder(t *testing.T) {
	lists := []string{
		"tasks WHERE programme = 'p' ORDER BY due_on",
		"tasks WHERE programme = 'p' AND state = 'todo' ORDER BY due_on",
		"tasks WHERE organisation = 'o' AND state = 'todo' ORDER BY due_on",
		"meetings WHERE programme = 'p' ORDER BY starts_at",
		"milestones WHERE programme = 'p' ORDER BY due_on",
		"stages WHERE programme = 'p' ORDER BY position",
		"contributions WHERE programme = 'p' ORDER BY given_on DESC",
		"contributions WHERE programme = 'p' AND review_status = 'submitted' ORDER BY given_on",
		"comments WHERE task = 't' ORDER BY created",
		"indicator_values WHERE indicator = 'i' ORDER BY `on` DESC",
		"assessments WHERE stakeholder = 's' ORDER BY assessed_on DESC",
		"deliveries WHERE state = 'planned' AND due_at <= 'now' ORDER BY due_at",
		"deliveries WHERE programme = 'p' ORDER BY due_at DESC",
		"activity WHERE programme = 'p' ORDER BY created DESC",
		"memberships WHERE user = 'u' AND programme = 'p'",
		"contacts WHERE user = 'u'",
	}
	for _, list := range lists {
		var plan []struct {
			Detail string `db:"detail"`
		}
		if err := reading.DB().NewQuery("EXPLAIN QUERY PLAN SELECT * FROM " + list).All(&plan); err != nil {
			t.Fatal(err)
		}
		if len(plan) == 0 {
			t.Errorf("%s: no plan", list)
		}
		for _, step := range plan {
			if strings.Contains(step.Detail, "TEMP B-TREE") || strings.HasPrefix(step.Detail, "SCAN") {
				t.Errorf("%s: %s", list, step.Detail)
			}
		}
	}
}
