package programmes

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"golang.org/x/text/unicode/norm"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/markdown"
)

// Normalize completes a programme before it is saved and refuses what cannot be:
// an address of its own, a known province and its zone, days in order.
func Normalize(e *core.RecordEvent) error {
	r := e.Record
	r.Set("name", strings.Join(strings.Fields(r.GetString("name")), " "))
	if err := normalizePlace(r); err != nil {
		return err
	}
	if err := DaysInOrder(r, "starts_on", "ends_on"); err != nil {
		return err
	}
	if r.GetString("status") == "" {
		r.Set("status", firstStatus(r))
	}
	if markdown.SixteenDigits(r.GetString("name")) {
		return access.Invalid("name", "problem.sixteen_digits") // before the address repeats it
	}
	if r.GetString("slug") == "" {
		slug, err := freeSlug(e.App, r.GetString("name"))
		if err != nil {
			return fmt.Errorf("address of a programme: %w", err)
		}
		r.Set("slug", slug)
	}
	if slices.Contains(reserved, r.GetString("slug")) {
		return access.Invalid("slug", "problem.already_there")
	}
	return e.Next()
}

// normalizePlace writes the province as it is always written and takes the zone
// from it where none was chosen. A programme that moves takes the new zone if
// it had the old province's.
func normalizePlace(r *core.Record) error {
	province := strings.TrimSpace(r.GetString("province"))
	known := ""
	for _, p := range clock.Provinces {
		if strings.EqualFold(p, province) {
			known = p
		}
	}
	if province != "" && known == "" {
		return access.Invalid("province", "programmes.problem_province", "province", province)
	}
	r.Set("province", known)
	was := r.Original()
	moved := !r.IsNew() && was.GetString("province") != known && was.GetString("time_zone") == r.GetString("time_zone")
	followed := was.GetString("time_zone") == clock.ZoneOfProvince(was.GetString("province"))
	if r.GetString("time_zone") == "" || moved && followed {
		r.Set("time_zone", clock.ZoneOfProvince(known))
	}
	return nil
}

// firstStatus is where a programme stands that nobody has placed: under way if
// it has begun, else in planning.
func firstStatus(r *core.Record) string {
	begins := r.GetString("starts_on")
	if begins != "" && begins <= clock.Today(r.GetString("time_zone")) {
		return "active"
	}
	return "planning"
}

// DaysInOrder refuses a record whose two days are no days of the calendar, or
// whose last day comes before the first. Either may be empty.
func DaysInOrder(r *core.Record, from, until string) error {
	for _, field := range []string{from, until} {
		day := r.GetString(field)
		if day != "" && clock.AddDays(day, 0) != day {
			return access.Invalid(field, "problem.not_a_date")
		}
	}
	first, last := r.GetString(from), r.GetString(until)
	if first != "" && last != "" && last < first {
		return access.Invalid(until, "problem.ends_before_start")
	}
	return nil
}

// Welcome lets the person who starts a programme lead it, and gives the owner
// its place among the stakeholders, in the transaction of the saving. What the
// hub itself saves brings its own people along.
func Welcome(e *core.RecordEvent) error {
	fresh := e.Record.IsNew()
	changed := e.Record.Original().GetString("owner") != e.Record.GetString("owner")
	if err := e.Next(); err != nil {
		return err
	}
	actor := access.Actor(e.Record)
	if actor == nil {
		return nil
	}
	if fresh && !actor.IsSuperuser() {
		if err := lead(e.App, e.Record, actor); err != nil {
			return fmt.Errorf("initiator of a programme: %w", err)
		}
	}
	if !changed {
		return nil
	}
	if err := takePart(e.App, e.Record); err != nil {
		return fmt.Errorf("owner of a programme: %w", err)
	}
	return nil
}

func lead(app core.App, programme, person *core.Record) error {
	_, err := access.CreateFor(app, programme, "memberships", map[string]any{
		"programme": programme.Id, "user": person.Id, "role": "initiator",
	})
	return err
}

