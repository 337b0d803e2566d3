package devices

import (
	"crypto/ecdh"
	"encoding/base64"
	"strings"
)

// secretLength is the length of a browser's secret in bytes, RFC 8291.
const secretLength = 16

// Subscription is what a browser hands out so that it can be written to.
type Subscription struct {
	Endpoint string // address at its push service
	Key      string // its public key, base64
	Secret   string // its secret, base64
}

// problem returns the key of the sentence that says why the subscription cannot be taken, or nothing.
func (s Subscription) problem() string {
	switch {
	case s.Endpoint == "" && s.Key == "" && s.Secret == "":
		return "devices.problem_nothing"
	case len(s.Endpoint) > 1000 || !known(s.Endpoint):
		return "devices.problem_service"
	}
	key, err := decode(s.Key)
	if err != nil {
		return "devices.problem_keys"
	}
	// NewPublicKey takes an uncompressed point of 65 bytes that lies on the curve, and no other.
	if _, err := ecdh.P256().NewPublicKey(key); err != nil {
		return "devices.problem_keys"
	}
	if secret, err := decode(s.Secret); err != nil || len(secret) != secretLength {
		return "devices.problem_keys"
	}
	return ""
}

// decode reads base64 as browsers write it, with or without its padding.
func decode(text string) ([]byte, error) {
	return base64.RawURLEncoding.Strict().DecodeString(strings.TrimRight(text, "="))
}
