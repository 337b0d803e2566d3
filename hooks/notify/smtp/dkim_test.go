package smtp

import (
	"bytes"
	"strings"
	"testing"

	"github.com/emersion/go-msgauth/dkim"
)

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newKey(t *testing.T, sort string) string {
	t.Helper()
	key, err := NewDKIMKey(sort)
	check(t, err)
	return key
}

// verify is what a mail service does: it reads the public key from DNS and checks every signature.
func verify(t *testing.T, letter []byte, d DKIM) []*dkim.Verification {
	t.Helper()
	name, text, err := d.Record()
	check(t, err)
	found, err := dkim.VerifyWithOptions(bytes.NewReader(letter), &dkim.VerifyOptions{LookupTXT: func(asked string) ([]string, error) {
		if asked != name {
			t.Errorf("%s is looked up, not %s", asked, name)
		}
		return []string{text}, nil
	}})
	check(t, err)
	return found
}

func TestSign_UnusualMessages_Verify(t *testing.T) {
	head := "From: a@example.org\r\nTo: b@example.org\r\nSubject:   folded\r\n\t and   spaced \r\nDate: Mon, 07 Dec 2026 08:00:00 +0700\r\n" +
		"Message-ID:\r\n <x@example.org>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n"
	d, signer := DKIM{"hub.dinsos.semarangkota.go.id", "simpul", newKey(t, "rsa")}, new(Signer)
	for _, body := range []string{"", "\r\n", "\r\n\r\n\r\n", "a", "a\r\n", "a \t b  \r\n\r\n  \r\n", " \r\n a\r\n", "a\r\n.\r\n..b\r\n \t", strings.Repeat("a  b\r\n", 2000)} {
		signed, err := signer.Sign([]byte(head+"\r\n"+body), d)
		check(t, err)
		if found := verify(t, signed, d); len(found) != 1 || found[0].Err != nil {
			t.Errorf("%.40q: %+v", body, found[0].Err)
		}
		if !strings.HasSuffix(string(signed), "\r\n"+head+"\r\n"+body) {
			t.Errorf("%.40q: the message itself was changed", body)
		}
	}
	if _, err := signer.Sign([]byte(head), d); err == nil {
		t.Error("a header alone was signed")
	}
}
