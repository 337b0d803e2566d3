package journeys_test

import (
	"testing"

	"simpul/hooks/testkit/check"
)

const (
	actionLine = "- [ ] @Puskesmas Tambakaji: jadwal home visit (10/12/2026)"
	programme  = "RUMAH PULIH"
	slug       = "/programmes/rumah-pulih"
)

// TestMainJob_OnPhone_Done walks one programme from its start to its first verified gift,
// on a phone, with nothing but what the pages offer.
func TestMainJob_OnPhone_Done(t *testing.T) {
	w := newTown(t)
	leader, partner := newVisitor(t, w.home), newVisitor(t, w.home)

	w.enter(leader, "initiator@example.org")
	leader.startsProgramme()
	leader.invitesFiveHelices()
	leader.assignsTask()
	leader.plansMeeting()
	leader.writesMinutesTwice(w)

	w.enter(partner, "partner@example.org")
	partner.ticksTaskAndChangesTheirMind(w)
	number := partner.givesGroceries()

	leader.returns(number)
	partner.corrects(number)
	leader.verifies(number)

	for _, trouble := range append(leader.seen.troubles(), partner.seen.troubles()...) {
		t.Error(trouble)
	}
}

func (v *visitor) startsProgramme() {
	v.Helper()
	v.press("Program")
	v.press("Buat program")
	v.write("Nama program", programme)
	v.pick("Unit pemilik", "K3S Tabanan")
	v.pick("Provinsi", "Bali")
	v.write("Kabupaten/kota", "Tabanan")
	v.pick("Mulai", "2026-11-01")
	v.press("Buat program")
	v.sees(programme, "WITA", "Program RUMAH PULIH sudah dibuat")
	if v.at() != slug {
		v.Fatalf("a new programme leads to %s", v.at())
	}
}

func (v *visitor) invitesFiveHelices() {
	v.Helper()
	for _, partner := range []string{"Puskesmas Tambakaji", "UIN Walisongo", "Warung Kopi Banaran", "Forum PSM Semarang"} {
		v.press("Pemangku kepentingan")
		v.press("Tambah pemangku kepentingan")
		v.pick("Organisasi", partner)
		v.press("Simpan")
		v.sees(partner + " sudah ditambahkan ke program ini")
	}
	v.press("Ringkasan")
	v.sees("Belum ada unsur media")
	v.press("Tambah unsur media")
	v.pick("Organisasi", "Belum ada di daftar: tulis di bawah")
	v.write("Nama organisasi baru", "Radio Suara Tabanan")
	v.press("Simpan")
	v.press("Ringkasan")
	v.sees("di 5 dari 5 unsur")
	v.misses("Belum ada unsur")
}

func (v *visitor) assignsTask() {
	v.Helper()
	v.press("Tugas")
	v.press("Buat tugas")
	v.write("Apa yang dikerjakan", "Siapkan data obat")
	v.pick("Organisasi pelaksana", "Puskesmas Tambakaji")
	v.pick("Tenggat", "2026-12-01")
	v.press("Buat tugas")
	v.sees("Siapkan data obat", "Puskesmas Tambakaji", "1 Des")
}

func (v *visitor) plansMeeting() {
	v.Helper()
	v.press("Rapat")
	v.press("Rencanakan rapat")
	v.write("Nama rapat", "Rapat awal")
	v.pick("Hari dan tanggal", "2026-11-30")
	v.pick("Mulai", "09:00")
	v.write("Tempat", "Aula Dinas Sosial")
	v.press("Simpan rapat")
	v.sees("Rapat awal", "09.00", "WITA", "Aula Dinas Sosial")
}

