package account

import (
	"errors"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/web"
)

const (
	// unsentSeal is the purpose under which an unsent form is sealed.
	unsentSeal = "unsent"
	// longestUnsent is how much typed text is kept across a sign-in, in bytes.
	longestUnsent = 64 << 10
)

// unsent is a form that came in after its sender's session had ended. The
// sign-in pages carry it, sealed, until somebody is signed in and sends it again.
type unsent struct {
	Path   string     `json:"p"`
	Back   string     `json:"b"`
	Fields url.Values `json:"f"`
	// Files says that files came with it, which are not kept.
	Files bool `json:"u,omitempty"`
}

var errTooLong = errors.New("account: more was sent than is kept")

// SignedIn lets only signed-in people pass. Others sign in first and come back
// to the page they wanted, or to the form they sent with what they typed.
func SignedIn(e *core.RequestEvent) error {
	if e.Auth != nil {
		return e.Next()
	}
	if e.Request.Method == http.MethodPost {
		return interrupted(e)
	}
	target := "/sign-in"
	if e.Request.URL.Path != "/" {
		target += "?next=" + url.QueryEscape(e.Request.URL.RequestURI())
	}
	return e.Redirect(http.StatusSeeOther, target)
}

// SignedInOrDemo is SignedIn for what everybody may open in the demonstration.
func SignedInOrDemo(e *core.RequestEvent) error {
	if web.IsDemo(e.App) {
		return e.Next()
	}
	return SignedIn(e)
}

// interrupted shows the sign-in page in answer to a form, which it keeps.
func interrupted(e *core.RequestEvent) error {
	back := cameFrom(e)
	form := signInForm(e).Set("next", back)
	data := signInPage{web.New(e, "account.sign_in").At("sign-in"), form, "account.ended_lost"}
	if kept, err := gather(e, back); err == nil {
		sealed, err := web.Seal(e, unsentSeal, kept)
		if err != nil {
			return err
		}
		form.Set("kept", sealed)
		data.Ended = "account.ended_kept"
	} else if _, err := io.Copy(io.Discard, e.Request.Body); err != nil {
		return err // a browser reads the answer only after it has sent all
	}
	return web.Render(e, http.StatusUnauthorized, "account/sign_in", data)
}

// cameFrom is the page of ours on which a form was sent, "/" if unknown.
func cameFrom(e *core.RequestEvent) string {
	u, err := url.Parse(e.Request.Referer())
	if err != nil || u.Host != e.Request.Host {
		return "/"
	}
	return onward(u.RequestURI())
}

// gather reads what was typed into the form that came in, without passwords.
// Nobody has vouched for the sender yet, so it reads no more than it keeps.
func gather(e *core.RequestEvent, back string) (u unsent, err error) {
	u = unsent{Path: web.Local(e.Request.URL.RequestURI()), Back: back}
	kind, _, _ := mime.ParseMediaType(e.Request.Header.Get("Content-Type"))
	if kind == "multipart/form-data" {
		u.Fields, u.Files, err = texts(e.Request)
	} else {
		var raw []byte
		if raw, err = limited(e.Request.Body, longestUnsent); err == nil {
			u.Fields, err = url.ParseQuery(string(raw))
		}
	}
	maps.DeleteFunc(u.Fields, func(name string, _ []string) bool { return strings.Contains(strings.ToLower(name), "password") })
	return u, err
}

// texts reads the fields of a form with files and passes the files over.
func texts(r *http.Request) (fields url.Values, files bool, err error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, false, err
	}
	fields, left := url.Values{}, longestUnsent
	for {
		part, err := parts.NextPart()
		if err == io.EOF {
			return fields, files, nil
		}
		if err != nil {
			return nil, false, err
		}
		if part.FileName() != "" {
			files = true
			continue
		}
		value, err := limited(part, left)
		if err != nil {
			return nil, false, err
		}
		left -= len(value)
		fields.Add(part.FormName(), string(value))
	}
}

func limited(r io.Reader, most int) ([]byte, error) {
	raw, err := io.ReadAll(io.LimitReader(r, int64(most)+1))
	if err == nil && len(raw) > most {
		err = errTooLong
	}
	return raw, err
}

type unsentPage struct {
	web.Base
	Kept unsent
	// Sent are the fields to send again; Texts what a person typed among them.
	Sent  []web.Option
	Texts []string
}

// offer asks whether to send a form again that was kept. Nothing is changed
// until the button is pressed.
func offer(e *core.RequestEvent, kept unsent) error {
	data := unsentPage{Base: web.New(e, "account.unsent_title").At("-").AsForm(), Kept: kept}
	for _, name := range slices.Sorted(maps.Keys(kept.Fields)) {
		for _, value := range kept.Fields[name] {
			data.Sent = append(data.Sent, web.Option{Label: name, Value: value})
			if strings.ContainsAny(value, " \n") { // codes and keys have no spaces
				data.Texts = append(data.Texts, value)
			}
		}
	}
	return web.Render(e, http.StatusOK, "account/unsent", data)
}
