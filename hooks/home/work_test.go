package home_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

// Every number on the page must open a list with exactly so many rows.
func TestDashboard_Numbers_MatchTheirLists(t *testing.T) {
	w := testkit.New(t)
	task(w, "2026-11-20", "todo", "title", "Lewat dan belum dijawab")
	task(w, "2026-11-19", "in_progress", "title", "Lewat dan dikerjakan")
	task(w, "2026-12-10", "todo", "title", "Belum dijawab")
	task(w, "2026-12-10", "in_progress", "title", "Minta waktu", "reply", "more_time", "reply_reason", "Dokter cuti")
	c := w.As(w.Initiator)
	home := c.Get("/").Want(http.StatusOK)
	seen := 0
	home.Doc().Find("section:has(#attention) dd a").Each(func(_ int, link *goquery.Selection) {
		seen++
		want := check.Must(strconv.Atoi(strings.TrimSpace(link.Text())))
		href, _ := link.Attr("href")
		check.Equal(t, href+": the number", c.Get(href).Want(http.StatusOK).Doc().Find("li.task").Length(), want)
	})
	check.Equal(t, "seen", seen, 3)
}

func TestWork_Partner_TasksContributionsMeetings(t *testing.T) {
	w := testkit.New(t)
	task(w, "2026-12-10", "todo")
	w.Make("meetings", "programme", w.Kopi.Id, "kind", "coordination", "title", "Rapat koordinasi", "starts_at", "2026-12-01 02:00:00.000Z",
		"time_zone", "Asia/Jakarta", "mode", "online", "link", "https://example.org/rapat", "status", "scheduled")
	seen := w.As(w.Partner).Get("/").Want(http.StatusOK)
	check.Equal(t, "the first button", seen.Doc().Find("a.button.primary").AttrOr("href", ""), "/contributions/new")
	check.Contains(t, "its tasks read", seen.Text("section:has(#mine)"), "Jadwal home visit")
	check.Contains(t, "the next meeting", seen.Text("section:has(#next)"), "Rapat koordinasi")
	check.Equal(t, "a partner is shown what is the team's to look after", seen.Doc().Find("#attention, #verify, #gaps").Length(), 0)
	other := w.As(w.OtherPartner).Get("/").Want(http.StatusOK)
	check.Lacks(t, "another partner's tasks are called mine", other.Text("section:has(#mine)"), "Jadwal home visit")
}

func TestWork_Initiator_ToVerify(t *testing.T) {
	w := testkit.New(t)
	w.Make("contributions", "programme", w.Kopi.Id, "contributor", w.Puskesmas.Id, "kind", "goods", "item", "Masker", "quantity", 5,
		"unit", "package", "given_on", "2026-11-20", "stage", "delivered", "logged_by", w.Partner.Id)
	c := w.As(w.Initiator)
	home := c.Get("/").Want(http.StatusOK)
	check.Contains(t, "waiting", home.Text("section:has(#verify)"), "1 kontribusi")
	href, _ := home.Doc().Find("section:has(#verify) a").Attr("href")
	if list := c.Get(href).Want(http.StatusOK).Text("main"); !strings.Contains(list, "Masker") {
		t.Errorf("the list at %s reads %.300s", href, list)
	}
	check.Contains(t, "the gaps read", home.Text("section:has(#gaps)"), "KOPI REHAT", "Belum ada unsur media")
}

func TestWork_BothRoles_ProgrammeOnce(t *testing.T) {
	w := testkit.New(t)
	w.Make("contacts", "organisation", w.Campus.Id, "position", "Dosen", "user", w.Initiator.Id)
	w.Make("contributions", "programme", w.Kopi.Id, "contributor", w.Puskesmas.Id, "kind", "goods", "item", "Masker", "quantity", 5,
		"unit", "package", "given_on", "2026-11-20", "stage", "delivered", "logged_by", w.Partner.Id)
	home := w.As(w.Initiator).Get("/").Want(http.StatusOK).Doc()
	if home.Find("a.button.primary[href='/contributions/new']").Length() != 1 {
		t.Fatal("the initiator does not speak for the campus as well")
	}
	for _, section := range []string{"#gaps", "#verify"} {
		check.Equal(t, section+" lists the programme", home.Find("section:has("+section+") li.row").Length(), 1)
	}
}

