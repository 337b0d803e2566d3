package meetings

import (
	"errors"
	"net/http"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
)

// CirculateAPI is Circulate for other programs.
func CirculateAPI(e *core.RequestEvent) error { return step(e, Circulate) }

// FinaliseAPI is Finalise for other programs.
func FinaliseAPI(e *core.RequestEvent) error { return step(e, Finalise) }

// step takes the minutes that the address names one step further and answers
// with them; a refusal looks like minutes that are not there.
func step(e *core.RequestEvent, take func(*access.Door, string) (*core.Record, error)) error {
	d := access.Open(e.App, e.Auth).Through(access.ViaAPI)
	r, err := take(d, e.Request.PathValue("id"))
	var fields validation.Errors
	switch {
	case errors.Is(err, access.ErrRefused):
		return e.NotFoundError("", err)
	case errors.As(err, &fields):
		return e.BadRequestError("", fields)
	case err != nil:
		return e.InternalServerError("", err)
	}
	if err := apis.EnrichRecord(e, r); err != nil {
		return err
	}
	return e.JSON(http.StatusOK, r)
}
