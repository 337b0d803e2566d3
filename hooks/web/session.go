package web

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/security"
)

// Session lets a browser be somebody: it turns the cookie into e.Auth on pages.
// PocketBase's own API keeps to its header token and never sees the cookie, so
// a page of another site cannot act through it.
func Session() *hook.Handler[*core.RequestEvent] {
	return &hook.Handler[*core.RequestEvent]{
		Id:       "pageSession",
		Priority: apis.DefaultLoadAuthTokenMiddlewarePriority + 1,
		Func: func(e *core.RequestEvent) error {
			e.Auth = nil
			if c, err := e.Request.Cookie(cookieName(e)); err == nil && c.Value != "" {
				recognise(e, c.Value)
			}
			// Guests too: their pages carry codes and links that work once.
			e.Response.Header().Set("Cache-Control", "private, no-store")
			return e.Next()
		},
	}
}

// recognise accepts a token of a user or superuser who is not disabled. A
// changed password or "sign out everywhere" changes the token key, and the
// token is worth nothing from then on.
func recognise(e *core.RequestEvent, token string) {
	r, err := e.App.FindAuthRecordByToken(token, core.TokenTypeAuth)
	if err != nil || r.GetBool("disabled") {
		SignOut(e)
		return
	}
	e.Auth = r
	if left := expiry(token); renewable(token) && left < life(r)/2 {
		if renewed, err := r.NewAuthToken(); err == nil {
			keep(e, r, renewed)
		}
	}
}

// SignIn signs a person in on this browser.
func SignIn(e *core.RequestEvent, r *core.Record) error {
	token, err := r.NewAuthToken()
	if err != nil {
		return err
	}
	keep(e, r, token)
	return nil
}

// SignOut signs this browser out.
func SignOut(e *core.RequestEvent) {
	e.SetCookie(&http.Cookie{Name: cookieName(e), Path: "/", HttpOnly: true, Secure: secure(e),
		SameSite: http.SameSiteLaxMode, MaxAge: -1})
}

func keep(e *core.RequestEvent, r *core.Record, token string) {
	e.SetCookie(&http.Cookie{Name: cookieName(e), Value: token, Path: "/", HttpOnly: true, Secure: secure(e),
		SameSite: http.SameSiteLaxMode, MaxAge: int(life(r).Seconds())})
}

func life(r *core.Record) time.Duration { return r.Collection().AuthToken.DurationTime() }

// Until tells when this browser's sign-in ends if it is not used again.
func Until(e *core.RequestEvent) time.Time {
	c, err := e.Request.Cookie(cookieName(e))
	if err != nil {
		return time.Time{}
	}
	return time.Now().Add(expiry(c.Value))
}

// renewable reports whether a token was made to be renewed: one that an
// administrator lends for an hour is not.
func renewable(token string) bool {
	claims, err := security.ParseUnverifiedJWT(token)
	return err == nil && claims[core.TokenClaimRefreshable] == true
}

func expiry(token string) time.Duration {
	claims, err := security.ParseUnverifiedJWT(token)
	if err != nil {
		return 0
	}
	at, err := claims.GetExpirationTime()
	if err != nil || at == nil {
		return 0
	}
	return time.Until(at.Time)
}

// cookieName binds the cookie to this host alone wherever https allows it.
func cookieName(e *core.RequestEvent) string {
	if secure(e) {
		return "__Host-simpul"
	}
	return "simpul"
}

func secure(e *core.RequestEvent) bool {
	return e.IsTLS() || strings.HasPrefix(e.App.Settings().Meta.AppURL, "https://")
}

// Local returns target if it is a path of this hub, else "/": a sign-in page
// must not send people elsewhere.
func Local(target string) string {
	u, err := url.Parse(target)
	plain := err == nil && u.Scheme == "" && u.Host == "" && strings.HasPrefix(u.Path, "/")
	if !plain || strings.HasPrefix(target, "//") || strings.ContainsAny(target, "\\\r\n\t") {
		return "/"
	}
	return target
}

// Keep sets a cookie that only the sign-in pages need, for so many seconds; a
// negative number forgets it.
func Keep(e *core.RequestEvent, name, value string, seconds int) {
	e.SetCookie(&http.Cookie{Name: name, Value: value, Path: "/sign-in", MaxAge: seconds,
		HttpOnly: true, Secure: secure(e), SameSite: http.SameSiteLaxMode})
}

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

// Seal packs a value that a browser carries for us from one request to another,
// so that a forged one is worth nothing. What is sealed for one purpose does not
// pass for another. The error is that of a value JSON cannot hold.
func Seal(e *core.RequestEvent, purpose string, v any) (string, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	value := base64.RawURLEncoding.EncodeToString(raw)
	return value + "." + mark(e, purpose, value), nil
}

// Unseal reads what Seal packed for the same purpose into v, a pointer, and
// reports whether the seal is ours.
func Unseal(e *core.RequestEvent, purpose, sealed string, v any) bool {
	value, got, _ := strings.Cut(sealed, ".")
	if !security.Equal(got, mark(e, purpose, value)) {
		return false
	}
	raw, err := base64.RawURLEncoding.DecodeString(value)
	return err == nil && json.Unmarshal(raw, v) == nil
}

func mark(e *core.RequestEvent, purpose, text string) string {
	return security.HS256(purpose+":"+text, site(e).secret)
}
