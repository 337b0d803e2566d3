package access_test

import (
	"net/http"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

// A rule about the request itself is met by what was sent over the API; a
// page's query, headers and form are nobody's business but the page's.

func TestAPagesQueryAndHeadersDoNotReachTheRules(t *testing.T) {
	w := testkit.New(t)
	r := task(w)
	c := collection(w, "tasks")
	c.ViewRule = types.Pointer(`@request.query.open = "1" && @request.headers.x_open = "1"`)
	check.NoError(t, w.App.Save(c))
	client := w.As(w.Initiator)
	client.API(http.MethodGet, records("tasks")+"/"+r.Id+"?open=1", nil).Want(http.StatusNotFound)
	client.Header.Set("X-Open", "1")
	client.API(http.MethodGet, records("tasks")+"/"+r.Id+"?open=1", nil).Want(http.StatusOK)
	client.Get("/tasks/" + r.Id + "?open=1").Want(http.StatusNotFound)
}

func TestAPagesFormDoesNotReachTheRules(t *testing.T) {
	w := testkit.New(t)
	r := task(w)
	c := collection(w, "tasks")
	c.UpdateRule = types.Pointer(`@request.body.open = "1"`)
	check.NoError(t, w.App.Save(c))
	if status := patch(w, w.Initiator, r, fields{"state": "waiting", "open": "1"}); status != http.StatusOK {
		t.Fatalf("the rule is not met over the API: status %d", status)
	}
	w.As(w.Initiator).Post("/tasks/"+r.Id+"/state?open=1", "state", "in_progress", "open", "1").Want(http.StatusNotFound)
	check.Equal(t, "the page's own form changed the task", w.Fresh(r).GetString("state"), "waiting")
}

func collection(w *testkit.World, name string) *core.Collection {
	w.Helper()
	c := check.Must(w.App.FindCollectionByNameOrId(name))
	return c
}

func TestAFormFieldTooManyIsNotWritten(t *testing.T) {
	w := testkit.New(t)
	r := task(w)
	w.As(w.Partner).Post("/tasks/"+r.Id+"/state", "state", "in_progress", "title", "Lain", "programme", w.Rantang.Id,
		"accountable", w.Partner.Id, "done_by", w.Partner.Id, "source_key", "x").Want(http.StatusSeeOther)
	after := w.Fresh(r)
	for _, f := range []string{"title", "programme", "accountable", "done_by", "source_key"} {
		check.Equal(t, f, after.GetString(f), r.GetString(f))
	}
	check.Equal(t, "the state did not change", after.GetString("state"), "in_progress")
}
