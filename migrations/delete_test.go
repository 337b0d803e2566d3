package migrations_test

import (
	"slices"
	"testing"

	"github.com/pocketbase/dbx"
)

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
	stays := []string{"users", "organisations", "contacts", "holidays", "suppressions", "activity", "hub_settings", "push_subscriptions"}
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
