package contributions

import (
	"errors"
	"maps"
	"net/http"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
)

// asked is the body of a step: what was found, or why it goes back.
type asked struct {
	Quantity float64 `json:"quantity"`
	Reason   string  `json:"reason"`
}

// steps are the transitions that other programs may ask for, by the last word
// of their address.
var steps = map[string]func(*access.Door, *core.Record, asked) error{
	"verify": func(d *access.Door, r *core.Record, a asked) error { return Verify(d, r, a.Quantity) },
	"return": func(d *access.Door, r *core.Record, a asked) error { return Return(d, r, a.Reason) },
	"reject": func(d *access.Door, r *core.Record, a asked) error { return Reject(d, r, a.Reason) },
	"submit": func(d *access.Door, r *core.Record, _ asked) error { return Submit(d, r, nil) },
	"withdraw": func(d *access.Door, r *core.Record, _ asked) error {
		return Withdraw(d, r)
	},
}

// Take makes the step that the address names and answers, as PocketBase's own
// API does, with the record or with what is wrong.
func Take(e *core.RequestEvent) error {
	take, known := steps[e.Request.PathValue("step")]
	if !known {
		return e.NotFoundError("", nil)
	}
	var body asked
	if err := e.BindBody(&body); err != nil {
		return e.BadRequestError("", err)
	}
	d := access.Open(e.App, e.Auth).Through(access.ViaAPI)
	r, err := d.View("contributions", e.Request.PathValue("id"))
	if err == nil {
		err = take(d, r, body)
	}
	if err != nil {
		return answer(e, err)
	}
	if err := apis.EnrichRecord(e, r); err != nil {
		return err
	}
	return e.JSON(http.StatusOK, r)
}

// answer puts an error into PocketBase's words.
func answer(e *core.RequestEvent, err error) error {
	var problems lang.Problems
	var fields validation.Errors
	switch {
	case errors.Is(err, access.ErrRefused):
		return e.NotFoundError("", err)
	case errors.As(err, &problems):
		return e.BadRequestError("", spoken(problems))
	case errors.As(err, &fields):
		return e.BadRequestError("", fields)
	}
	return e.InternalServerError("", err)
}

// spoken says problems in both languages, as every refusal over the API does.
func spoken(problems lang.Problems) validation.Errors {
	out := validation.Errors{}
	for _, p := range problems {
		var said validation.Errors
		if errors.As(access.Invalid(p.Field, p.Key, p.Args...), &said) {
			maps.Copy(out, said)
		}
	}
	return out
}
