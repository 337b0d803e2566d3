package web

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

// Flash is one message about what was just done, shown once.
type Flash struct {
	Kind, Text, Key string
	// Undo takes back what was just done, nil if that cannot be.
	Undo *Undo
}

// Undo is a form that takes something back: where it is sent, the one field it
// sends, and the page to come back to.
type Undo struct {
	Action string `json:"a"`
	Name   string `json:"n"`
	Value  string `json:"v"`
	Back   string `json:"b"`
}

const flashCookie = "flash"

// note is a flash on its way between two requests: a key of the catalogue and
// its values. It is sealed, so that a forged cookie says nothing and offers
// nothing to take back.
type note struct {
	Key  string `json:"k"`
	Args []any  `json:"a,omitempty"`
	Undo *Undo  `json:"u,omitempty"`
	Warn bool   `json:"w,omitempty"`
}

// RedirectWithFlash sends the reader to another page after a POST, with a message there.
func RedirectWithFlash(e *core.RequestEvent, url, key string, args ...any) error {
	if key == "" {
		return e.Redirect(http.StatusSeeOther, url)
	}
	return see(e, url, note{Key: key, Args: args})
}

// RedirectWithWarning is See with a message that something was not done, and why.
func RedirectWithWarning(e *core.RequestEvent, url, key string, args ...any) error {
	return see(e, url, note{Key: key, Args: args, Warn: true})
}

// RedirectWithFlash is See with a button beside the message that takes the step back.
func (u Undo) See(e *core.RequestEvent, url, key string, args ...any) error {
	return see(e, url, note{Key: key, Args: args, Undo: &u})
}

func see(e *core.RequestEvent, url string, n note) error {
	sealed, err := Seal(e, flashCookie, n)
	if err != nil {
		return err
	}
	e.SetCookie(&http.Cookie{Name: flashCookie, Value: sealed, Path: "/",
		MaxAge: 60, HttpOnly: true, Secure: secure(e), SameSite: http.SameSiteLaxMode})
	return e.Redirect(http.StatusSeeOther, url)
}

// takeFlash reads the waiting message and forgets it.
func takeFlash(e *core.RequestEvent) *Flash {
	c, err := e.Request.Cookie(flashCookie)
	if err != nil || c.Value == "" {
		return nil
	}
	e.SetCookie(&http.Cookie{Name: flashCookie, Path: "/", MaxAge: -1, HttpOnly: true, Secure: secure(e)})
	var n note
	if !Unseal(e, flashCookie, c.Value, &n) || !lang.Has(n.Key) {
		return nil
	}
	kind := "ok"
	if n.Warn {
		kind = "warn"
	}
	return &Flash{Kind: kind, Text: lang.T(Language(e), n.Key, n.Args...), Key: n.Key, Undo: n.Undo}
}

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