// takePart makes the owner a stakeholder unless it is one in some office already.
func takePart(app core.App, programme *core.Record) error {
	owner := programme.GetString("owner")
	there, err := app.CountRecords("stakeholders", dbx.HashExp{"programme": programme.Id, "organisation": owner})
	if err != nil || there > 0 {
		return err
	}
	_, err = access.CreateFor(app, programme, "stakeholders", map[string]any{
		"programme": programme.Id, "organisation": owner,
		"joined_on": clock.Today(programme.GetString("time_zone")),
	})
	return err
}

const (
	// slugMax leaves room for a number behind the name.
	slugMax  = 70
	nameless = "program"
)

// reserved are names that mean something else below /programmes.
var reserved = []string{"new"}

// SlugOf writes a name as a piece of an address or a file name: small letters,
// digits and hyphens, accents left off; never empty.
func SlugOf(name string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFD.String(strings.ToLower(name)) {
		switch {
		case unicode.Is(unicode.Mn, r) || r == '\'' || r == '’':
			continue
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			b.WriteRune(r)
			gap = false
		default:
			gap = true
		}
		if b.Len() >= slugMax-1 { // a hyphen and a letter may come together
			break
		}
	}
	if b.Len() == 0 {
		return nameless
	}
	return b.String()
}

// freeSlug returns the address for a name; the second programme of a name gets
// -2 behind it, and so on. It must run in the transaction of the save, so that
// no other programme takes the address meanwhile.
func freeSlug(app core.App, name string) (string, error) {
	slug := SlugOf(name)
	var taken []string
	err := app.DB().Select("slug").From("programmes").
		Where(dbx.HashExp{"slug": slug}).
		OrWhere(dbx.Like("slug", slug+"-").Match(false, true)).
		Column(&taken)
	if err != nil {
		return "", err
	}
	taken = append(taken, reserved...)
	free := slug
	for n := 2; slices.Contains(taken, free); n++ {
		free = slug + "-" + strconv.Itoa(n)
	}
	return free, nil
}

// otherInitiators counts the initiators of a programme whose account is open,
// but for one membership.
const otherInitiators = `SELECT COUNT(*) FROM memberships m INNER JOIN users u ON u.id = m.user
	WHERE m.programme = {:programme} AND m.role = 'initiator' AND m.id != {:id} AND u.disabled = FALSE`

// CheckRole refuses a membership of the team that names an organisation, for
// only a partner speaks for one, and a change that leaves a programme without
// an initiator.
func CheckRole(e *core.RecordEvent) error {
	r := e.Record
	if r.GetString("role") != "partner" && r.GetString("organisation") != "" {
		return access.Invalid("organisation", "memberships.problem_organisation")
	}
	if !r.IsNew() {
		if err := keepsInitiator(e.App, r); err != nil {
			return err
		}
	}
	return e.Next()
}

// KeepAnInitiator refuses to let the last initiator of a programme go, unless
// the programme itself is going.
func KeepAnInitiator(e *core.RecordEvent) error {
	programme := e.Record.Original().GetString("programme")
	stays, err := e.App.CountRecords("programmes", dbx.HashExp{"id": programme})
	if err != nil {
		return fmt.Errorf("last initiator: %w", err)
	}
	if stays > 0 && e.Record.Original().GetString("role") == "initiator" {
		if err := another(e.App, e.Record); err != nil {
			return err
		}
	}
	return e.Next()
}

// keepsInitiator looks at a changed membership that made somebody an initiator.
func keepsInitiator(app core.App, r *core.Record) error {
	was := r.Original()
	same := was.GetString("programme") == r.GetString("programme") && was.GetString("user") == r.GetString("user")
	if was.GetString("role") != "initiator" || same && r.GetString("role") == "initiator" {
		return nil
	}
	return another(app, r)
}

func another(app core.App, r *core.Record) error {
	var n int
	err := app.DB().NewQuery(otherInitiators).
		Bind(dbx.Params{"programme": r.Original().GetString("programme"), "id": r.Id}).
		Row(&n)
	if err != nil {
		return fmt.Errorf("last initiator: %w", err)
	}
	if n == 0 {
		return access.Invalid("role", "memberships.problem_last_initiator")
	}
	return nil
}
