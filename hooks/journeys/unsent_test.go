package journeys_test

import (
	"testing"

	"simpul/hooks/testkit"
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
		if status := v.press("Kirim catatan"); status != 401 {
			t.Errorf("%s: a form without a session answers %d", what, status)
		}
		v.sees("Sesi Anda sudah berakhir", "masih tersimpan di halaman ini")
		v.tap("Masuk dengan kata sandi")
		v.write("Alamat email", "partner@example.org")
		v.write("Kata sandi", testkit.Password)
		v.press("Lanjut")
		v.sees("Kirim lagi isian tadi?", "20 paket "+what)
		if w.Count("contributions") != before {
			t.Errorf("%s: sent without being asked", what)
		}
		v.press("Kirim lagi")
		v.sees("Terima kasih, sudah kami catat")
		w.Only("contributions", "item", what)
	}
}
