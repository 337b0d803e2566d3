package web

import (
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
)

const countKey = "page.bell"

// Count counts what the reader has not read yet, up to a number at which nobody
// counts on.
type Count func(d *access.Scope) (int, error)

// HangCount gives an app's pages their count. The roof knows who can count; this
// package knows no room.
func HangCount(app core.App, count Count) { app.Store().Set(countKey, count) }

// unread is what the count of a page says. A page is worth more than its count:
// if nobody can tell, it is silent.
func unread(d *access.Scope) int {
	count, hung := d.App().Store().Get(countKey).(Count)
	if !hung || d.Super() {
		return 0
	}
	n, err := count(d)
	if err != nil {
		d.App().Logger().Error("page: bell", "error", err)
		return 0
	}
	return n
}
