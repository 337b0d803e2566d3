package contributions_test

import (
	"net/http"
	"strings"
	"testing"

	"simpul/hooks/testkit"
)

func TestShow_AfterReview_FactsAndHistory(t *testing.T) {
	w := testkit.New(t)
	partner, coordinator, initiator := w.As(w.Partner), w.As(w.Coordinator), w.As(w.Initiator)
	partner.Post("/contributions", form(w, "place", "Tambakaji", "value_idr", "1,5 juta", "value_basis", "market_estimate",
		"people_reached", "40", "recipient", w.Agency.Id, "channelled_through", w.Forum.Id, "note", "Untuk lansia")...).Want(http.StatusSeeOther)
	path := "/contributions/" + only(w).Id
	later(t, "2026-11-23 03:00")
	coordinator.Post(path+"/return", "return_reason", "proof", "return_note", "Mohon foto serah terima").Want(http.StatusSeeOther)
	later(t, "2026-11-23 04:00")
	partner.Post(path, form(w)...).Want(http.StatusSeeOther)
	later(t, "2026-11-23 05:00")
	back := initiator.Follow(initiator.Post(path+"/verify", "verified_quantity", "18"))
	if said := back.Text(".flash"); !strings.Contains(said, "SL-2026-000001 terverifikasi.") {
		t.Errorf("flash: %q", said)
	}

	facts := partner.Get(path).Want(http.StatusOK)
	for _, want := range []string{"SL-2026-000001", "Puskesmas Tambakaji", "Barang", "20 paket", "18 paket", "Senin, 23 November 2026", "Terverifikasi"} {
		if !strings.Contains(facts.Text("main"), want) {
			t.Errorf("the giver does not read %q", want)
		}
	}
	history := initiator.Get(path).Text("section[aria-labelledby=history]")
	want := "Dicatat oleh Narahubung Puskesmas|Dikembalikan oleh Sub Koordinator untuk diperbaiki|Dikirim lagi oleh Narahubung Puskesmas|Diverifikasi oleh Kepala Panti"
	at := 0
	for _, line := range strings.Split(want, "|") {
		next := strings.Index(history[at:], line)
		if next < 0 {
			t.Fatalf("the history has no %q after %q: %s", line, history[:at], history)
		}
		at += next
	}
	if own := partner.Get(path).Text("section[aria-labelledby=history]"); !strings.Contains(own, "Diverifikasi oleh Kepala Panti") {
		t.Errorf("the giver's history: %s", own)
	}
	if english := englishReader(w).Get(path).Text("main"); strings.Contains(english, "⟦") || !strings.Contains(english, "18 packages") {
		t.Errorf("in English: %s", english)
	}
}

func TestShow_EachStatus_HistoryAndActions(t *testing.T) {
	w := testkit.New(t)
	for status, c := range map[string]struct{ history, badge string }{
		"draft":          {"Dicatat oleh Narahubung Puskesmas", "Draf"},
		"submitted":      {"Dicatat oleh Narahubung Puskesmas", "Menunggu verifikasi"},
		"needs_revision": {"Dikembalikan oleh Kepala Panti untuk diperbaiki", "Perlu perbaikan"},
		"verified":       {"Diverifikasi oleh Kepala Panti", "Terverifikasi"},
		"rejected":       {"Ditolak oleh Kepala Panti", "Ditolak"},
		"withdrawn":      {"Ditarik oleh Narahubung Puskesmas", "Ditarik"},
	} {
		r := inState(w, status)
		if strings.Contains("needs_revision verified rejected", status) {
			r = inState(w, status, "reviewed_by", w.Initiator.Id, "reviewed_at", "2026-11-22 02:00:00.000Z", "review_note", "Begini")
		}
		page := w.As(w.Partner).Get("/contributions/" + r.Id).Want(http.StatusOK)
		if !strings.Contains(page.Text("section[aria-labelledby=history]"), c.history) || !strings.Contains(page.Text(".page-head"), c.badge) {
			t.Errorf("%s: %s / %s", status, page.Text(".page-head"), page.Text("section[aria-labelledby=history]"))
		}
		editable := status == "draft" || status == "needs_revision"
		if offers := page.Doc().Find(`a[href$="/edit"]`).Length() == 1; offers != editable {
			t.Errorf("%s: offers to edit: %v", status, offers)
		}
		open := editable || status == "submitted"
		if offers := page.Doc().Find(`form[action$="/withdraw"]`).Length() == 1; offers != open {
			t.Errorf("%s: offers to withdraw: %v", status, offers)
		}
	}
	again := inState(w, "submitted", "reviewed_by", w.Coordinator.Id, "reviewed_at", "2026-11-20 02:00:00.000Z", "submitted_at", "2026-11-21 02:00:00.000Z")
	if said := w.As(w.Partner).Get("/contributions/" + again.Id).Text("section[aria-labelledby=history]"); !strings.Contains(said, "Dikembalikan oleh Sub Koordinator") || !strings.Contains(said, "Dikirim lagi") {
		t.Errorf("after a second sending: %s", said)
	}
}

