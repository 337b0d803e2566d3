package access_test

import (
	"errors"
	"net/http"
	"regexp"
	"slices"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/testkit"
	"simpul/hooks/testkit/check"
)

func TestApply_SecondTime_SavesNothing(t *testing.T) {
	app := testkit.New(t).App
	saved := 0
	app.OnCollectionUpdate().BindFunc(func(e *core.CollectionEvent) error {
		saved++
		return e.Next()
	})
	check.NoError(t, access.Apply(app))
	check.Equal(t, "the second Apply saved", saved, 0)
}

func TestApply_CollectionWithoutRules_Fails(t *testing.T) {
	app := testkit.New(t).App
	forgotten := core.NewBaseCollection("forgotten")
	check.NoError(t, app.Save(forgotten))
	if err := access.Apply(app); err == nil {
		t.Fatal("a collection without rules went unnoticed")
	}
}

func TestApply_RuleOpened_Restored(t *testing.T) {
	app := testkit.New(t).App
	c := check.Must(app.FindCollectionByNameOrId("contributions"))
	everyone := ""
	c.ListRule = &everyone
	check.NoError(t, app.Save(c))
	check.NoError(t, access.Apply(app))
	c = check.Must(app.FindCollectionByNameOrId("contributions"))
	check.That(t, c.ListRule != nil && *c.ListRule != "", "the opened rule was left open")
}

func TestRules_All_AskForActiveUser(t *testing.T) {
	app := testkit.New(t).App
	collections := check.Must(app.FindAllCollections())
	const asked = `@request.auth.id != "" && @request.auth.disabled = false`
	checked := 0
	for _, c := range collections {
		if c.System {
			continue
		}
		for verb, rule := range map[string]*string{"list": c.ListRule, "view": c.ViewRule, "create": c.CreateRule, "update": c.UpdateRule, "delete": c.DeleteRule} {
			if rule == nil {
				continue
			}
			checked++
			if len(*rule) < len(asked) || (*rule)[:len(asked)] != asked {
				t.Errorf("%s %s does not begin by asking who is signed in: %s", c.Name, verb, *rule)
			}
		}
	}
	check.That(t, checked >= 60, "only %d rules seen", checked)
}

var alias = regexp.MustCompile(`@collection\.(\w+:\w+)`)

// TestRules_All_JoinFewTables counts the tables beside its own that each rule looks
// into. PocketBase joins one for each alias, with no condition of its own: three
// of four hundred memberships are sixty-four million rows, and one page of a
// list once took half a minute.
func TestRules_All_JoinFewTables(t *testing.T) {
	app := testkit.New(t).App
	collections := check.Must(app.FindAllCollections())
	seen := 0
	for _, c := range collections {
		for verb, rule := range map[string]*string{"list": c.ListRule, "create": c.CreateRule, "update": c.UpdateRule, "delete": c.DeleteRule} {
			if rule == nil || c.System {
				continue
			}
			joined := map[string]bool{}
			for _, found := range alias.FindAllStringSubmatch(*rule, -1) {
				joined[found[1]] = true
				seen++
			}
			check.That(t, len(joined) <= 2, "%s %s joins %v", c.Name, verb, joined)
		}
	}
	check.That(t, seen >= 40, "only %d joins seen", seen)
}

