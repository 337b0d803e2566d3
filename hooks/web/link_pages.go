package web

import (
	"errors"
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
)

// Stranger says that somebody else is signed in here than the one in whose name
// a link of a message acts: a borrowed phone, a forwarded message. It is "" when
// nobody is signed in, or the right person.
func Stranger(b Base, key, user, whose string) string {
	if b.Person == nil || b.Person.ID == user {
		return ""
	}
	return lang.T(b.Language, key, "reader", b.Person.Name, "whose", whose)
}

// Broken answers a link of a message that the hub does not know: mail programs
// cut long lines, so the page says what may have happened and what helps. Any
// other error stays what it is.
func Broken(e *core.RequestEvent, err error) error {
	if !errors.Is(err, access.ErrRefused) {
		return err
	}
	return Render(e, http.StatusNotFound, "reminders/broken", New(e, "page.error_404_title"))
}
