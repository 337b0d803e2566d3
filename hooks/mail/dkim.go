package mail

import (
	"bytes"
	"crypto"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"

	"github.com/emersion/go-msgauth/dkim"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/lang"
)

// KeyFile names the environment variable with the path of a PEM file. Its key is used when hub_settings has none.
const KeyFile = "SIMPUL_DKIM_KEY_FILE"

// Signing is how the sender's domain vouches for letters (DKIM, RFC 6376).
type Signing struct {
	Domain   string `db:"dkim_domain"`   // the domain that signs, d=
	Selector string `db:"dkim_selector"` // where under the domain the public key stands, s=
	Key      string `db:"dkim_key"`      // the private key as PEM
}

// SigningOf reads the hub's signing; the key may come from the file that KeyFile names. Without one set up it is empty.
func SigningOf(app core.App) (Signing, error) {
	var s Signing
	err := app.DB().NewQuery(`SELECT dkim_domain, dkim_selector, dkim_key FROM hub_settings LIMIT 1`).One(&s)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return Signing{}, fmt.Errorf("read how letters are signed: %w", err)
	}
	if s.Domain == "" || s.Key != "" || os.Getenv(KeyFile) == "" {
		return s, nil
	}
	pem, err := os.ReadFile(os.Getenv(KeyFile))
	if err != nil {
		return s, fmt.Errorf("key of DKIM: %w", err)
	}
	s.Key = string(pem)
	return s, nil
}

var (
	domainForm   = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$`)
	selectorForm = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)
)

// Off reports whether letters go unsigned because nobody has set signing up.
func (s Signing) Off() bool { return s == Signing{} }

// Check says what is wrong with the fields dkim_domain, dkim_selector and dkim_key. Signing that is off is right. A key
// left empty is right where a file holds it.
func (s Signing) Check() lang.Problems {
	var p lang.Problems
	if s.Off() {
		return nil
	}
	if !domainForm.MatchString(s.Domain) {
		p.Add("dkim_domain", "mail.dkim.problem_domain")
	}
	if !selectorForm.MatchString(s.Selector) {
		p.Add("dkim_selector", "mail.dkim.problem_selector")
	}
	if s.Key == "" && os.Getenv(KeyFile) != "" {
		return p
	}
	if _, problem := readKey(s.Key); problem != "" {
		p.Add("dkim_key", problem)
	}
	return p
}

// keyring keeps the key that was read last: reading one takes longer than signing with it.
type keyring struct {
	pem string
	key crypto.Signer
}

// read returns the key to sign with.
func (k *keyring) read(s Signing) (crypto.Signer, error) {
	if problems := s.Check(); len(problems) > 0 {
		return nil, problems
	}
	if k.key == nil || k.pem != s.Key {
		key, problem := readKey(s.Key)
		if problem != "" {
			return nil, spoken(problem)
		}
		k.pem, k.key = s.Key, key
	}
	return k.key, nil
}

// sealed are the header fields that nobody may change on the way, and alone those of which nobody may add another: their
// names stand twice in the signature. RFC 8058 asks for both of List-Unsubscribe.
var (
	sealed = []string{"From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Auto-Submitted",
		"List-Id", "Feedback-ID", "List-Unsubscribe", "List-Unsubscribe-Post"}
	alone = []string{"From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "List-Unsubscribe",
		"List-Unsubscribe-Post"}
)

// sign has the sender's domain vouch for a message. One that cannot be signed goes unsigned: the key was checked when it
// was saved, and whoever broke it since is told by the log and by `simpul doctor`.
func (s *Sender) sign(tx core.App, message []byte) []byte {
	signing, err := SigningOf(tx)
	if err == nil && signing.Off() {
		return message
	}
	var signed []byte
	if err == nil {
		signed, err = s.keys.sign(message, signing)
	}
	if err != nil {
		s.app.Logger().Warn("letters go unsigned", "error", err)
		return message
	}
	return signed
}

// sign puts the signature in front of a finished message.
func (k *keyring) sign(message []byte, s Signing) ([]byte, error) {
	key, err := k.read(s)
	if err != nil {
		return nil, err
	}
	var signed bytes.Buffer
	err = dkim.Sign(&signed, bytes.NewReader(message), &dkim.SignOptions{Domain: s.Domain, Selector: s.Selector, Signer: key,
		HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed,
		HeaderKeys: slices.Concat(sealed, alone)})
	return signed.Bytes(), err
}
