package example

import (
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/page"
)

// RemoveAll removes the examples at an administrator's wish and nothing else.
func RemoveAll(e *core.RequestEvent) error {
	if !page.Door(e).Super() {
		return access.ErrRefused
	}
	if err := Remove(e.App); err != nil {
		return err
	}
	return page.See(e, "/", "example.removed")
}
