package roster_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/programmes"
	"simpul/hooks/roster"
	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

// crowd gives Kopi forty stakeholders, ten tasks each, and the hub as many
// organisations again that take part nowhere.
func crowd(b *testing.B) *testkit.World {
	b.Helper()
	w := testkit.New(b)
	check.NoError(b, w.App.RunInTransaction(func(tx core.App) error {
		inside := *w
		inside.App = tx
		for i := range 80 {
			o := inside.Make("organisations", "name", fmt.Sprint("Organisasi ", i), "helix", programmes.Helices[i%5])
			if i%2 == 0 {
				continue
			}
			inside.Make("stakeholders", "programme", w.Kopi.Id, "organisation", o.Id, "role", "Mitra")
			for n := range 10 {
				inside.Make("tasks", "programme", w.Kopi.Id, "title", fmt.Sprint("Tugas ", n), "organisation", o.Id,
					"accountable", w.Initiator.Id, "state", "todo")
			}
		}
		return nil
	}))
	return w
}

func BenchmarkWhoTakesPart(b *testing.B) {
	w := crowd(b)
	client := w.As(w.Initiator)
	for b.Loop() {
		client.Get(kopi).Want(200)
	}
}

func BenchmarkWhoTakesPartOverTheAPI(b *testing.B) {
	w := crowd(b)
	client := w.As(w.Initiator)
	for b.Loop() {
		client.API(http.MethodGet, api("stakeholders")+"?perPage=100&expand=organisation", nil).Want(200)
	}
}

func BenchmarkCoverage(b *testing.B) {
	w := crowd(b)
	d := access.As(w.App, w.Initiator)
	p, err := programmes.ByID(d, w.Kopi.Id)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := roster.Coverage(d, p, "id"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkTheListOfOrganisations(b *testing.B) {
	w := crowd(b)
	client := w.As(w.Partner)
	for b.Loop() {
		client.Get("/organisations?q=organisasi&helix=media").Want(200)
	}
}

func BenchmarkEndAStakeholderWithItsAccess(b *testing.B) {
	w := testkit.New(b)
	at := place(w, w.Kopi, w.Puskesmas).Id
	client := w.As(w.Coordinator)
	for b.Loop() {
		client.Post("/stakeholders/" + at + "/end").Want(303)
		client.Post("/stakeholders/" + at + "/resume").Want(303)
	}
}
