package journeys_test

import (
	"testing"

	"simpul/hooks/testkit/check"
)

// TestTheMainJobWithoutScripts walks the parts of the job on which pages have
// scripts to help, in a browser that runs none.
func TestTheMainJobWithoutScripts(t *testing.T) {
	w := newTown(t)
	meeting := w.Make("meetings", "programme", w.Kopi.Id, "title", "Rapat awal", "kind", "coordination", "status", "scheduled",
		"starts_at", "2026-11-30 02:00:00.000Z", "time_zone", "Asia/Jakarta", "mode", "in_person")
	task := w.Make("tasks", "programme", w.Kopi.Id, "title", "Siapkan data obat", "organisation", w.Puskesmas.Id,
		"accountable", w.Initiator.Id, "state", "todo", "urgency", "normal", "due_on", "2026-12-01")

	leader := newVisitor(t, w.home).withoutScripts()
	w.enter(leader, "initiator@example.org")
	leader.open("/meetings/" + meeting.Id)
	leader.press("Tulis notulen")
	leader.rewrite("Isi notulen", actionLine)
	leader.press("Pratinjau")
	leader.sees("Menyimpan akan membuat 1 tugas baru", "jadwal home visit")
	leader.press("Simpan notulen")
	leader.sees("1 tugas dibuat")
	w.Only("tasks", "title", "jadwal home visit")

	partner := newVisitor(t, w.home).withoutScripts()
	w.enter(partner, "partner@example.org")
	partner.press("Tandai selesai: Siapkan data obat")
	partner.sees("Tugas selesai")
	partner.press("Urungkan")
	check.Equal(t, "a task ticked and unticked", w.Fresh(task).GetString("state"), "todo")
	partner.press("Catat kontribusi")
	partner.pick("Jenis kontribusi", "Barang")
	partner.write("Apa yang diberikan?", "20 paket sembako")
	partner.press("Kirim catatan")
	partner.sees("Terima kasih, sudah kami catat", "20 paket")
	number := w.Only("contributions", "item", "sembako").GetString("number")

	leader.open("/")
	leader.press("KOPI REHAT")
	leader.press("Puskesmas Tambakaji")
	leader.press("Verifikasi")
	leader.sees(number + " terverifikasi")
}
