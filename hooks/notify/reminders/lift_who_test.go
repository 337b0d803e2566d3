package reminders_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"simpul/hooks/testkit"
)

func TestRefusalsOfTheReaderStay(t *testing.T) {
	p := newPost(t)
	p.Make("suppressions", "email", "partner@example.org", "reason", "bounced")
	p.Make("suppressions", "email", "partner@example.org", "reason", "unsubscribed", "kind", "task_due")
	p.Make("suppressions", "email", "partner@example.org", "reason", "complaint", "kind", "meeting_soon")
	p.Make("suppressions", "email", "other-partner@example.org", "reason", "bounced")
	team := p.reader(p.Coordinator)
	flash := team.Follow(team.Post(liftPage, "email", "partner@example.org")).Text(".flash")
	if !strings.Contains(flash, "dipakai lagi") {
		t.Errorf("says %q", flash)
	}
	for _, left := range []dbx.HashExp{{"reason": "unsubscribed"}, {"reason": "complaint"}, {"email": "other-partner@example.org"}} {
		if n, err := p.App.CountRecords("suppressions", left); n != 1 || err != nil {
			t.Errorf("%v: %d are left, %v", left, n, err)
		}
	}
	if n := p.Count("suppressions"); n != 3 {
		t.Errorf("%d are left", n)
	}
	again := team.Follow(team.Post(liftPage, "email", "partner@example.org"))
	if got := again.Text(".flash.warn"); !strings.Contains(got, "sudah tidak ditandai") {
		t.Errorf("a second press says %q", got)
	}
}

func TestOnlyTheTeamFreesAnAddressAndOnlyOfItsPeople(t *testing.T) {
	p := newPost(t)
	p.Make("suppressions", "email", "partner@example.org", "reason", "bounced")
	p.Make("suppressions", "email", "bali-partner@example.org", "reason", "bounced")
	for name, c := range map[string]*testkit.Client{"the partner": p.reader(p.Partner), "another partner": p.reader(p.OtherPartner),
		"an observer": p.reader(p.Observer), "the team next door": p.reader(p.BaliInitiator)} {
		if r := c.Post(liftPage, "email", "partner@example.org"); r.Status != http.StatusNotFound {
			t.Errorf("%s: status %d", name, r.Status)
		}
		if page := c.Get(rulesPage); strings.Contains(page.Text("main"), "coba lagi") {
			t.Errorf("%s is offered it", name)
		}
	}
	p.As(nil).Post(liftPage, "email", "partner@example.org").Want(http.StatusUnauthorized)
	p.reader(p.Initiator).Get(liftPage).Want(http.StatusNotFound)
	team := p.reader(p.Initiator)
	for _, email := range []string{"bali-partner@example.org", "nobody@example.org", "", "%"} {
		if got := team.Follow(team.Post(liftPage, "email", email)).Text(".flash.warn"); !strings.Contains(got, "sudah tidak ditandai") {
			t.Errorf("%q: says %q", email, got)
		}
	}
	if n := p.Count("suppressions"); n != 2 {
		t.Fatalf("%d marks are left", n)
	}
	team.Post(liftPage, "email", "partner@example.org").Want(http.StatusSeeOther)
	p.Only("suppressions", "email", "bali-partner@example.org")
}

func TestItIsWrittenDownWhoFreedAnAddress(t *testing.T) {
	p, _ := returned(t, recipients["a person with an account"])
	p.reader(p.Coordinator).Post(liftPage, "email", "partner@example.org").Want(http.StatusSeeOther)
	for _, of := range []struct{ collection, action, programme string }{{"suppressions", "delete", ""}, {"deliveries", "update", p.Kopi.Id}} {
		rows, err := p.App.FindRecordsByFilter("activity", "collection = {:c} && action = {:a} && programme = {:p} && actor = {:who}", "", 0, 0,
			map[string]any{"c": of.collection, "a": of.action, "p": of.programme, "who": p.Coordinator.Id})
		if err != nil || len(rows) == 0 {
			t.Errorf("%s: %d rows, %v", of.collection, len(rows), err)
		}
		for _, r := range rows {
			if strings.Contains(r.GetString("changes"), "example.org") {
				t.Errorf("an address stands in the activity: %s", r.GetString("changes"))
			}
		}
	}
}

func TestThePageOfAPersonOffersToTryAgain(t *testing.T) {
	p, _ := returned(t, recipients["a person with an account"])
	team := p.reader(p.Initiator)
	people := rulesPage + "/people?person="
	page := team.Get(people + contactOf(p, p.Partner).Id).Want(http.StatusOK)
	for _, want := range []string{"Alamat penerima tidak dapat menerima email", "Alamat ini sudah benar – kirim lagi", "Kirim lagi ke partner@example.org?"} {
		if !strings.Contains(page.Text("section:has(#who)"), want) {
			t.Errorf("%q is missing from %q", want, page.Text("section:has(#who)"))
		}
	}
	if other := team.Get(people + contactOf(p, p.OtherPartner).Id).Text("section:has(#who)"); strings.Contains(other, "coba lagi") {
		t.Errorf("of somebody else it says %q", other)
	}
	fields := []string{}
	for _, name := range []string{"email", "person"} {
		fields = append(fields, name, page.Doc().Find("form[action$='/lift'] input[name="+name+"]").AttrOr("value", ""))
	}
	after := team.Post(liftPage, fields...)
	if got := after.Header.Get("Location"); got != people+contactOf(p, p.Partner).Id {
		t.Errorf("leads to %s", got)
	}
	if text := team.Follow(after).Text("section:has(#who)"); strings.Contains(text, "coba lagi") || !strings.Contains(text, "Tidak ada yang menghalangi") {
		t.Errorf("then it says %q", text)
	}
}

func TestTheMailboxOffersToTryAnAddressAgain(t *testing.T) {
	p, r := returned(t, recipients["a person with an account"])
	kept := p.row(r, "2026-12-09 08:00", "partner@example.org")
	rejected := enter(p, 1, "email", "other-partner@example.org", "state", "failed", "reason", "refused", "last_error", "550 5.7.1 spam")
	runs := queue(p)
	page := runs.Get("/mailbox").Want(http.StatusOK)
	for id, want := range map[string]int{kept.Id: 1, rejected.Id: 0} {
		if n := page.Doc().Find("#" + id + " form[action='/mailbox/lift']").Length(); n != want {
			t.Errorf("%s: offered %d times, want %d", id, n, want)
		}
	}
	for name, c := range map[string]*testkit.Client{"the initiator": p.reader(p.Initiator), "the partner": p.reader(p.Partner)} {
		if c.Post("/mailbox/lift", "id", kept.Id).Want(http.StatusNotFound); p.Count("suppressions") != 1 {
			t.Errorf("%s freed it", name)
		}
	}
	runs.Post("/mailbox/lift", "id", "nosuchletter000").Want(http.StatusNotFound)
	if got := runs.Follow(runs.Post("/mailbox/lift", "id", rejected.Id)).Text(".flash.warn"); !strings.Contains(got, "sudah tidak ditandai") {
		t.Errorf("of an address that is well it says %q", got)
	}
	after := runs.Follow(runs.Post("/mailbox/lift", "id", kept.Id, "state", "skipped"))
	if !strings.Contains(after.Text(".flash"), "partner@example.org dikirim lagi, sendiri atau dalam email harian berikutnya") || p.Count("suppressions") != 0 {
		t.Errorf("says %q", after.Text(".flash"))
	}
	if left := p.tick("2026-12-09 08:05"); len(left) == 0 || left[0].To != "partner@example.org" {
		t.Errorf("%v get letters", to(left))
	}
}
