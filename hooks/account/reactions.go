package account

import (
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/lang"
)

// Prepare gives a new user the settings that suit most. Only administrators
// make users, so the address counts as verified: otherwise the first one-time
// code would replace the password.
func Prepare(e *core.RecordEvent) error {
	defaults := map[string]string{
		"language":  lang.Languages[0],
		"time_zone": clock.Zones[0],
	}
	for field, value := range defaults {
		if e.Record.GetString(field) == "" {
			e.Record.Set(field, value)
		}
	}
	e.Record.SetVerified(true)
	return e.Next()
}

// EndSessions makes every token of a user worthless in the moment that the
// user is disabled.
func EndSessions(e *core.RecordEvent) error {
	if e.Record.GetBool("disabled") && !e.Record.Original().GetBool("disabled") {
		e.Record.RefreshTokenKey()
	}
	return e.Next()
}

// NoCodeForDisabled keeps codes from people who may not sign in. They are
// answered like strangers.
func NoCodeForDisabled(e *core.RecordCreateOTPRequestEvent) error {
	if e.Record != nil && e.Record.GetBool("disabled") {
		e.Record = nil
	}
	return e.Next()
}

// NoResetForDisabled keeps new passwords from people who may not sign in. They
// are answered like everybody.
func NoResetForDisabled(e *core.RecordRequestPasswordResetRequestEvent) error {
	if e.Record.GetBool("disabled") {
		return e.NoContent(http.StatusNoContent)
	}
	return e.Next()
}
