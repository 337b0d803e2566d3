package journeys_test

import (
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"
)

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

func TestTheButtonAtTheFootDoesNotCoverWhatIsTyped(t *testing.T) {
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
