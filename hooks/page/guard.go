package page

import (
	"net/http"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
)

// policy allows nothing but our own files: no inline script or style, no frame.
const policy = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"

// SameOrigin refuses forms that another site sends in a reader's name. Open are
// the patterns, such as "POST /path/{name}", of what everybody may send.
func SameOrigin(open ...string) *hook.Handler[*core.RequestEvent] {
	protection := http.NewCrossOriginProtection()
	for _, pattern := range open {
		protection.AddInsecureBypassPattern(pattern)
	}
	return &hook.Handler[*core.RequestEvent]{
		Id:       "pageSameOrigin",
		Priority: apis.DefaultLoadAuthTokenMiddlewarePriority - 1,
		Func: func(e *core.RequestEvent) error {
			if err := protection.Check(e.Request); err != nil {
				return e.ForbiddenError("", err)
			}
			return e.Next()
		},
	}
}

// Headers sets what browsers should hold our pages to.
func Headers() *hook.Handler[*core.RequestEvent] {
	return &hook.Handler[*core.RequestEvent]{
		Id:       "pageHeaders",
		Priority: apis.DefaultPanicRecoverMiddlewarePriority - 6,
		Func: func(e *core.RequestEvent) error {
			h := e.Response.Header()
			h.Set("Content-Security-Policy", policy)
			h.Set("Referrer-Policy", "same-origin")
			h.Set("Permissions-Policy", "camera=(self), geolocation=(), microphone=()")
			if secure(e) {
				h.Set("Strict-Transport-Security", "max-age=31536000")
			}
			return e.Next()
		},
	}
}
