package contributions_test

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"
)

func TestPages_EveryRole_OpenOrNotFound(t *testing.T) {
	w := testkit.New(t)
	submitted, returned, verified := inState(w, "submitted"), inState(w, "needs_revision"), inState(w, "verified")
	everybody := "partner coordinator initiator administrator"
	for path, may := range map[string]string{
		"/programmes/kopi/contributions":           everybody + " other-partner observer",
		"/programmes/missing/contributions":        "",
		"/contributions/new?programme=kopi":        everybody + " other-partner",
		"/contributions/new?programme=missing":     "",
		"/contributions/" + submitted.Id:           everybody,
		"/contributions/" + returned.Id:            everybody,
		"/contributions/" + verified.Id:            everybody + " observer",
		"/contributions/" + returned.Id + "/edit":  "partner administrator",
		"/contributions/" + submitted.Id + "/edit": "",
		"/contributions/" + verified.Id + "/edit":  "",
		"/contributions/missing":                   "",
	} {
		for _, a := range askers(w) {
			want := http.StatusNotFound
			if strings.Contains(" "+may+" ", " "+a.name+" ") {
				want = http.StatusOK
			}
			if a.name == "guest" || a.name == "disabled" {
				want = http.StatusSeeOther
			}
			if got := w.As(a.record).Get(path).Status; got != want {
				t.Errorf("%s for %s: %d, want %d", path, a.name, got, want)
			}
		}
	}
}

func TestSteps_EveryRole_AllowedOrNotFound(t *testing.T) {
	w := testkit.New(t)
	const handlers = "partner administrator"
	for _, c := range []struct{ status, step, may string }{
		{"submitted", "verify", "coordinator initiator administrator"},
		{"submitted", "return", "coordinator initiator administrator"},
		{"submitted", "reject", "coordinator initiator administrator"},
		{"verified", "verify", ""},
		{"submitted", "withdraw", handlers},
		{"verified", "withdraw", ""},
		{"needs_revision", "", handlers},
		{"submitted", "", ""},
	} {
		for _, a := range askers(w) {
			r := inState(w, c.status)
			before := w.Count("contributions")
			path := strings.TrimSuffix("/contributions/"+r.Id+"/"+c.step, "/")
			answer := w.As(a.record).Post(path, form(w, "return_reason", "proof", "return_note", "Mohon foto", "reject_note", "Bukan kami")...)
			moved := w.Fresh(r).GetString("updated") != r.GetString("updated") || w.Fresh(r).GetString("review_status") != c.status
			may := strings.Contains(" "+c.may+" ", " "+a.name+" ")
			signIn := a.name == "guest" || a.name == "disabled"
			switch {
			case may && (answer.Status != http.StatusSeeOther || !moved):
				t.Errorf("%s of %s by %s: status %d, moved %v", c.step, c.status, a.name, answer.Status, moved)
			case !may && (moved || !signIn && answer.Status != http.StatusNotFound || signIn && answer.Status != http.StatusUnauthorized):
				t.Errorf("%s of %s by %s: status %d, moved %v", c.step, c.status, a.name, answer.Status, moved)
			}
			wantCount(t, w, "contributions", before)
		}
	}
}

func TestCreate_ForAnotherOrganisation_Refused(t *testing.T) {
	w := testkit.New(t)
	for _, c := range []struct {
		asker
		changes []string
		want    int
	}{
		{asker{"partner for Forum", w.Partner}, []string{"contributor", w.Forum.Id}, http.StatusNotFound},
		{asker{"partner for nobody", w.Partner}, []string{"contributor", ""}, http.StatusUnprocessableEntity},
		{asker{"partner for Bali", w.Partner}, []string{"contributor", w.Bali.Id}, http.StatusUnprocessableEntity},
		{asker{"partner in Rantang", w.Partner}, []string{"programme", w.Rantang.Id}, http.StatusNotFound},
		{asker{"partner in no programme", w.Partner}, []string{"programme", ""}, http.StatusNotFound},
		{asker{"team for Bali", w.Coordinator}, []string{"contributor", w.Bali.Id}, http.StatusUnprocessableEntity},
		{asker{"team for nobody", w.Coordinator}, []string{"contributor", ""}, http.StatusUnprocessableEntity},
		{asker{"observer", w.Observer}, nil, http.StatusNotFound},
		{asker{"outsider", w.Outsider}, nil, http.StatusNotFound},
		{asker{"Bali's partner", w.BaliPartner}, nil, http.StatusNotFound},
		{asker{"guest", nil}, nil, http.StatusUnauthorized},
	} {
		if got := w.As(c.record).Post("/contributions", form(w, c.changes...)...).Status; got != c.want {
			t.Errorf("%s: status %d, want %d", c.name, got, c.want)
		}
	}
	wantCount(t, w, "contributions", 0)
}

