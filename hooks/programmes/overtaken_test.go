package programmes_test

import (
	"slices"
	"strings"
	"testing"

	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

func TestNobodyOverwritesAProgrammeThatSomebodyElseJustChanged(t *testing.T) {
	w := testkit.New(t)
	const path = "/programmes/kopi/edit"
	same := []string{"name", "KOPI REHAT", "status", "active", "owner", w.Agency.Id, "province", "Jawa Tengah",
		"time_zone", "Asia/Jakarta", "starts_on", "2026-01-01"}
	late := w.As(w.Coordinator)
	opened := late.Get(path).Want(200).Seen()
	w.As(w.Initiator).Change(path, append(same, "regency", "Kota Salatiga", "ends_on", "2027-01-31")...).Want(303)

	typed := append(slices.Clone(same), "regency", "Kota Semarang", "expansion", "Kolaborasi pemulihan")
	refused := late.Post(path, append(typed, "seen", opened)...).Want(422)
	said := refused.Text(".problems")
	for _, want := range []string{"Orang lain baru saja mengubahnya", "“Kabupaten/kota” kini tersimpan sebagai: Kota Salatiga",
		"“Selesai” kini tersimpan sebagai: 31 Jan 2027"} {
		check.Contains(t, "said", said, want)
	}
	if strings.Contains(said, "Nama program") || strings.Contains(said, "Mulai") {
		t.Errorf("a field that nobody changed is spoken of: %q", said)
	}
	check.Equal(t, "what was typed", refused.Doc().Find("#expansion").AttrOr("value", ""), "Kolaborasi pemulihan")
	check.Equal(t, "the first change", w.Fresh(w.Kopi).GetString("regency"), "Kota Salatiga")
	late.Post(path, append(typed, "ends_on", "2027-01-31", "seen", refused.Seen())...).Want(303)
	if now := w.Fresh(w.Kopi); now.GetString("expansion") != "Kolaborasi pemulihan" || now.GetString("ends_on") != "2027-01-31" {
		t.Errorf("after the second look: %q until %s", now.GetString("expansion"), now.GetString("ends_on"))
	}
}
