package migrations_test

import (
	"strings"
	"testing"

	_ "simpul/hooks/testkit/golden" // the flag -update
)

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
		{"push_subscriptions", values{"endpoint": ""}, "endpoint"},
		{"push_messages", values{"state": "lost"}, "state"},
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
		{"nil_reports", nil, nil},
		{"suppressions", nil, nil},
		{"push_subscriptions", nil, nil},
		{"push_messages", nil, nil},
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
		{"push_subscriptions", values{"endpoint": "https://fcm.googleapis.com/b"}},
		{"push_messages", values{"delivery": ""}}, {"push_messages", values{"delivery": ""}}, // the summaries of two days
	}
	for _, c := range cases {
		if _, err := h.save(c.collection, h.valid(c.collection).but(c.changed)); err != nil {
			t.Errorf("%s with %v: %v", c.collection, c.changed, err)
		}
	}
}
