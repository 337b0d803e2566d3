package reminders

import (
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/notify/smtp"
)

// CheckSigning refuses a DKIM key, domain or selector that letters could not be signed with, at its field: once saved,
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
