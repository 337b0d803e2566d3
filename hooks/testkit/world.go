package testkit

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// World is one test's copy of the small world. In programme Kopi (Semarang,
// WIB) all five helices but media take part; Rantang (Tabanan, WITA) and Papua
// (WIT) stand beside it.
type World struct {
	testing.TB
	App     core.App
	Handler http.Handler

	Kopi, Rantang, Papua *core.Record
	// Organisations, one a helix but media: Agency owns Kopi.
	Agency, Puskesmas, Campus, Shop, Forum, Bali *core.Record

	// People of Kopi: Initiator, Coordinator and Observer; Partner speaks for
	// Puskesmas, OtherPartner for Forum.
	Initiator, Coordinator, Observer, Partner, OtherPartner *core.Record
	// BaliInitiator leads Rantang, BaliPartner speaks for Bali in it.
	BaliInitiator, BaliPartner *core.Record
	// Outsider is signed in and takes part in nothing; Disabled was a coordinator.
	Outsider, Disabled, Administrator *core.Record
}

// Password is everybody's in the world.
const Password = "kata-sandi-dunia-kecil"

// New returns a fresh world; prepare is as of App.
func New(t testing.TB, prepare ...func(core.App)) *World {
	t.Helper()
	app, handler := App(t, prepare...)
	w := &World{TB: t, App: app, Handler: handler}
	for key, slot := range map[string]**core.Record{
		"kopi": &w.Kopi, "rantang": &w.Rantang, "papua": &w.Papua,
	} {
		*slot = w.find("programmes", "slug", key)
	}
	for name, slot := range map[string]**core.Record{
		"Dinas Sosial Kota Semarang": &w.Agency, "Puskesmas Tambakaji": &w.Puskesmas, "UIN Walisongo": &w.Campus,
		"Warung Kopi Banaran": &w.Shop, "Forum PSM Semarang": &w.Forum, "K3S Tabanan": &w.Bali,
	} {
		*slot = w.find("organisations", "name", name)
	}
	for name, slot := range map[string]**core.Record{
		"initiator": &w.Initiator, "coordinator": &w.Coordinator, "observer": &w.Observer, "partner": &w.Partner,
		"other-partner": &w.OtherPartner, "bali-initiator": &w.BaliInitiator, "bali-partner": &w.BaliPartner,
		"outsider": &w.Outsider, "disabled": &w.Disabled,
	} {
		*slot = w.find("users", "email", name+"@example.org")
	}
	w.Administrator = w.find(core.CollectionNameSuperusers, "email", "admin@example.org")
	return w
}

// As returns a client signed in as a person, nil for a guest.
func (w *World) As(person *core.Record) *Client {
	w.Helper()
	return NewClient(w.TB, w.Handler, person)
}

// Make saves a record as the hub; fields are name, value pairs.
func (w *World) Make(collection string, fields ...any) *core.Record {
	w.Helper()
	r, err := save(w.App, collection, fields...)
	if err != nil {
		w.Fatal(err)
	}
	return r
}

// Fresh reads a record anew.
func (w *World) Fresh(r *core.Record) *core.Record {
	w.Helper()
	found, err := w.App.FindRecordById(r.Collection().Name, r.Id)
	if err != nil {
		w.Fatal(err)
	}
	return found
}

// Count counts the rows of a collection.
func (w *World) Count(collection string) int64 {
	w.Helper()
	n, err := w.App.CountRecords(collection)
	if err != nil {
		w.Fatal(err)
	}
	return n
}

// Only returns the single record of a collection whose column holds value.
func (w *World) Only(collection, column string, value any) *core.Record {
	w.Helper()
	found, err := w.App.FindAllRecords(collection, hash(column, value))
	if err != nil || len(found) != 1 {
		w.Fatalf("%s with %s = %v: %d found, %v", collection, column, value, len(found), err)
	}
	return found[0]
}

// Age dates what was made in a collection earlier by so much.
func (w *World) Age(collection string, by time.Duration) {
	w.Helper()
	_, err := w.App.DB().NewQuery("UPDATE activity SET created = strftime('%Y-%m-%d %H:%M:%fZ', created, {:by}) WHERE collection = {:of}").
		Bind(dbx.Params{"by": fmt.Sprintf("-%d seconds", int(by.Seconds())), "of": collection}).Execute()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *World) find(collection, column, value string) *core.Record {
	w.Helper()
	r, err := w.App.FindFirstRecordByData(collection, column, value)
	if err != nil {
		w.Fatal(fmt.Errorf("%s %s: %w", collection, value, err))
	}
	return r
}
