package programmes_test

import (
	"testing"

	"simpul/hooks/testkit"
)

func TestSmoke(t *testing.T) {
	w := testkit.New(t)
	for _, p := range []string{"/programmes", "/programmes/new", "/programmes/kopi/edit", "/programmes/kopi/team"} {
		r := w.As(w.Initiator).Get(p)
		t.Log(p, r.Status, r.Text("main"))
	}
	r := w.As(w.Initiator).Post("/programmes", "name", "Uji Coba", "owner", w.Agency.Id, "province", "Bali", "once", "abc")
	t.Log(r.Status, r.Header.Get("Location"), r.Text("main"))
}
