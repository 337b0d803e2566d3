package contributions_test

import (
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"

	"simpul/hooks/testkit"
)

func TestCreate_TwentyPackages_OneSubmitThirtyCharacters(t *testing.T) {
	w := testkit.New(t)
	partner := w.As(w.Partner)
	page := partner.Get("/contributions/new").Want(http.StatusOK)

	doc := page.Doc()
	visible := map[string]bool{}
	doc.Find("form.form .field").Each(func(_ int, s *goquery.Selection) {
		if s.Closest("details").Length() == 0 {
			name, _ := s.Find("[name]").Attr("name")
			visible[name] = true
		}
	})
	if len(visible) > 4 {
		t.Errorf("%d fields to see: %v", len(visible), visible)
	}

	sent, typed := hidden(doc), 0
	for _, field := range [][2]string{{"kind", "goods"}, {"item", "20 paket sembako"}} {
		if !visible[field[0]] {
			t.Errorf("%s is not to be seen", field[0])
		}
		if field[0] != "kind" { // a card is pressed, not typed
			typed += utf8.RuneCountInString(field[1])
		}
		sent = with(sent, field[0], field[1])
	}
	if typed > 30 {
		t.Errorf("%d characters typed", typed)
	}
	thanks := partner.Follow(partner.Post("/contributions", sent...))

	r := only(w)
	wantFields(t, r, "item", "sembako", "unit", "package", "given_on", "2026-11-23", "review_status", "submitted")
	wantFields(t, r, "contributor", w.Puskesmas.Id, "number", "SL-2026-000001")
	if r.GetFloat("quantity") != 20 {
		t.Errorf("quantity %v", r.GetFloat("quantity"))
	}
	for _, want := range []string{"SL-2026-000001", "20 paket", "sembako", "Sen, 23 Nov 2026, 09.00 WIB", "Menunggu verifikasi"} {
		if !strings.Contains(thanks.Want(http.StatusOK).Text("main"), want) {
			t.Errorf("the acknowledgement does not say %q: %s", want, thanks.Text("main"))
		}
	}
	for _, wanted := range []string{`[data-share]`, `[data-print]`, `a[href*="/contributions/new?programme=kopi"]`} {
		if thanks.Doc().Find(wanted).Length() == 0 {
			t.Errorf("the acknowledgement has no %s", wanted)
		}
	}
	if text, _ := thanks.Doc().Find("[data-share]").Attr("data-text"); !strings.Contains(text, "SL-2026-000001") {
		t.Errorf("shared: %q", text)
	}
}

func TestCreate_MoneySpellings_SameAmount(t *testing.T) {
	w := testkit.New(t)
	partner := w.As(w.Partner)
	for i, typed := range []string{"1.500.000", "1500000", "1,5 juta", "Rp 1.500.000"} {
		once := "money-" + string(rune('a'+i))
		partner.Post("/contributions", form(w, "once", once, "kind", "money", "unit", "", "item", "Uang transport "+once, "quantity", typed)...).
			Want(http.StatusSeeOther)
		r := w.Only("contributions", "once", once)
		if r.GetFloat("quantity") != 1500000 || r.GetFloat("value_idr") != 1500000 || r.GetString("value_basis") != "cash" {
			t.Errorf("%q became %v", typed, r.GetFloat("quantity"))
		}
		goods := once + "-goods"
		partner.Post("/contributions", form(w, "once", goods, "item", goods, "value_idr", typed, "value_basis", "invoice")...).Want(http.StatusSeeOther)
		if value := w.Only("contributions", "once", goods).GetFloat("value_idr"); value != 1500000 {
			t.Errorf("a value of %q became %v", typed, value)
		}
	}
	partner.Post("/contributions", form(w, "once", "small", "kind", "money", "unit", "", "item", "Parkir", "quantity", "1.500")...).Want(http.StatusSeeOther)
	if amount := w.Only("contributions", "once", "small").GetFloat("quantity"); amount != 1500 {
		t.Errorf("1.500 became %v", amount)
	}
}

