package contributions_test

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"

	"simpul/hooks/testkit"
)

func TestNumbersCountUpWithinTheYearOfSubmission(t *testing.T) {
	w := testkit.New(t)
	for _, c := range []struct{ at, want string }{
		{"2026-12-31 16:59", "SL-2026-000001"}, // 23.59 in Semarang
		{"2026-12-31 17:00", "SL-2027-000001"}, // the new year there
		{"2026-12-31 16:58", "SL-2026-000002"},
		{"2027-02-01 03:00", "SL-2027-000002"},
	} {
		later(t, c.at)
		wantText(t, sembako(w), "number", c.want)
	}
	later(t, "2026-12-31 16:30")
	bali := w.Make("contributions", "programme", w.Rantang.Id, "contributor", w.Bali.Id, "kind", "goods", "item", "rantang",
		"quantity", 5, "unit", "unit")
	wantText(t, bali, "number", "SL-2027-000003") // 00.30 in Tabanan
	wantText(t, sembako(w, "number", "SL-2027-000777"), "number", "SL-2027-000777")
	later(t, "2027-02-01 03:00")
	wantText(t, sembako(w), "number", "SL-2027-000778")
}

// TestEightWritersAtOnceAllSucceed sends as many forms at once as a busy
// afternoon would: none fails, and no two get the same number.
func TestEightWritersAtOnceAllSucceed(t *testing.T) {
	const writers, each = 8, 10
	w := testkit.New(t)
	partner, coordinator := w.As(w.Partner), w.As(w.Coordinator)
	statuses := make(chan int, writers*each)
	var wait sync.WaitGroup
	for writer := range writers {
		c := partner
		if writer%2 == 1 {
			c = coordinator
		}
		cookies := testkit.NewClient(t, w.Handler, nil)
		cookies.SetCookie("simpul", c.Cookie("simpul"))
		wait.Go(func() {
			for n := range each {
				statuses <- cookies.Post("/contributions", form(w, "once", fmt.Sprintf("writer-%d-%d", writer, n),
					"item", fmt.Sprintf("sembako %d-%d", writer, n))...).Status
			}
		})
	}
	wait.Wait()
	close(statuses)
	for status := range statuses {
		if status != http.StatusSeeOther {
			t.Fatalf("a writer was answered %d", status)
		}
	}
	var numbers []string
	if err := w.App.DB().Select("number").From("contributions").OrderBy("number").Column(&numbers); err != nil {
		t.Fatal(err)
	}
	if len(numbers) != writers*each || len(slices.Compact(slices.Clone(numbers))) != writers*each {
		t.Fatalf("%d numbers: %v", len(numbers), numbers)
	}
	if last := numbers[len(numbers)-1]; last != "SL-2026-000080" {
		t.Errorf("the last number is %s", last)
	}
}
