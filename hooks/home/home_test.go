package home_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"
)

func task(w *testkit.World, due, state string, more ...any) *core.Record {
	fields := []any{"programme", w.Kopi.Id, "title", "Jadwal home visit", "organisation", w.Puskesmas.Id,
		"accountable", w.Initiator.Id, "due_on", due, "state", state, "urgency", "normal"}
	return w.Make("tasks", append(fields, more...)...)
}

func TestTheDashboardSaysWhichHelixIsMissingAndOffersTheNextStep(t *testing.T) {
	w := testkit.New(t)
	seen := w.As(w.Initiator).Get("/programmes/kopi").Want(http.StatusOK)
	if got := seen.Text(".callout"); !strings.Contains(got, "Belum ada unsur media") {
		t.Errorf("the callout says %q", got)
	}
	link, _ := seen.Doc().Find(".callout a").Attr("href")
	if link != "/programmes/kopi/stakeholders/new?helix=media" {
		t.Errorf("the next step leads to %q", link)
	}
	if strip := seen.Text("section:has(#coverage)"); !strings.Contains(strip, "Puskesmas Tambakaji") {
		t.Errorf("the strip says %q", strip)
	}
	// A partner reads the same and is offered nothing it may not do.
	partner := w.As(w.Partner).Get("/programmes/kopi").Want(http.StatusOK)
	if partner.Doc().Find("a[href*='stakeholders/new']").Length() != 0 {
		t.Error("a partner is offered to add stakeholders")
	}
}

func TestTheDashboardCountsOpenAndLateTasks(t *testing.T) {
	w := testkit.New(t)
	task(w, "2026-11-20", "todo")
	task(w, "2026-12-10", "in_progress")
	task(w, "2026-11-20", "done")
	seen := w.As(w.Observer).Get("/programmes/kopi").Want(http.StatusOK)
	if open := seen.Text(".figures dd:has(a[href='/programmes/kopi/tasks'])"); open != "21 lewat tenggat" {
		t.Errorf("the figures say %q, want 2, and 1 of them late", open)
	}
}

func TestTheDashboardShowsTheNextMeetingInItsOwnZone(t *testing.T) {
	w := testkit.New(t)
	w.Make("meetings", "programme", w.Rantang.Id, "kind", "coordination", "title", "Rapat Tabanan", "starts_at", "2026-12-01 02:00:00.000Z",
		"ends_at", "2026-12-01 04:00:00.000Z", "time_zone", "Asia/Makassar", "mode", "in_person", "place", "Kantor", "status", "scheduled")
	next := w.As(w.BaliPartner).Get("/programmes/rantang").Want(http.StatusOK).Text("section:has(#next)")
	if !strings.Contains(next, "Rapat Tabanan") || !strings.Contains(next, "10.00–12.00 WITA") {
		t.Errorf("the next meeting reads %q", next)
	}
}

func TestTheChartAndItsTableSayTheSame(t *testing.T) {
	w := testkit.New(t)
	for range 3 {
		w.Make("contributions", "programme", w.Kopi.Id, "contributor", w.Forum.Id, "kind", "goods", "item", "Sembako", "quantity", 20,
			"unit", "package", "given_on", "2026-11-10", "stage", "delivered", "review_status", "verified", "verified_quantity", 20, "logged_by", w.OtherPartner.Id)
	}
	doc := w.As(w.Initiator).Get("/programmes/kopi").Want(http.StatusOK).Doc()
	if n := doc.Find(".chart rect.helix-community").Length(); n != 1 {
		t.Errorf("%d bars of the community, want 1", n)
	}
	last := doc.Find(".chart tbody tr").Last()
	cells := last.Find("td").Map(func(_ int, cell *goquery.Selection) string { return cell.Text() })
	if got := last.Find("th").Text() + " " + strings.Join(cells, " "); got != "November 2026 0 0 0 3 0" {
		t.Errorf("the last row of the table reads %q", got)
	}
}

func TestWithoutGiftsThereIsNoChart(t *testing.T) {
	w := testkit.New(t)
	if n := w.As(w.Initiator).Get("/programmes/kopi").Want(http.StatusOK).Doc().Find(".chart").Length(); n != 0 {
		t.Errorf("%d charts of nothing", n)
	}
}

func TestOnlyThoseInsideSeeTheDashboard(t *testing.T) {
	w := testkit.New(t)
	for name, person := range map[string]*core.Record{"outsider": w.Outsider, "another programme's partner": w.BaliPartner} {
		if got := w.As(person).Get("/programmes/kopi").Status; got != http.StatusNotFound {
			t.Errorf("%s: status %d", name, got)
		}
	}
	guest := w.As(nil).Get("/programmes/kopi").Want(http.StatusSeeOther)
	if to := guest.Header.Get("Location"); to != "/sign-in?next=%2Fprogrammes%2Fkopi" {
		t.Errorf("a guest is sent to %s", to)
	}
	if got := w.As(w.Disabled).Get("/programmes/kopi").Status; got != http.StatusSeeOther {
		t.Errorf("a disabled user: status %d", got)
	}
}
