package home_test

import (
	"net/http"
	"testing"

	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
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
		check.Equal(t, link+": the figure", seen.Text(".figures dd:has(a[href='/programmes/kopi/"+link+"'])"), want)
	}
	check.Equal(t, "up to two gifts a month the axis", seen.Doc().Find(".chart line.axis").Length(), 3)
}

func TestAMissingPartyComesBeforeOneThatIsOnlyVague(t *testing.T) {
	w := testkit.New(t)
	w.Shop.Set("subtype", "business_group_unnamed")
	check.NoError(t, w.App.Save(w.Shop))
	for _, want := range []string{"Belum ada mitra media", "Dunia usaha belum dirinci"} {
		seen := w.As(w.Partner).Get("/programmes/kopi").Want(http.StatusOK)
		check.Equal(t, "the callout is titled", seen.Text(".callout b, .callout strong, .callout h2, .callout h3"), want)
		check.Equal(t, "a partner is offered", seen.Doc().Find(".callout a").Length(), 0)
		press := w.Make("organisations", "name", "Suara Merdeka", "helix", "media", "subtype", "print")
		w.Make("stakeholders", "programme", w.Kopi.Id, "organisation", press.Id)
	}
}