func TestRoles_EachPerson_InProgramme(t *testing.T) {
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

func TestSpeaks_SeveralContacts_EachOrganisationOnce(t *testing.T) {
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

func TestScope_Programmes_ReadOnce(t *testing.T) {
	w := testkit.New(t)
	d := at(w, w.Partner)
	before, err := d.Programmes()
	if err != nil || len(before) != 1 || before[0].Role != "partner" || before[0].Programme != w.Kopi.Id {
		t.Fatalf("%v, %v", before, err)
	}
	w.Make("stakeholders", "programme", w.Rantang.Id, "organisation", w.Puskesmas.Id, "joined_on", "2026-02-01")
	again, err := d.Programmes()
	check.That(t, err == nil && len(again) == 1, "the same scope answers twice differently: %v, %v", again, err)
	anew, err := at(w, w.Partner).Programmes()
	check.That(t, err == nil && len(anew) == 2, "a new scope does not see the new programme: %v, %v", anew, err)
}

func TestScope_Person_Known(t *testing.T) {
	w := testkit.New(t)
	if d := at(w, w.Partner); d.Person().Id != w.Partner.Id || d.Super() || d.App() != w.App {
		t.Error("a partner is not who they are")
	}
	if d := at(w, nil); d.Person() != nil || d.Super() {
		t.Error("a guest is somebody")
	}
	check.That(t, at(w, w.Administrator).Super(), "an administrator is none")
}

// Fields that name an owner may be empty; so is the caller who is nobody. The
// two must never be taken for each other.
func TestRules_EmptyOwner_BelongsToNobody(t *testing.T) {
	w := testkit.New(t)
	ownerless := map[string]*core.Record{
		"a letter to nobody":   w.Make("deliveries", "kind", "account", "key", "tanpa-orang", "due_at", "2026-12-01 01:00:00.000Z", "state", "held"),
		"a vacant position":    w.Make("contacts", "organisation", w.Campus.Id, "position", "Kepala LPPM"),
		"a comment of the hub": w.Make("comments", "programme", w.Kopi.Id, "task", task(w).Id, "body", "Catatan", "visibility", "team"),
		"a rule for all":       w.Only("reminder_rules", "id", first(w, "reminder_rules").Id),
	}
	for name, r := range ownerless {
		for who, person := range map[string]*core.Record{"guest": nil, "outsider": w.Outsider, "partner": w.Partner, "partner elsewhere": w.BaliPartner} {
			if _, err := at(w, person).View(r.Collection().Name, r.Id); !errors.Is(err, access.ErrRefused) {
				t.Errorf("%s views %s: %v", who, name, err)
			}
			if status := w.As(person).API(http.MethodGet, records(r.Collection().Name)+"/"+r.Id, nil).Status; status == http.StatusOK {
				t.Errorf("%s views %s over the API", who, name)
			}
		}
	}
}

func TestUsers_SignUp_Refused(t *testing.T) {
	w := testkit.New(t)
	body := fields{"email": "baru@example.org", "password": testkit.Password, "passwordConfirm": testkit.Password, "name": "Orang baru"}
	for who, person := range map[string]*core.Record{"guest": nil, "outsider": w.Outsider, "initiator": w.Initiator} {
		check.Equal(t, who+": status", w.As(person).API(http.MethodPost, records("users"), body).Status, http.StatusForbidden)
	}
	w.As(nil).API(http.MethodPost, records("contributions"), fields{}).Want(http.StatusBadRequest)
}

func TestTasks_ReassignedOrganisation_FormerOwnerRefused(t *testing.T) {
	w := testkit.New(t)
	r := task(w)
	check.NoError(t, change(w, at(w, w.Partner), r, "in_progress"))
	moved := w.Fresh(r)
	moved.Set("organisation", w.Forum.Id)
	check.NoError(t, at(w, w.Coordinator).Update(moved))
	if err := change(w, at(w, w.Partner), r, "done"); !errors.Is(err, access.ErrRefused) {
		t.Errorf("the owner before: %v, want refused", err)
	}
	check.Equal(t, "the owner before, over the API: status", patch(w, w.Partner, r, fields{"state": "done"}), http.StatusNotFound)
	if err := change(w, at(w, w.OtherPartner), r, "done"); err != nil {
		t.Errorf("the owner now: %v", err)
	}
}

func TestContributions_ChangedContributor_Refused(t *testing.T) {
	w := testkit.New(t)
	r := gift(w, w.Puskesmas, "needs_revision")
	for field, value := range map[string]string{"contributor": w.Forum.Id, "programme": w.Rantang.Id, "logged_by": w.OtherPartner.Id} {
		if status := patch(w, w.Partner, r, fields{field: value}); status != http.StatusNotFound {
			t.Errorf("another %s: status %d, want 404", field, status)
		}
	}
	// Nor can somebody log a gift in the name of an organisation not theirs.
	body := fields{"programme": w.Kopi.Id, "contributor": w.Forum.Id, "kind": "goods", "item": "Beras", "quantity": 5, "unit": "kg",
		"given_on": "2026-11-20", "stage": "delivered"}
	w.As(w.Partner).API(http.MethodPost, records("contributions"), body).Want(http.StatusBadRequest)
	check.Equal(t, "a gift in another's name was stored", w.Count("contributions"), 1)
}

func TestRules_ContactEnded_AccessEnds(t *testing.T) {
	leave := map[string]func(w *testkit.World){
		"the position ends": func(w *testkit.World) {
			set(w, w.Only("contacts", "organisation", w.Puskesmas.Id), "until_on", "2026-11-22")
		},
		"the position goes to another": func(w *testkit.World) {
			set(w, w.Only("contacts", "organisation", w.Puskesmas.Id), "user", w.Outsider.Id)
		},
		"the organisation leaves": func(w *testkit.World) {
			set(w, w.Only("stakeholders", "organisation", w.Puskesmas.Id), "ended_on", "2026-11-22")
		},
	}
	for name, happens := range leave {
		w := testkit.New(t)
		r := task(w)
		c := w.As(w.Partner)
		c.Get("/tasks/" + r.Id).Want(http.StatusOK)
		happens(w)
		check.Equal(t, name+": the page", c.Get("/tasks/"+r.Id).Status, http.StatusNotFound)
		check.Equal(t, name+": the API", patch(w, w.Partner, r, fields{"state": "done"}), http.StatusNotFound)
		if roles := at(w, w.Partner).Roles(w.Kopi.Id); roles.Inside() {
			t.Errorf("%s: still %+v", name, roles)
		}
	}
}

func set(w *testkit.World, r *core.Record, field, value string) {
	w.Helper()
	r.Set(field, value)
	check.NoError(w, w.App.Save(r))
}

func TestMemberships_Partner_NamesOrganisation(t *testing.T) {
	w := testkit.New(t)
	c := collection(w, "memberships")
	r := core.NewRecord(c)
	r.Load(fields{"programme": w.Kopi.Id, "user": w.Outsider.Id, "role": "partner"})
	if err := w.App.Save(r); err == nil {
		t.Error("a partner of no organisation would own everything that nobody owns")
	}
}

// nobody asserts that a client gets nowhere: not over the API with the token,
// not on pages with the cookie, not by a file token or a fresh sign-in.
func nobody(w *testkit.World, all []fixture, c *testkit.Client, person *core.Record) {
	w.Helper()
	for _, f := range all {
		answer := c.API(http.MethodGet, base(f)+"?perPage=500", nil)
		if items, _ := answer.JSON()["items"].([]any); answer.Status == http.StatusOK && len(items) > 0 {
			w.Errorf("lists %s", f.record.Collection().Name)
		}
		if status := c.API(http.MethodGet, path(f), nil).Status; status == http.StatusOK {
			w.Errorf("views %s", f.name)
		}
	}
	for _, page := range []string{"/", "/me", "/programmes", "/programmes/kopi/tasks"} {
		answer := c.Get(page)
		check.Equal(w, page+": status", answer.Status, http.StatusSeeOther)
	}
	if status := c.API(http.MethodPost, "/api/collections/users/auth-refresh", nil).Status; status == http.StatusOK {
		w.Error("renews the token")
	}
	in := fields{"identity": person.Email(), "password": testkit.Password}
	if status := w.As(nil).API(http.MethodPost, "/api/collections/users/auth-with-password", in).Status; status == http.StatusOK {
		w.Error("signs in again")
	}
}

func TestDisabledUser_EveryEntrance_IsNobody(t *testing.T) {
	w := testkit.New(t)
	all := fixtures(w)
	c := w.As(w.Coordinator)
	c.Get("/me").Want(http.StatusOK)
	c.API(http.MethodGet, records("programmes")+"/"+w.Kopi.Id, nil).Want(http.StatusOK)
	if status := patch(w, w.Administrator, w.Coordinator, fields{"disabled": true}); status != http.StatusOK {
		t.Fatalf("status %d", status)
	}
	nobody(w, all, c, w.Coordinator)
}

// Somebody who was disabled before tokens died with it, or whose row was
// changed past the hub, holds a token that is still signed well.
func TestDisabledUser_ValidToken_IsNobody(t *testing.T) {
	w := testkit.New(t)
	all := fixtures(w)
	nobody(w, all, w.As(w.Disabled), w.Disabled)
	d := at(w, w.Disabled)
	for _, f := range all {
		name := f.record.Collection().Name
		if found, err := d.List(name); err == nil && len(found) > 0 {
			t.Errorf("lists %s at the scope", name)
		}
		if _, err := d.View(name, f.record.Id); err == nil {
			t.Errorf("views %s at the scope", f.name)
		}
	}
}

func TestDeletedUser_ValidToken_IsNobody(t *testing.T) {
	w := testkit.New(t)
	c := w.As(w.Outsider)
	c.Get("/me").Want(http.StatusOK)
	check.NoError(t, w.App.Delete(w.Fresh(w.Outsider)))
	nobody(w, fixtures(w), c, w.Outsider)
}
