package mail

import (
	"database/sql"
	"errors"
	"fmt"
	"os"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/notify/smtp"
)

// LoadDKIM reads how messages are signed; the key may come from the file that smtp.KeyFile names. It is empty while
// nobody has set signing up.
func LoadDKIM(app core.App) (smtp.DKIM, error) {
	var s smtp.DKIM
	err := app.DB().NewQuery(`SELECT dkim_domain, dkim_selector, dkim_key FROM hub_settings LIMIT 1`).One(&s)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return smtp.DKIM{}, fmt.Errorf("read how letters are signed: %w", err)
	}
	if s.Domain == "" || s.Key != "" || os.Getenv(smtp.KeyFile) == "" {
		return s, nil
	}
	pem, err := os.ReadFile(os.Getenv(smtp.KeyFile))
	if err != nil {
		return s, fmt.Errorf("key of DKIM: %w", err)
	}
	s.Key = string(pem)
	return s, nil
}

// sign has the sender's domain vouch for a message. One that cannot be signed goes unsigned: the key was checked when it
// was saved, and whoever broke it since is told by the log and by `simpul doctor`.
func (s *Sender) sign(tx core.App, message []byte) []byte {
	dkim, err := LoadDKIM(tx)
	if err == nil && dkim.Off() {
		return message
	}
	var signed []byte
	if err == nil {
		signed, err = s.signer.Sign(message, dkim)
	}
	if err != nil {
		s.app.Logger().Warn("letters go unsigned", "error", err)
		return message
	}
	return signed
}
