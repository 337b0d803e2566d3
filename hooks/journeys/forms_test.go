package journeys_test

import (
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/chromedp/chromedp"

	"simpul/hooks/testkit/check"
)

// focused names what has the focus.
const focused = `() => {
	const { tagName, className, id } = document.activeElement
	return tagName.toLowerCase() + (id ? '#' + id : '') + (className ? '.' + className.split(' ')[0] : '')
}`

func TestAWrongFormSaysWhereAndKeepsWhatWasTyped(t *testing.T) {
	w := newTown(t)
	v := w.come(w.Initiator)
	v.open("/programmes/kopi/tasks/new")
	v.write("Rincian", "Hubungi dulu lewat telepon")
	check.Equal(t, "a form without what it needs", v.press("Buat tugas"), 422)
	v.sees("Ada yang perlu diperbaiki")
	check.Equal(t, "the focus", eval[string](v, focused), "div.problems")
	check.Equal(t, "what was typed", eval[string](v, `() => document.querySelector('[name=details]').value`), "Hubungi dulu lewat telepon")
	fields := eval[[]string](v, `() => [...document.querySelectorAll('.problems a')].map((a) => a.hash)`)
	if len(fields) != 2 {
		t.Errorf("a task without title and organisation has mistakes at %v", fields)
	}
	for _, field := range fields {
		eval[any](v, `(hash) => { document.querySelector('.problems a[href="' + hash + '"]').focus(); return null }`, field)
		v.must(chromedp.Do(v.ctx, enter))
		v.until(`document.activeElement.matches('` + field + `[aria-invalid=true]')`)
	}
	for _, barrier := range v.barriers(everything) {
		t.Error(barrier)
	}
}

func TestEveryLinkOfAMistakeLeadsToAField(t *testing.T) {
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
			if len(lost) > 0 {
				t.Errorf("%s: mistakes lead nowhere: %v", page, lost)
			}
			for _, barrier := range v.barriers(everything) {
				t.Errorf("%s with mistakes: %s", page, barrier)
			}
		}
	}
}

func TestPressingTwiceMakesOneRecord(t *testing.T) {
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

func TestAGiftWhoseAnswerWasLostIsRecordedOnce(t *testing.T) {
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

func TestADraftComesBackUntilItIsSent(t *testing.T) {
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

func TestWithoutSignalNothingIsSentAndNothingIsLost(t *testing.T) {
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
