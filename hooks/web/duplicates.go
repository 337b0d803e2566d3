package web

import (
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
)

// soon is how long the same record, made again by the same person, is rather a
// form sent twice.
const soon = 10 * time.Minute

// FindDuplicate returns the record that the person has just made with the values
// of a form: the browser's way back leads to a form that looks unsent. The caller
// asks whether it is meant; sent once more with its id in the hidden field
// "again", the form counts.
func FindDuplicate(d *access.Scope, form *Form, collection string, same dbx.HashExp) (found *core.Record, err error) {
	if !form.OK() {
		return nil, nil
	}
	found, err = d.FindRecentDuplicate(collection, soon, same)
	if err != nil || found == nil || form.Value("again") == found.Id {
		return nil, err
	}
	if once := form.Value("once"); once != "" && once == found.GetString("once") {
		return nil, nil
	}
	form.Set("again", found.Id)
	return found, nil
}

// SentBefore returns the record that a form made when it was sent before, nil if
// it is new. Asked inside a transaction, it holds until that ends.
func SentBefore(d *access.Scope, collection string, form *Form) *core.Record {
	if form.Value("once") == "" {
		return nil
	}
	made, err := d.First(collection, "once", form.Value("once"))
	if err != nil {
		return nil
	}
	return made
}
