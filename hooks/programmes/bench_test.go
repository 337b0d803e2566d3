package programmes_test

import (
	"fmt"
	"net/http"
	"testing"

	"simpul/hooks/testkit"
)

// thirty gives the initiator thirty programmes of five stakeholders.
func thirty(b *testing.B) *testkit.World {
	b.Helper()
	w := testkit.New(b)
	for i := range 30 {
		p := w.Make("programmes", "name", fmt.Sprint("Program ", i), "owner", w.Agency.Id, "status", "active")
		w.Make("memberships", "programme", p.Id, "user", w.Initiator.Id, "role", "initiator")
		for _, o := range []string{w.Agency.Id, w.Puskesmas.Id, w.Campus.Id, w.Shop.Id, w.Forum.Id} {
			w.Make("stakeholders", "programme", p.Id, "organisation", o)
		}
	}
	return w
}

func BenchmarkTheListOfThirtyProgrammes(b *testing.B) {
	c := thirty(b)
	client := c.As(c.Initiator)
	for b.Loop() {
		client.Get("/programmes").Want(200)
	}
}

func BenchmarkTheSameThirtyOverTheAPI(b *testing.B) {
	w := thirty(b)
	client := w.As(w.Initiator)
	for b.Loop() {
		client.API(http.MethodGet, records+"?perPage=30&sort=name&expand=owner,stakeholders_via_programme.organisation", nil).Want(200)
	}
}

func BenchmarkStartAProgrammeFromTheForm(b *testing.B) {
	w := testkit.New(b)
	client := w.As(w.Initiator)
	i := 0
	for b.Loop() {
		i++
		client.Post("/programmes", "once", fmt.Sprint("f-", i), "name", fmt.Sprint("Program ", i), "owner", w.Agency.Id,
			"province", "Bali").Want(303)
	}
}

func BenchmarkStartAProgrammeOverTheAPI(b *testing.B) {
	w := testkit.New(b)
	client := w.As(w.Initiator)
	i := 0
	for b.Loop() {
		i++
		client.API(http.MethodPost, records, map[string]any{"name": fmt.Sprint("Program ", i), "owner": w.Agency.Id,
			"province": "Bali"}).Want(200)
	}
}
