// Package signedlink makes and reads links that carry a purpose, some ids and, if need be, an expiry.
package signedlink

import (
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"

	"simpul/hooks/clock"
)

// ErrInvalid says that a token was not made by this app for this purpose, or has expired.
var ErrInvalid = errors.New("the link is not one of ours")

// ErrExpired says that a token was made by this app for this purpose and has expired. It is an ErrInvalid.
var ErrExpired = fmt.Errorf("%w any more: its end has passed", ErrInvalid)

// secretLength is how many letters and digits the secret has, about 380 bits.
const secretLength = 64

// strict refuses base64 text that is not the only way to write its bytes.
var strict = base64.RawURLEncoding.Strict()

// EnsureSecret makes the secret behind the links unless there is one. It is called at start.
func EnsureSecret(app core.App) error {
	_, err := app.DB().NewQuery(`UPDATE hub_settings SET link_secret = {:secret} WHERE link_secret = ''`).
		Bind(dbx.Params{"secret": security.RandomString(secretLength)}).Execute()
	if err != nil {
		return fmt.Errorf("make the secret behind links: %w", err)
	}
	return nil
}

// RotateSecret makes another secret, for when the old one may have leaked. Every link made before is invalid from then on.
func RotateSecret(app core.App) error {
	return app.RunInTransaction(func(tx core.App) error {
		if _, err := tx.DB().NewQuery(`UPDATE hub_settings SET link_secret = ''`).Execute(); err != nil {
			return fmt.Errorf("make another secret behind links: %w", err)
		}
		return EnsureSecret(tx)
	})
}

// HideSecret leaves the secret out of what the admin UI shows. It is bound to OnRecordEnrich of hub_settings.
func HideSecret(e *core.RecordEnrichEvent) error {
	// e.Next shows hidden fields to administrators, so that hiding comes after it.
	if err := e.Next(); err != nil {
		return err
	}
	e.Record.Hide("link_secret")
	return nil
}

// New writes parts as one token for a URL. Nobody can make or change one without the secret, it is good for one purpose
// only, and the same parts always give the same token. It does not hide the parts: give it ids, never names or addresses
// of people with an account.
func New(app core.App, purpose string, parts ...string) (string, error) {
	return NewUntil(app, time.Time{}, purpose, parts...)
}

// NewUntil is New with an expiry; the zero time is none. Seconds count, fractions do not.
func NewUntil(app core.App, end time.Time, purpose string, parts ...string) (string, error) {
	secret, err := secretOf(app)
	if err != nil {
		return "", err
	}
	var seconds int64
	if !end.IsZero() {
		seconds = end.Unix()
	}
	body := binary.AppendVarint(nil, seconds)
	for _, part := range parts {
		body = append(binary.AppendUvarint(body, uint64(len(part))), part...)
	}
	return strict.EncodeToString(append(sign(secret, purpose, body), body...)), nil
}

// Read returns the parts of a token of this purpose. The error is ErrInvalid, or that of the database. With ErrExpired
// it returns the parts as well, so that an old link can lead on.
func Read(app core.App, purpose, token string) ([]string, error) {
	raw, err := strict.DecodeString(token)
	// The decoder passes over line breaks, so that one token could be written in many ways.
	if err != nil || len(raw) < sha256.Size || strings.ContainsAny(token, "\r\n") {
		return nil, ErrInvalid
	}
	secret, err := secretOf(app)
	if err != nil {
		return nil, err
	}
	body := raw[sha256.Size:]
	if !hmac.Equal(raw[:sha256.Size], sign(secret, purpose, body)) {
		return nil, ErrInvalid
	}
	end, n := binary.Varint(body)
	if n <= 0 {
		return nil, ErrInvalid
	}
	parts, err := split(body[n:])
	if err == nil && end != 0 && clock.Now().Unix() >= end {
		err = ErrExpired
	}
	return parts, err
}

func split(body []byte) (parts []string, err error) {
	for len(body) > 0 {
		length, n := binary.Uvarint(body)
		if n <= 0 || length > uint64(len(body)-n) {
			return nil, ErrInvalid
		}
		body = body[n:]
		parts, body = append(parts, string(body[:length])), body[length:]
	}
	return parts, nil
}

// sign is the part of a token that only the hub can make. The purpose ends with a zero, so that no purpose continues
// into the body.
func sign(secret, purpose string, body []byte) []byte {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(purpose + "\x00"))
	mac.Write(body)
	return mac.Sum(nil)
}

// secretOf reads the secret. Without one no link is made or taken: an empty key would be everybody's.
func secretOf(app core.App) (string, error) {
	var secret string
	err := app.DB().NewQuery(`SELECT link_secret FROM hub_settings LIMIT 1`).Row(&secret)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("read the secret behind links: %w", err)
	}
	if secret == "" {
		return "", errors.New("the hub has no secret for its links yet; it is made at the next start")
	}
	return secret, nil
}
