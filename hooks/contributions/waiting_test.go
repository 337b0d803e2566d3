package contributions_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simpul/hooks/access"
	"simpul/hooks/contributions"
	"simpul/hooks/testkit"
)

func TestWaitingCountsExactlyTheListItOpens(t *testing.T) {
	w := testkit.New(t)
	everyState(w)
	inState(w, "submitted", "submitted_at", "2026-11-01 02:00:00.000Z")
	all := []string{w.Kopi.Id, w.Rantang.Id, w.Papua.Id}
	for _, c := range []struct {
		asker
		want map[string]int
	}{
		{asker{"initiator", w.Initiator}, map[string]int{"kopi": 4}},
		{asker{"coordinator", w.Coordinator}, map[string]int{"kopi": 4}},
		{asker{"Bali's initiator", w.BaliInitiator}, map[string]int{"rantang": 1}},
		{asker{"administrator", w.Administrator}, map[string]int{"kopi": 4, "rantang": 1}},
		{asker{"partner", w.Partner}, map[string]int{}},
		{asker{"observer", w.Observer}, map[string]int{}},
		{asker{"outsider", w.Outsider}, map[string]int{}},
	} {
		queues, err := contributions.Waiting(access.As(w.App, c.record), all)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]int{}
		for _, q := range queues {
			got[q.Slug] = q.Count
			listed := w.As(c.record).Get(q.URL()).Want(http.StatusOK).Doc().Find("section[aria-labelledby=all] li.row")
			if listed.Length() != q.Count {
				t.Errorf("%s: %d counted and %d listed in %s", c.name, q.Count, listed.Length(), q.Slug)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
	queues, err := contributions.Waiting(access.As(w.App, w.Initiator), all)
	if err != nil || queues[0].Oldest.String() != "2026-11-01 02:00:00.000Z" {
		t.Errorf("oldest: %v, %v", queues, err)
	}
	if none, err := contributions.Waiting(access.As(w.App, w.Initiator), nil); err != nil || len(none) != 0 {
		t.Errorf("in no programme: %v, %v", none, err)
	}
}

func TestTheProgrammeThatHasWaitedLongestComesFirst(t *testing.T) {
	w := testkit.New(t)
	theirs := []any{"programme", w.Rantang.Id, "contributor", w.Bali.Id, "logged_by", w.BaliPartner.Id}
	inState(w, "submitted", "submitted_at", "2026-11-10 02:00:00.000Z")
	inState(w, "submitted", append(theirs, "submitted_at", "2026-11-05 02:00:00.000Z")...)
	for _, first := range []string{"rantang", "kopi"} {
		queues, err := contributions.Waiting(access.As(w.App, w.Administrator), []string{w.Kopi.Id, w.Rantang.Id})
		if err != nil || len(queues) != 2 || queues[0].Slug != first {
			t.Errorf("%s should come first: %v, %v", first, queues, err)
		}
		inState(w, "submitted", "submitted_at", "2026-11-01 02:00:00.000Z")
	}
}

func TestTheTeamSeesWhatHasWaitedLongestFirst(t *testing.T) {
	w := testkit.New(t)
	inState(w, "submitted", "item", "kedua", "submitted_at", "2026-11-10 02:00:00.000Z")
	inState(w, "submitted", "item", "pertama", "submitted_at", "2026-11-01 02:00:00.000Z")
	inState(w, "verified", "item", "selesai")
	page := w.As(w.Initiator).Get("/programmes/kopi/contributions").Want(http.StatusOK)
	waiting := page.Text("section[aria-labelledby=waiting]")
	first, secondAt := strings.Index(waiting, "pertama"), strings.Index(waiting, "kedua")
	if first < 0 || secondAt < first || strings.Contains(waiting, "selesai") {
		t.Errorf("waiting: %s", waiting)
	}
	inState(w, "submitted", "item", "ketiga", "submitted_at", "2026-11-20 02:00:00.000Z")
	since := w.As(w.Initiator).Get("/programmes/kopi/contributions").Text("section[aria-labelledby=waiting]")
	for _, want := range []string{"Dikirim 1 Nov 2026", "Dikirim 3 hari lalu"} {
		if !strings.Contains(since, want) {
			t.Errorf("nobody says %q: %s", want, since)
		}
	}
	for _, other := range []asker{{"partner", w.Partner}, {"observer", w.Observer}} {
		if w.As(other.record).Get("/programmes/kopi/contributions").Doc().Find("#waiting").Length() != 0 {
			t.Errorf("%s sees a list of what to verify", other.name)
		}
	}
}

func TestMonthsCountVerifiedGiftsByHelix(t *testing.T) {
	w := testkit.New(t)
	for _, day := range []string{"2026-11-02", "2026-11-20", "2026-09-30"} {
		inState(w, "verified", "given_on", day)
	}
	inState(w, "verified", "contributor", w.Shop.Id, "kind", "money", "unit", "rupiah", "quantity", 9000000, "given_on", "2026-11-05")
	inState(w, "verified", "given_on", "2026-08-31")
	inState(w, "verified", "stage", "pledged", "given_on", "2026-11-06")
	inState(w, "submitted", "given_on", "2026-11-07")
	forum := w.Only("stakeholders", "organisation", w.Forum.Id)
	forum.Set("helix", "university")
	if err := w.App.Save(forum); err != nil {
		t.Fatal(err)
	}
	inState(w, "verified", "contributor", w.Forum.Id, "given_on", "2026-10-15")
	want := []contributions.Month{
		{Month: "2026-09", Gifts: map[string]int{"government": 1}},
		{Month: "2026-10", Gifts: map[string]int{"university": 1}},
		{Month: "2026-11", Gifts: map[string]int{"government": 2, "business": 1}},
	}
	for _, a := range insiders(w) {
		d, p := enter(w, a.record, w.Kopi)
		got, err := contributions.Monthly(d, p, 3)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", a.name, diff)
		}
	}
	d, p := enter(w, w.Partner, w.Kopi)
	if months, err := contributions.Monthly(d, p, 14); err != nil || months[0].Month != "2025-10" || len(months) != 14 {
		t.Errorf("fourteen months: %v, %v", months, err)
	}
}
