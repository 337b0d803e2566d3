package reminders

import (
	"errors"
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/page"
)

// broken answers a link of a letter that the hub does not know: mail programs
// cut long lines, so the page says what may have happened and what helps. Any
// other error stays what it is.
func broken(e *core.RequestEvent, err error) error {
	if !errors.Is(err, access.ErrRefused) {
		return err
	}
	return page.Render(e, http.StatusNotFound, "reminders/broken", page.New(e, "page.error_404_title"))
}
