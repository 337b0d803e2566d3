package access_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

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

func TestPartnersNeverReadWhatTheTeamNoted(t *testing.T) {
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
				if strings.Contains(body, secret) || strings.Contains(body, `"`+field+`"`) {
					t.Errorf("%s, %s, reads %s: %.300s", person.GetString("name"), way, name, body)
				}
			}
		}
	}
}

// A filter or a sort by a hidden field would tell its value by and by.
func TestHiddenFieldsCannotBeSearched(t *testing.T) {
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

func TestHiddenFieldsCannotBeSearchedThroughARelation(t *testing.T) {
	w := testkit.New(t)
	secrets(w)
	for _, filter := range []string{
		`organisation.note ~ "rahasia"`,
		`programme.stakeholders_via_programme.comms_strategy ?~ "rahasia"`,
		`organisation.stakeholders_via_organisation.partner_status ?= "dormant"`,
		`@collection.stakeholders.urgent ?= true`,
	} {
		answer := w.As(w.Partner).API(http.MethodGet, records("tasks")+"?filter="+url.QueryEscape(filter), nil)
		if answer.Status != http.StatusBadRequest && answer.Status != http.StatusForbidden {
			t.Errorf("%s: status %d, want it refused: %s", filter, answer.Status, answer.Body)
		}
	}
}

func TestNobodyWritesHiddenFieldsOverTheAPI(t *testing.T) {
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

func TestNobodyReadsWhereAnAccountStands(t *testing.T) {
	w := testkit.New(t)
	for _, person := range []*core.Record{w.Partner, w.Initiator} {
		body := w.As(person).API(http.MethodGet, records("users"), nil).Body
		for _, field := range []string{`"disabled"`, `"may_create_programmes"`, `"password"`, `"tokenKey"`, "admin@example.org"} {
			check.Lacks(t, person.GetString("name"), body, field)
		}
	}
	others := w.As(w.Partner).API(http.MethodGet, records("users"), nil).Body
	check.Lacks(t, "a partner reads the address of another person", others, "initiator@example.org")
}
