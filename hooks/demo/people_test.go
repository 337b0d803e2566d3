package demo

import (
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/lang"

	"simpul/hooks/testkit/check"
)

// nobodys is the one number in the files: it shows how somebody without an
// address is told over WhatsApp, and no subscriber has it.
const nobodys = "0812-0000-0000"

func TestPeopleAreListedInTheOrderToTryThem(t *testing.T) {
	app := loadedApp(t)
	want := []struct{ title, email, role string }{
		{"Inisiator KOPI REHAT", "inisiator@example.org", "initiator"},
		{"Mitra KOPI REHAT", "puskesmas@example.org", "partner"},
		{"Mitra Rantang Tresna", "mitra.tabanan@example.org", "partner"},
		{"Administrator", "admin@example.org", "administrator"},
		{"Koordinator KOPI REHAT", "koordinator@example.org", "coordinator"},
		{"Inisiator Rantang Tresna", "inisiator.tabanan@example.org", "initiator"},
		{"Pengamat KOPI REHAT", "pengamat@example.org", "observer"},
	}
	people := People(app)
	if len(people) != len(want) {
		t.Fatalf("%d people, want %d", len(people), len(want))
	}
	for i, p := range people {
		if p.Title() != want[i].title || p.Email != want[i].email || p.Role != want[i].role || p.Name == "" {
			t.Errorf("%d: %s, %s, %s, %q", i, p.Title(), p.Email, p.Role, p.Name)
		}
	}
}

func TestEveryPersonCanSignInWithThePrintedPassword(t *testing.T) {
	app := loadedApp(t)
	for _, p := range People(app) {
		collection := "users"
		if p.Role == "administrator" {
			collection = core.CollectionNameSuperusers
		}
		account, err := app.FindAuthRecordByEmail(collection, p.Email)
		must(t, err)
		if !account.Verified() || account.GetBool("disabled") || !account.ValidatePassword(p.Password) {
			t.Errorf("%s cannot sign in", p.Email)
		}
	}
}

func TestTeamPeopleAreMembersAndPartnersSpeakForAStakeholder(t *testing.T) {
	app := loadedApp(t)
	for _, p := range People(app) {
		if p.Role == "administrator" {
			continue
		}
		user, err := app.FindAuthRecordByEmail("users", p.Email)
		must(t, err)
		programme, err := app.FindFirstRecordByData("programmes", "name", p.Programme)
		must(t, err)
		if p.Role == "partner" {
			if !speaksIn(t, app, user, programme) {
				t.Errorf("%s speaks for no stakeholder of %s", p.Email, p.Programme)
			}
			continue
		}
		member := dbx.HashExp{"user": user.Id, "programme": programme.Id, "role": p.Role}
		if count(t, app, "memberships", member) != 1 {
			t.Errorf("%s is not %s of %s", p.Email, p.Role, p.Programme)
		}
	}
}

// speaksIn asks what memberships of partners are made from: a current contact of a stakeholder.
func speaksIn(t *testing.T, app core.App, user, programme *core.Record) bool {
	t.Helper()
	contact, err := app.FindFirstRecordByData("contacts", "user", user.Id)
	must(t, err)
	stakeholder := dbx.HashExp{"programme": programme.Id, "organisation": contact.GetString("organisation"), "ended_on": ""}
	return contact.GetString("until_on") == "" && count(t, app, "stakeholders", stakeholder) > 0
}

func TestOnlyPartnersSpeakForAnOrganisation(t *testing.T) {
	app := loadedApp(t)
	for key, want := range map[string]int64{
		"mitra-puskesmas": 1, "mitra-tabanan": 1,
		"inisiator": 0, "koordinator": 0, "pengamat": 0, "inisiator-tabanan": 0,
	} {
		check.Equal(t, key, count(t, app, "contacts", dbx.HashExp{"user": idOf("users", key)}), want)
	}
}

func TestZonesAndRightsOfPeople(t *testing.T) {
	app := loadedApp(t)
	for key, want := range map[string]struct {
		zone   string
		create bool
	}{
		"inisiator":         {"Asia/Jakarta", true},
		"koordinator":       {"Asia/Jakarta", false},
		"mitra-puskesmas":   {"Asia/Jakarta", false},
		"pengamat":          {"Asia/Jakarta", false},
		"inisiator-tabanan": {"Asia/Makassar", true},
		"mitra-tabanan":     {"Asia/Makassar", false},
	} {
		user := find(t, app, "users", key)
		if user.GetString("time_zone") != want.zone || user.GetBool("may_create_programmes") != want.create {
			t.Errorf("%s: %s, %v", key, user.GetString("time_zone"), user.GetBool("may_create_programmes"))
		}
	}
}

func TestNobodyIsListedBeforeLoadingAndAfterRemoving(t *testing.T) {
	app, _ := realHub(t)
	check.Equal(t, "value", len(People(app)), 0)
	must(t, Load(app, loadDay))
	must(t, Remove(app))
	check.Equal(t, "value", len(People(app)), 0)
}

func TestADisabledPersonIsNotListed(t *testing.T) {
	app := loadedApp(t)
	user := find(t, app, "users", "pengamat")
	user.Set("disabled", true)
	must(t, app.Save(user))
	for _, p := range People(app) {
		if p.Email == "pengamat@example.org" {
			t.Error("a disabled person is listed")
		}
	}
}

func TestEveryRoleHasAWordInBothLanguages(t *testing.T) {
	for _, role := range []string{"initiator", "coordinator", "partner", "observer"} {
		for _, language := range lang.Languages {
			if word := lang.T(language, "example."+role, "programme", "X"); word == "⟦example."+role+"⟧" {
				t.Errorf("%s has no word in %s", role, language)
			}
		}
	}
}

// One contact has a telephone and no address, so that the demonstration shows
// what the team tells by hand: a message to it is due at once.
func TestSomebodyIsToBeToldByHand(t *testing.T) {
	app := loadedApp(t)
	found, err := app.FindAllRecords("contacts", dbx.HashExp{"email": ""})
	must(t, err)
	if len(found) != 1 || found[0].GetString("phone") == "" || !found[0].GetBool("focal_point") {
		t.Fatalf("%d contacts have no address", len(found))
	}
	organisation := dbx.HashExp{"organisation": found[0].GetString("organisation")}
	if count(t, app, "tasks", organisation, dbx.In("state", "todo", "in_progress")) == 0 {
		t.Error("nothing is open for it to be told of")
	}
}
