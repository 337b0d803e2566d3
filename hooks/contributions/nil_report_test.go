package contributions_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"simpul/hooks/lang"
	"simpul/hooks/testkit"
)

// nilPath is where a partner says that there is nothing.
const nilPath = "/programmes/kopi/nil-reports"

// It is 23 November 2026.
func TestCreateNilReport_PartnerRepeatsAndDeletes_OneReport(t *testing.T) {
	w := testkit.New(t)
	partner := w.As(w.Partner)
	offered := partner.Get(listPath).Doc().Find(`form[action="` + nilPath + `"]`)
	if offered.Length() != 1 || offered.Find("input[name=organisation]").AttrOr("value", "") != w.Puskesmas.Id {
		t.Fatalf("%d buttons are offered", offered.Length())
	}
	for range 2 {
		got := partner.Follow(partner.Post(nilPath, "organisation", w.Puskesmas.Id))
		if got.Text(".flash") != lang.T("id", "nil_reports.saved") || got.Doc().Find(`form[action="`+nilPath+`"]`).Length() != 0 {
			t.Errorf("the page says %s", got.Text("main"))
		}
	}
	r := w.Only("nil_reports", "organisation", w.Puskesmas.Id)
	if r.GetString("month") != "2026-11" || r.GetString("programme") != w.Kopi.Id || r.GetString("said_by") != w.Partner.Id {
		t.Errorf("kept is %s by %s", r.GetString("month"), r.GetString("said_by"))
	}
	said := w.As(w.Initiator).Get(listPath).Text("section[aria-labelledby=nil]")
	for _, want := range []string{"Puskesmas Tambakaji: nihil November 2026", w.Partner.GetString("name"), "Urungkan"} {
		if !strings.Contains(said, want) {
			t.Errorf("the team reads %q, which lacks %q", said, want)
		}
	}
	partner.Follow(partner.Post("/nil-reports/" + r.Id + "/delete").Want(http.StatusSeeOther))
	wantCount(t, w, "nil_reports", 0)
	if n := len(activityOf(w, "nil_reports")); n != 2 {
		t.Errorf("%d steps are in the activity", n)
	}
}

func activityOf(w *testkit.World, collection string) []string {
	w.Helper()
	rows, err := w.App.FindAllRecords("activity", dbx.HashExp{"collection": collection})
	if err != nil {
		w.Fatal(err)
	}
	out := []string{}
	for _, r := range rows {
		out = append(out, r.GetString("action"))
	}
	return out
}

func TestCreateNilReport_ForOthers_Refused(t *testing.T) {
	w := testkit.New(t)
	for name, c := range map[string]struct {
		as           asker
		organisation string
		status       int
	}{
		"another partner":   {asker{"other-partner", w.OtherPartner}, w.Puskesmas.Id, http.StatusNotFound},
		"an observer":       {asker{"observer", w.Observer}, w.Puskesmas.Id, http.StatusNotFound},
		"another programme": {asker{"bali-partner", w.BaliPartner}, w.Bali.Id, http.StatusNotFound},
		"of no party":       {asker{"initiator", w.Initiator}, w.Bali.Id, http.StatusSeeOther},
		"of nobody":         {asker{"partner", w.Partner}, "", http.StatusSeeOther},
	} {
		if got := w.As(c.as.record).Post(nilPath, "organisation", c.organisation); got.Status != c.status {
			t.Errorf("%s: status %d, want %d", name, got.Status, c.status)
		}
	}
	wantCount(t, w, "nil_reports", 0)
	r := w.Make("nil_reports", "programme", w.Kopi.Id, "organisation", w.Puskesmas.Id, "month", "2026-11")
	w.As(w.OtherPartner).Post("/nil-reports/" + r.Id + "/delete").Want(http.StatusNotFound)
	w.As(w.Observer).Post("/nil-reports/" + r.Id + "/delete").Want(http.StatusNotFound)
	// What one partner said is not shown to another.
	if got := w.As(w.OtherPartner).Get(listPath).Text("section[aria-labelledby=nil]"); strings.Contains(got, "Puskesmas") {
		t.Errorf("another partner reads %q", got)
	}
	w.As(w.Coordinator).Post("/nil-reports/" + r.Id + "/delete").Want(http.StatusSeeOther)
}

