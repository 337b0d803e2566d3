package hooks_test

import (
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/lang"
	"simpul/hooks/testkit"
	"simpul/hooks/testkit/check"
	"simpul/hooks/testkit/golden"
)

// bound finds the addresses in the map of the site.
var bound = regexp.MustCompile(`\.(GET|POST)\("(/[^"]*)", (?:web\.(?:Get|Post)Form\()?([a-z]+\.[A-Z][A-Za-z]*)(?:\([A-Za-z.]+\))?\)`)

type address struct{ method, pattern, handler string }

func addresses(t *testing.T) (all []address) {
	t.Helper()
	var source string
	for _, name := range []string{"routes.go"} {
		body := check.Must(os.ReadFile(name))
		pages, rest, _ := strings.Cut(string(body), "func bindTransitions(")
		_, rest, _ = strings.Cut(rest, "\n}\n")
		source += pages + rest
	}
	for _, found := range bound.FindAllStringSubmatch(source, -1) {
		all = append(all, address{found[1], found[2], found[3]})
	}
	if len(all) < 60 {
		t.Fatalf("only %d addresses found in the map", len(all))
	}
	return all
}

// subjects are the records that {id} stands for, by the first word of an address.
func subjects(w *testkit.World) map[string]string {
	contact := w.Only("contacts", "organisation", w.Puskesmas.Id)
	stakeholder := w.Only("stakeholders", "organisation", w.Puskesmas.Id)
	task := w.Make("tasks", "programme", w.Kopi.Id, "title", "Jadwal home visit", "organisation", w.Puskesmas.Id,
		"accountable", w.Initiator.Id, "due_on", "2026-12-10", "state", "todo", "urgency", "normal")
	meeting := w.Make("meetings", "programme", w.Kopi.Id, "kind", "coordination", "title", "Rapat koordinasi", "starts_at", "2026-12-01 02:00:00.000Z",
		"time_zone", "Asia/Jakarta", "mode", "in_person", "place", "Aula", "status", "scheduled")
	w.Make("minutes", "meeting", meeting.Id, "body", "Edaran", "status", "circulated")
	gift := w.Make("contributions", "programme", w.Kopi.Id, "contributor", w.Puskesmas.Id, "kind", "goods", "item", "Sembako", "quantity", 20,
		"unit", "package", "given_on", "2026-11-20", "stage", "delivered", "logged_by", w.Partner.Id)
	evidence := w.Make("evidence", "programme", w.Kopi.Id, "contribution", gift.Id, "kind", "photo", "url", "https://example.org/foto",
		"visibility", "team", "people_in_it", "none", "uploaded_by", w.Partner.Id)
	indicator := w.Make("indicators", "programme", w.Kopi.Id, "name", "Dilayani", "unit", "orang", "type", "output",
		"direction", "higher_better", "period", "yearly", "method", "latest")
	rule := w.Make("reminder_rules", "programme", w.Kopi.Id, "name", "Tenggat kita", "kind", "task_due", "offset_days", -2,
		"audience", []string{"focal_point"}, "active", true)
	letter := w.Make("deliveries", "programme", w.Kopi.Id, "kind", "task_due", "key", "sepucuk", "due_at", "2026-11-20 01:00:00.000Z", "state", "sent",
		"user", w.Partner.Id, "subject_collection", "tasks", "subject_id", task.Id, "url", "/tasks/"+task.Id)
	subscription := w.Make("push_subscriptions", "user", w.Partner.Id, "endpoint", "https://fcm.googleapis.com/fcm/send/a", "p256dh", "k", "auth", "a")
	nothing := w.Make("nil_reports", "programme", w.Kopi.Id, "organisation", w.Puskesmas.Id, "month", "2026-09")
	return map[string]string{
		"reminder_rules": rule.Id, "deliveries": letter.Id, "devices": subscription.Id, "nil-reports": nothing.Id,
		"programmes": w.Only("memberships", "user", w.Coordinator.Id).Id, "stakeholders": stakeholder.Id, "contacts": contact.Id,
		"organisations": w.Puskesmas.Id, "tasks": task.Id, "meetings": meeting.Id, "contributions": gift.Id, "evidence": evidence.Id,
		"indicators": indicator.Id,
	}
}

// fill puts the world's own names in the place of what an address leaves open.
func fill(pattern string, ids map[string]string) string {
	first := strings.Split(pattern, "/")[1]
	if strings.Contains(pattern, "/reminders/{id}") {
		first = "reminder_rules"
	}
	return strings.NewReplacer("{$}", "", "{slug}", "kopi", "{id}", ids[first], "{path...}", "nowhere", "{hash}", "x", "{token}", "a-token").Replace(pattern)
}

func visitors(w *testkit.World) []struct {
	name   string
	person *core.Record
} {
	return []struct {
		name   string
		person *core.Record
	}{
		{"guest", nil}, {"outsider", w.Outsider}, {"disabled", w.Disabled}, {"bali-partner", w.BaliPartner}, {"other-partner", w.OtherPartner},
		{"partner", w.Partner}, {"observer", w.Observer}, {"coordinator", w.Coordinator}, {"initiator", w.Initiator}, {"administrator", w.Administrator},
	}
}