func TestCreateAndSave_InvalidField_ErrorAtFieldInputKept(t *testing.T) {
	w := testkit.New(t)
	elsewhere := w.Make("tasks", "programme", w.Rantang.Id, "title", "Lain", "organisation", w.Bali.Id, "accountable", w.BaliInitiator.Id)
	long, returned := strings.Repeat("a", 201), inState(w, "needs_revision", "review_note", "Mohon foto")
	for name, c := range map[string]struct {
		changes []string
		field   string
		says    string
	}{
		"no kind":                     {[]string{"kind", ""}, "kind", "Pilih “Jenis kontribusi” dulu."},
		"an unknown kind":             {[]string{"kind", "gold"}, "kind", "dari daftar"},
		"no item":                     {[]string{"item", ""}, "item", "Isi “Apa yang diberikan?” dulu."},
		"an item as long as a letter": {[]string{"item", long}, "item", "terlalu panjang"},
		"an item with a NIK":          {[]string{"item", "KTP 3374010101900001"}, "item", "16 angka"},
		"no quantity":                 {[]string{"quantity", ""}, "quantity", "Isi “Jumlah” dulu."},
		"a quantity in words":         {[]string{"quantity", "banyak"}, "quantity", "dengan angka"},
		"a quantity of none":          {[]string{"quantity", "0,0"}, "quantity", "lebih dari nol"},
		"no unit":                     {[]string{"unit", ""}, "unit", "Pilih “Satuan” dulu."},
		"an unknown unit":             {[]string{"unit", "bushel"}, "unit", "dari daftar"},
		"a unit of another kind":      {[]string{"unit", "person_hour"}, "unit", "tidak cocok"},
		"a day in words":              {[]string{"given_on", "kemarin"}, "given_on", "Tulis tanggal"},
		"a day to come":               {[]string{"given_on", "2026-12-24"}, "given_on", "belum tiba"},
		"a day long ago":              {[]string{"given_on", "1998-05-21"}, "given_on", "terlalu lama"},
		"an unknown stage":            {[]string{"stage", "promised"}, "stage", "dari daftar"},
		"a value in words":            {[]string{"value_idr", "mahal"}, "value_idr", "Tulis rupiah"},
		"a value without a basis":     {[]string{"value_idr", "1.000.000"}, "value_basis", "Pilih dasar nilainya"},
		"a basis without a value":     {[]string{"value_basis", "invoice"}, "value_idr", "Isi nilainya"},
		"an unknown basis":            {[]string{"value_basis", "guess"}, "value_basis", "dari daftar"},
		"a place as long as a letter": {[]string{"place", long}, "place", "terlalu panjang"},
		"half a person":               {[]string{"people_reached", "2,5"}, "people_reached", "angka bulat"},
		"people in words":             {[]string{"people_reached", "ramai"}, "people_reached", "dengan angka"},
		"a note as long as a book":    {[]string{"note", strings.Repeat("a", 5001)}, "note", "terlalu panjang"},
		"a receiver not in Kopi":      {[]string{"recipient", w.Bali.Id}, "recipient", "dari daftar"},
		"a channel not in Kopi":       {[]string{"channelled_through", w.Bali.Id}, "channelled_through", "dari daftar"},
		"a task of another programme": {[]string{"task", elsewhere.Id}, "", "program lain"},
		"letters that are none":       {[]string{"item", "\xff\xfe"}, "item", "tidak terbaca"},
	} {
		for _, path := range []string{"/contributions", "/contributions/" + returned.Id} {
			if c.field == "" && path != "/contributions" {
				continue // corrections do not name the task
			}
			t.Run(name+" "+path[:14], func(t *testing.T) {
				sent := form(w, c.changes...)
				answer := w.As(w.Partner).Post(path, sent...).Want(http.StatusUnprocessableEntity)
				at := answer.Doc().Find("#" + c.field + "-error")
				if c.field != "" && (at.Length() != 1 || answer.Doc().Find(`.problems a[href="#`+c.field+`"]`).Length() == 0) {
					t.Errorf("%d errors at %s", at.Length(), c.field)
				}
				if fold := at.Closest("details"); fold.Length() == 1 && !fold.Is("[open]") {
					t.Error("the error is folded away")
				}
				if said := answer.Text(".problems"); !strings.Contains(said, c.says) {
					t.Errorf("said %q, want %q", said, c.says)
				}
				if path != "/contributions" {
					sent = sent[6:] // a correction keeps its key, programme and contributor
				}
				keeps(t, name, answer, sent)
			})
		}
	}
	wantCount(t, w, "contributions", 1)
	wantFields(t, w.Fresh(returned), "updated", returned.GetString("updated"))
}