func TestShow_Money_NoticeNothingIsCollected(t *testing.T) {
	w := testkit.New(t)
	const notice = "tidak mengumpulkan"
	money := inState(w, "submitted", "kind", "money", "unit", "rupiah", "quantity", 500000)
	for path, want := range map[string]bool{
		"/contributions/new?programme=kopi":           true,
		"/contributions/" + money.Id:                  true,
		"/contributions/" + money.Id + "?sent=1":      true,
		"/contributions/" + inState(w, "verified").Id: false,
	} {
		if got := strings.Contains(w.As(w.Partner).Get(path).Text("main"), notice); got != want {
			t.Errorf("%s says that nothing is collected: %v, want %v", path, got, want)
		}
	}
}

func TestReviewPage_InvalidInput_ErrorAtField(t *testing.T) {
	w := testkit.New(t)
	r := inState(w, "submitted")
	initiator, path := w.As(w.Initiator), "/contributions/"+r.Id
	for name, c := range map[string]struct {
		step   string
		fields []string
		field  string
	}{
		"no reason of the list":   {"return", []string{"return_note", "Mohon foto"}, "return_reason"},
		"an unknown reason":       {"return", []string{"return_reason", "mood", "return_note", "Mohon foto"}, "return_reason"},
		"no words":                {"return", []string{"return_reason", "proof"}, "return_note"},
		"words like a book":       {"return", []string{"return_reason", "proof", "return_note", strings.Repeat("a", 1501)}, "return_note"},
		"a NIK":                   {"return", []string{"return_reason", "proof", "return_note", "3374010101900001"}, "return_note"},
		"a refusal without words": {"reject", nil, "reject_note"},
		"a quantity in words":     {"verify", []string{"verified_quantity", "kurang"}, "verified_quantity"},
		"nothing came":            {"verify", []string{"verified_quantity", "0"}, "verified_quantity"},
	} {
		answer := initiator.Post(path+"/"+c.step, c.fields...)
		if answer.Status != http.StatusUnprocessableEntity || answer.Doc().Find("#"+c.field+"-error").Length() != 1 {
			t.Errorf("%s: status %d, %d sentences at %s", name, answer.Status, answer.Doc().Find("#"+c.field+"-error").Length(), c.field)
			continue
		}
		if !answer.Doc().Find("#" + c.field).Closest("details").Is("[open]") {
			t.Errorf("%s: the sentence is folded away", name)
		}
		for i := 0; i+1 < len(c.fields); i += 2 {
			control := answer.Doc().Find("#" + c.fields[i])
			kept := control.AttrOr("value", control.Filter("textarea").Text()+control.Find("[selected]").AttrOr("value", ""))
			if kept != c.fields[i+1] && c.fields[i+1] != "mood" {
				t.Errorf("%s: %s came back as %q", name, c.fields[i], kept)
			}
		}
		wantFields(t, w.Fresh(r), "review_status", "submitted")
	}
	stale := initiator.Post(path+"/verify", "seen", "2026-01-01 00:00:00.000Z").Want(http.StatusUnprocessableEntity)
	if !strings.Contains(stale.Text(".problems"), "Orang lain baru saja mengubahnya") {
		t.Errorf("said %q", stale.Text(".problems"))
	}
	seen := hidden(initiator.Get(path).Doc())[:2]
	initiator.Post(path+"/verify", seen...).Want(http.StatusSeeOther)
	wantFields(t, w.Fresh(r), "verified_quantity", "20")
}

func TestShow_JustSent_TotalsOfContributor(t *testing.T) {
	w := testkit.New(t)
	inState(w, "verified", "quantity", 30)
	inState(w, "verified", "contributor", w.Forum.Id, "quantity", 999)
	partner := w.As(w.Partner)
	thanks := partner.Follow(partner.Post("/contributions", form(w)...)).Want(http.StatusOK)
	if row := thanks.Text("section[aria-labelledby=own-totals] tbody"); row != "Barang (paket) 30 20" {
		t.Errorf("so far: %q", row)
	}
	if id := thanks.Text("#number"); id != "SL-2026-000002" && id != "SL-2026-000003" {
		t.Errorf("number: %q", id)
	}
	if paper := thanks.Text(".only-print"); !strings.Contains(paper, "Dinas Sosial Kota Semarang") || !strings.Contains(paper, "Bukti pencatatan") {
		t.Errorf("on paper: %q", paper)
	}
	stranger := w.As(w.Initiator).Get("/contributions/" + w.Only("contributions", "quantity", 20).Id + "?sent=1")
	if stranger.Doc().Find("#sent-title").Length() != 0 {
		t.Error("somebody who gave nothing is thanked")
	}
}

func TestShow_Printed_NamesIssuerAndProgramme(t *testing.T) {
	w := testkit.New(t)
	gift := inState(w, "verified")
	settings := w.Only("hub_settings", "hub_name", "Simpul Lima")
	settings.Set("letterhead_lines", "Jl. Pemuda 148\n\nTelp. 024-1234")
	if err := w.App.Save(settings); err != nil {
		t.Fatal(err)
	}
	page := w.As(w.Initiator).Get("/contributions/" + gift.Id)
	paper := page.Text(".only-print")
	for _, want := range []string{"Dinas Sosial Kota Semarang", "Jl. Pemuda 148", "Telp. 024-1234", "SL-2026-000001", w.Kopi.GetString("name")} {
		if !strings.Contains(paper, want) {
			t.Errorf("the paper reads %q, without %q", paper, want)
		}
	}
	if page.Doc().Find("#evidence.no-print").Length() != 1 {
		t.Error("an empty list of evidence is printed")
	}
}
