package mail

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

// ErrToken says that a token was not made by this hub for this purpose, or is too old.
var ErrToken = errors.New("the link is not one of ours")

// ErrTokenEnded says that a token was made by this hub for this purpose, and that its end has passed. It is an ErrToken.
var ErrTokenEnded = fmt.Errorf("%w any more: its end has passed", ErrToken)

// secretLength is how many letters and digits the secret has, about 380 bits.
const secretLength = 64

// tight refuses base64 text that is not the only way to write its bytes.
var tight = base64.RawURLEncoding.Strict()

// EnsureSecret makes the secret behind the links in letters unless there is one. The roof calls it at start.
func EnsureSecret(app core.App) error {
	_, err := app.DB().NewQuery(`UPDATE hub_settings SET link_secret = {:secret} WHERE link_secret = ''`).
		Bind(dbx.Params{"secret": security.RandomString(secretLength)}).Execute()
	if err != nil {
		return fmt.Errorf("make the secret behind links: %w", err)
	}
	return nil
}

// RenewSecret makes another secret, for when the old one may be in wrong hands. Links in letters that left lead nowhere
// from then on.
func RenewSecret(app core.App) error {
	return app.RunInTransaction(func(tx core.App) error {
		if _, err := tx.DB().NewQuery(`UPDATE hub_settings SET link_secret = ''`).Execute(); err != nil {
			return fmt.Errorf("make another secret behind links: %w", err)
		}
		return EnsureSecret(tx)
	})
}

// KeepSecret leaves the secret out of what the admin UI shows. The roof binds it to OnRecordEnrich of hub_settings.
func KeepSecret(e *core.RecordEnrichEvent) error {
	// What is inside lifts the field's own hiding for administrators.
	if err := e.Next(); err != nil {
		return err
	}
	e.Record.Hide("link_secret")
	return nil
}

// Token writes parts as one text for an address in a letter. Nobody can make or change one without the hub's secret, it
// is good for one purpose only, and the same parts always give the same text. It does not hide the parts: give it ids,
// never names or addresses of people with an account.
func Token(app core.App, purpose string, parts ...string) (string, error) {
	return TokenUntil(app, time.Time{}, purpose, parts...)
}

// TokenUntil is Token with an end; the zero time is no end. Seconds count, fractions do not.
func TokenUntil(app core.App, end time.Time, purpose string, parts ...string) (string, error) {
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
	return tight.EncodeToString(append(seal(secret, purpose, body), body...)), nil
}

// ReadToken returns the parts of a token of this purpose. The error is ErrToken, or that of the database. With
// ErrTokenEnded it returns the parts as well, so that an old link can lead on.
func ReadToken(app core.App, purpose, token string) ([]string, error) {
	raw, err := tight.DecodeString(token)
	// The decoder passes over line breaks, so that one token could be written in many ways.
	if err != nil || len(raw) < sha256.Size || strings.ContainsAny(token, "\r\n") {
		return nil, ErrToken
	}
	secret, err := secretOf(app)
	if err != nil {
		return nil, err
	}
	body := raw[sha256.Size:]
	if !hmac.Equal(raw[:sha256.Size], seal(secret, purpose, body)) {
		return nil, ErrToken
	}
	end, n := binary.Varint(body)
	if n <= 0 {
		return nil, ErrToken
	}
	parts, err := split(body[n:])
	if err == nil && end != 0 && clock.Now().Unix() >= end {
		err = ErrTokenEnded
	}
	return parts, err
}

func split(body []byte) (parts []string, err error) {
	for len(body) > 0 {
		length, n := binary.Uvarint(body)
		if n <= 0 || length > uint64(len(body)-n) {
			return nil, ErrToken
		}
		body = body[n:]
		parts, body = append(parts, string(body[:length])), body[length:]
	}
	return parts, nil
}

// seal is the part of a token that only the hub can make. The purpose ends with a zero, so that no purpose continues
// into the body.
func seal(secret, purpose string, body []byte) []byte {
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
