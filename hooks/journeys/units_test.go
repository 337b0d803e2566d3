package journeys_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// offered are the units that a reader can choose, and which one stands chosen.
const offered = `() => [...document.querySelectorAll('#unit optgroup:not([hidden]):not([disabled]) option')].map((o) => o.text)
	.concat('→ ' + document.querySelector('#unit').selectedOptions[0].text)`

func TestTheUnitsOnOfferFollowTheKind(t *testing.T) {
	d := newDemo(t)
	v := newVisitor(t, d.home).signedIn(d.people["partner"])
	v.open("/contributions/new?programme=kopi-rehat")
	for _, c := range []struct {
		kind string
		want []string
	}{
		{"Barang", []string{"paket", "unit", "potong", "set", "kg", "liter", "→ Pilih…"}},
		{"Layanan", []string{"sesi", "orang dilayani", "kegiatan", "→ Pilih…"}},
		{"Uang", []string{"rupiah", "→ rupiah"}},
		{"Tempat", []string{"hari", "kegiatan", "→ Pilih…"}},
	} {
		v.pick("Jenis kontribusi", c.kind)
		if diff := cmp.Diff(c.want, eval[[]string](v, offered)); diff != "" {
			t.Errorf("%s: %s", c.kind, diff)
		}
	}
	v.open("/contributions/new?programme=kopi-rehat&kind=training")
	if diff := cmp.Diff([]string{"sesi", "peserta", "→ Pilih…"}, eval[[]string](v, offered)); diff != "" {
		t.Errorf("a kind chosen in the address: %s", diff)
	}
}
