package programmes_test

import (
	"net/http"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"
)

// Who does not lead a programme must not learn from its form who has an account.
func TestOnlyWhoLeadsIsToldWhetherAnAddressIsKnown(t *testing.T) {
	w := testkit.New(t)
	for name, person := range map[string]*core.Record{"coordinator": w.Coordinator, "observer": w.Observer, "partner": w.Partner} {
		for _, address := range []string{"outsider@example.org", "disabled@example.org", "stranger@example.org", "not an address"} {
			r := w.As(person).Post("/programmes/kopi/team", "email", address, "role", "observer")
			if r.Status != http.StatusNotFound {
				t.Errorf("%s asks about %s: status %d", name, address, r.Status)
			}
		}
	}
}

func TestAMemberIsRemovedAtItsOwnProgrammesAddressOnly(t *testing.T) {
	w := testkit.New(t)
	member := w.Make("memberships", "programme", w.Rantang.Id, "user", w.Outsider.Id, "role", "observer")
	c := w.As(w.BaliInitiator) // leads both programmes
	c.Post("/programmes/papua/team/" + member.Id + "/remove").Want(http.StatusNotFound)
	w.Fresh(member)
	c.Post("/programmes/rantang/team/" + member.Id + "/remove").Want(http.StatusSeeOther)
	if left, err := w.App.FindAllRecords("memberships", dbx.HashExp{"user": w.Outsider.Id}); err != nil || len(left) != 0 {
		t.Errorf("%d memberships stay, %v", len(left), err)
	}
}
