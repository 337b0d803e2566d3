package reminders

import (
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// office names who a letter is for by position and organisation, or by the
// account's own position or name; "" when there is none of these.
func office(app core.App, user, contact string) (name string, err error) {
	err = app.DB().NewQuery(`SELECT COALESCE(
		(SELECT NULLIF(COALESCE(NULLIF(c.position, ''), c.name), '') || ' – ' || o.name FROM contacts c JOIN organisations o ON o.id = c.organisation WHERE c.id = {:contact}),
		(SELECT COALESCE(NULLIF(u.position, ''), u.name) FROM users u WHERE u.id = {:user}), '')`).
		Bind(dbx.Params{"contact": contact, "user": user}).Row(&name)
	if err != nil {
		return "", fmt.Errorf("who %s%s is: %w", user, contact, err)
	}
	return name, nil
}

// masked is an address that its owner knows again and nobody else can use.
func masked(address string) string {
	name, domain, found := strings.Cut(address, "@")
	if !found || name == "" {
		return ""
	}
	return string([]rune(name)[:1]) + "…@" + domain
}
