package journeys_test

import (
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/chromedp/chromedp"

	"simpul/hooks/testkit"
	"simpul/hooks/testkit/check"
)

// focused names what has the focus.
const focused = `() => {
	const { tagName, className, id } = document.activeElement
	return tagName.toLowerCase() + (id ? '#' + id : '') + (className ? '.' + className.split(' ')[0] : '')
}`

func TestForm_Invalid_NamesFieldsAndKeepsInput(t *testing.T) {
	w := newTown(t)
	v := w.come(w.Initiator)
	v.open("/programmes/kopi/tasks/new")
	v.write("Rincian", "Hubungi dulu lewat telepon")
	check.Equal(t, "a form without what it needs", v.press("Buat tugas"), 422)
	v.sees("Ada yang perlu diperbaiki")
	check.Equal(t, "the focus", eval[string](v, focused), "div.problems")
	check.Equal(t, "what was typed", eval[string](v, `() => document.querySelector('[name=details]').value`), "Hubungi dulu lewat telepon")
	fields := eval[[]string](v, `() => [...document.querySelectorAll('.problems a')].map((a) => a.hash)`)
	check.That(t, len(fields) == 2, "a task without title and organisation has mistakes at %v", fields)
	for _, field := range fields {
		eval[any](v, `(hash) => { document.querySelector('.problems a[href="' + hash + '"]').focus(); return null }`, field)
		v.must(chromedp.Do(v.ctx, enter))
		v.until(`document.activeElement.matches('` + field + `[aria-invalid=true]')`)
	}
	for _, barrier := range v.barriers(everything) {
		t.Error(barrier)
	}
}

func TestForm_ErrorLinks_LeadToFields(t *testing.T) {
	w := newTown(t)
	for person, pages := range map[string][]string{
		"initiator": {"/programmes/new", "/programmes/kopi/stakeholders/new", "/programmes/kopi/meetings/new",
			"/programmes/kopi/indicators/new", "/organisations/new"},
		"partner": {"/contributions/new?programme=kopi"},
	} {
		v := w.come(w.find(person))
		for _, page := range pages {
			v.open(page)
			eval[any](v, `() => { document.querySelector('main form.form .submit button').click(); return null }`)
			v.until(`document.querySelector('.problems')`)
			lost := eval[[]string](v, `() => [...document.querySelectorAll('.problems a')].map((a) => a.hash)
				.filter((hash) => !document.querySelector(hash)?.matches('input, select, textarea'))`)
			check.That(t, len(lost) == 0, "%s: mistakes lead nowhere: %v", page, lost)
			for _, barrier := range v.barriers(everything) {
				t.Errorf("%s with mistakes: %s", page, barrier)
			}
		}
	}
}

func TestForm_PressedTwice_OneRecord(t *testing.T) {
	w := newTown(t)
	v := w.come(w.Partner)
	v.open("/contributions/new?programme=kopi")
	v.pick("Jenis kontribusi", "Barang")
	v.write("Apa yang diberikan?", "20 paket sembako")
	at := v.find("press", "Kirim catatan")
	_, err := chromedp.RunResponse(v.ctx, chromedp.MouseClickXY(at.X, at.Y, chromedp.ClickCount(2)))
	v.must(err)
	v.until(`document.querySelector('#number')`)
	check.Equal(t, "pressed twice, the gift was recorded", w.Count("contributions"), 1)
}

// deaf does what is asked but closes the line before the answer to a form gets
// through, as a bad signal does, for as long as it is deaf.
func deaf(handler http.Handler, still *atomic.Bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost || !still.Load() {
			handler.ServeHTTP(w, r)
			return
		}
		handler.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	})
}

func TestForm_AnswerLost_OneRecord(t *testing.T) {
	const form = "/contributions/new?programme=kopi"
	var still atomic.Bool
	w := newTown(t)
	w.home = serve(t, deaf(w.Handler, &still))
	v := w.come(w.Partner)
	v.open(form)
	v.pick("Jenis kontribusi", "Barang")
	v.write("Apa yang diberikan?", "20 paket sembako")
	still.Store(true)
	at := v.find("press", "Kirim catatan")
	v.must(chromedp.Do(v.ctx, chromedp.MouseClickXY(at.X, at.Y)))
	v.until(`!document.querySelector('form') && document.readyState === 'complete'`)
	if n := w.Count("contributions"); n != 1 {
		t.Fatalf("before the answer was lost, the gift was recorded %d times", n)
	}
	still.Store(false)
	v.open(form)
	v.sees("Isian Anda yang belum terkirim sudah dikembalikan")
	v.press("Kirim catatan")
	v.sees("Terima kasih, sudah kami catat", "20 paket")
	check.Equal(t, "sent again after a lost answer, the gift was recorded", w.Count("contributions"), 1)
}

