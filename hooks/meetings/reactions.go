package meetings

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/markdown"
	"simpul/hooks/notify/smtp"
)

// Settle holds for every save of a meeting, whichever way it comes: it fills
// what nobody has to type, refuses what cannot be, and keeps what calendars ask for.
func Settle(e *core.RecordEvent) error {
	r := e.Record
	if err := fill(e.App, r); err != nil {
		return err
	}
	if err := check(e.App, r); err != nil {
		return err
	}
	keepCalendar(e.App, r)
	return e.Next()
}

// fill sets the defaults; the zone is the programme's unless another was chosen.
func fill(app core.App, r *core.Record) error {
	setDefault(r, "status", Scheduled)
	setDefault(r, "kind", kinds[0])
	if link := strings.TrimSpace(r.GetString("link")); link != "" && !strings.Contains(link, ":") {
		r.Set("link", "https://"+link)
	}
	setDefault(r, "mode", modeOf(r))
	if r.GetString("time_zone") != "" {
		return nil
	}
	zone, err := programmeZone(app, r.GetString("programme"))
	r.Set("time_zone", zone)
	return err
}

// modeOf guesses the way of meeting from what is given.
func modeOf(r *core.Record) string {
	switch {
	case r.GetString("link") == "":
		return inPerson
	case r.GetString("place") == "":
		return online
	}
	return hybrid
}

func programmeZone(app core.App, programme string) (string, error) {
	var p struct {
		Zone     string `db:"time_zone"`
		Province string `db:"province"`
	}
	err := app.DB().Select("time_zone", "province").From("programmes").Where(dbx.HashExp{"id": programme}).One(&p)
	if errors.Is(err, sql.ErrNoRows) {
		return clock.Western, nil // the field itself refuses a programme that is not there
	}
	if err != nil {
		return "", fmt.Errorf("meetings: zone: %w", err)
	}
	if p.Zone != "" {
		return p.Zone, nil
	}
	return clock.ZoneOfProvince(p.Province), nil
}

// check refuses what no meeting may be.
func check(app core.App, r *core.Record) error {
	from, to := r.GetDateTime("starts_at"), r.GetDateTime("ends_at")
	link := r.GetString("link")
	switch {
	case !from.IsZero() && !to.IsZero() && !to.After(from):
		return access.Invalid("ends_at", "meetings.problem_end")
	case link != "" && !strings.HasPrefix(link, "http://") && !strings.HasPrefix(link, "https://"):
		return access.Invalid("link", "problem.not_a_link")
	case link != "" && r.GetString("mode") == inPerson:
		return access.Invalid("link", "meetings.problem_link")
	case utf8.RuneCountInString(r.GetString("agenda")) > markdown.MaxLength:
		return access.Invalid("agenda", "problem.too_long", "n", markdown.MaxLength)
	}
	return checkPointers(app, r, "programme", meetingPointers)
}

// keepCalendar gives a meeting its identity in calendars once and for ever, and
// counts how often its time or place changed or it was called off; what else
// changes is no news there.
func keepCalendar(app core.App, r *core.Record) {
	was := r.Original()
	if r.IsNew() {
		r.Set("sequence", 0)
		setDefault(r, "uid", security.RandomStringWithAlphabet(26, core.DefaultIdAlphabet)+"@"+smtp.Domain(app.Settings().Meta))
		return
	}
	if was.GetString("uid") != "" {
		r.Set("uid", was.GetString("uid"))
	}
	sequence := was.GetInt("sequence")
	if Wrap(r).Called() != Wrap(was).Called() || slices.ContainsFunc(scheduled, func(field string) bool { return differs(r, field) }) {
		sequence++
	}
	r.Set("sequence", sequence)
}

// scheduled are the fields that calendars keep of a meeting.
var scheduled = []string{"starts_at", "ends_at", "time_zone", "mode", "place", "link"}

func setDefault(r *core.Record, field, value string) {
	if r.GetString(field) == "" {
		r.Set(field, value)
	}
}

// differs reports whether a save changes a field of a stored record.
func differs(r *core.Record, field string) bool {
	return r.GetString(field) != r.Original().GetString(field)
}
