package home_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"
	"simpul/hooks/testkit/check"
)

func task(w *testkit.World, due, state string, more ...any) *core.Record {
	fields := []any{"programme", w.Kopi.Id, "title", "Jadwal home visit", "organisation", w.Puskesmas.Id,
		"accountable", w.Initiator.Id, "due_on", due, "state", state, "urgency", "normal"}
	return w.Make("tasks", append(fields, more...)...)
}

func TestDashboard_MissingHelix_OffersNextStep(t *testing.T) {
	w := testkit.New(t)
	seen := w.As(w.Initiator).Get("/programmes/kopi").Want(http.StatusOK)
	check.Contains(t, "the callout", seen.Text(".callout"), "Belum ada unsur media")
	link, _ := seen.Doc().Find(".callout a").Attr("href")
	check.Equal(t, "the next step", link, "/programmes/kopi/stakeholders/new?helix=media")
	check.Contains(t, "the strip", seen.Text("section:has(#coverage)"), "Puskesmas Tambakaji")
	// A partner reads the same and is offered nothing it may not do.
	partner := w.As(w.Partner).Get("/programmes/kopi").Want(http.StatusOK)
	check.Equal(t, "a partner is offered to add stakeholders", partner.Doc().Find("a[href*='stakeholders/new']").Length(), 0)
}

func TestDashboard_Tasks_OpenAndLateCounted(t *testing.T) {
	w := testkit.New(t)
	task(w, "2026-11-20", "todo")
	task(w, "2026-12-10", "in_progress")
	task(w, "2026-11-20", "done")
	seen := w.As(w.Observer).Get("/programmes/kopi").Want(http.StatusOK)
	check.Equal(t, "the figures say", seen.Text(".figures dd:has(a[href='/programmes/kopi/tasks'])"), "21 lewat tenggat")
}

func TestDashboard_NextMeeting_InItsZone(t *testing.T) {
	w := testkit.New(t)
	w.Make("meetings", "programme", w.Rantang.Id, "kind", "coordination", "title", "Rapat Tabanan", "starts_at", "2026-12-01 02:00:00.000Z",
		"ends_at", "2026-12-01 04:00:00.000Z", "time_zone", "Asia/Makassar", "mode", "in_person", "place", "Kantor", "status", "scheduled")
	next := w.As(w.BaliPartner).Get("/programmes/rantang").Want(http.StatusOK).Text("section:has(#next)")
	check.Contains(t, "the next meeting", next, "Rapat Tabanan", "10.00–12.00 WITA")
}

func TestDashboard_ChartAndTable_Agree(t *testing.T) {
	w := testkit.New(t)
	for range 3 {
		w.Make("contributions", "programme", w.Kopi.Id, "contributor", w.Forum.Id, "kind", "goods", "item", "Sembako", "quantity", 20,
			"unit", "package", "given_on", "2026-11-10", "stage", "delivered", "review_status", "verified", "verified_quantity", 20, "logged_by", w.OtherPartner.Id)
	}
	doc := w.As(w.Initiator).Get("/programmes/kopi").Want(http.StatusOK).Doc()
	check.Equal(t, "number of elements", doc.Find(".chart rect.helix-community").Length(), 1)
	last := doc.Find(".chart tbody tr").Last()
	cells := last.Find("td").Map(func(_ int, cell *goquery.Selection) string { return cell.Text() })
	check.Equal(t, "the last row of the table", last.Find("th").Text()+" "+strings.Join(cells, " "), "November 2026 0 0 0 3 0")
}

func TestDashboard_NoContributions_NoChart(t *testing.T) {
	w := testkit.New(t)
	check.Equal(t, "number of elements", w.As(w.Initiator).Get("/programmes/kopi").Want(http.StatusOK).Doc().Find(".chart").Length(), 0)
}

func TestDashboard_Outsider_NotFound(t *testing.T) {
	w := testkit.New(t)
	for name, person := range map[string]*core.Record{"outsider": w.Outsider, "another programme's partner": w.BaliPartner} {
		check.Equal(t, name+": status", w.As(person).Get("/programmes/kopi").Status, http.StatusNotFound)
	}
	guest := w.As(nil).Get("/programmes/kopi").Want(http.StatusSeeOther)
	check.Equal(t, "a guest is sent", guest.Header.Get("Location"), "/sign-in?next=%2Fprogrammes%2Fkopi")
	check.Equal(t, "a disabled user: status", w.As(w.Disabled).Get("/programmes/kopi").Status, http.StatusSeeOther)
}

func TestDashboard_Figures_Counted(t *testing.T) {
	w := testkit.New(t)
	gift := func(status, stage string, more ...any) {
		fields := []any{"programme", w.Kopi.Id, "contributor", w.Forum.Id, "kind", "goods", "item", "Sembako", "quantity", 20, "unit", "package",
			"given_on", "2026-11-10", "stage", stage, "review_status", status, "logged_by", w.OtherPartner.Id}
		w.Make("contributions", append(fields, more...)...)
	}
	gift("verified", "delivered", "verified_quantity", 20)
	gift("verified", "delivered", "verified_quantity", 20)
	gift("submitted", "pledged")
	w.Make("stakeholders", "programme", w.Kopi.Id, "organisation", w.Campus.Id, "position", "LPPM")
	seen := w.As(w.Initiator).Get("/programmes/kopi").Want(http.StatusOK)
	for link, want := range map[string]string{"stakeholders": "6di 4 dari 5 unsur", "contributions": "3menunggu atau terverifikasi"} {
		check.Equal(t, link+": the figure", seen.Text(".figures dd:has(a[href='/programmes/kopi/"+link+"'])"), want)
	}
	check.Equal(t, "up to two gifts a month the axis", seen.Doc().Find(".chart line.axis").Length(), 3)
}

func TestDashboard_Gaps_MissingBeforeVague(t *testing.T) {
	w := testkit.New(t)
	w.Shop.Set("subtype", "business_group_unnamed")
	check.NoError(t, w.App.Save(w.Shop))
	for _, want := range []string{"Belum ada unsur media", "Dunia usaha belum dirinci"} {
		seen := w.As(w.Partner).Get("/programmes/kopi").Want(http.StatusOK)
		check.Equal(t, "the callout is titled", seen.Text(".callout b, .callout strong, .callout h2, .callout h3"), want)
		check.Equal(t, "a partner is offered", seen.Doc().Find(".callout a").Length(), 0)
		press := w.Make("organisations", "name", "Suara Merdeka", "helix", "media", "subtype", "print")
		w.Make("stakeholders", "programme", w.Kopi.Id, "organisation", press.Id)
	}
}
