package access_test

import (
	"testing"

	"simpul/hooks/access"
	"simpul/hooks/testkit"
)

func TestASignatureIsNeverStored(t *testing.T) {
	w := testkit.New(t)
	r := task(w)
	access.Sign(r, w.Initiator, access.ViaLink)
	if access.Actor(r).Id != w.Initiator.Id || access.Via(r) != access.ViaLink {
		t.Errorf("signed as %v via %s", access.Actor(r), access.Via(r))
	}
	r.Set("state", "in_progress")
	if err := w.App.Save(r); err != nil {
		t.Fatal(err)
	}
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
	if err := change(w, at(w, w.Initiator).Through(access.ViaAPI), r, "in_progress"); err != nil {
		t.Fatal(err)
	}
	if got := newest(w, r.Id, 2).GetString("via"); got != access.ViaAPI {
		t.Errorf("told as %s", got)
	}
}

func TestProgrammeOfFollowsWhatARecordHangsOn(t *testing.T) {
	w := testkit.New(t)
	asked := map[string]bool{}
	for _, f := range fixtures(w) {
		name := f.record.Collection().Name
		switch name {
		case "minutes", "minutes_revisions", "decisions", "attendances", "assessments", "indicator_values", "tasks", "programmes":
			asked[name] = true
			if got := access.ProgrammeOf(w.App, f.record); got != w.Kopi.Id {
				t.Errorf("%s belongs to %q", f.name, got)
			}
		case "users", "organisations", "contacts", "holidays":
			if got := access.ProgrammeOf(w.App, f.record); got != "" {
				t.Errorf("%s belongs to %q", f.name, got)
			}
		}
	}
	if len(asked) != 8 {
		t.Errorf("only %v asked", asked)
	}
}
