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
)

// Every number on the page must open a list with exactly so many rows.
func TestEachNumberOpensExactlyItsList(t *testing.T) {
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
		want, err := strconv.Atoi(strings.TrimSpace(link.Text()))
		if err != nil {
			t.Fatal(err)
		}
		href, _ := link.Attr("href")
		if rows := c.Get(href).Want(http.StatusOK).Doc().Find("li.task").Length(); rows != want {
			t.Errorf("%s: the number says %d, the list has %d rows", href, want, rows)
		}
	})
	if seen != 3 {
		t.Errorf("%d numbers with a list, want 3", seen)
	}
}

func TestAPartnerFindsTheThreeThingsItCameFor(t *testing.T) {
	w := testkit.New(t)
	task(w, "2026-12-10", "todo")
	w.Make("meetings", "programme", w.Kopi.Id, "kind", "coordination", "title", "Rapat koordinasi", "starts_at", "2026-12-01 02:00:00.000Z",
		"time_zone", "Asia/Jakarta", "mode", "online", "link", "https://example.org/rapat", "status", "scheduled")
	seen := w.As(w.Partner).Get("/").Want(http.StatusOK)
	if href, _ := seen.Doc().Find("a.button.primary").Attr("href"); href != "/contributions/new" {
		t.Errorf("the first button leads to %q", href)
	}
	if mine := seen.Text("section:has(#mine)"); !strings.Contains(mine, "Jadwal home visit") {
		t.Errorf("its tasks read %q", mine)
	}
	if next := seen.Text("section:has(#next)"); !strings.Contains(next, "Rapat koordinasi") {
		t.Errorf("the next meeting reads %q", next)
	}
	if seen.Doc().Find("#attention, #verify, #gaps").Length() != 0 {
		t.Error("a partner is shown what is the team's to look after")
	}
	other := w.As(w.OtherPartner).Get("/").Want(http.StatusOK)
	if mine := other.Text("section:has(#mine)"); strings.Contains(mine, "Jadwal home visit") {
		t.Error("another partner's tasks are called mine")
	}
}

func TestAnInitiatorSeesWhatWaitsForVerification(t *testing.T) {
	w := testkit.New(t)
	w.Make("contributions", "programme", w.Kopi.Id, "contributor", w.Puskesmas.Id, "kind", "goods", "item", "Masker", "quantity", 5,
		"unit", "package", "given_on", "2026-11-20", "stage", "delivered", "logged_by", w.Partner.Id)
	c := w.As(w.Initiator)
	home := c.Get("/").Want(http.StatusOK)
	if got := home.Text("section:has(#verify)"); !strings.Contains(got, "1 kontribusi") {
		t.Errorf("waiting reads %q", got)
	}
	href, _ := home.Doc().Find("section:has(#verify) a").Attr("href")
	if list := c.Get(href).Want(http.StatusOK).Text("main"); !strings.Contains(list, "Masker") {
		t.Errorf("the list at %s reads %.300s", href, list)
	}
	if gaps := home.Text("section:has(#gaps)"); !strings.Contains(gaps, "KOPI REHAT") || !strings.Contains(gaps, "Belum ada unsur media") {
		t.Errorf("the gaps read %q", gaps)
	}
}

func TestWhoLeadsAProgrammeAndSpeaksForAPartnerFindsItOnce(t *testing.T) {
	w := testkit.New(t)
	w.Make("contacts", "organisation", w.Campus.Id, "position", "Dosen", "user", w.Initiator.Id)
	w.Make("contributions", "programme", w.Kopi.Id, "contributor", w.Puskesmas.Id, "kind", "goods", "item", "Masker", "quantity", 5,
		"unit", "package", "given_on", "2026-11-20", "stage", "delivered", "logged_by", w.Partner.Id)
	home := w.As(w.Initiator).Get("/").Want(http.StatusOK).Doc()
	if home.Find("a.button.primary[href='/contributions/new']").Length() != 1 {
		t.Fatal("the initiator does not speak for the campus as well")
	}
	for _, section := range []string{"#gaps", "#verify"} {
		if n := home.Find("section:has(" + section + ") li.row").Length(); n != 1 {
			t.Errorf("%s lists the programme %d times", section, n)
		}
	}
}

