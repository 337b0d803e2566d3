package smtp

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"strings"
	"testing"

	"simpul/hooks/lang"
)

// wrongKeys are keys nobody can sign with, and what is said about each.
func wrongKeys(t *testing.T) map[string]string {
	t.Helper()
	der := func(key any) string {
		raw, err := x509.MarshalPKCS8PrivateKey(key)
		check(t, err)
		return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw}))
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(t, err)
	t.Setenv("GODEBUG", "rsa1024min=0")
	short, err := rsa.GenerateKey(rand.Reader, 768)
	check(t, err)
	good := newKey(t, "ed25519")
	return map[string]string{
		"": "mail.dkim.problem_key_missing", "kunci": "mail.dkim.problem_key_form", good[:60]: "mail.dkim.problem_key_form",
		strings.Replace(good, "MC4", "!!!", 1):                             "mail.dkim.problem_key_form",
		strings.Replace(good, "MC4", "AAA", 1):                             "mail.dkim.problem_key_form",
		strings.ReplaceAll(good, "PRIVATE", "PUBLIC"):                      "mail.dkim.problem_key_public",
		strings.ReplaceAll(good, "PRIVATE", "ENCRYPTED PRIVATE"):           "mail.dkim.problem_key_locked",
		strings.Replace(good, "END PRIVATE KEY", "END RSA PRIVATE KEY", 1): "mail.dkim.problem_key_form",
		strings.ReplaceAll(der(short), "PRIVATE KEY", "RSA PRIVATE KEY"):   "mail.dkim.problem_key_form",
		der(short): "mail.dkim.problem_key_short", der(curve): "mail.dkim.problem_key_sort",
	}
}

func TestAWrongKeyIsCalledByItsName(t *testing.T) {
	for key, problem := range wrongKeys(t) {
		found, is := (DKIM{Domain: "example.org", Selector: "simpul", Key: key}).Check().Of("dkim_key")
		if !is || found.Key != problem || !lang.Has(problem) {
			t.Errorf("%.60q: %q, want %q", key, found.Key, problem)
		}
		if _, _, err := (DKIM{Key: key}).Record(); err == nil || !strings.Contains(err.Error(), " / ") {
			t.Errorf("%.60q: %v", key, err)
		}
	}
}

func TestAKeyThatAFormHasFlattenedIsRead(t *testing.T) {
	for _, sort := range []string{"rsa", "ed25519"} {
		key := newKey(t, sort)
		for _, flat := range []string{strings.ReplaceAll(key, "\n", " "), strings.ReplaceAll(key, "\n", "\r\n"), "  " + key + "\n\n"} {
			if problems := (DKIM{"example.org", "simpul", flat}).Check(); len(problems) > 0 {
				t.Errorf("%s: %v", sort, problems)
			}
		}
	}
	if _, err := NewDKIMKey("dsa"); err == nil {
		t.Error("a key of an unknown sort was made")
	}
}

func TestDomainAndSelectorMustBeWrittenAsInDNS(t *testing.T) {
	key := newKey(t, "ed25519")
	for _, c := range []struct {
		domain, selector, wrong string
	}{
		{"example.org", "simpul", ""}, {"hub.dinsos.semarangkota.go.id", "s2026-1", ""}, {"", "simpul", "dkim_domain"},
		{"https://example.org", "simpul", "dkim_domain"}, {"Example.org", "simpul", "dkim_domain"}, {"example.org\r\nBcc: a@b", "simpul", "dkim_domain"},
		{"example", "simpul", "dkim_domain"}, {"-a.org", "simpul", "dkim_domain"}, {"example.org", "", "dkim_selector"},
		{"example.org", "simpul.x", "dkim_selector"}, {"example.org", "a; d=evil.example", "dkim_selector"},
	} {
		problems := (DKIM{c.domain, c.selector, key}).Check()
		if _, is := problems.Of(c.wrong); c.wrong != "" && !is || c.wrong == "" && len(problems) > 0 {
			t.Errorf("%q, %q: %v", c.domain, c.selector, problems)
		}
	}
	if problems := (DKIM{}).Check(); problems != nil {
		t.Errorf("no signing at all: %v", problems)
	}
	var none lang.Problems
	if _, err := new(Signer).read(DKIM{Domain: "x"}); !errors.As(err, &none) {
		t.Errorf("%v", err)
	}
}
