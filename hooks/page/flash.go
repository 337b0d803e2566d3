package page

import (
	"encoding/base64"
	"encoding/json"
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/lang"
)

// Flash is one message about what was just done, shown once.
type Flash struct{ Kind, Text, Key string }

const flashCookie = "flash"

// note is a flash on its way between two requests: a key of the catalogue and
// its values, never a ready sentence, so that a forged cookie can say nothing new.
type note struct {
	Key  string `json:"k"`
	Args []any  `json:"a,omitempty"`
}

// See sends the reader to another page after a POST, with a message there.
func See(e *core.RequestEvent, url, key string, args ...any) error {
	if key != "" {
		raw, err := json.Marshal(note{key, args})
		if err != nil {
			return err
		}
		e.SetCookie(&http.Cookie{Name: flashCookie, Value: base64.RawURLEncoding.EncodeToString(raw), Path: "/",
			MaxAge: 60, HttpOnly: true, Secure: secure(e), SameSite: http.SameSiteLaxMode})
	}
	return e.Redirect(http.StatusSeeOther, url)
}

// takeFlash reads the waiting message and forgets it.
func takeFlash(e *core.RequestEvent) *Flash {
	c, err := e.Request.Cookie(flashCookie)
	if err != nil || c.Value == "" {
		return nil
	}
	e.SetCookie(&http.Cookie{Name: flashCookie, Path: "/", MaxAge: -1, HttpOnly: true, Secure: secure(e)})
	raw, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil {
		return nil
	}
	var n note
	if json.Unmarshal(raw, &n) != nil || !lang.Has(n.Key) {
		return nil
	}
	return &Flash{Kind: "ok", Text: lang.T(Language(e), n.Key, n.Args...), Key: n.Key}
}
