package access

import (
	"strconv"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/text"
)

// machine lists fields that programs write: hashes, keys and addresses of
// browsers may hold sixteen digits in a row by chance.
var machine = map[string]bool{
	"once": true, "source_key": true, "sha256": true, "uid": true, "tokenKey": true, "password": true,
	"endpoint": true, "p256dh": true, "auth": true,
}

// unguarded are the collections that only the hub itself writes.
var unguarded = map[string]bool{"deliveries": true, "activity": true, "minutes_revisions": true, "push_messages": true}

// RefuseSixteenDigits keeps national identity and family card numbers out of
// every field that a person can fill: beneficiaries are counted, never recorded.
func RefuseSixteenDigits(e *core.RecordEvent) error {
	c := e.Record.Collection()
	if c.System || unguarded[c.Name] {
		return e.Next()
	}
	for _, f := range c.Fields {
		name := f.GetName()
		if machine[name] || !typed(f) {
			continue
		}
		if text.SixteenDigits(spelled(e.Record, f)) {
			return Invalid(name, "problem.sixteen_digits")
		}
	}
	return e.Next()
}

// typed reports whether a field holds what somebody typed.
func typed(f core.Field) bool {
	switch f.Type() {
	case core.FieldTypeText, core.FieldTypeEditor, core.FieldTypeURL, core.FieldTypeEmail, core.FieldTypeJSON, core.FieldTypeNumber:
		return !f.GetSystem() || f.GetName() == "email"
	}
	return false
}

// spelled is a field's value as it was typed; a number has no exponent then.
func spelled(r *core.Record, f core.Field) string {
	if f.Type() == core.FieldTypeNumber {
		return strconv.FormatFloat(r.GetFloat(f.GetName()), 'f', -1, 64)
	}
	return r.GetString(f.GetName())
}
