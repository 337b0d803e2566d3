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
	"simpul/hooks/web"
)

// The states of minutes, as they are stored.
const (
	MinutesDraft = "draft"
	Circulated   = "circulated"
	Final        = "final"
)

// NormalizeMinutes holds for every save of minutes, whichever way it comes: what
// is final stays as it is, a save of the text counts as one revision and is
// kept, and its lines become tasks and decisions in the same transaction.
func NormalizeMinutes(e *core.RecordEvent) error {
	r := e.Record
	r.Set("body", strings.ReplaceAll(r.GetString("body"), "\r\n", "\n"))
	access.SetDefault(r, "status", MinutesDraft)
	if err := validateMinutes(r); err != nil {
		return err
	}
	written := isText(r)
	setNumber(r, written)
	setTimestamps(r)
	if err := e.Next(); err != nil || !written {
		return err
	}
	if err := saveRevision(e.App, r); err != nil {
		return err
	}
	return applyMinutes(e.App, r)
}

// validateMinutes refuses a text that is too long, another meeting, and any change
// of what is final. A person who leaves the hub may drop out of it.
func validateMinutes(r *core.Record) error {
	if utf8.RuneCountInString(r.GetString("body")) > markdown.MaxLength {
		return access.Invalid("body", "minutes.problem_length", "n", markdown.MaxLength)
	}
	if r.IsNew() {
		return nil
	}
	if access.Changed(r, "meeting") {
		return access.Invalid("meeting", "minutes.problem_meeting")
	}
	if r.Original().GetString("status") != Final {
		return nil
	}
	for _, field := range []string{"body", "status", "revision", "finalised_at"} {
		if access.Changed(r, field) {
			return access.Invalid(field, "minutes.problem_final")
		}
	}
	if access.Changed(r, "finalised_by") && access.Actor(r) != nil {
		return access.Invalid("finalised_by", "minutes.problem_final")
	}
	return nil
}

// isText reports whether a save is one of the text rather than a step that only
// moves the minutes on.
func isText(r *core.Record) bool {
	final := !r.IsNew() && r.Original().GetString("status") == Final
	return r.IsNew() || access.Changed(r, "body") || !final && !access.Changed(r, "status")
}

// setNumber counts the saves of the text; nobody types the number.
func setNumber(r *core.Record, written bool) {
	revision := r.Original().GetInt("revision")
	if r.IsNew() {
		revision = 0
	}
	if written {
		revision++
	}
	r.Set("revision", revision)
}

// setTimestamps notes who made minutes final and when. Only unsigned saves of the hub
// itself may bring these along.
func setTimestamps(r *core.Record) {
	actor := access.Actor(r)
	becomes := r.GetString("status") == Final && (r.IsNew() || access.Changed(r, "status"))
	switch {
	case becomes && (actor != nil || r.GetDateTime("finalised_at").IsZero()):
		at, err := types.ParseDateTime(clock.Now())
		if err == nil {
			r.Set("finalised_at", at)
		}
		r.Set("finalised_by", access.UserID(actor))
	case r.GetString("status") != Final:
		r.Set("finalised_at", "")
		r.Set("finalised_by", "")
	}
}

func saveRevision(app core.App, minutes *core.Record) error {
	_, err := access.CreateFor(app, minutes, "minutes_revisions", map[string]any{
		"minutes": minutes.Id, "revision": minutes.GetInt("revision"),
		"body": minutes.GetString("body"), "author": access.UserID(access.Actor(minutes)),
	})
	return err
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

// Circulate lets the partners of the programme read draft minutes. The error is
// access.ErrRefused if the person may not, or the minutes are no draft.
func Circulate(d *access.Scope, minutes string) (*core.Record, error) {
	return advance(d, minutes, access.MayCirculate, Circulated)
}

// Finalise makes minutes final: nobody changes them any more. The error is
// access.ErrRefused if the person may not, or they are final already.
func Finalise(d *access.Scope, minutes string) (*core.Record, error) {
	return advance(d, minutes, access.MayFinalise, Final)
}

// advance reads the minutes anew inside the transaction, so that a text saved
// meanwhile is not lost.
func advance(d *access.Scope, minutes string, sentence access.Rule, status string) (*core.Record, error) {
	var moved *core.Record
	err := d.InTransaction(func(inner *access.Scope) error {
		r, err := inner.View("minutes", minutes)
		if err != nil {
			return err
		}
		moved = r
		return inner.Transition(sentence, r, func(r *core.Record) { r.Set("status", status) })
	})
	return moved, err
}

// CirculateAPI is Circulate for other programs.
func CirculateAPI(e *core.RequestEvent) error { return step(e, Circulate) }

// FinaliseAPI is Finalise for other programs.
func FinaliseAPI(e *core.RequestEvent) error { return step(e, Finalise) }

// step takes the minutes that the address names one step further and answers
// with them; a refusal looks like minutes that are not there.
func step(e *core.RequestEvent, take func(*access.Scope, string) (*core.Record, error)) error {
	d := access.As(e.App, e.Auth).Through(access.ViaAPI)
	r, err := take(d, e.Request.PathValue("id"))
	return web.AnswerRecord(e, r, err)
}