// keeps checks that a form that came back holds what was typed. A choice that
// was never offered and messages that cannot be read are the two that it drops.
func keeps(t *testing.T, name string, answer *testkit.Response, sent []string) {
	t.Helper()
	doc := answer.Doc()
	for i := 0; i+1 < len(sent); i += 2 {
		control, want := doc.Find(`main form [name="`+sent[i]+`"]`), sent[i+1]
		choices := control.Filter("[type=radio]").AddSelection(control.Find("option"))
		got := control.AttrOr("value", "") + control.Filter("textarea").Text()
		if choices.Length() > 0 {
			got = choices.Filter("[checked], [selected]").AttrOr("value", "")
			if choices.Filter(`[value="`+want+`"]`).Length() == 0 {
				want = ""
			}
		}
		if got != strings.ToValidUTF8(want, "") {
			t.Errorf("%s: %s was %q and came back as %q", name, sent[i], want, got)
		}
	}
}

func TestCreate_SameFormTwice_OneContribution(t *testing.T) {
	w := testkit.New(t)
	partner := w.As(w.Partner)
	first := partner.Post("/contributions", form(w)...).Want(http.StatusSeeOther)
	second := partner.Post("/contributions", form(w)...).Want(http.StatusSeeOther)
	if first.Header.Get("Location") != second.Header.Get("Location") {
		t.Error("the second sending led somewhere else")
	}
	wantCount(t, w, "contributions", 1)
}

func TestSave_LoggedOnBehalf_TeamMayEdit(t *testing.T) {
	w := testkit.New(t)
	r := inState(w, "needs_revision", "logged_by", w.Coordinator.Id, "on_behalf", true)
	for _, a := range askers(w) {
		want := http.StatusNotFound
		switch a.name {
		case "partner", "coordinator", "initiator", "administrator":
			want = http.StatusOK
		case "guest", "disabled":
			want = http.StatusSeeOther
		}
		if got := w.As(a.record).Get("/contributions/" + r.Id + "/edit").Status; got != want {
			t.Errorf("%s: %d, want %d", a.name, got, want)
		}
	}
	w.As(w.Initiator).Post("/contributions/"+r.Id, form(w, "quantity", "21")...).Want(http.StatusSeeOther)
	after := w.Fresh(r)
	wantFields(t, after, "quantity", "21", "logged_by", w.Coordinator.Id, "on_behalf", "true")
}

func TestWithdrawPage_Submitted_Final(t *testing.T) {
	w := testkit.New(t)
	r := inState(w, "submitted")
	partner := w.As(w.Partner)
	shown := partner.Follow(partner.Post("/contributions/" + r.Id + "/withdraw")).Want(http.StatusOK)
	if said := shown.Text(".flash"); !strings.Contains(said, r.GetString("number")+" ditarik.") {
		t.Errorf("flash: %q", said)
	}
	partner.Post("/contributions/"+r.Id, form(w)...).Want(http.StatusNotFound)
	w.As(w.Initiator).Post("/contributions/" + r.Id + "/verify").Want(http.StatusNotFound)
	wantFields(t, w.Fresh(r), "review_status", "withdrawn")
}

func TestSave_Draft_SubmittedWithNumber(t *testing.T) {
	w := testkit.New(t)
	r := inState(w, "draft")
	partner := w.As(w.Partner)
	shown := partner.Get("/contributions/" + r.Id).Want(http.StatusOK)
	if said := shown.Text(".callout"); !strings.Contains(said, "belum dikirim") {
		t.Errorf("a draft says %q", said)
	}
	thanks := partner.Follow(partner.Post("/contributions/"+r.Id, form(w, "quantity", "12")...)).Want(http.StatusOK)
	if !strings.Contains(thanks.Text("#number"), "SL-2026-000001") || !strings.Contains(thanks.Text("main"), "12 paket") {
		t.Errorf("the acknowledgement of a draft: %s", thanks.Text("main"))
	}
}

// typed returns what stands in a form before anything is typed.
func typed(doc *goquery.Document) map[string]string {
	values := map[string]string{}
	for i, fields := 0, hidden(doc); i+1 < len(fields); i += 2 {
		values[fields[i]] = fields[i+1]
	}
	doc.Find("main form").First().Find("input:not([type=hidden]), textarea, option[selected]").Each(func(_ int, s *goquery.Selection) {
		name, value := s.AttrOr("name", s.Parent().AttrOr("name", s.Parent().Parent().AttrOr("name", ""))), s.AttrOr("value", s.Text())
		if _, checked := s.Attr("checked"); s.Is("[type=radio]") && !checked {
			return
		}
		values[name] = value
	})
	return values
}

func wantTyped(t *testing.T, page *testkit.Response, want map[string]string) {
	t.Helper()
	got := typed(page.Want(http.StatusOK).Doc())
	for name, value := range want {
		if got[name] != value {
			t.Errorf("%s begins as %q, want %q", name, got[name], value)
		}
	}
}

