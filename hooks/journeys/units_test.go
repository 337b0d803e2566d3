package journeys_test

import (
	"testing"

	"simpul/hooks/testkit/check"
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
		check.Same(t, c.kind, eval[[]string](v, offered), c.want)
	}
	v.open("/contributions/new?programme=kopi-rehat&kind=training")
	check.Same(t, "a kind chosen in the address", eval[[]string](v, offered), []string{"sesi", "peserta", "→ Pilih…"})
}
