package smtp

import (
	"bytes"
	"crypto"
	"os"
	"regexp"
	"slices"

	"github.com/emersion/go-msgauth/dkim"

	"simpul/hooks/lang"
)

// KeyFile names the environment variable with the path of a PEM file. Its key is used when hub_settings has none.
const KeyFile = "SIMPUL_DKIM_KEY_FILE"

// DKIM is how the sender's domain signs messages (RFC 6376). Its zero value signs nothing.
type DKIM struct {
	Domain   string `db:"dkim_domain"`   // the domain that signs, d=
	Selector string `db:"dkim_selector"` // where under the domain the public key stands, s=
	Key      string `db:"dkim_key"`      // the private key as PEM
}

var (
	domainForm   = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$`)
	selectorForm = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)
)

// Off reports whether messages go unsigned because nobody has set signing up.
func (d DKIM) Off() bool { return d == DKIM{} }

// Check says what is wrong with the fields dkim_domain, dkim_selector and dkim_key. Signing that is off is right. A key
// left empty is right where a file holds it.
func (d DKIM) Check() lang.Problems {
	var p lang.Problems
	if d.Off() {
		return nil
	}
	if !domainForm.MatchString(d.Domain) {
		p.Add("dkim_domain", "mail.dkim.problem_domain")
	}
	if !selectorForm.MatchString(d.Selector) {
		p.Add("dkim_selector", "mail.dkim.problem_selector")
	}
	if d.Key == "" && os.Getenv(KeyFile) != "" {
		return p
	}
	if _, problem := readKey(d.Key); problem != "" {
		p.Add("dkim_key", problem)
	}
	return p
}

// Signer signs messages. It keeps the key that was read last: reading one takes longer than signing with it.
type Signer struct {
	pem string
	key crypto.Signer
}

// read returns the key to sign with.
func (s *Signer) read(d DKIM) (crypto.Signer, error) {
	if problems := d.Check(); len(problems) > 0 {
		return nil, problems
	}
	if s.key == nil || s.pem != d.Key {
		key, problem := readKey(d.Key)
		if problem != "" {
			return nil, bilingual(problem)
		}
		s.pem, s.key = d.Key, key
	}
	return s.key, nil
}

// signedHeaders nobody may change on the way. Of the singleHeaders nobody may add another one: their names stand twice in
// the signature (RFC 6376, section 8.15). RFC 8058 asks for both of List-Unsubscribe.
var (
	signedHeaders = []string{"From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Auto-Submitted",
		"List-Id", "Feedback-ID", "List-Unsubscribe", "List-Unsubscribe-Post"}
	singleHeaders = []string{"From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "List-Unsubscribe",
		"List-Unsubscribe-Post"}
)

// Sign puts the signature in front of a finished message.
func (s *Signer) Sign(message []byte, d DKIM) ([]byte, error) {
	key, err := s.read(d)
	if err != nil {
		return nil, err
	}
	var signed bytes.Buffer
	err = dkim.Sign(&signed, bytes.NewReader(message), &dkim.SignOptions{Domain: d.Domain, Selector: d.Selector, Signer: key,
		HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed,
		HeaderKeys: slices.Concat(signedHeaders, singleHeaders)})
	return signed.Bytes(), err
}
