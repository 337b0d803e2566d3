package tasks_test

import (
	"errors"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/tasks"
	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

func TestStepsAreTakenThroughTheScope(t *testing.T) {
	for name, c := range map[string]struct {
		person func(w *testkit.World) *core.Record
		may    bool
	}{
		"owner":           {func(w *testkit.World) *core.Record { return w.Partner }, true},
		"team":            {func(w *testkit.World) *core.Record { return w.Coordinator }, true},
		"another partner": {func(w *testkit.World) *core.Record { return w.OtherPartner }, false},
		"observer":        {func(w *testkit.World) *core.Record { return w.Observer }, false},
		"outsider":        {func(w *testkit.World) *core.Record { return w.Outsider }, false},
		"disabled":        {func(w *testkit.World) *core.Record { return w.Disabled }, false},
		"guest":           {func(*testkit.World) *core.Record { return nil }, false},
	} {
		w := testkit.New(t)
		r := w.Make("tasks", "programme", w.Kopi.Id, "title", "Jadwal", "organisation", w.Puskesmas.Id, "accountable", w.Initiator.Id, "state", "todo")
		d := func() *access.Scope { return access.As(w.App, c.person(w)).Through(access.ViaLink) }
		for _, step := range []func() error{
			func() error { return tasks.Reply(d(), w.Fresh(r), tasks.Declined, "Bukan tugas kami.") },
			func() error { return tasks.Advance(d(), w.Fresh(r), tasks.Done) },
		} {
			if err := step(); (err == nil) != c.may || err != nil && !errors.Is(err, access.ErrRefused) {
				t.Errorf("%s: %v", name, err)
			}
		}
		after := w.Fresh(r)
		reply := map[string]string{"owner": "", "team": tasks.Declined}[name] // what the owner finishes it did not decline after all
		if done := after.GetString("state") == tasks.Done; done != c.may || after.GetString("reply") != reply {
			t.Errorf("%s: the task is %s, %s", name, after.GetString("state"), after.GetString("reply"))
		}
		// The state it has already is no step, but still only for those who may take it.
		check.Equal(t, name+": the same state again", (tasks.Advance(d(), after, after.GetString("state")) == nil), c.may)
	}
}

func TestADeclinedTaskNeedsAReason(t *testing.T) {
	w := testkit.New(t)
	r := w.Make("tasks", "programme", w.Kopi.Id, "title", "Jadwal", "organisation", w.Puskesmas.Id, "accountable", w.Initiator.Id, "state", "todo")
	for _, reason := range []string{"", " – "} {
		err := tasks.Reply(access.As(w.App, w.Partner), w.Fresh(r), tasks.Declined, reason)
		if err == nil || errors.Is(err, access.ErrRefused) {
			t.Errorf("%q: %v", reason, err)
		}
	}
	check.Equal(t, "the reply", w.Fresh(r).GetString("reply"), "")
}
