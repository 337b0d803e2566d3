package home_test

import (
	"net/http"
	"testing"

	"simpul/hooks/testkit"
)

func TestTheFiguresCountPartnersPartiesAndContributions(t *testing.T) {
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
		if got := seen.Text(".figures dd:has(a[href='/programmes/kopi/" + link + "'])"); got != want {
			t.Errorf("%s: the figure reads %q, want %q", link, got, want)
		}
	}
	if lines := seen.Doc().Find(".chart line.axis").Length(); lines != 3 {
		t.Errorf("up to two gifts a month the axis has %d marks, want 0, 1 and 2", lines)
	}
}

func TestAMissingPartyComesBeforeOneThatIsOnlyVague(t *testing.T) {
	w := testkit.New(t)
	w.Shop.Set("subtype", "business_group_unnamed")
	if err := w.App.Save(w.Shop); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Belum ada unsur media", "Dunia usaha belum dirinci"} {
		seen := w.As(w.Partner).Get("/programmes/kopi").Want(http.StatusOK)
		if got := seen.Text(".callout b, .callout strong, .callout h2, .callout h3"); got != want {
			t.Errorf("the callout is titled %q, want %q", got, want)
		}
		if links := seen.Doc().Find(".callout a").Length(); links != 0 {
			t.Errorf("a partner is offered %d steps", links)
		}
		press := w.Make("organisations", "name", "Suara Merdeka", "helix", "media", "subtype", "print")
		w.Make("stakeholders", "programme", w.Kopi.Id, "organisation", press.Id)
	}
}
