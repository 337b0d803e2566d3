package programmes

import (
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/web"
)

// Sent returns the record that a form made when it was sent before, nil if it
// is new. Asked inside a transaction, it holds until that ends.
func Sent(d *access.Door, collection string, form *web.Form) *core.Record {
	if form.Value("once") == "" {
		return nil
	}
	made, err := d.First(collection, "once", form.Value("once"))
	if err != nil {
		return nil
	}
	return made
}

// Touched reports whether one of these inputs holds something or is wrong, so
// that the part of a form they stand in must not be folded away.
func Touched(form *web.Form, names ...string) bool {
	for _, name := range names {
		_, wrong := form.Problems.Of(name)
		if wrong || form.Value(name) != "" {
			return true
		}
	}
	return false
}