func TestNew_Like_PrefilledForToday(t *testing.T) {
	w := testkit.New(t)
	like := inState(w, "verified", "place", "Tambakaji", "quantity", 2.5, "unit", "kg", "value_idr", 50000, "value_basis", "invoice", "note", "Rahasia")
	page := w.As(w.Partner).Get("/contributions/new?like=" + like.Id)
	wantTyped(t, page, map[string]string{
		"programme": w.Kopi.Id, "contributor": w.Puskesmas.Id, "kind": "goods", "item": "sembako", "quantity": "2,5", "unit": "kg",
		"given_on": "2026-11-23", "stage": "delivered", "place": "Tambakaji", "value_idr": "50.000", "value_basis": "invoice", "note": "", "pledge": "",
	})
	foreign := w.As(w.OtherPartner).Get("/contributions/new?like=" + like.Id).Want(http.StatusOK)
	if strings.Contains(foreign.Body, "Tambakaji\"") || typed(foreign.Doc())["item"] != "" {
		t.Error("another partner's gift filled the form")
	}
}

func TestNew_LikeMoney_WithoutValue(t *testing.T) {
	w := testkit.New(t)
	like := sembako(w, "kind", "money", "unit", "rupiah", "quantity", 500000, "item", "Uang transport")
	wantTyped(t, w.As(w.Partner).Get("/contributions/new?like="+like.Id), map[string]string{
		"kind": "money", "quantity": "500.000", "unit": "rupiah", "value_idr": "", "value_basis": ""})
}

func TestNew_Pledge_DeliveryLinked(t *testing.T) {
	w := testkit.New(t)
	pledge := inState(w, "verified", "stage", "pledged")
	partner := w.As(w.Partner)
	shown := partner.Get("/contributions/" + pledge.Id).Want(http.StatusOK)
	link, found := shown.Doc().Find(`a[href*="pledge="]`).Attr("href")
	if !found {
		t.Fatal("a pledge offers no way to log its delivery")
	}
	page := partner.Get(link)
	wantTyped(t, page, map[string]string{"pledge": pledge.Id, "stage": "delivered", "quantity": "20"})
	partner.Post("/contributions", form(w, "pledge", pledge.Id)...).Want(http.StatusSeeOther)
	wantFields(t, w.Only("contributions", "stage", "delivered"), "pledge", pledge.Id)
}

func TestNew_Task_ContributionLinked(t *testing.T) {
	w := testkit.New(t)
	task := w.Make("tasks", "programme", w.Kopi.Id, "title", "Siapkan paket", "organisation", w.Puskesmas.Id, "accountable", w.Initiator.Id)
	partner := w.As(w.Partner)
	page := partner.Get("/contributions/new?programme=kopi&task=" + task.Id)
	wantTyped(t, page, map[string]string{"task": task.Id})
	partner.Post("/contributions", with(hidden(page.Doc()), "kind", "goods", "item", "20 paket sembako")...).Want(http.StatusSeeOther)
	wantFields(t, only(w), "task", task.Id)
	if !strings.Contains(partner.Get("/contributions/"+only(w).Id).Text("main"), "Siapkan paket") {
		t.Error("the gift does not name the task it fulfils")
	}
}

func TestNew_KindInAddress_Selected(t *testing.T) {
	w := testkit.New(t)
	wantTyped(t, w.As(w.Partner).Get("/contributions/new?programme=kopi&kind=venue"), map[string]string{"kind": "venue"})
}

func TestSave_Returned_SubmittedAgain(t *testing.T) {
	w := testkit.New(t)
	r := inState(w, "needs_revision", "review_note", "Jumlah belum jelas: 20 atau 25?", "place", "Tambakaji")
	partner := w.As(w.Partner)
	shown := partner.Get("/contributions/" + r.Id).Want(http.StatusOK)
	if said := shown.Text(".callout"); !strings.Contains(said, "20 atau 25?") {
		t.Errorf("the giver reads %q", said)
	}
	page := partner.Get(shown.Doc().Find(".callout a").AttrOr("href", ""))
	wantTyped(t, page, map[string]string{"item": "sembako", "quantity": "20", "unit": "package", "given_on": "2026-11-20", "place": "Tambakaji", "value_basis": ""})
	if !strings.Contains(page.Text("main"), "20 atau 25?") {
		t.Error("the form does not say what is to be put right")
	}
	wrong := partner.Post("/contributions/"+r.Id, form(w, "quantity", "banyak")...).Want(http.StatusUnprocessableEntity)
	if wrong.Doc().Find("#quantity").AttrOr("value", "") != "banyak" {
		t.Error("what was typed was lost")
	}
	wantFields(t, w.Fresh(r), "review_status", "needs_revision")
	partner.Post("/contributions/"+r.Id, form(w, "quantity", "", "item", "25 paket sembako", "unit", "")...).Want(http.StatusSeeOther)
	r = w.Fresh(r)
	wantFields(t, r, "review_status", "submitted", "quantity", "25", "number", "SL-2026-000001")
	wantCount(t, w, "contributions", 1)
}

