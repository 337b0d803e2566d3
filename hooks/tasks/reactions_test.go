package tasks_test

import (
	"errors"
	"strings"
	"testing"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"

	"simpul/hooks/testkit/check"
)

// try saves a task of Puskesmas in Kopi with these fields, signed by a person.
func (w *world) try(person *core.Record, fields ...any) (*core.Record, error) {
	w.Helper()
	c := check.Must(w.App.FindCollectionByNameOrId("tasks"))
	r := core.NewRecord(c)
	set(r, append([]any{"programme", w.Kopi.Id, "organisation", w.Puskesmas.Id, "title", "Tugas"}, fields...)...)
	return r, w.App.Save(access.Sign(r, person, access.ViaAPI))
}

func set(r *core.Record, fields ...any) {
	for i := 0; i+1 < len(fields); i += 2 {
		r.Set(fields[i].(string), fields[i+1])
	}
}

func TestATaskIsCompletedWithWhatNobodyTypes(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		person, accountable *core.Record
	}{{nil, w.Initiator}, {w.Initiator, w.Initiator}, {w.Coordinator, w.Coordinator}, {w.Administrator, w.Initiator}, {w.Observer, w.Initiator}} {
		task := check.Must(w.try(c.person))
		if task.GetString("state") != "todo" || task.GetString("urgency") != "normal" || task.GetString("accountable") != c.accountable.Id {
			t.Errorf("%s, %s, answered for by %s", task.GetString("state"), task.GetString("urgency"), task.GetString("accountable"))
		}
	}
	task, err := w.try(w.Initiator, "accountable", w.Coordinator.Id, "urgency", "urgent", "state", "waiting")
	if err != nil || task.GetString("accountable") != w.Coordinator.Id || task.GetString("urgency") != "urgent" || task.GetString("state") != "waiting" {
		t.Errorf("what was typed is gone: %v", err)
	}
}

func TestWithoutAnInitiatorSomebodyMustBeNamed(t *testing.T) {
	w := newWorld(t)
	w.Make("stakeholders", "programme", w.Rantang.Id, "organisation", w.Puskesmas.Id)
	w.BaliInitiator.Set("disabled", true)
	check.NoError(t, w.App.Save(w.BaliInitiator))
	_, err := w.try(nil, "programme", w.Rantang.Id)
	if fieldOf(err) != "accountable" {
		t.Errorf("error %v", err)
	}
}

// fieldOf names the one field that an error is about.
func fieldOf(err error) string {
	var fields validation.Errors
	if !errors.As(err, &fields) {
		return ""
	}
	names := []string{}
	for name := range fields {
		names = append(names, name)
	}
	return strings.Join(names, " ")
}

// wrongLinks are links that no task of Puskesmas in Kopi may have.
func wrongLinks(w *world) map[string][]any {
	elsewhere := w.Rantang.Id
	return map[string][]any{
		"organisation": {w.Bali.Id, "tidakada0000000"},
		"accountable":  {w.Partner.Id, w.Observer.Id, w.BaliInitiator.Id, w.Disabled.Id, w.Outsider.Id},
		"assignee":     {w.Only("contacts", "organisation", w.Forum.Id).Id},
		"stage":        {w.Make("stages", "programme", elsewhere, "name", "Rantang 1", "position", 1).Id},
		"milestone":    {w.Make("milestones", "programme", elsewhere, "title", "Lain", "horizon", "short").Id},
		"meeting": {w.Make("meetings", "programme", elsewhere, "title", "Rapat", "kind", "coordination", "status", "scheduled",
			"starts_at", "2026-12-01 02:00:00.000Z", "time_zone", "Asia/Makassar", "mode", "in_person").Id},
		"blocked_by":  {[]string{w.Make("tasks", "programme", elsewhere, "organisation", w.Bali.Id, "title", "Lain").Id}},
		"recurs_from": {w.Only("tasks", "title", "Lain").Id},
	}
}

func TestALinkLeadsNowhereElse(t *testing.T) {
	w := newWorld(t)
	for field, values := range wrongLinks(w) {
		for _, value := range values {
			if _, err := w.try(w.Initiator, field, value); fieldOf(err) != field {
				t.Errorf("new, %s %v: %v", field, value, err)
			}
			task := w.Fresh(w.task)
			task.Set(field, value)
			if err := w.App.Save(access.Sign(task, w.Initiator, access.ViaAPI)); fieldOf(err) != field {
				t.Errorf("changed, %s %v: %v", field, value, err)
			}
		}
	}
}

func TestALinkIsCheckedWhenItIsMadeNotForEverAfter(t *testing.T) {
	w := newWorld(t)
	for _, s := range []string{"stakeholders", "memberships"} {
		rows := check.Must(w.App.FindAllRecords(s))
		for _, r := range rows {
			if r.GetString("organisation") == w.Puskesmas.Id && s == "stakeholders" {
				r.Set("ended_on", "2026-11-01")
				check.NoError(t, w.App.Save(r))
			}
		}
	}
	task := w.Fresh(w.task)
	task.Set("state", "done")
	if err := w.App.Save(task); err != nil {
		t.Errorf("a partner that left cannot have done it: %v", err)
	}
	if _, err := w.try(w.Initiator); fieldOf(err) != "organisation" {
		t.Errorf("a partner that left gets a new task: %v", err)
	}
}

func TestAStakeholderTakesPartUntilTheDayItEndsThere(t *testing.T) {
	w := newWorld(t)
	place := check.Must(w.App.FindFirstRecordByFilter("stakeholders", "programme = '"+w.Rantang.Id+"'"))
	place.Set("ended_on", "2026-11-24")
	check.NoError(t, w.App.Save(place))
	for hour, want := range map[string]string{"23:30": "", "00:30": "organisation"} {
		day := map[string]string{"23:30": "2026-11-23", "00:30": "2026-11-24"}[hour]
		restore := clock.Freeze(mustAt(t, day, hour, clock.Central))
		_, err := w.try(w.BaliInitiator, "programme", w.Rantang.Id, "organisation", w.Bali.Id)
		if fieldOf(err) != want {
			t.Errorf("at %s on %s in Tabanan: %v", hour, day, err)
		}
		restore()
	}
}

func TestDaysAndRepliesMakeSense(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		field  string
		fields []any
	}{
		{"due_on", []any{"starts_on", "2026-12-02", "due_on", "2026-12-01"}},
		{"due_on", []any{"due_on", "1 Desember"}},
		{"reply_reason", []any{"reply", "declined"}},
		{"reply_reason", []any{"reply", "declined", "reply_reason", " . "}},
		{"title", []any{"title", ""}},
		{"title", []any{"title", "NIK 3374012345678901"}},
		{"programme", []any{"programme", ""}},
		{"state", []any{"state", "late"}},
	} {
		if _, err := w.try(w.Initiator, c.fields...); fieldOf(err) != c.field && !strings.Contains(fieldOf(err), c.field) {
			t.Errorf("%v: %v", c.fields, err)
		}
	}
	if _, err := w.try(w.Initiator, "starts_on", "2026-12-01", "due_on", "2026-12-01"); err != nil {
		t.Error(err)
	}
}
