package programmes_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"

	"github.com/pocketbase/dbx"

	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

// atOnce runs n writers side by side and returns their answers' statuses.
func atOnce(n int, write func(i int) int) map[int]int {
	var (
		all  sync.WaitGroup
		lock sync.Mutex
		got  = map[int]int{}
	)
	for i := range n {
		all.Go(func() {
			status := write(i)
			lock.Lock()
			defer lock.Unlock()
			got[status]++
		})
	}
	all.Wait()
	return got
}

func TestEightPeopleStartProgrammesOfOneNameAtOnce(t *testing.T) {
	w := testkit.New(t)
	got := atOnce(8, func(i int) int {
		return w.As(w.Initiator).Post("/programmes", typed(w, "once", fmt.Sprint("formulir-", i))...).Status
	})
	if got[http.StatusSeeOther] != 8 {
		t.Fatalf("answers %v", got)
	}
	var addresses []string
	err := w.App.DB().Select("slug").Distinct(true).From("programmes").Where(dbx.Like("slug", "rumah-teduh")).Column(&addresses)
	if err != nil || len(addresses) != 8 {
		t.Errorf("%d addresses, %v: %v", len(addresses), err, addresses)
	}
}

func TestOneFormSentEightTimesAtOnceMakesOneProgramme(t *testing.T) {
	w := testkit.New(t)
	before := w.Count("programmes")
	fields := typed(w, "owner", "new", "owner_name", "Yayasan Baru", "owner_helix", "community")
	got := atOnce(8, func(int) int { return w.As(w.Initiator).Post("/programmes", fields...).Status })
	if got[http.StatusSeeOther] != 8 {
		t.Errorf("answers %v", got)
	}
	if w.Count("programmes") != before+1 || w.Count("organisations") != 7 {
		t.Errorf("%d programmes, %d organisations", w.Count("programmes"), w.Count("organisations"))
	}
}

func TestTwoInitiatorsWhoRemoveEachOtherAtOnceLeaveOne(t *testing.T) {
	w := testkit.New(t)
	other := w.Make("memberships", "programme", w.Kopi.Id, "user", w.Outsider.Id, "role", "initiator")
	own := membership(w, w.Kopi, w.Initiator)
	got := atOnce(2, func(i int) int {
		if i == 0 {
			return w.As(w.Initiator).Post("/programmes/kopi/team/" + other.Id + "/remove").Status
		}
		return w.As(w.Outsider).Post("/programmes/kopi/team/" + own.Id + "/remove").Status
	})
	left, err := w.App.CountRecords("memberships", dbx.HashExp{"programme": w.Kopi.Id, "role": "initiator"})
	if err != nil || left != 1 {
		t.Errorf("%d initiators left after %v, %v", left, got, err)
	}
}

func TestAProgrammeAndItsPeopleLeaveATrace(t *testing.T) {
	w := testkit.New(t)
	c := w.As(w.Initiator)
	c.Post("/programmes", typed(w)...).Want(303)
	made := w.Only("programmes", "slug", "rumah-teduh")
	c.Change("/programmes/rumah-teduh/edit", "name", "Rumah Teduh", "status", "active", "owner", w.Agency.Id, "province", "Bali").Want(303)
	c.Post("/programmes/rumah-teduh/team", "email", "outsider@example.org", "role", "member").Want(303)
	rows := check.Must(w.App.FindAllRecords("activity", dbx.HashExp{"programme": made.Id}))
	seen := map[string]int{}
	for _, r := range rows {
		if r.GetString("actor") != w.Initiator.Id || r.GetString("via") != "page" {
			t.Errorf("%s of %s by %q via %q", r.GetString("action"), r.GetString("collection"), r.GetString("actor"), r.GetString("via"))
		}
		seen[r.GetString("action")+" "+r.GetString("collection")]++
	}
	want := map[string]int{"create programmes": 1, "update programmes": 1, "create memberships": 2, "create stakeholders": 1}
	if fmt.Sprint(seen) != fmt.Sprint(want) {
		t.Errorf("traces %v, want %v", seen, want)
	}
}
