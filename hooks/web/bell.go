package web

import (
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
)

const bellKey = "page.bell"

// Bell counts what the reader has not read yet, up to a number at which nobody
// counts on.
type Bell func(d *access.Scope) (int, error)

// HangBell gives an app's pages their bell. The roof knows who can count; this
// package knows no room.
func HangBell(app core.App, count Bell) { app.Store().Set(bellKey, count) }

// unread is what the bell of a page says. A page is worth more than its bell:
// if nobody can tell, it is silent.
func unread(d *access.Scope) int {
	count, hung := d.App().Store().Get(bellKey).(Bell)
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