func TestSave_KindChanged_ValueReset(t *testing.T) {
	w := testkit.New(t)
	money := inState(w, "needs_revision", "kind", "money", "unit", "rupiah", "quantity", 500000, "item", "Beras")
	w.As(w.Partner).Post("/contributions/"+money.Id, form(w, "kind", "goods", "quantity", "50", "unit", "kg")...).Want(http.StatusSeeOther)
	r := w.Fresh(money)
	wantFields(t, r, "kind", "goods", "unit", "kg", "quantity", "50", "value_idr", "0", "value_basis", "not_valued")
}

func TestCreate_QuantityInItem_ParsedOrExplained(t *testing.T) {
	w := testkit.New(t)
	for line, want := range map[string]struct{ says, quantity, unit, item string }{
		"0 paket sembako":         {"“Jumlah” harus lebih dari nol.", "0", "package", "sembako"},
		"dua puluh paket sembako": {"Tulis jumlah dengan angka, misalnya 20 atau 2,5.", "dua puluh", "package", "sembako"},
		"5 bal kain":              {"“bal” belum dikenal sebagai satuan. Pilih satuannya.", "5", "", "bal kain"},
		"20 paket":                {"Tulis juga apa yang diberikan, misalnya: 20 paket sembako.", "20", "package", ""},
	} {
		answer := w.As(w.Partner).Post("/contributions", form(w, "quantity", "", "unit", "", "item", line)...).Want(http.StatusUnprocessableEntity)
		if said := strings.TrimSpace(answer.Text(".problems li")); said != want.says {
			t.Errorf("%q: said %q, want %q", line, said, want.says)
		}
		got := typed(answer.Doc())
		if got["quantity"] != want.quantity || got["unit"] != want.unit || got["item"] != want.item {
			t.Errorf("%q: the form came back with %q, %q, %q", line, got["quantity"], got["unit"], got["item"])
		}
	}
	wantCount(t, w, "contributions", 0)
	w.As(w.Partner).Post("/contributions", form(w, "quantity", "", "unit", "", "item", "5 dus air")...).Want(http.StatusSeeOther)
	wantFields(t, only(w), "quantity", "5", "unit", "unit", "item", "dus air")
}

func TestSave_Correction_AnsweredAsCorrection(t *testing.T) {
	w := testkit.New(t)
	r := inState(w, "needs_revision", "review_note", "Jumlah belum jelas")
	partner := w.As(w.Partner)
	page := partner.Follow(partner.Post("/contributions/"+r.Id, form(w, "quantity", "25")...)).Want(http.StatusOK)
	if said := page.Text(".flash p"); said != "Perbaikan SL\u20112026\u2011000001 terkirim. Tim akan memeriksanya lagi." {
		t.Errorf("the flash says %q", said)
	}
	if title := page.Text("#sent-title"); title != "Perbaikan sudah terkirim" {
		t.Errorf("the heading says %q", title)
	}
}

func TestSave_NamedOrganisationLeft_StaysSelected(t *testing.T) {
	w := testkit.New(t)
	r := inState(w, "needs_revision", "recipient", w.Forum.Id, "channelled_through", w.Agency.Id, "review_note", "Mohon foto")
	part := w.Only("stakeholders", "organisation", w.Forum.Id)
	part.Set("ended_on", "2026-11-01")
	if err := w.App.Save(part); err != nil {
		t.Fatal(err)
	}
	partner, path := w.As(w.Partner), "/contributions/"+r.Id
	begins := typed(partner.Get(path + "/edit").Want(http.StatusOK).Doc())
	partner.Post(path, form(w, "recipient", begins["recipient"], "channelled_through", begins["channelled_through"])...).Want(http.StatusSeeOther)
	wantFields(t, w.Fresh(r), "recipient", w.Forum.Id, "channelled_through", w.Agency.Id)
}

