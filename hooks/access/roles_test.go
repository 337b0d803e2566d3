package access_test

import (
	"slices"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

func TestRolesSayWhatAPersonIsInAProgramme(t *testing.T) {
	w := testkit.New(t)
	team := access.Roles{Team: true}
	lead := access.Roles{Team: true, Initiator: true}
	for name, of := range map[string]struct {
		person, programme *core.Record
		want              access.Roles
	}{
		"initiator":                  {w.Initiator, w.Kopi, lead},
		"coordinator":                {w.Coordinator, w.Kopi, team},
		"observer":                   {w.Observer, w.Kopi, access.Roles{Observer: true}},
		"partner":                    {w.Partner, w.Kopi, access.Roles{Partner: true, Organisations: []string{w.Puskesmas.Id}}},
		"initiator elsewhere":        {w.Initiator, w.Rantang, access.Roles{}},
		"partner elsewhere":          {w.Partner, w.Rantang, access.Roles{}},
		"outsider":                   {w.Outsider, w.Kopi, access.Roles{}},
		"guest":                      {nil, w.Kopi, access.Roles{}},
		"administrator":              {w.Administrator, w.Kopi, lead},
		"initiator of two, in Papua": {w.BaliInitiator, w.Papua, lead},
	} {
		got := at(w, of.person).Roles(of.programme.Id)
		check.Same(t, name, got, of.want)
		inside := of.want.Team || of.want.Observer || of.want.Partner
		check.Equal(t, name+" inside", got.Inside(), inside)
	}
}

func TestSpeaksNamesEveryOrganisationOnce(t *testing.T) {
	w := testkit.New(t)
	// Puskesmas takes part in a second programme: the partner speaks for it there too.
	w.Make("stakeholders", "programme", w.Rantang.Id, "organisation", w.Puskesmas.Id, "joined_on", "2026-02-01")
	w.Make("contacts", "organisation", w.Campus.Id, "position", "Dosen", "user", w.Partner.Id, "from_on", "2026-01-05")
	want := []string{w.Puskesmas.Id, w.Campus.Id}
	slices.Sort(want)
	got := slices.Sorted(slices.Values(at(w, w.Partner).Speaks()))
	check.Same(t, "organisations", got, want)
	for name, person := range map[string]*core.Record{"guest": nil, "initiator": w.Initiator, "administrator": w.Administrator, "outsider": w.Outsider} {
		check.Equal(t, name, len(at(w, person).Speaks()), 0)
	}
}

func TestProgrammesAreReadOncePerScope(t *testing.T) {
	w := testkit.New(t)
	d := at(w, w.Partner)
	before, err := d.Programmes()
	if err != nil || len(before) != 1 || before[0].Role != "partner" || before[0].Programme != w.Kopi.Id {
		t.Fatalf("%v, %v", before, err)
	}
	w.Make("stakeholders", "programme", w.Rantang.Id, "organisation", w.Puskesmas.Id, "joined_on", "2026-02-01")
	again, err := d.Programmes()
	if err != nil || len(again) != 1 {
		t.Errorf("the same door answers twice differently: %v, %v", again, err)
	}
	anew, err := at(w, w.Partner).Programmes()
	if err != nil || len(anew) != 2 {
		t.Errorf("a new door does not see the new programme: %v, %v", anew, err)
	}
}

func TestTheScopeKnowsWhoAsks(t *testing.T) {
	w := testkit.New(t)
	if d := at(w, w.Partner); d.Person().Id != w.Partner.Id || d.Super() || d.App() != w.App {
		t.Error("a partner is not who they are")
	}
	if d := at(w, nil); d.Person() != nil || d.Super() {
		t.Error("a guest is somebody")
	}
	if !at(w, w.Administrator).Super() {
		t.Error("an administrator is none")
	}
}