func TestCreate_TeamOnBehalf_LoggedAndNotReviewedBySelf(t *testing.T) {
	w := testkit.New(t)
	coordinator := w.As(w.Coordinator)
	page := coordinator.Get("/contributions/new?programme=kopi&contributor=" + w.Shop.Id).Want(http.StatusOK)
	if chosen := page.Doc().Find("#contributor option[selected]").AttrOr("value", ""); chosen != w.Shop.Id {
		t.Errorf("chosen: %q", chosen)
	}
	coordinator.Post("/contributions", form(w, "contributor", w.Shop.Id)...).Want(http.StatusSeeOther)
	r := only(w)
	wantFields(t, r, "contributor", w.Shop.Id, "logged_by", w.Coordinator.Id, "on_behalf", "true")

	own := coordinator.Get("/contributions/" + r.Id).Want(http.StatusOK)
	if said := own.Text("#review"); !strings.Contains(said, "Anda sendiri yang mencatat") || own.Doc().Find("#review form").Length() != 0 {
		t.Errorf("the one who logged it reads: %s", said)
	}
	if w.As(w.Initiator).Get("/contributions/"+r.Id).Doc().Find(`#review form[action$="/verify"]`).Length() != 1 {
		t.Error("the other one of the team cannot verify")
	}
}

func TestNew_SeveralTargets_AskedFirst(t *testing.T) {
	w := testkit.New(t)
	w.Make("contacts", "organisation", w.Forum.Id, "position", "Bendahara", "user", w.Partner.Id, "from_on", "2026-01-05")
	partner := w.As(w.Partner)
	links := partner.Get("/contributions/new").Want(http.StatusOK).Doc().Find("main ul a")
	if links.Length() != 2 {
		t.Fatalf("%d ways to log, want 2", links.Length())
	}
	chosen := partner.Get("/contributions/new?programme=kopi&contributor=" + w.Forum.Id).Want(http.StatusOK)
	if said := chosen.Text("main .lead"); !strings.Contains(said, "Forum PSM Semarang") {
		t.Errorf("the form speaks for %q", said)
	}
	partner.Post("/contributions", with(hidden(chosen.Doc()), "kind", "goods", "item", "5 kg beras")...).Want(http.StatusSeeOther)
	wantFields(t, only(w), "contributor", w.Forum.Id)

	asked := partner.Get("/contributions/new?programme=kopi").Want(http.StatusOK)
	if n := asked.Doc().Find("#contributor option").Length(); n != 3 {
		t.Errorf("%d choices of a giver, want two and none", n)
	}
	if n := w.As(w.BaliInitiator).Get("/contributions/new").Doc().Find("main ul a").Length(); n != 2 {
		t.Errorf("%d programmes for who leads two", n)
	}
	nowhere := w.As(w.Outsider).Get("/contributions/new").Want(http.StatusOK)
	if nowhere.Doc().Find(".empty-list").Length() != 1 {
		t.Error("who takes part in nothing is not told what to do")
	}
}

func TestNew_FormSize_UnderTwentyKilobytesGzipped(t *testing.T) {
	w := testkit.New(t)
	for _, person := range []asker{{"partner", w.Partner}, {"initiator", w.Initiator}} {
		page := w.As(person.record).Get("/contributions/new?programme=kopi").Want(http.StatusOK)
		var zipped bytes.Buffer
		z := gzip.NewWriter(&zipped)
		if _, err := z.Write([]byte(page.Body)); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		if zipped.Len() > 20_000 {
			t.Errorf("%s: %d bytes", person.name, zipped.Len())
		}
		t.Logf("form of %s: %d bytes, %d gzipped", person.name, len(page.Body), zipped.Len())
	}
}

func TestPages_BothLanguages_Translated(t *testing.T) {
	w := testkit.New(t)
	everyState(w)
	mine := inState(w, "needs_revision", "review_note", "Mohon foto")
	paths := []string{listPath, listPath + "?status=rejected&page=7", "/contributions/new", "/contributions/new?programme=kopi",
		"/contributions/" + mine.Id, "/contributions/" + mine.Id + "/edit", "/contributions/" + mine.Id + "?sent=1",
		"/contributions/" + inState(w, "submitted").Id, "/contributions/" + inState(w, "rejected").Id}
	for _, language := range []string{"id", "en"} {
		for _, person := range []*core.Record{w.Partner, w.Initiator, w.Administrator} {
			if person != w.Administrator {
				person.Set("language", language)
				if err := w.App.SaveNoValidate(person); err != nil {
					t.Fatal(err)
				}
			}
			c := w.As(person)
			c.SetCookie("language", language)
			for _, path := range paths {
				page := c.Get(path)
				if page.Status == http.StatusNotFound && person == w.Initiator && strings.HasSuffix(path, "/edit") {
					continue // somebody else's to put right
				}
				if page.Status != http.StatusOK || strings.Contains(page.Body, "⟦") {
					t.Errorf("%s in %s: status %d, %s", path, language, page.Status, between(page.Body, "⟦", "⟧"))
				}
				if lang := page.Doc().Find("html").AttrOr("lang", ""); lang != language {
					t.Errorf("%s is in %q, want %q", path, lang, language)
				}
			}
		}
	}
}

func between(text, from, to string) string {
	_, rest, _ := strings.Cut(text, from)
	inside, _, _ := strings.Cut(rest, to)
	return inside
}
