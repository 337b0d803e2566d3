package meetings

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/markdown"
)

// The states of minutes, as they are stored.
const (
	MinutesDraft = "draft"
	Circulated   = "circulated"
	Final        = "final"
)

// SettleMinutes holds for every save of minutes, whichever way it comes: what
// is final stays as it is, a save of the text counts as one revision and is
// kept, and its lines become tasks and decisions in the same transaction.
func SettleMinutes(e *core.RecordEvent) error {
	r := e.Record
	r.Set("body", strings.ReplaceAll(r.GetString("body"), "\r\n", "\n"))
	setDefault(r, "status", MinutesDraft)
	if err := checkMinutes(r); err != nil {
		return err
	}
	written := isText(r)
	number(r, written)
	stamp(r)
	if err := e.Next(); err != nil || !written {
		return err
	}
	if err := keepRevision(e.App, r); err != nil {
		return err
	}
	return raise(e.App, r)
}

// checkMinutes refuses a text that is too long, another meeting, and any change
// of what is final. A person who leaves the hub may drop out of it.
func checkMinutes(r *core.Record) error {
	if utf8.RuneCountInString(r.GetString("body")) > markdown.MaxLength {
		return access.Invalid("body", "minutes.problem_length", "n", markdown.MaxLength)
	}
	if r.IsNew() {
		return nil
	}
	if differs(r, "meeting") {
		return access.Invalid("meeting", "minutes.problem_meeting")
	}
	if r.Original().GetString("status") != Final {
		return nil
	}
	for _, field := range []string{"body", "status", "revision", "finalised_at"} {
		if differs(r, field) {
			return access.Invalid(field, "minutes.problem_final")
		}
	}
	if differs(r, "finalised_by") && access.Actor(r) != nil {
		return access.Invalid("finalised_by", "minutes.problem_final")
	}
	return nil
}

// isText reports whether a save is one of the text rather than a step that only
// moves the minutes on.
func isText(r *core.Record) bool {
	final := !r.IsNew() && r.Original().GetString("status") == Final
	return r.IsNew() || differs(r, "body") || !final && !differs(r, "status")
}

// number counts the saves of the text; nobody types the number.
func number(r *core.Record, written bool) {
	revision := r.Original().GetInt("revision")
	if r.IsNew() {
		revision = 0
	}
	if written {
		revision++
	}
	r.Set("revision", revision)
}

// stamp notes who made minutes final and when. Only unsigned saves of the hub
// itself may bring these along.
func stamp(r *core.Record) {
	actor := access.Actor(r)
	becomes := r.GetString("status") == Final && (r.IsNew() || differs(r, "status"))
	switch {
	case becomes && (actor != nil || r.GetDateTime("finalised_at").IsZero()):
		at, err := types.ParseDateTime(clock.Now())
		if err == nil {
			r.Set("finalised_at", at)
		}
		r.Set("finalised_by", user(actor))
	case r.GetString("status") != Final:
		r.Set("finalised_at", "")
		r.Set("finalised_by", "")
	}
}

// user is the id of a person who is a user of the hub: an administrator is not.
func user(person *core.Record) string {
	if person == nil || person.IsSuperuser() {
		return ""
	}
	return person.Id
}

func keepRevision(app core.App, minutes *core.Record) error {
	return save(app, minutes, "minutes_revisions", map[string]any{
		"minutes": minutes.Id, "revision": minutes.GetInt("revision"),
		"body": minutes.GetString("body"), "author": user(access.Actor(minutes)),
	})
}

// save makes a record in the name of whoever saved its cause.
func save(app core.App, cause *core.Record, collection string, fields map[string]any) error {
	c, err := app.FindCachedCollectionByNameOrId(collection)
	if err != nil {
		return fmt.Errorf("meetings: %w", err)
	}
	r := core.NewRecord(c)
	r.Load(fields)
	return app.Save(access.Sign(r, access.Actor(cause), access.Via(cause)))
}

// KeepRevision refuses to change a revision or to take it away: it says what
// stood there then. It dies with its minutes, and its author may leave the hub.
func KeepRevision(e *core.RecordEvent) error {
	if access.Actor(e.Record) != nil {
		return access.Invalid("revision", "minutes.problem_revision")
	}
	return e.Next()
}

// KeepFinal refuses to delete final minutes, unless their meeting is going.
func KeepFinal(e *core.RecordEvent) error {
	was := e.Record.Original()
	stays, err := e.App.CountRecords("meetings", dbx.HashExp{"id": was.GetString("meeting")})
	if err != nil {
		return fmt.Errorf("meetings: final minutes: %w", err)
	}
	if stays > 0 && was.GetString("status") == Final {
		return access.Invalid("status", "minutes.problem_final")
	}
	return e.Next()
}
