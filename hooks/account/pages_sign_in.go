// Package account is about the person: signing in and out, and how the hub
// speaks to them.
package account

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/page"
)

const (
	codeCookie = "code"
	nextCookie = "next"
	// codeLife is how long a one-time code and its cookie last, in seconds.
	codeLife = 600
	// longestNext is how long an address to come back to may be, in bytes, so
	// that it fits a cookie.
	longestNext = 1000
)

type signInPage struct {
	page.Base
	Form *page.Form
	// Ended is the key of what is said to somebody whose session ended while
	// they sent a form, empty for all others.
	Ended string
}

func signInForm(e *core.RequestEvent) *page.Form {
	return page.NewForm(e, "account", page.Email("email").Need(), page.Password("password"),
		page.Hidden("next").Max(0), page.Hidden("kept").Max(0))
}

// ShowSignIn asks for an address, and for a password of those who want one.
func ShowSignIn(e *core.RequestEvent) error {
	next := onward(e.Request.URL.Query().Get("next"))
	if e.Auth != nil {
		return page.See(e, next, "")
	}
	form := signInForm(e).Set("next", next)
	return page.Render(e, http.StatusOK, "account/sign_in", signInPage{Base: page.New(e, "account.sign_in").At("sign-in"), Form: form})
}

// onward is where a person goes after signing in: a page of this hub.
func onward(target string) string {
	if len(target) > longestNext {
		return "/"
	}
	return page.Local(target)
}

// SignIn takes the address: with a password it signs in, without one it mails
// a one-time code. Known and unknown addresses get the same answer.
func SignIn(e *core.RequestEvent) error {
	form := signInForm(e)
	if err := form.Read(e); err != nil {
		return err
	}
	if form.OK() && form.Value("password") != "" {
		return withPassword(e, form)
	}
	if form.OK() {
		return sendCode(e, form)
	}
	return refuse(e, form)
}

func refuse(e *core.RequestEvent, form *page.Form) error {
	data := signInPage{Base: page.New(e, "account.sign_in").At("sign-in"), Form: form}
	if form.Value("kept") != "" {
		data.Ended = "account.ended_kept"
	}
	return page.Render(e, http.StatusUnprocessableEntity, "account/sign_in", data)
}

// session is PocketBase's answer to a successful sign-in.
type session struct {
	Token string `json:"token"`
}

// withPassword tries the people of the hub first, then its administrators.
func withPassword(e *core.RequestEvent, form *page.Form) error {
	typed := map[string]string{"identity": form.Value("email"), "password": form.Value("password")}
	for _, collection := range []string{"users", core.CollectionNameSuperusers} {
		var got session
		status, err := page.Post(e, "/api/collections/"+collection+"/auth-with-password", typed, &got)
		if err != nil {
			return err
		}
		if status == http.StatusTooManyRequests {
			return e.TooManyRequestsError("", nil)
		}
		if status == http.StatusOK && got.Token != "" {
			return enter(e, got.Token, form.Value("next"), form.Value("kept"))
		}
	}
	form.Refuse("password", "account.problem_password")
	return refuse(e, form)
}

// sendCode has PocketBase mail a code. For an unknown address it answers with
// an identity that fits no code, so nothing tells the two apart.
func sendCode(e *core.RequestEvent, form *page.Form) error {
	var got struct {
		ID string `json:"otpId"`
	}
	status, err := page.Post(e, "/api/collections/users/request-otp",
		map[string]string{"email": form.Value("email")}, &got)
	if err != nil {
		return err
	}
	switch status {
	case http.StatusOK:
		page.Keep(e, codeCookie, got.ID, codeLife)
		page.Keep(e, nextCookie, url.QueryEscape(onward(form.Value("next"))), codeLife)
		if kept := form.Value("kept"); kept != "" {
			return showCode(e, http.StatusOK, codeForm(e).Set("kept", kept).Set("email", form.Value("email")))
		}
		return page.See(e, "/sign-in/code", "")
	case http.StatusTooManyRequests:
		return e.TooManyRequestsError("", nil)
	}
	return e.InternalServerError("", fmt.Errorf("request-otp answers %d", status))
}

func codeForm(e *core.RequestEvent) *page.Form {
	return page.NewForm(e, "account", page.Code("code").Need().Max(20), page.Hidden("kept").Max(0), page.Hidden("email"))
}

// ShowCode asks for the code that was mailed.
func ShowCode(e *core.RequestEvent) error {
	if _, err := e.Request.Cookie(codeCookie); err != nil {
		return page.See(e, "/sign-in", "")
	}
	return showCode(e, http.StatusOK, codeForm(e))
}

func showCode(e *core.RequestEvent, status int, form *page.Form) error {
	return page.Render(e, status, "account/code", signInPage{Base: page.New(e, "account.code_title").At("sign-in"), Form: form})
}

// EnterCode signs in with the code.
func EnterCode(e *core.RequestEvent) error {
	sent, err := e.Request.Cookie(codeCookie)
	if err != nil {
		return page.See(e, "/sign-in", "account.code_again")
	}
	form := codeForm(e)
	if err := form.Read(e); err != nil {
		return err
	}
	if form.OK() {
		var got session
		status, err := page.Post(e, "/api/collections/users/auth-with-otp",
			map[string]string{"otpId": sent.Value, "password": digits(form.Value("code"))}, &got)
		if err != nil {
			return err
		}
		if status == http.StatusOK && got.Token != "" {
			return enter(e, got.Token, remembered(e), form.Value("kept"))
		}
		form.Refuse("code", "account.problem_code")
	}
	return showCode(e, http.StatusUnprocessableEntity, form)
}

// enter turns PocketBase's token into this browser's session. A form that was
// kept meanwhile is offered to be sent again.
func enter(e *core.RequestEvent, token, next, sealed string) error {
	r, err := e.App.FindAuthRecordByToken(token, core.TokenTypeAuth)
	if err != nil {
		return err
	}
	page.Keep(e, codeCookie, "", -1)
	page.Keep(e, nextCookie, "", -1)
	if err := page.Begin(e, r); err != nil {
		return err
	}
	var kept unsent
	if page.Unseal(e, unsentSeal, sealed, &kept) {
		e.Auth = r
		return offer(e, kept)
	}
	return page.See(e, onward(next), "")
}

// SignOut ends this browser's session and has it forget what it kept of ours.
func SignOut(e *core.RequestEvent) error {
	page.Forget(e)
	e.Response.Header().Set("Clear-Site-Data", `"cache", "storage"`)
	return page.See(e, "/sign-in", "account.signed_out")
}

// digits keeps the figures of a code, which people type with spaces.
func digits(typed string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, typed)
}

// remembered is where the person wanted to go before the code was asked for.
func remembered(e *core.RequestEvent) string {
	c, err := e.Request.Cookie(nextCookie)
	if err != nil {
		return "/"
	}
	next, err := url.QueryUnescape(c.Value)
	if err != nil {
		return "/"
	}
	return next
}
