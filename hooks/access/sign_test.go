package access_test

import (
	"testing"

	"simpul/hooks/access"
	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

func TestASignatureIsNeverStored(t *testing.T) {
	w := testkit.New(t)
	r := task(w)
	access.Sign(r, w.Initiator, access.ViaLink)
	if access.Actor(r).Id != w.Initiator.Id || access.Via(r) != access.ViaLink {
		t.Errorf("signed as %v via %s", access.Actor(r), access.Via(r))
	}
	r.Set("state", "in_progress")
	check.NoError(t, w.App.Save(r))
	again := w.Fresh(r)
	if access.Actor(again) != nil || access.Via(again) != access.ViaJob {
		t.Errorf("read back as %v via %s", access.Actor(again), access.Via(again))
	}
	entry := newest(w, r.Id, 2)
	if entry.GetString("via") != access.ViaLink || entry.GetString("actor") != w.Initiator.Id {
		t.Errorf("told as %s by %q", entry.GetString("via"), entry.GetString("actor"))
	}
}

func TestAScopeSignsWithTheWayItWasOpenedFor(t *testing.T) {
	w := testkit.New(t)
	r := task(w)
	check.NoError(t, change(w, at(w, w.Initiator).Through(access.ViaAPI), r, "in_progress"))
	check.Equal(t, "told", newest(w, r.Id, 2).GetString("via"), access.ViaAPI)
}

func TestProgrammeOfFollowsWhatARecordHangsOn(t *testing.T) {
	w := testkit.New(t)
	asked := map[string]bool{}
	for _, f := range fixtures(w) {
		name := f.record.Collection().Name
		switch name {
		case "minutes", "minutes_revisions", "decisions", "attendances", "assessments", "indicator_values", "tasks", "programmes":
			asked[name] = true
			check.Equal(t, f.name+" belongs", access.ProgrammeOf(w.App, f.record), w.Kopi.Id)
		case "users", "organisations", "contacts", "holidays":
			check.Equal(t, f.name+" belongs", access.ProgrammeOf(w.App, f.record), "")
		}
	}
	if len(asked) != 8 {
		t.Errorf("only %v asked", asked)
	}
}
