package page

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"
)

const sealKey = "page.seal"

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

// mark signs a text with a secret that lives as long as the process.
func mark(e *core.RequestEvent, purpose, text string) string {
	secret := e.App.Store().GetOrSet(sealKey, func() any { return security.RandomString(32) })
	return security.HS256(purpose+":"+text, fmt.Sprint(secret))
}
