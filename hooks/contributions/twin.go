package contributions

import (
	"cmp"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/page"
	"simpul/hooks/programmes"
)

// soon is how long the same gift, logged again by the same person, is rather a
// form sent twice.
const soon = 10 * time.Minute

// doubtTwin asks whether a gift is meant that the person has just logged: the
// browser's way back leads to a form that looks unsent. Sent once more with the
// answer in the hidden field "again" it counts.
func doubtTwin(d *access.Door, p *programmes.Programme, form *page.Form) error {
	gift, err := d.New("contributions")
	if err != nil {
		return err
	}
	form.Into(gift)
	same := dbx.HashExp{
		"quantity": gift.GetFloat("quantity"),
		"given_on": cmp.Or(gift.GetString("given_on"), today(p)),
		"stage":    cmp.Or(gift.GetString("stage"), Delivered),
	}
	for _, field := range []string{"programme", "contributor", "kind", "item", "unit"} {
		same[field] = gift.GetString(field)
	}
	twin, err := d.MadeLately("contributions", soon, same)
	if err != nil || twin == nil || answered(form, twin) {
		return err
	}
	form.Set("again", twin.Id).Doubt(Wrap(twin).URL(), "contributions.problem_twin", "number", twin.GetString("number"))
	return nil
}

// answered reports whether the form is the one that made the twin, or says that
// another is meant.
func answered(form *page.Form, twin *core.Record) bool {
	return form.Value("once") != "" && form.Value("once") == twin.GetString("once") || form.Value("again") == twin.Id
}
