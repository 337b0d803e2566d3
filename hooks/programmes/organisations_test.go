package programmes_test

import (
	"fmt"
	"strings"
	"testing"

	"simpul/hooks/access"
	"simpul/hooks/programmes"
	"simpul/hooks/testkit"
	"simpul/hooks/web"

	"simpul/hooks/testkit/check"
)

// offer returns the organisations a form offers somebody.
func offer(w *testkit.World, language, province string) []web.Option {
	w.Helper()
	options := check.Must(programmes.OrganisationOptions(access.As(w.App, w.Initiator), language, province))
	return options
}

func TestOrganisationsAreOfferedByHelixAndNameWithTheirPlace(t *testing.T) {
	w := testkit.New(t)
	w.Make("organisations", "name", "Bappeda", "helix", "government", "regency", "Kota Semarang")
	w.Make("organisations", "name", "aksi Peduli", "helix", "community")
	w.Make("organisations", "name", "Ganda", "helix", "media", "merged_into", w.Agency.Id)
	lines := []string{}
	for _, o := range offer(w, "id", "") {
		lines = append(lines, o.Group+": "+o.Label)
	}
	want := []string{
		"Pemerintah: Bappeda (Kota Semarang)", "Pemerintah: Dinas Sosial Kota Semarang",
		"Pemerintah: Puskesmas Tambakaji (Kota Semarang)", "Akademisi: UIN Walisongo (Kota Semarang)",
		"Dunia usaha: Warung Kopi Banaran (Kota Semarang)", "Komunitas: aksi Peduli",
		"Komunitas: Forum PSM Semarang (Kota Semarang)", "Komunitas: K3S Tabanan",
	}
	check.Equal(t, "offered:\n", strings.Join(lines, "\n"), strings.Join(want, "\n"))
	check.Equal(t, "in English the first group", offer(w, "en", "")[0].Group, "Government")
}

func TestALongListOfOrganisationsBeginsWithTheProvince(t *testing.T) {
	w := testkit.New(t)
	for i := range 310 {
		w.Make("organisations", "name", fmt.Sprintf("Desa %03d", i), "helix", "government", "province", "Jawa Timur")
	}
	options := offer(w, "id", "Bali")
	if len(options) != 300 {
		t.Fatalf("%d organisations on the list", len(options))
	}
	values := map[string]bool{}
	for _, o := range options {
		values[o.Value] = true
	}
	if !values[w.Bali.Id] {
		t.Error("the province's own organisation fell off the list")
	}
	last := w.Only("organisations", "name", "Desa 309")
	if values[last.Id] {
		t.Error("the list was not cut off")
	}
	including := programmes.Including(options, "id", last)
	if len(including) != 301 || including[0].Value != last.Id {
		t.Error("what is stored cannot be kept")
	}
	check.Equal(t, "it is offered twice", len(programmes.Including(including, "id", last)), 301)
}

func TestANameIsLookedUpForItsPlace(t *testing.T) {
	w := testkit.New(t)
	here := w.Make("organisations", "name", "Puskesmas Mlati", "helix", "government", "regency", "Kota Semarang")
	there := w.Make("organisations", "name", "Puskesmas Mlati", "helix", "government", "regency", "Kabupaten Sleman")
	anywhere := w.Make("organisations", "name", "Radio Kita", "helix", "media")
	w.Make("organisations", "name", "Dobel", "helix", "media")
	w.Make("organisations", "name", "DOBEL", "helix", "media")
	w.Make("organisations", "name", "Lama", "helix", "media", "merged_into", anywhere.Id)
	cases := []struct {
		name, regency    string
		found, elsewhere string
		several          bool
	}{
		{"puskesmas mlati", "Kota Semarang", here.Id, "", false},
		{"puskesmas mlati", "Kab. Sleman", there.Id, "", false},
		{"puskesmas mlati", "", "", "", true},
		{"K3S Tabanan", "Kota Semarang", "", w.Bali.Id, false},
		{"K3S Tabanan", "", w.Bali.Id, "", false},
		{"radio kita", "Kota Semarang", anywhere.Id, "", false},
		{"dobel", "Kota Semarang", "", "", true},
		{"Lama", "", "", "", false},
		{"Belum ada", "Kota Semarang", "", "", false},
		{"", "", "", "", false},
		{"PT.", "", "", "", false},
	}
	d := access.As(w.App, w.Initiator)
	for _, c := range cases {
		got := check.Must(programmes.LookUp(d, c.name, c.regency))
		found, elsewhere := "", ""
		if got.Found != nil {
			found = got.Found.Id
		}
		if got.Elsewhere != nil {
			elsewhere = got.Elsewhere.Id
		}
		if found != c.found || elsewhere != c.elsewhere || got.Several != c.several {
			t.Errorf("%q in %q: found %q, elsewhere %q, several %v", c.name, c.regency, found, elsewhere, got.Several)
		}
	}
	if _, err := programmes.LookUp(access.As(w.App, nil), "K3S Tabanan", ""); err == nil {
		t.Error("a guest looks names up")
	}
}