func TestValidateNilReport_BadMonth_Refused(t *testing.T) {
	w := testkit.New(t)
	inState(w, "verified", "given_on", "2026-10-05")
	for name, c := range map[string]struct{ month, key string }{
		"a month to come":     {"2026-12", "nil_reports.problem_future"},
		"a month with a gift": {"2026-10", "nil_reports.problem_given"},
		"half a month":        {"2026-1", "nil_reports.problem_month"},
		"words":               {"abc", "nil_reports.problem_month"},
		"a thirteenth month":  {"2026-13", "nil_reports.problem_month"},
		"a day":               {"2026-09-01", "nil_reports.problem_month"},
		"no month":            {"", "nil_reports.problem_month"},
	} {
		body := map[string]any{"programme": w.Kopi.Id, "organisation": w.Puskesmas.Id, "month": c.month}
		got := w.As(w.Partner).API(http.MethodPost, "/api/collections/nil_reports/records", body).Want(http.StatusBadRequest)
		if !strings.Contains(got.Body, `"month"`) || !strings.Contains(got.Body, lang.T("id", c.key)) {
			t.Errorf("%s: the answer is %s", name, got.Body)
		}
	}
	said := map[string]any{"programme": w.Kopi.Id, "organisation": w.Puskesmas.Id, "month": "2026-09"}
	w.As(w.Partner).API(http.MethodPost, "/api/collections/nil_reports/records", said).Want(http.StatusOK)
	w.As(w.Partner).API(http.MethodPost, "/api/collections/nil_reports/records", said).Want(http.StatusBadRequest)
	said["month"], said["said_by"] = "2026-08", w.Initiator.Id
	w.As(w.Partner).API(http.MethodPost, "/api/collections/nil_reports/records", said).Want(http.StatusBadRequest)
	if r := w.Only("nil_reports", "month", "2026-09"); r.GetString("said_by") != w.Partner.Id {
		t.Errorf("said by %s", r.GetString("said_by"))
	}
}

func TestListNilReports_ContributionLogged_TakesPrecedence(t *testing.T) {
	w := testkit.New(t)
	partner := w.As(w.Partner)
	partner.Post(nilPath, "organisation", w.Puskesmas.Id).Want(http.StatusSeeOther)
	gift := inState(w, "submitted", "given_on", "2026-11-20")
	for _, person := range []asker{{"team", w.Initiator}, {"partner", w.Partner}} {
		if got := w.As(person.record).Get(listPath); got.Doc().Find("section[aria-labelledby=nil]").Length() != 0 {
			t.Errorf("%s reads %q", person.name, got.Text("section[aria-labelledby=nil]"))
		}
	}
	partner.Post(nilPath, "organisation", w.Puskesmas.Id).Want(http.StatusSeeOther) // said before, so nothing is added
	if err := w.App.Delete(w.Only("nil_reports", "month", "2026-11")); err != nil {
		t.Fatal(err)
	}
	got := partner.Follow(partner.Post(nilPath, "organisation", w.Puskesmas.Id).Want(http.StatusSeeOther))
	if got.Text(".flash.warn") != lang.T("id", "nil_reports.problem_given") || w.Count("nil_reports") != 0 {
		t.Errorf("beside a gift the page says %q, and %d are kept", got.Text(".flash"), w.Count("nil_reports"))
	}
	w.As(w.Partner).Post("/contributions/" + gift.Id + "/withdraw")
	if got := partner.Get(listPath).Doc().Find(`form[action="` + nilPath + `"]`); got.Length() != 1 {
		t.Errorf("after the gift was taken back %d buttons are offered", got.Length())
	}
}

// Two windows show the same list, and the button is pressed in both.
func TestDeleteNilReport_Twice_RedirectsWithMessage(t *testing.T) {
	w := testkit.New(t)
	partner := w.As(w.Partner)
	shown := partner.Follow(partner.Post(nilPath, "organisation", w.Puskesmas.Id))
	button := shown.Doc().Find("section[aria-labelledby=nil] form")
	path, back := button.AttrOr("action", ""), button.Find("input[name=back]").AttrOr("value", "")
	for _, key := range []string{"undone", "undone_before"} {
		got := partner.Follow(partner.Post(path, "back", back).Want(http.StatusSeeOther)).Want(http.StatusOK)
		if got.Text(".flash") != lang.T("id", "nil_reports."+key) || !strings.HasPrefix(back, listPath) {
			t.Errorf("back at %q the page says %q", back, got.Text(".flash"))
		}
	}
	// It leads nowhere else.
	got := partner.Post(path, "back", "https://example.com/").Want(http.StatusSeeOther)
	if to := got.Header.Get("Location"); strings.Contains(to, "example.com") {
		t.Errorf("it leads to %s", to)
	}
}

func TestCreateNilReport_EnglishReader_Translated(t *testing.T) {
	w := testkit.New(t)
	w.Partner.Set("language", "en")
	if err := w.App.Save(w.Partner); err != nil {
		t.Fatal(err)
	}
	partner := w.As(w.Fresh(w.Partner))
	if got := partner.Get(listPath).Text(`form[action="` + nilPath + `"]`); got != "Nothing to report this month" {
		t.Errorf("the button says %q", got)
	}
	got := partner.Follow(partner.Post(nilPath, "organisation", w.Puskesmas.Id))
	if !strings.Contains(got.Text("section[aria-labelledby=nil]"), "Puskesmas Tambakaji: nothing in November 2026") {
		t.Errorf("the page says %q", got.Text("section[aria-labelledby=nil]"))
	}
}
