package devices_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"testing"
)

var text64 = base64.RawURLEncoding

// browser is one that has subscribed: only it can read what is written to it.
type browser struct {
	testing.TB
	id       string // of its device
	endpoint string
	key      *ecdh.PrivateKey
	secret   []byte
}

func newBrowser(t testing.TB, endpoint string) *browser {
	t.Helper()
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	secret := make([]byte, 16)
	if _, err := rand.Read(secret); err != nil {
		t.Fatal(err)
	}
	return &browser{TB: t, endpoint: endpoint, key: key, secret: secret}
}

// form is what the page sends for it.
func (b *browser) form() []string {
	return []string{"endpoint", b.endpoint, "p256dh", text64.EncodeToString(b.key.PublicKey().Bytes()), "auth", text64.EncodeToString(b.secret)}
}

// shown is a notice as the service worker gets it.
type shown struct{ Title, Body, URL, Tag string }

// read decrypts a message as RFC 8291 says.
func (b *browser) read(body []byte) (n shown, err error) {
	if len(body) < 21+65 || body[20] != 65 || int(binary.BigEndian.Uint32(body[16:20])) < len(body)-86 {
		return n, fmt.Errorf("the head of %d bytes is odd: % x", len(body), body[:min(len(body), 21)])
	}
	salt, sender, sealed := body[:16], body[21:86], body[86:]
	public, err := ecdh.P256().NewPublicKey(sender)
	if err != nil {
		return n, err
	}
	common, err := b.key.ECDH(public)
	if err != nil {
		return n, err
	}
	info := "WebPush: info\x00" + string(b.key.PublicKey().Bytes()) + string(sender)
	material := derive(b.TB, common, b.secret, info, 32)
	block, err := aes.NewCipher(derive(b.TB, material, salt, "Content-Encoding: aes128gcm\x00", 16))
	if err != nil {
		return n, err
	}
	open, err := cipher.NewGCM(block)
	if err != nil {
		return n, err
	}
	plain, err := open.Open(nil, derive(b.TB, material, salt, "Content-Encoding: nonce\x00", 12), sealed, nil)
	if err != nil {
		return n, err
	}
	plain = bytes.TrimRight(plain, "\x00")
	words, last := bytes.CutSuffix(plain, []byte{2})
	if !last {
		return n, fmt.Errorf("the record is not marked as the last one: %q", plain)
	}
	strict := json.NewDecoder(bytes.NewReader(words))
	strict.DisallowUnknownFields()
	return n, strict.Decode(&n)
}

func derive(t testing.TB, secret, salt []byte, info string, length int) []byte {
	t.Helper()
	out, err := hkdf.Key(sha256.New, secret, salt, info, length)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