func TestWork_NoProgramme_Explains(t *testing.T) {
	w := testkit.New(t)
	check.Contains(t, "the page", w.As(w.Outsider).Get("/").Want(http.StatusOK).Text("main"), "Anda belum ikut dalam program apa pun")
	w.As(nil).Get("/").Want(http.StatusSeeOther)
}

func TestWork_Administrator_SetupChecks(t *testing.T) {
	w := testkit.New(t)
	seen := w.As(w.Administrator).Get("/").Want(http.StatusOK)
	checks := seen.Text("section:has(#checks)")
	check.Contains(t, "checks", checks, "Server email (SMTP)", "Hari libur 2027", "Inisiator pertama")
	check.Equal(t, "number of elements", seen.Doc().Find("section:has(#checks) .badge.warn").Length(), 2)
	w.Make("holidays", "on", "2027-01-01", "name", "Tahun Baru", "kind", "national_holiday")
	settings := check.Must(w.App.Settings().Clone())
	settings.SMTP.Enabled, settings.SMTP.Host, settings.SMTP.Port = true, "127.0.0.1", 2525
	check.NoError(t, w.App.Save(settings))
	check.Equal(t, "number of elements", w.As(w.Administrator).Get("/").Doc().Find("section:has(#checks) .badge.warn").Length(), 0)
}

func TestRemoveAll_OtherPeople_Refused(t *testing.T) {
	w := testkit.New(t)
	for _, person := range []*testkit.Client{w.As(w.Initiator), w.As(w.Partner)} {
		person.Post("/example/remove").Want(http.StatusNotFound)
	}
	w.As(nil).Post("/example/remove").Want(http.StatusUnauthorized)
	w.As(w.Administrator).Post("/example/remove").Want(http.StatusSeeOther)
	check.Equal(t, "real programmes were removed with the examples", w.Count("programmes"), 3)
}

func TestWork_Administrator_ExampleInitiatorNotCounted(t *testing.T) {
	w := testkit.New(t)
	open := func() int {
		return w.As(w.Administrator).Get("/").Want(http.StatusOK).Doc().Find("section:has(#checks) li:has(b:contains('Inisiator pertama')) .badge.warn").Length()
	}
	check.Equal(t, "a hub with initiators lacks one", open(), 0)
	initiators := check.Must(w.App.FindAllRecords("users", dbx.HashExp{"may_create_programmes": true}))
	for _, r := range initiators {
		r.Set("example", true)
		check.NoError(t, w.App.Save(r))
	}
	check.Equal(t, "an example counts as the first initiator", open(), 1)
	check.Lacks(t, "a technical name is shown", w.As(w.Administrator).Get("/").Text("main"), "_")
}

func TestWork_LogButton_OnlyForAllowed(t *testing.T) {
	w := testkit.New(t)
	for name, c := range map[string]struct {
		person *core.Record
		want   int
	}{
		"initiator": {w.Initiator, 1}, "coordinator": {w.Coordinator, 1}, "partner": {w.Partner, 1}, "administrator": {w.Administrator, 1},
		"observer": {w.Observer, 0}, "outsider": {w.Outsider, 0},
	} {
		doc := w.As(c.person).Get("/programmes").Want(http.StatusOK).Doc()
		for _, menu := range []string{".menu", ".tab-bar"} {
			if n := doc.Find(menu + ` a[href="/contributions/new"]`).Length(); n != c.want {
				t.Errorf("%s: %s offers it %d times, want %d", name, menu, n, c.want)
			}
		}
	}
}

func TestWork_AdministratorWithoutProgrammes_OffersStart(t *testing.T) {
	w := testkit.New(t)
	check.Must(w.App.DB().NewQuery("UPDATE programmes SET status = 'cancelled'").Execute())
	main := w.As(w.Administrator).Get("/contributions/new").Want(http.StatusOK)
	if n := main.Doc().Find(`main a[href="/programmes/new"]`).Length(); n != 1 {
		t.Errorf("the page reads %q", main.Text("main"))
	}
}