// back is what a browser sends after its way back: what was typed, under the
// fresh key of a form fetched anew.
func back(w *testkit.World) []string {
	page := w.As(w.Partner).Get("/contributions/new?programme=kopi").Want(http.StatusOK)
	return with(hidden(page.Doc()), "kind", "goods", "item", "20 paket sembako")
}

func wantGifts(t *testing.T, w *testkit.World, want int64, when string) {
	t.Helper()
	wantCount(t, w, "contributions", want)
}

func TestCreate_RepeatedWithin10Min_AsksForConfirmation(t *testing.T) {
	w := testkit.New(t)
	partner := w.As(w.Partner)
	partner.Post("/contributions", back(w)...).Want(http.StatusSeeOther)
	first := only(w)
	asked := partner.Post("/contributions", back(w)...).Want(http.StatusUnprocessableEntity)
	wantGifts(t, w, 1, "sent from the page behind")
	link := asked.Doc().Find(".problems a")
	if link.Text() != "Ini sama dengan SL-2026-000001 yang baru saja dicatat. Catat lagi?" || link.AttrOr("href", "") != "/contributions/"+first.Id {
		t.Errorf("asked %q, leading to %q", link.Text(), link.AttrOr("href", ""))
	}
	if got := typed(asked.Doc()); got["item"] != "sembako" || got["quantity"] != "20" {
		t.Errorf("what was typed came back as %v", got)
	}
	if label := asked.Text(".submit button"); label != "Ya, catat lagi" {
		t.Errorf("the button says %q", label)
	}
	yes := with(hidden(asked.Doc()), "kind", "goods", "item", "sembako", "quantity", "20", "unit", "package")
	partner.Post("/contributions", yes...).Want(http.StatusSeeOther)
	wantGifts(t, w, 2, "sent deliberately")
	partner.Post("/contributions", yes...).Want(http.StatusSeeOther)
	wantGifts(t, w, 2, "the deliberate one pressed twice")
	partner.Post("/contributions", back(w)...).Want(http.StatusUnprocessableEntity)
	wantGifts(t, w, 2, "back once more")
}

func TestCreate_SimilarOnly_NoConfirmation(t *testing.T) {
	w := testkit.New(t)
	w.As(w.Partner).Post("/contributions", form(w)...).Want(http.StatusSeeOther)
	n := int64(1)
	for field, value := range map[string]string{"item": "beras", "quantity": "21", "unit": "kg", "given_on": "2026-11-20", "stage": "pledged"} {
		w.As(w.Partner).Post("/contributions", form(w, "once", "other-"+field, field, value)...).Want(http.StatusSeeOther)
		n++
		wantGifts(t, w, n, field)
	}
	w.As(w.Coordinator).Post("/contributions", form(w, "once", "other-person")...).Want(http.StatusSeeOther)
	wantGifts(t, w, n+1, "another person")
}

func TestCreate_RepeatedAfter10Min_NoConfirmation(t *testing.T) {
	w := testkit.New(t)
	partner := w.As(w.Partner)
	partner.Post("/contributions", form(w)...).Want(http.StatusSeeOther)
	w.Age("contributions", 9*time.Minute)
	partner.Post("/contributions", form(w, "once", "early")...).Want(http.StatusUnprocessableEntity)
	w.Age("contributions", 2*time.Minute)
	partner.Post("/contributions", form(w, "once", "late")...).Want(http.StatusSeeOther)
	wantGifts(t, w, 2, "after eleven minutes")
}

func TestCreate_KeyReusedForOtherContent_AsksAgain(t *testing.T) {
	w := testkit.New(t)
	partner := w.As(w.Partner)
	partner.Post("/contributions", form(w)...).Want(http.StatusSeeOther)
	answer := partner.Post("/contributions", form(w, "item", "paket lain", "quantity", "11")...).Want(http.StatusUnprocessableEntity)
	wantGifts(t, w, 1, "other content")
	if said := answer.Text(".problems"); !strings.Contains(said, "Isi yang sekarang belum") {
		t.Errorf("said %q", said)
	}
	fields := typed(answer.Doc())
	if fields["item"] != "paket lain" || fields["quantity"] != "11" || fields["once"] == "k-"+w.Name() {
		t.Errorf("the form came back as %v", fields)
	}
	once := fields["once"]
	partner.Post("/contributions", form(w, "once", once, "item", "paket lain", "quantity", "11")...).Want(http.StatusSeeOther)
	wantFields(t, w.Only("contributions", "once", once), "item", "paket lain")
}
