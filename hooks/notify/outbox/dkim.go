package outbox

import (
	"database/sql"
	"errors"
	"fmt"
	"os"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/notify/smtp"
)

// LoadDKIM reads how messages are signed; the key may come from the file that smtp.KeyFile names. It is empty while
// nobody has set signing up.
func LoadDKIM(app core.App) (smtp.DKIM, error) {
	var s smtp.DKIM
	err := app.DB().NewQuery(`SELECT dkim_domain, dkim_selector, dkim_key FROM hub_settings LIMIT 1`).One(&s)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return smtp.DKIM{}, fmt.Errorf("read how messages are signed: %w", err)
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

// CheckSigning refuses a DKIM key, domain or selector that messages could not be signed with, at its field: once saved,
// signing goes on without anybody watching.
func CheckSigning(e *core.RecordEvent) error {
	r := e.Record
	signing := smtp.DKIM{Domain: r.GetString("dkim_domain"), Selector: r.GetString("dkim_selector"), Key: r.GetString("dkim_key")}
	if problems := signing.Check(); len(problems) > 0 {
		p := problems[0]
		return access.Invalid(p.Field, p.Key, p.Args...)
	}
	return e.Next()
}
