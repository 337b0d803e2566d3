package journeys_test

import (
	"testing"

	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

// TestNothingTypedIsLostWhenTheSessionEnds sends a form after the session has
// ended, with scripts and without. It is sent again after signing in, once.
func TestNothingTypedIsLostWhenTheSessionEnds(t *testing.T) {
	w := newTown(t)
	for what, v := range map[string]*visitor{
		"beras":   newVisitor(t, w.home),
		"selimut": newVisitor(t, w.home).withoutScripts(),
	} {
		before := w.Count("contributions")
		v.signedIn(w.Partner)
		v.open("/contributions/new")
		v.pick("Jenis kontribusi", "Barang")
		v.write("Apa yang diberikan?", "20 paket "+what)
		v.signedIn(nil)
		check.Equal(t, what+": a form without a session", v.press("Kirim catatan"), 401)
		v.sees("Sesi Anda sudah berakhir", "masih tersimpan di halaman ini")
		v.tap("Masuk dengan kata sandi")
		v.write("Alamat surel", "partner@example.org")
		v.write("Kata sandi", testkit.Password)
		v.press("Lanjut")
		v.sees("Kirim lagi isian tadi?", "20 paket "+what)
		check.Equal(t, what+": sent without being asked", w.Count("contributions"), before)
		v.press("Kirim lagi")
		v.sees("Terima kasih, sudah kami catat")
		w.Only("contributions", "item", what)
	}
}
