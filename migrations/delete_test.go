package migrations_test

import (
	"slices"
	"testing"

	"github.com/pocketbase/dbx"

	"simpul/hooks/testkit/check"
)

func TestAnOrganisationInUseCannotBeDeleted(t *testing.T) {
	h := fillHub(t)
	if err := h.remove("organisations"); err == nil {
		t.Fatal("deleted an organisation that gives, owns and takes part")
	}
	if h.count("contacts") != 1 || h.count("memberships") != 1 {
		t.Error("the refused deletion left its mark")
	}
	unused := check.Must(h.save("organisations", values{"name": "Ganda", "helix": "media"}))
	check.Must(h.save("contacts", values{"organisation": unused, "position": "Redaktur"}))
	r := check.Must(h.FindRecordById("organisations", unused))
	if err := h.Delete(r); err != nil {
		t.Errorf("an unused organisation: %v", err)
	}
	check.Equal(t, "the contact of a deleted organisation stayed", h.count("contacts"), 1)
}

func TestAProgrammeTakesItsWorkAlongAndLeavesTheRest(t *testing.T) {
	h := fillHub(t)
	check.NoError(t, h.remove("programmes"))
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
	trace := check.Must(h.FindRecordById("activity", h.ids["activity"]))
	check.Equal(t, "the audit forgot which programme", trace.GetString("programme"), h.ids["programmes"])
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
		check.Must(h.save("tasks", h.valid("tasks").but(same)))
	}
	for _, meeting := range ids {
		r := check.Must(h.FindRecordById("meetings", meeting))
		if err := h.Delete(r); err != nil {
			t.Errorf("meeting: %v", err)
		}
	}
	orphans, err := h.CountRecords("tasks", dbx.HashExp{"source_key": "k", "meeting": ""})
	if err != nil || orphans != 2 {
		t.Errorf("%d tasks left, %v; want 2", orphans, err)
	}
	check.Equal(t, "minutes of a deleted meeting stayed", h.count("minutes"), 0)
}
