package smtp

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"simpul/hooks/lang"
)

const (
	// newRSA is the length of a new key in bits; every mail service takes it.
	newRSA = 2048
	// shortestRSA is the shortest key that RFC 8301 lets receivers take, in bits.
	shortestRSA = 1024
)

// armour finds a PEM block even where a form has turned its line breaks into spaces.
var armour = regexp.MustCompile(`-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]*)-----END ([A-Z0-9 ]+)-----`)

// readKey reads a private key, RSA or Ed25519, or returns the key of the sentence that says what is wrong with it.
func readKey(text string) (key crypto.Signer, problem string) {
	found := armour.FindStringSubmatch(text)
	switch {
	case strings.TrimSpace(text) == "":
		return nil, "mail.dkim.problem_key_missing"
	case strings.Contains(text, "ENCRYPTED"):
		return nil, "mail.dkim.problem_key_locked"
	case strings.Contains(text, "PUBLIC KEY"):
		return nil, "mail.dkim.problem_key_public"
	case found == nil || found[1] != found[3]:
		return nil, "mail.dkim.problem_key_form"
	}
	der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(found[2]), ""))
	if err != nil {
		return nil, "mail.dkim.problem_key_form"
	}
	if found[1] == "RSA PRIVATE KEY" {
		rsaKey, err := x509.ParsePKCS1PrivateKey(der)
		return usable(rsaKey, err)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(der)
	return usable(parsed, err)
}

// usable lets pass only what DKIM knows.
func usable(parsed any, err error) (crypto.Signer, string) {
	if err != nil {
		return nil, "mail.dkim.problem_key_form"
	}
	switch key := parsed.(type) {
	case ed25519.PrivateKey:
		return key, ""
	case *rsa.PrivateKey:
		if key.N.BitLen() < shortestRSA {
			return nil, "mail.dkim.problem_key_short"
		}
		return key, ""
	}
	return nil, "mail.dkim.problem_key_sort"
}

// bilingual is a problem as an error for people, in both languages.
func bilingual(problem string) error {
	return errors.New(lang.T("id", problem) + " / " + lang.T("en", problem))
}

// NewDKIMKey makes a private key as PEM: rsa (2,048 bits) or ed25519.
func NewDKIMKey(sort string) (string, error) {
	var key any
	var err error
	switch sort {
	case "rsa":
		key, err = rsa.GenerateKey(rand.Reader, newRSA)
	case "ed25519":
		_, key, err = ed25519.GenerateKey(rand.Reader)
	default:
		return "", fmt.Errorf("rsa / ed25519: %q?", sort)
	}
	if err != nil {
		return "", fmt.Errorf("make a key: %w", err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return "", fmt.Errorf("make a key: %w", err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), nil
}

// Record is where in DNS the public key must stand, and the text of the TXT record there.
func (d DKIM) Record() (name, text string, err error) {
	key, problem := readKey(d.Key)
	if problem != "" {
		return "", "", bilingual(problem)
	}
	name = d.Selector + "._domainkey." + d.Domain
	if public, ok := key.Public().(ed25519.PublicKey); ok {
		return name, "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public), nil
	}
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return "", "", err
	}
	return name, "v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(der), nil
}
