package contributions

import (
	"errors"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
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
	err = SayNothing(d, p.ID(), e.Request.PostFormValue("organisation"), month)
	if key := refusal(err); key != "" {
		return page.Warn(e, base(p), key)
	}
	if err != nil {
		return err
	}
	return page.See(e, base(p), "nil_reports.saved")
}

// refusal is the sentence by which it was refused, so that a button of a page
// that stood open for long leads to a reason; "" for any other error.
func refusal(err error) string {
	var fields validation.Errors
	if !errors.As(err, &fields) {
		return ""
	}
	return access.Problems(fields)[0].Key
}

// UnsayNothing takes it back, and leads back with a word when that was done
// before: by a second press, or from another window.
func UnsayNothing(e *core.RequestEvent) error {
	d := page.Door(e)
	r, err := d.View("nil_reports", e.Request.PathValue("id"))
	if back := e.Request.PostFormValue("back"); errors.Is(err, access.ErrRefused) && back != "" {
		return page.Warn(e, page.Local(back), "nil_reports.undone_before")
	}
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