func TestDraft_Reload_RestoredUntilSent(t *testing.T) {
	w := newTown(t)
	v := w.come(w.Partner)
	const form = "/contributions/new?programme=kopi"
	v.open(form)
	v.write("Apa yang diberikan?", "20 paket sembako")
	v.open("/")
	v.open(form)
	v.sees("Isian Anda yang belum terkirim sudah dikembalikan")
	check.Equal(t, "the draft came back", eval[string](v, `() => document.querySelector('[name=item]').value`), "20 paket sembako")
	v.pick("Jenis kontribusi", "Barang")
	v.press("Kirim catatan")
	v.sees("Terima kasih, sudah kami catat")
	v.open(form)
	v.misses("Isian Anda yang belum terkirim")

	other := w.come(w.OtherPartner)
	other.open(form)
	other.misses("Isian Anda yang belum terkirim")
}

func TestDraft_Offline_KeptAndNotSent(t *testing.T) {
	w := newTown(t)
	v := w.come(w.Partner)
	v.open("/contributions/new?programme=kopi")
	v.pick("Jenis kontribusi", "Barang")
	v.write("Apa yang diberikan?", "20 paket sembako")
	v.misses("Tidak ada sinyal")
	v.online(false)
	v.until(`!document.querySelector('[data-offline]').hidden`)
	v.sees("Tidak ada sinyal")
	v.tap("Kirim catatan")
	v.until(`document.querySelector('[data-toast]').innerText.includes('Tidak ada sinyal')`)
	check.Equal(t, "without signal the form", eval[string](v, `() => document.querySelector('[name=item]').value`), "20 paket sembako")
	v.online(true)
	v.until(`document.querySelector('[data-offline]').hidden`)
	v.press("Kirim catatan")
	v.sees("Terima kasih, sudah kami catat")
	check.Equal(t, "the gift was recorded", w.Count("contributions"), 1)
}

// atTheBar scrolls until only the first line of a field stands above the button at the foot of the window, and returns
// a point on that line.
const atTheBar = `(name) => {
	const field = document.querySelector('main [name=' + name + ']')
	scrollBy(0, field.getBoundingClientRect().top - document.querySelector('.submit').getBoundingClientRect().top + 20)
	const { left, top } = field.getBoundingClientRect()
	return [left + 40, top + 10]
}`

// under tells by how many pixels a field lies under that button.
const under = `(name) => document.querySelector('main [name=' + name + ']').getBoundingClientRect().bottom - document.querySelector('.submit').getBoundingClientRect().top`

func TestForm_StickyButton_CoversNoInput(t *testing.T) {
	w := newTown(t)
	v := w.come(w.Initiator)
	for _, of := range []struct{ page, field string }{
		{"/programmes/kopi/edit", "summary"}, {"/programmes/kopi/tasks/new", "details"},
		{"/programmes/kopi/meetings/new", "agenda"}, {"/organisations/new", "address"},
	} {
		if status := v.open(of.page); status != http.StatusOK {
			t.Fatalf("%s: status %d", of.page, status)
		}
		at := eval[[]float64](v, atTheBar, of.field)
		if covered := eval[float64](v, under, of.field); covered <= 0 {
			t.Fatalf("%s: %s is not at the button but %v above it", of.page, of.field, -covered)
		}
		v.must(chromedp.Do(v.ctx, chromedp.MouseClickXY(at[0], at[1])))
		for range 4 {
			v.must(chromedp.Do(v.ctx, chromedp.KeyEvent("satu baris lagi"), enter))
		}
		v.must(chromedp.Do(v.ctx, chromedp.KeyEvent("dan yang terakhir")))
		if covered := eval[float64](v, under, of.field); covered > 0 {
			t.Errorf("%s: %v pixels of %s lie under the button", of.page, covered, of.field)
		}
	}
}

// offered are the units that a reader can choose, and which one stands chosen.
const offered = `() => [...document.querySelectorAll('#unit optgroup:not([hidden]):not([disabled]) option')].map((o) => o.text)
	.concat('→ ' + document.querySelector('#unit').selectedOptions[0].text)`

func TestForm_Units_FollowKind(t *testing.T) {
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

// TestForm_SessionEnded_InputKept sends a form after the session has
// ended, with scripts and without. It is sent again after signing in, once.
func TestForm_SessionEnded_InputKept(t *testing.T) {
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
		v.write("Alamat email", "partner@example.org")
		v.write("Kata sandi", testkit.Password)
		v.press("Lanjut")
		v.sees("Kirim lagi isian tadi?", "20 paket "+what)
		check.Equal(t, what+": sent without being asked", w.Count("contributions"), before)
		v.press("Kirim lagi")
		v.sees("Terima kasih, sudah kami catat")
		w.Only("contributions", "item", what)
	}
}

// TestMainJob_NoScripts_Done walks the parts of the job on which pages have
// scripts to help, in a browser that runs none.
func TestMainJob_NoScripts_Done(t *testing.T) {
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
