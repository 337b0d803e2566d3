package demo

import (
	"maps"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit/check"
)

// realHub has a programme, an organisation, a person and an administrator of its own.
func realHub(t *testing.T) (app core.App, programme *core.Record) {
	t.Helper()
	app = newApp(t)
	must(t, LoadHolidays(app))
	must(t, LoadDefaults(app))
	save(t, app, core.CollectionNameSuperusers, map[string]any{"email": "real@hub.test", "password": "a long real password"})
	owner := save(t, app, "organisations", map[string]any{"name": "Dinas Sungguhan", "helix": "government"})
	user := save(t, app, "users", map[string]any{"name": "Orang Sungguhan", "email": "person@hub.test", "password": "a long real password"})
	programme = save(t, app, "programmes", map[string]any{"slug": "sungguhan", "name": "Sungguhan", "owner": owner.Id})
	save(t, app, "memberships", map[string]any{"programme": programme.Id, "user": user.Id, "role": "initiator"})
	save(t, app, "tasks", map[string]any{"programme": programme.Id, "title": "Tugas sungguhan", "organisation": owner.Id, "accountable": user.Id})
	return app, programme
}

func TestRemove_Loaded_AllRowsGone(t *testing.T) {
	app, programme := realHub(t)
	before := rows(t, app)
	must(t, Load(app, loadDay))
	if loaded := rows(t, app); maps.Equal(before, loaded) {
		t.Fatal("nothing was loaded")
	}
	must(t, Remove(app))
	check.Same(t, "rows before", before, rows(t, app))
	check.That(t, exists(app, "programmes", programme.Id), "the real programme is gone")
}

func TestRemove_AddedRows_GoAlong(t *testing.T) {
	app, _ := realHub(t)
	before := rows(t, app)
	must(t, Load(app, loadDay))
	task := find(t, app, "tasks", "skrining")
	save(t, app, "comments", map[string]any{"programme": task.GetString("programme"), "task": task.Id, "body": "Sudah dijadwalkan", "visibility": "partners"})
	save(t, app, "minutes_revisions", map[string]any{"minutes": idOf("minutes", "koordinasi-lalu"), "revision": 1, "body": "isi"})
	letter := map[string]any{"kind": "code", "state": "held", "due_at": loadDay, "user": idOf("users", "pengamat"), "key": "code/1"}
	save(t, app, "deliveries", letter)
	letter["key"], letter["user"], letter["programme"] = "task/1", "", task.GetString("programme")
	letter["recipient"] = idOf("contacts", "narahubung-puskesmas")
	save(t, app, "deliveries", letter)
	must(t, Remove(app))
	check.Same(t, "rows before", before, rows(t, app))
}

func TestRemove_OrganisationInUse_Stays(t *testing.T) {
	app, programme := realHub(t)
	must(t, Load(app, loadDay))
	balai := idOf("organisations", "balai-kartini")
	stakeholder := save(t, app, "stakeholders", map[string]any{"programme": programme.Id, "organisation": balai})
	contact := save(t, app, "contacts", map[string]any{"organisation": idOf("organisations", "uin-walisongo"), "position": "Dekan"})
	must(t, Remove(app))
	for _, key := range []string{"balai-kartini", "ditjen-rehsos", "kemensos", "uin-walisongo"} {
		check.That(t, exists(app, "organisations", idOf("organisations", key)), "%s is gone though something real needs it", key)
	}
	check.Equal(t, "count", count(t, app, "organisations", dbx.HashExp{"example": true}), 4)
	check.That(t, exists(app, "stakeholders", stakeholder.Id) && exists(app, "contacts", contact.Id), "something real is gone")
}

func TestRemove_PersonInUse_DisabledAndStays(t *testing.T) {
	app, programme := realHub(t)
	must(t, Load(app, loadDay))
	initiator := idOf("users", "inisiator")
	membership := save(t, app, "memberships", map[string]any{"programme": programme.Id, "user": initiator, "role": "member"})
	must(t, Remove(app))
	user, err := app.FindRecordById("users", initiator)
	must(t, err)
	check.That(t, user.GetBool("disabled") && !user.ValidatePassword(password), "the account can still sign in with the printed password")
	check.That(t, exists(app, "memberships", membership.Id), "the membership is gone")
	check.Equal(t, "count", count(t, app, "users", dbx.HashExp{"example": true}), 1)
}

func TestRemove_OnlyAdministrator_Stays(t *testing.T) {
	app := newApp(t)
	before := rows(t, app)
	must(t, Load(app, loadDay))
	must(t, Remove(app))
	before[core.CollectionNameSuperusers]++
	check.Same(t, "rows before", before, rows(t, app))
}

func TestRemove_NothingLoaded_NoError(t *testing.T) {
	app, _ := realHub(t)
	before := rows(t, app)
	must(t, Remove(app))
	check.Same(t, "rows before", before, rows(t, app))
}

func TestLoad_AfterRemove_EnablesAgain(t *testing.T) {
	app, programme := realHub(t)
	must(t, Load(app, loadDay))
	save(t, app, "memberships", map[string]any{"programme": programme.Id, "user": idOf("users", "inisiator"), "role": "member"})
	must(t, Remove(app))
	must(t, Load(app, loadDay))
	user := find(t, app, "users", "inisiator")
	check.That(t, !user.GetBool("disabled") && user.ValidatePassword(password), "the account did not open again")
	check.Equal(t, "count", count(t, app, "users", dbx.HashExp{"example": true}), 6)
}

func TestRemove_Fails_RolledBack(t *testing.T) {
	app, _ := realHub(t)
	must(t, Load(app, loadDay))
	before := rows(t, app)
	app.OnRecordDelete("organisations").BindFunc(func(*core.RecordEvent) error { return errRefused })
	if err := Remove(app); err == nil {
		t.Error("the refusal was swallowed")
	}
	check.Same(t, "rows before", before, rows(t, app))
}