func TestWhoeverTakesPartInNothingIsToldWhatToDo(t *testing.T) {
	w := testkit.New(t)
	if got := w.As(w.Outsider).Get("/").Want(http.StatusOK).Text("main"); !strings.Contains(got, "Anda belum ikut dalam program apa pun") {
		t.Errorf("the page reads %q", got)
	}
	w.As(nil).Get("/").Want(http.StatusSeeOther)
}

func TestAnAdministratorSeesWhatANewHubLacks(t *testing.T) {
	w := testkit.New(t)
	seen := w.As(w.Administrator).Get("/").Want(http.StatusOK)
	checks := seen.Text("section:has(#checks)")
	for _, want := range []string{"Server email (SMTP)", "Hari libur 2027", "Inisiator pertama"} {
		if !strings.Contains(checks, want) {
			t.Errorf("%q is not on the list: %q", want, checks)
		}
	}
	if n := seen.Doc().Find("section:has(#checks) .badge.warn").Length(); n != 2 {
		t.Errorf("%d open points, want 2 (mail server, next year's holidays)", n)
	}
	w.Make("holidays", "on", "2027-01-01", "name", "Tahun Baru", "kind", "national_holiday")
	settings, err := w.App.Settings().Clone()
	if err != nil {
		t.Fatal(err)
	}
	settings.SMTP.Enabled, settings.SMTP.Host, settings.SMTP.Port = true, "127.0.0.1", 2525
	if err := w.App.Save(settings); err != nil {
		t.Fatal(err)
	}
	if n := w.As(w.Administrator).Get("/").Doc().Find("section:has(#checks) .badge.warn").Length(); n != 0 {
		t.Errorf("%d points still open", n)
	}
}

func TestOnlyAnAdministratorRemovesTheExamples(t *testing.T) {
	w := testkit.New(t)
	for _, person := range []*testkit.Client{w.As(w.Initiator), w.As(w.Partner)} {
		person.Post("/example/remove").Want(http.StatusNotFound)
	}
	w.As(nil).Post("/example/remove").Want(http.StatusUnauthorized)
	w.As(w.Administrator).Post("/example/remove").Want(http.StatusSeeOther)
	if w.Count("programmes") != 3 {
		t.Error("real programmes were removed with the examples")
	}
}

func TestAnExampleInitiatorIsNotTheFirst(t *testing.T) {
	w := testkit.New(t)
	open := func() int {
		return w.As(w.Administrator).Get("/").Want(http.StatusOK).Doc().Find("section:has(#checks) li:has(b:contains('Inisiator pertama')) .badge.warn").Length()
	}
	if open() != 0 {
		t.Error("a hub with initiators lacks one")
	}
	initiators, err := w.App.FindAllRecords("users", dbx.HashExp{"may_create_programmes": true})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range initiators {
		r.Set("example", true)
		if err := w.App.Save(r); err != nil {
			t.Fatal(err)
		}
	}
	if open() != 1 {
		t.Error("an example counts as the first initiator")
	}
	if said := w.As(w.Administrator).Get("/").Text("main"); strings.Contains(said, "_") {
		t.Errorf("a technical name is shown: %q", said)
	}
}

func TestOnlyWhoMayLogIsOfferedToLog(t *testing.T) {
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

func TestAnAdministratorWithoutProgrammesIsSentToStartOne(t *testing.T) {
	w := testkit.New(t)
	if _, err := w.App.DB().NewQuery("UPDATE programmes SET status = 'cancelled'").Execute(); err != nil {
		t.Fatal(err)
	}
	main := w.As(w.Administrator).Get("/contributions/new").Want(http.StatusOK)
	if n := main.Doc().Find(`main a[href="/programmes/new"]`).Length(); n != 1 {
		t.Errorf("the page reads %q", main.Text("main"))
	}
}