// TestPages_EachPerson_Status asks every page as every person and compares the answers
// with the table that people have read and agreed to.
func TestPages_EachPerson_Status(t *testing.T) {
	w := testkit.New(t)
	ids := subjects(w)
	var table strings.Builder
	for _, a := range addresses(t) {
		if a.method != http.MethodGet {
			continue
		}
		fmt.Fprintf(&table, "%s\n ", a.pattern)
		for _, v := range visitors(w) {
			r := w.As(v.person).Get(fill(a.pattern, ids))
			fmt.Fprintf(&table, " %s %d", v.name, r.Status)
			check.That(t, r.Status < http.StatusInternalServerError && !strings.Contains(r.Body, "⟦"), "%s as %s: status %d, or a word is missing", a.pattern, v.name, r.Status)
		}
		table.WriteString("\n")
	}
	golden.Check(t, "who_gets_which_page.txt", table.String())
}

// alike are the addresses that answer everybody alike, with nothing to change for most.
var alike = []string{"/deliveries/read"}

// TestForms_EmptyByOutsider_ChangeNothing sends an empty form to every
// address as people who have no business there: nothing may change, and no
// answer may be a fault of ours.
func TestForms_EmptyByOutsider_ChangeNothing(t *testing.T) {
	w := testkit.New(t)
	ids := subjects(w)
	before := rows(w)
	for _, a := range addresses(t) {
		if a.method != http.MethodPost || strings.HasPrefix(a.pattern, "/me") || slices.Contains(alike, a.pattern) || strings.HasPrefix(a.pattern, "/sign") || strings.Contains(a.pattern, "{token}") {
			continue
		}
		path := fill(a.pattern, ids)
		if got := w.As(nil).Post(path); got.Status != http.StatusUnauthorized || got.Doc().Find(`form[action="/sign-in"]`).Length() != 1 {
			t.Errorf("%s: a guest gets %d", a.pattern, got.Status)
		}
		for name, person := range map[string]*core.Record{"outsider": w.Outsider, "another programme's partner": w.BaliPartner} {
			got := w.As(person).Post(path)
			check.That(t, got.Status == http.StatusNotFound || got.Status == http.StatusUnprocessableEntity, "%s: %s gets %d", a.pattern, name, got.Status)
		}
	}
	check.Same(t, "something changed (-before +after):\n", rows(w), before)
}

// sqlError is how database/sql and SQLite begin their errors; an id may hold "sql" by chance.
var sqlError = regexp.MustCompile(`(?i)sql: |sql logic|sqlite|constraint failed`)

// TestForms_EmptyByInitiator_NoFault sends an empty form to every address as those
// who may use it: a redirect or a page with sentences, never a fault.
func TestForms_EmptyByInitiator_NoFault(t *testing.T) {
	for _, a := range addresses(t) {
		if a.method != http.MethodPost || strings.HasPrefix(a.pattern, "/sign") {
			continue
		}
		w := testkit.New(t)
		ids := subjects(w)
		got := w.As(w.Initiator).Post(fill(a.pattern, ids))
		if got.Status >= http.StatusInternalServerError || strings.Contains(got.Body, "⟦") || sqlError.MatchString(got.Body) {
			t.Errorf("%s: status %d", a.pattern, got.Status)
		}
	}
}

// TestPages_BothLanguages_AreWellFormed reads the HTML of every page: each can be
// used with a screen reader and without scripts, and asks nobody else for anything.
func TestPages_BothLanguages_AreWellFormed(t *testing.T) {
	w := testkit.New(t)
	ids := subjects(w)
	for _, language := range lang.Languages {
		w.Initiator.Set("language", language)
		check.NoError(t, w.App.Save(w.Initiator))
		c := w.As(w.Fresh(w.Initiator))
		for _, a := range addresses(t) {
			page := c.Get(fill(a.pattern, ids))
			if a.method != http.MethodGet || page.Status != http.StatusOK || !strings.HasPrefix(page.Header.Get("Content-Type"), "text/html") {
				continue
			}
			page.WellFormed(a.pattern+" in "+language, language)
		}
	}
}

// TestForms_FromAnotherSite_AreRefused sends every form as a page of another site would.
func TestForms_FromAnotherSite_AreRefused(t *testing.T) {
	w := testkit.New(t)
	ids := subjects(w)
	before := rows(w)
	c := w.As(w.Initiator)
	c.Header.Set("Sec-Fetch-Site", "cross-site")
	for _, a := range addresses(t) {
		// Mail programs unsubscribe their readers by one request.
		if a.method == http.MethodPost && a.pattern != "/unsubscribe/{token}" {
			check.Equal(t, a.pattern, c.Post(fill(a.pattern, ids)).Status, http.StatusForbidden)
		}
	}
	check.Same(t, "rows", rows(w), before)
}

// rows counts the rows of every collection of ours.
func rows(w *testkit.World) map[string]int64 {
	counts := map[string]int64{}
	collections := check.Must(w.App.FindAllCollections())
	for _, c := range collections {
		if !c.System {
			counts[c.Name] = w.Count(c.Name)
		}
	}
	return counts
}
