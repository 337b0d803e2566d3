package reminders

import (
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
)

// affected are subjects whose messages a save may change: the rows of a
// collection that meet a condition.
type affected struct {
	collection string
	which      dbx.Expression
}

// trigger says which subjects are looked at again when a record of a collection is saved.
type trigger struct {
	collection string
	fields     []string // whose change matters; none is every save
	subjects   func(was, is *core.Record) []affected
}

// triggers is everything that changes who is reminded of what, beside a
// Subject's own fields, which stand with its source.
var triggers = []trigger{
	{"reminder_rules", nil, subjectsOfRule},
	{"holidays", nil, func(_, _ *core.Record) []affected { return everyOpenSubject(nil) }},
	{"attendances", []string{"state", "contact", "stakeholder"}, func(_, is *core.Record) []affected {
		return []affected{{"meetings", dbx.HashExp{"id": is.GetString("meeting")}}}
	}},
	{"meetings", ScheduleFields, func(_, is *core.Record) []affected {
		return []affected{{"attendances", dbx.HashExp{"meeting": is.Id}}, {"meetings", dbx.HashExp{"id": is.Id}}}
	}},
	{"contributions", []string{"contributor", "programme", "given_on", "review_status"}, func(_, is *core.Record) []affected {
		return stakeholderOf(is.GetString("programme"), is.GetString("contributor"))
	}},
	{"nil_reports", nil, func(_, is *core.Record) []affected {
		return stakeholderOf(is.GetString("programme"), is.GetString("organisation"))
	}},
	{"indicator_values", nil, func(_, is *core.Record) []affected {
		return []affected{{"indicators", dbx.HashExp{"id": is.GetString("indicator")}}}
	}},
	{"contacts", []string{"organisation", "user", "email", "focal_point", "from_on", "until_on", "language", "time_zone"}, subjectsOfContact},
	{"users", []string{"send_at", "time_zone", "language"}, func(_, is *core.Record) []affected {
		return plannedSoon("user = {:id}", is.Id)
	}},
	{"organisations", []string{"send_at"}, func(_, is *core.Record) []affected {
		return plannedSoon("recipient IN (SELECT id FROM contacts WHERE organisation = {:id})", is.Id)
	}},
	{"programmes", []string{"send_at"}, func(_, is *core.Record) []affected {
		return plannedSoon("programme = {:id}", is.Id)
	}},
}

// ScheduleFields are what an invitation tells of its meeting.
var ScheduleFields = []string{"starts_at", "ends_at", "status", "time_zone", "mode", "place", "link"}

func stakeholderOf(programme, organisation string) []affected {
	return []affected{{"stakeholders", dbx.HashExp{"programme": programme, "organisation": organisation}}}
}

// subjectsOfRule are those that a changed rule speaks of and spoke of before.
func subjectsOfRule(was, is *core.Record) []affected {
	found := []affected{}
	for _, r := range []*core.Record{was, is} {
		src, known := SourceFor(r.GetString("kind"))
		if known && src.pending != nil {
			found = append(found, affected{src.collection, dbx.And(append(src.ofProgramme(r.GetString("programme")), src.pending)...)})
		}
	}
	return found
}

// everyOpenSubject are all that may still call for a message, narrowed by a condition.
func everyOpenSubject(where dbx.Expression) (found []affected) {
	for _, src := range sources {
		if src.pending != nil {
			found = append(found, affected{src.collection, dbx.And(src.pending, where)})
		}
	}
	return found
}

// subjectsOfContact are those of the organisations for which a contact speaks or spoke.
func subjectsOfContact(was, is *core.Record) (found []affected) {
	organisations := dbx.In("organisation", was.GetString("organisation"), is.GetString("organisation"))
	for _, src := range sources {
		if src.pending != nil && slices.Contains(src.fields, "organisation") {
			found = append(found, affected{src.collection, dbx.And(src.pending, organisations)})
		}
	}
	return found
}

// untilTomorrow reaches beyond the next night, which brings all messages up to date.
const untilTomorrow = 36 * time.Hour

// plannedSoon are the subjects of the next of some messages, picked by SQL about
// deliveries: a changed hour or language reaches those at once, later ones at night.
func plannedSoon(messages, id string) (found []affected) {
	for _, src := range sources {
		if src.pending == nil {
			continue
		}
		found = append(found, affected{src.collection, dbx.NewExp(`id IN (SELECT subject_id FROM deliveries WHERE `+messages+`
			AND subject_collection = {:about} AND state = 'planned' AND due_at <= {:soon})`,
			dbx.Params{"id": id, "about": src.collection, "soon": Stamp(clock.Now().Add(untilTomorrow))})})
	}
	return found
}

// Watched are the collections whose saves Mark looks at.
func Watched() (names []string) {
	for _, t := range triggers {
		names = append(names, t.collection)
	}
	for _, src := range sources {
		names = append(names, src.collection)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Mark notes every subject whose messages a save may change, in the transaction
// of the save: what is noted can neither be lost nor outlive a rollback.
func Mark(e *core.RecordEvent) error {
	collection := e.Record.Collection().Name
	was, is := e.Record.Original(), e.Record
	found := []affected{}
	for _, t := range triggers {
		if t.collection == collection && Touches(e, t.fields...) {
			found = append(found, t.subjects(was, is)...)
		}
	}
	own := slices.ContainsFunc(SourcesOf(collection), func(src Source) bool { return Touches(e, src.fields...) })
	if err := e.Next(); err != nil {
		return err
	}
	at := clock.Now()
	if own {
		if err := markSaved(e.App, is, at); err != nil {
			return err
		}
	}
	if collection == "holidays" {
		at = at.Add(holidayPause)
	}
	for _, a := range found {
		if err := markDirty(e.App, a, at); err != nil {
			return err
		}
	}
	return nil
}

// Touches reports whether a save is more than an update of other fields. Without
// fields every save is.
func Touches(e *core.RecordEvent, fields ...string) bool {
	return len(fields) == 0 || e.Type != core.ModelEventTypeUpdate ||
		slices.ContainsFunc(fields, func(f string) bool { return e.Record.GetString(f) != e.Record.Original().GetString(f) })
}
