package page

import (
	"errors"
	"fmt"
	"net/http"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/router"

	"simpul/hooks/access"
	"simpul/hooks/lang"
)

// Errors turns what a handler returns into a page in the reader's language. It
// stands outside PocketBase's panic recovery and rate limit to see theirs too.
func Errors() *hook.Handler[*core.RequestEvent] {
	return &hook.Handler[*core.RequestEvent]{
		Id:       "pageErrors",
		Priority: apis.DefaultPanicRecoverMiddlewarePriority - 5,
		Func: func(e *core.RequestEvent) error {
			err := e.Next()
			if err == nil || e.Written() {
				return err
			}
			status := Status(err)
			if shown := Render(e, status, "error", errorPage{New(e, errorKey(status, "title")), status, errorKey(status, "text")}); shown != nil {
				return errors.Join(err, shown)
			}
			return err // for the log; PocketBase leaves a written response alone
		},
	}
}

type errorPage struct {
	Base
	Status  int
	TextKey string
}

// Status tells which answer an error means: a refusal looks like a missing page.
func Status(err error) int {
	var problems lang.Problems
	var fields validation.Errors
	switch {
	case errors.Is(err, access.ErrRefused):
		return http.StatusNotFound
	case errors.As(err, &problems), errors.As(err, &fields):
		return http.StatusUnprocessableEntity
	}
	var known *router.ApiError
	if errors.As(err, &known) {
		return known.Status
	}
	return http.StatusInternalServerError
}

// errorKey picks the sentence for a status; unknown ones read like a fault of ours.
func errorKey(status int, part string) string {
	key := fmt.Sprintf("page.error_%d_%s", status, part)
	if lang.Has(key) {
		return key
	}
	return "page.error_500_" + part
}
