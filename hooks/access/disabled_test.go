package access_test

import (
	"net/http"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

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

func TestADisabledUserIsNobodyEverywhereAtOnce(t *testing.T) {
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
func TestADisabledUserWithAGoodTokenIsNobody(t *testing.T) {
	w := testkit.New(t)
	all := fixtures(w)
	nobody(w, all, w.As(w.Disabled), w.Disabled)
	d := at(w, w.Disabled)
	for _, f := range all {
		name := f.record.Collection().Name
		if found, err := d.List(name); err == nil && len(found) > 0 {
			t.Errorf("lists %s at the door", name)
		}
		if _, err := d.View(name, f.record.Id); err == nil {
			t.Errorf("views %s at the door", f.name)
		}
	}
}

func TestADeletedUserIsNobody(t *testing.T) {
	w := testkit.New(t)
	c := w.As(w.Outsider)
	c.Get("/me").Want(http.StatusOK)
	check.NoError(t, w.App.Delete(w.Fresh(w.Outsider)))
	nobody(w, fixtures(w), c, w.Outsider)
}
