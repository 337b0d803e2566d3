package roster_test

import (
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/programmes"
	"simpul/hooks/testkit"
	"simpul/hooks/testkit/check"
)

// saved changes a record as the hub.
func saved(w *testkit.World, r *core.Record, fields ...any) *core.Record {
	w.Helper()
	r = w.Fresh(r)
	for i := 0; i+1 < len(fields); i += 2 {
		r.Set(fields[i].(string), fields[i+1])
	}
	check.NoError(w, w.App.Save(r))
	return r
}

// partners counts the partner memberships of a person in a programme.
func partners(w *testkit.World, programme, person *core.Record) int64 {
	w.Helper()
	n := check.Must(w.App.CountRecords("memberships",
		dbx.HashExp{"programme": programme.Id, "user": person.Id, "role": "partner"}))
	return n
}

// place finds an organisation's place in a programme.
func place(w *testkit.World, programme, organisation *core.Record) *core.Record {
	w.Helper()
	found, err := w.App.FindAllRecords("stakeholders",
		dbx.HashExp{"programme": programme.Id, "organisation": organisation.Id})
	if err != nil || len(found) == 0 {
		w.Fatalf("%d places, %v", len(found), err)
	}
	return found[0]
}

// enter opens the scope for a person who has seen the programme.
func enter(w *testkit.World, person, programme *core.Record) (*access.Scope, *programmes.Programme) {
	w.Helper()
	d := access.As(w.App, person)
	p := check.Must(programmes.ByID(d, programme.Id))
	return d, p
}

// stand moves the clock for the rest of a test.
func stand(t *testing.T, at time.Time) {
	t.Helper()
	t.Cleanup(clock.Freeze(at))
}

// addresses are the pages of this package with who may see them: initiator,
// coordinator, observer, partner, another partner, somebody who runs another
// programme, outsider.
func addresses(w *testkit.World) map[string][7]int {
	w.Helper()
	contact, at := w.Only("contacts", "user", w.Partner.Id).Id, place(w, w.Kopi, w.Puskesmas).Id
	return map[string][7]int{
		kopi:                               {200, 200, 200, 200, 200, 404, 404},
		kopi + "/new":                      {200, 200, 404, 404, 404, 404, 404},
		kopi + "/new?helix=media":          {200, 200, 404, 404, 404, 404, 404},
		"/stakeholders/" + at + "/edit":    {200, 200, 404, 404, 404, 404, 404},
		"/organisations":                   {200, 200, 200, 200, 200, 200, 200},
		"/organisations/new":               {200, 200, 404, 404, 404, 200, 404},
		"/organisations/" + w.Puskesmas.Id: {200, 200, 200, 200, 200, 200, 200},
		"/organisations/" + w.Puskesmas.Id + "/edit":         {200, 200, 404, 404, 404, 404, 404},
		"/organisations/" + w.Bali.Id + "/edit":              {404, 404, 404, 404, 404, 200, 404},
		"/organisations/" + w.Puskesmas.Id + "/contacts/new": {200, 200, 404, 404, 404, 404, 404},
		"/contacts/" + contact + "/edit":                     {200, 200, 404, 404, 404, 404, 404},
	}
}

func TestPages_TypedHTML_Escaped(t *testing.T) {
	w := testkit.New(t)
	evil := `<img src=x onerror=alert(1)>"'&{{.}}`
	saved(w, w.Puskesmas, "name", evil, "short_name", evil, "address", evil, "note", evil, "regency", evil)
	saved(w, w.Only("contacts", "user", w.Partner.Id), "position", evil, "name", evil)
	saved(w, place(w, w.Kopi, w.Puskesmas), "position", evil, "role", evil, "comms_strategy", evil, "responsibility", evil)
	c := w.As(w.Initiator)
	for address, status := range addresses(w) {
		if status[0] != 200 {
			continue
		}
		answer := c.Get(address).Want(200)
		check.Lacks(t, address+" runs what somebody typed", answer.Body, "<img src=x")
		check.Equal(t, address+" runs what somebody typed", answer.Doc().Find("[onerror]").Length(), 0)
	}
	for target, field := range map[string]string{kopi: "new_name", "/organisations": "name", "/organisations/" + w.Campus.Id + "/contacts/new": "name"} {
		answer := c.Post(target, field, evil, "organisation", "new", "helix", evil, "language", evil, "new_helix", evil).Want(422)
		check.Lacks(t, target+" runs what was typed", answer.Body, "<img src=x")
		if kept, _ := answer.Doc().Find("#" + field).Attr("value"); kept != evil {
			t.Errorf("%s: the typed %s became %q", target, field, kept)
		}
	}
	check.Lacks(t, "the search runs what was looked", c.Get("/organisations?q="+"%3Cscript%3Ealert(1)%3C/script%3E").Want(200).Body, "<script>alert")
}

func TestPages_HostileAddress_NotFound(t *testing.T) {
	w := testkit.New(t)
	c := w.As(w.Initiator)
	for _, address := range []string{"/organisations/%27%20OR%201=1--", "/contacts/%22/edit", "/stakeholders/;DROP TABLE users/edit",
		"/programmes/%27/stakeholders", "/organisations/" + strings.Repeat("x", 3000)} {
		answer := c.Get(strings.ReplaceAll(address, " ", "%20")).Want(404)
		check.Lacks(t, address, answer.Body, "SELECT", "sqlite", "SQL", "panic", ".go:")
	}
}
