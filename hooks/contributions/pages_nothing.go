package contributions

import (
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/page"
	"simpul/hooks/programmes"
)

// SayNothingPage keeps that one of the reader's organisations has nothing to
// report for this month.
func SayNothingPage(e *core.RequestEvent) error {
	p, d, err := programmes.BySlug(e)
	if err != nil {
		return err
	}
	month := clock.Today(p.Zone())[:len("2006-01")]
	if err := SayNothing(d, p.ID(), e.Request.PostFormValue("organisation"), month); err != nil {
		return err
	}
	return page.See(e, base(p), "nil_reports.saved")
}

// UnsayNothing takes it back.
func UnsayNothing(e *core.RequestEvent) error {
	d := page.Door(e)
	r, err := d.View("nil_reports", e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	p, err := programmes.ByID(d, r.GetString("programme"))
	if err != nil {
		return err
	}
	if err := d.Delete(r); err != nil {
		return err
	}
	return page.See(e, base(p), "nil_reports.undone")
}
