package mail

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// Fields of a letter's head that nobody may change on the way, and those of which nobody may add another. RFC 8058 asks
// for both of List-Unsubscribe.
var (
	sealed = []string{"From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Auto-Submitted",
		"List-Id", "Feedback-ID", "List-Unsubscribe", "List-Unsubscribe-Post"}
	alone = []string{"From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "List-Unsubscribe",
		"List-Unsubscribe-Post"}
)

// foldAt is where a line of the signature ends, well below the 78 signs RFC 5322 advises.
const foldAt = 72

// signature writes the value of DKIM-Signature for a whole letter with CRLF line breaks (RFC 6376, relaxed/relaxed). Its
// time is given, so that a second copy of a letter is the first.
func (s Signing) signature(letter []byte, key crypto.Signer, at time.Time) (string, error) {
	head, body, found := bytes.Cut(letter, []byte("\r\n\r\n"))
	if !found {
		return "", errors.New("the letter has no body")
	}
	algorithm := "rsa-sha256"
	if _, is := key.Public().(ed25519.PublicKey); is {
		algorithm = "ed25519-sha256"
	}
	digest := sha256.Sum256(relaxedBody(body))
	value := fmt.Sprintf("v=1; a=%s; c=relaxed/relaxed; t=%d;\r\n\td=%s; s=%s;\r\n\th=%s;\r\n\tbh=%s;\r\n\tb=", algorithm, at.Unix(),
		s.Domain, s.Selector, fold(strings.Join(append(sealed, alone...), ":")), base64.StdEncoding.EncodeToString(digest[:]))
	var said bytes.Buffer
	fields := fieldsOf(string(head))
	for _, name := range sealed {
		if field, there := fields[strings.ToLower(name)]; there {
			said.WriteString(relaxedField(field) + "\r\n")
		}
	}
	said.WriteString(relaxedField("DKIM-Signature: " + value))
	sum := sha256.Sum256(said.Bytes())
	proof, err := prove(key, sum[:])
	return value + fold(base64.StdEncoding.EncodeToString(proof)), err
}

// prove signs a digest. RFC 8463 has Ed25519 sign the digest as if it were the message.
func prove(key crypto.Signer, digest []byte) ([]byte, error) {
	if _, is := key.Public().(ed25519.PublicKey); is {
		return key.Sign(rand.Reader, digest, crypto.Hash(0))
	}
	return key.Sign(rand.Reader, digest, crypto.SHA256)
}

// fieldsOf finds the fields of a head by their names in small letters. Our letters have each at most once.
func fieldsOf(head string) map[string]string {
	fields := map[string]string{}
	name := ""
	for line := range strings.SplitSeq(head, "\r\n") {
		if strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t") {
			fields[name] += "\r\n" + line
			continue
		}
		name, _, _ = strings.Cut(line, ":")
		name = strings.ToLower(name)
		fields[name] = line
	}
	return fields
}

// blanks finds what relaxed canonicalization writes as one space.
var blanks = regexp.MustCompile(`[ \t]+`)

// relaxedField writes a field as RFC 6376, 3.4.2 wants it signed.
func relaxedField(field string) string {
	name, value, _ := strings.Cut(strings.ReplaceAll(field, "\r\n", ""), ":")
	return strings.ToLower(strings.TrimSpace(name)) + ":" + strings.Trim(blanks.ReplaceAllString(value, " "), " ")
}

// relaxedBody writes a body as RFC 6376, 3.4.4 wants it signed.
func relaxedBody(body []byte) []byte {
	lines := bytes.Split(body, []byte("\r\n"))
	for i, line := range lines {
		lines[i] = bytes.TrimRight(blanks.ReplaceAll(line, []byte(" ")), " ")
	}
	text := bytes.TrimRight(bytes.Join(lines, []byte("\r\n")), "\r\n")
	if len(text) == 0 {
		return nil
	}
	return append(text, '\r', '\n')
}

// fold breaks a long value into lines.
func fold(value string) string {
	var out strings.Builder
	for len(value) > foldAt {
		out.WriteString(value[:foldAt] + "\r\n\t")
		value = value[foldAt:]
	}
	return out.String() + value
}
