package hooks_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

// laden are values in fields that are empty in the usual world, by collection.
var laden = map[string][]any{
	"programmes": {"mail_frequency", "weekly", "send_at", "06:30", "expansion", "Kolaborasi pemulihan", "kind", "service",
		"regency", "Kota Salatiga", "starts_on", "2026-01-01", "ends_on", "2027-12-31", "summary", "Untuk **lansia**"},
	"organisations": {"mail_frequency", "daily", "send_at", "07:15", "regency", "Kota Semarang"},
	"stakeholders":  {"position", "Mitra pelaksana", "responsibility", "Pemeriksaan", "joined_on", "2026-02-01", "urgent", true},
	"tasks":         {"details", "Hubungi dulu", "urgency", "urgent"},
	"meetings":      {"place", "Aula kelurahan", "agenda", "1. Pembukaan"},
}

// controls are what a browser sends of a form nobody touched.
func controls(form *goquery.Selection) []string {
	sent := []string{}
	form.Find("input[name], textarea[name], select[name]").Each(func(_ int, s *goquery.Selection) {
		name, kind := s.AttrOr("name", ""), s.AttrOr("type", "")
		switch {
		case goquery.NodeName(s) == "select":
			sent = append(sent, name, s.Find("option[selected]").AttrOr("value", ""))
		case goquery.NodeName(s) == "textarea":
			sent = append(sent, name, s.Text())
		case kind == "checkbox" || kind == "radio":
			if _, on := s.Attr("checked"); on {
				sent = append(sent, name, s.AttrOr("value", "on"))
			}
		case kind != "file":
			sent = append(sent, name, s.AttrOr("value", ""))
		}
	})
	return sent
}

// TestForms_Untouched_ChangeNothing opens every page that changes a
// record and sends what stands in it. What a form takes but does not show would
// be emptied by that.
func TestForms_Untouched_ChangeNothing(t *testing.T) {
	w := testkit.New(t)
	ids, walked := subjects(w), 0
	records := map[string]*core.Record{"programmes": w.Kopi}
	for _, name := range []string{"organisations", "contacts", "stakeholders", "tasks", "meetings"} {
		records[name] = w.Only(name, "id", ids[name])
	}
	for name, r := range records {
		for i := 0; i+1 < len(laden[name]); i += 2 {
			r.Set(laden[name][i].(string), laden[name][i+1])
		}
		if err := w.App.Save(r); err != nil {
			t.Fatal(name, err)
		}
	}
	for _, a := range addresses(t) {
		pkg := strings.Split(a.pattern, "/")[1]
		subject, known := records[pkg]
		if a.method != http.MethodGet || !known || !strings.HasSuffix(a.pattern, "}/edit") || strings.Count(a.pattern, "/") != 3 {
			continue
		}
		before := w.Fresh(subject).PublicExport()
		client := w.As(w.Administrator)
		form := client.Get(fill(a.pattern, ids)).Want(http.StatusOK).Doc().Find("main form.form").First()
		sent := controls(form)
		for i := 0; i+1 < len(laden[pkg]); i += 2 {
			if name := laden[pkg][i].(string); !slices.Contains(sent, name) {
				t.Errorf("%s does not show %s", a.pattern, name)
			}
		}
		client.Post(form.AttrOr("action", ""), sent...).Want(http.StatusSeeOther)
		after := w.Fresh(subject).PublicExport()
		for name, was := range before {
			if is := after[name]; name != "updated" && fmt.Sprint(is) != fmt.Sprint(was) {
				t.Errorf("%s: %s was %v and is %v", a.pattern, name, was, is)
			}
		}
		walked++
	}
	check.That(t, walked >= len(records), "only %d pages that change a record were found for %d rooms", walked, len(records))
}

func TestForms_InvalidHour_NamedAtField(t *testing.T) {
	w := testkit.New(t)
	w.Kopi.Set("send_at", "06:30")
	check.NoError(t, w.App.Save(w.Kopi))
	client := w.As(w.Initiator)
	form := client.Get("/programmes/kopi/edit").Want(http.StatusOK).Doc().Find("main form.form").First()
	sent := controls(form)
	sent[slices.Index(sent, "send_at")+1] = "pagi-pagi"
	refused := client.Post("/programmes/kopi/edit", sent...).Want(http.StatusUnprocessableEntity).Doc()
	if got := refused.Find("#send_at"); got.AttrOr("value", "") != "pagi-pagi" || got.AttrOr("aria-invalid", "") != "true" {
		t.Error("the page does not show which field is wrong")
	}
	check.Equal(t, "the stored hour", w.Fresh(w.Kopi).GetString("send_at"), "06:30")
}
