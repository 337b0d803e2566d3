package roster_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/roster"
	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

// atOnce runs n writers side by side and counts their answers by status.
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

func TestOneFormSentEightTimesAtOnceMakesOnePlace(t *testing.T) {
	w := testkit.New(t)
	got := atOnce(8, func(int) int { return w.As(w.Coordinator).Post(kopi, form()...).Status })
	if got[http.StatusSeeOther] != 8 || w.Count("stakeholders") != 7 || w.Count("organisations") != 7 {
		t.Errorf("%v: %d places, %d organisations", got, w.Count("stakeholders"), w.Count("organisations"))
	}
}

func TestEightFormsWithOneNameRecordItOnce(t *testing.T) {
	w := testkit.New(t)
	got := atOnce(8, func(i int) int {
		return w.As(w.Coordinator).Post(kopi, form("once", fmt.Sprint("f-", i), "position", fmt.Sprint("Bagian ", i))...).Status
	})
	if got[http.StatusSeeOther] != 8 || w.Count("stakeholders") != 14 || w.Count("organisations") != 7 {
		t.Errorf("%v: %d places, %d organisations", got, w.Count("stakeholders"), w.Count("organisations"))
	}
}

func TestEightNewOrganisationsAtOnceAllArrive(t *testing.T) {
	w := testkit.New(t)
	got := atOnce(8, func(i int) int {
		return w.As(w.Coordinator).Post("/organisations", "once", fmt.Sprint("o-", i), "name", fmt.Sprint("Radio ", i), "helix", "media").Status
	})
	if got[http.StatusSeeOther] != 8 || w.Count("organisations") != 14 {
		t.Errorf("%v: %d organisations", got, w.Count("organisations"))
	}
}

// partnersOf lists who may enter as a partner and for whom, as stored and as
// the contacts and stakeholders of the day say.
func partnersOf(w *testkit.World) (kept, wanted string) {
	w.Helper()
	said := func(query string) string {
		var rows []struct {
			Line string `db:"line"`
		}
		check.NoError(w, w.App.DB().NewQuery(query).All(&rows))
		lines := []string{}
		for _, r := range rows {
			lines = append(lines, r.Line)
		}
		return strings.Join(lines, "\n")
	}
	kept = said(`SELECT programme || user || organisation AS line FROM memberships WHERE role = 'partner' ORDER BY line`)
	wanted = said(`SELECT DISTINCT s.programme || c.user || s.organisation AS line FROM stakeholders s
		INNER JOIN contacts c ON c.organisation = s.organisation AND c.user != ''
		WHERE (s.ended_on = '' OR s.ended_on > '2026-11-23') AND (c.until_on = '' OR c.until_on >= '2026-11-23')
		AND (c.from_on = '' OR c.from_on <= '2026-11-23') ORDER BY line`)
	return kept, wanted
}

func TestPartnersAlwaysAreWhoTheDaySaysTheyAre(t *testing.T) {
	w := testkit.New(t)
	people := []*core.Record{w.Partner, w.OtherPartner, w.BaliPartner, w.Outsider}
	organisations := []*core.Record{w.Puskesmas, w.Forum, w.Bali, w.Campus}
	programmes := []*core.Record{w.Kopi, w.Rantang, w.Papua}
	days := []string{"", "2026-11-22", "2026-11-23", "2026-11-24"}
	made := []*core.Record{}
	for step := range 120 {
		pick := step * 7919
		switch step % 4 {
		case 0:
			made = append(made, w.Make("contacts", "organisation", organisations[pick%4].Id, "position", fmt.Sprint("Jabatan ", step),
				"user", people[(pick/4)%4].Id, "until_on", days[(pick/16)%4]))
		case 1:
			made = append(made, w.Make("stakeholders", "programme", programmes[pick%3].Id, "organisation", organisations[(pick/3)%4].Id,
				"position", fmt.Sprint("Jabatan ", step), "ended_on", days[(pick/12)%4]))
		case 2:
			r := made[pick%len(made)]
			field := map[string]string{"contacts": "until_on", "stakeholders": "ended_on"}[r.Collection().Name]
			saved(w, r, field, days[(pick/5)%4])
		case 3:
			i := pick % len(made)
			check.NoError(t, w.App.Delete(w.Fresh(made[i])))
			made = append(made[:i], made[i+1:]...)
		}
		if kept, wanted := partnersOf(w); kept != wanted {
			t.Fatalf("after step %d the hub keeps\n%s\nbut the day says\n%s", step, kept, wanted)
		}
	}
	before, _ := partnersOf(w)
	check.NoError(t, roster.RefreshMemberships(w.App, clock.Now()))
	if after, _ := partnersOf(w); after != before {
		t.Error("a refresh on the same day changed something")
	}
}

func TestAChangeThatFailsLeavesAccessAsItWas(t *testing.T) {
	w := testkit.New(t)
	contact := w.Only("contacts", "user", w.Partner.Id)
	failed := w.App.RunInTransaction(func(tx core.App) error {
		r, err := tx.FindRecordById("contacts", contact.Id)
		if err != nil {
			return err
		}
		r.Set("user", w.Outsider.Id)
		if err := tx.Save(r); err != nil {
			return err
		}
		return fmt.Errorf("something after it went wrong")
	})
	if failed == nil || partners(w, w.Kopi, w.Partner) != 1 || partners(w, w.Kopi, w.Outsider) != 0 {
		t.Error("access changed although the change did not:", failed)
	}
}

func TestWhoTakesPartLeavesATraceWithoutAddresses(t *testing.T) {
	w := testkit.New(t)
	c := w.As(w.Coordinator)
	c.Post(kopi, form()...).Want(303)
	c.Post(at(w.Campus), "position", "Dekan", "email", "dekan@example.org", "phone", "0812 3456 7890").Want(303)
	rows := check.Must(w.App.FindAllRecords("activity", dbx.HashExp{"actor": w.Coordinator.Id}))
	seen := map[string]int{}
	for _, r := range rows {
		seen[r.GetString("collection")]++
		if strings.Contains(r.GetString("changes"), "dekan@") || strings.Contains(r.GetString("changes"), "62812") {
			t.Error("the activity keeps an address:", r.GetString("changes"))
		}
	}
	if want := map[string]int{"organisations": 1, "stakeholders": 1, "contacts": 1}; fmt.Sprint(seen) != fmt.Sprint(want) {
		t.Errorf("traces %v, want %v", seen, want)
	}
}