// writesMinutesTwice saves the same line twice: it becomes a task once, and
// its preview is no save.
func (v *visitor) writesMinutesTwice(w *town) {
	v.Helper()
	before := w.Count("tasks")
	v.press("Tulis notulen")
	v.rewrite("Isi notulen", "## Tindak lanjut\n\n"+actionLine)
	v.tap("Pratinjau")
	v.until(`document.querySelector('#preview').innerText.includes('jadwal home visit')`)
	v.sees("Menyimpan akan membuat 1 tugas baru")
	if w.Count("tasks") != before {
		v.Fatal("a preview made a task")
	}
	v.press("Simpan notulen")
	v.sees("1 tugas dibuat")
	v.press("Ubah")
	v.press("Simpan notulen")
	if n := w.Count("tasks"); n != before+1 {
		v.Fatalf("a line saved twice made %d tasks", n-before)
	}
	task := w.Only("tasks", "title", "jadwal home visit")
	check.Same(v, "the line became a task", []string{task.GetString("organisation"), task.GetString("due_on")}, []string{w.Puskesmas.Id, "2026-12-10"})
}

func (v *visitor) ticksTaskAndChangesTheirMind(w *town) {
	v.Helper()
	state := func() string { return w.Only("tasks", "title", "Siapkan data obat").GetString("state") }
	v.open("/")
	v.sees("Siapkan data obat", "jadwal home visit", "Rapat awal")
	v.tap("Tandai selesai: Siapkan data obat")
	v.until(`document.querySelector('[data-toast]').innerText.includes('Tugas selesai')`)
	if state() != "done" {
		v.Fatalf("a ticked task is %s", state())
	}
	v.press("Urungkan")
	if state() != "todo" {
		v.Fatalf("an unticked task is %s", state())
	}
	v.open("/")
	v.tap("Tandai selesai: Siapkan data obat")
	v.until(`document.querySelector('[data-toast]').innerText.includes('Tugas selesai')`)
}

// givesGroceries logs a gift and returns its number. The hands of a giver have
// at most four fields and thirty characters to fill.
func (v *visitor) givesGroceries() string {
	v.Helper()
	v.open("/")
	v.press("Catat kontribusi")
	v.press(programme)
	v.typed, v.fields = 0, 0
	v.pick("Jenis kontribusi", "Barang")
	v.write("Apa yang diberikan?", "20 paket sembako")
	v.press("Kirim catatan")
	check.That(v, v.fields <= 4 && v.typed <= 30, "logging a gift took %d fields and %d characters", v.fields, v.typed)
	v.sees("Terima kasih, sudah kami catat", "20 paket", "sembako", "Menunggu verifikasi")
	number := eval[string](v, `() => document.querySelector('#number').innerText`)
	v.sees("SL-2026-", number)
	return number
}

func (v *visitor) returns(number string) {
	v.Helper()
	v.open("/")
	v.sees("Menunggu verifikasi", "1 kontribusi")
	v.press(programme)
	v.press("Puskesmas Tambakaji")
	v.sees(number)
	v.tap("Kembalikan untuk diperbaiki")
	v.pick("Apa yang perlu diperbaiki?", "Jumlah belum jelas")
	v.write("Jelaskan kepada pemberi", "Mohon hitung lagi")
	v.press("Kembalikan")
	v.sees(number + " dikembalikan kepada pemberi")
}

func (v *visitor) corrects(number string) {
	v.Helper()
	v.open(slug + "/contributions")
	v.sees("Perlu perbaikan")
	v.press("Puskesmas Tambakaji")
	v.sees("Mohon hitung lagi")
	v.press("Perbaiki")
	v.rewrite("Jumlah", "25")
	v.press("Kirim lagi")
	v.sees(number, "25 paket", "Menunggu verifikasi")
}

func (v *visitor) verifies(number string) {
	v.Helper()
	v.open(slug + "/contributions")
	v.press("Puskesmas Tambakaji")
	v.sees("Tercatat 25 paket")
	v.press("Verifikasi")
	v.sees(number+" terverifikasi", "Terverifikasi")
	v.open(slug + "/contributions")
	v.sees("Jumlah per jenis dan satuan", "Barang (paket)", "25")
}
