package page

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"

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

const (
	flashCookie = "flash"
	sealKey     = "page.seal"
)

// note is a flash on its way between two requests: a key of the catalogue and
// its values. It is sealed, so that a forged cookie says nothing and offers
// nothing to take back.
type note struct {
	Key  string `json:"k"`
	Args []any  `json:"a,omitempty"`
	Undo *Undo  `json:"u,omitempty"`
}

// See sends the reader to another page after a POST, with a message there.
func See(e *core.RequestEvent, url, key string, args ...any) error {
	if key == "" {
		return e.Redirect(http.StatusSeeOther, url)
	}
	return see(e, url, note{Key: key, Args: args})
}

// See is See with a button beside the message that takes the step back.
func (u Undo) See(e *core.RequestEvent, url, key string, args ...any) error {
	return see(e, url, note{Key: key, Args: args, Undo: &u})
}

func see(e *core.RequestEvent, url string, n note) error {
	raw, err := json.Marshal(n)
	if err != nil {
		return err
	}
	value := base64.RawURLEncoding.EncodeToString(raw)
	e.SetCookie(&http.Cookie{Name: flashCookie, Value: value + "." + seal(e, value), Path: "/",
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
	n, ok := opened(e, c.Value)
	if !ok {
		return nil
	}
	return &Flash{Kind: "ok", Text: lang.T(Language(e), n.Key, n.Args...), Key: n.Key, Undo: n.Undo}
}

// opened reads a note if its seal is ours.
func opened(e *core.RequestEvent, sealed string) (n note, ok bool) {
	value, mark, _ := strings.Cut(sealed, ".")
	if !security.Equal(mark, seal(e, value)) {
		return n, false
	}
	raw, err := base64.RawURLEncoding.DecodeString(value)
	if err != nil {
		return n, false
	}
	return n, json.Unmarshal(raw, &n) == nil && lang.Has(n.Key)
}

// seal marks a text as ours with a secret that lives as long as the process.
func seal(e *core.RequestEvent, text string) string {
	secret := e.App.Store().GetOrSet(sealKey, func() any { return security.RandomString(32) })
	return security.HS256(text, fmt.Sprint(secret))
}
