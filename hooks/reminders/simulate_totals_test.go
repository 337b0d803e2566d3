package reminders_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"simpul/hooks/mail"
	"simpul/hooks/reminders"
	"simpul/hooks/testkit"
)

func TestTheTotalsOfSimulatedLettersAddUp(t *testing.T) {
	told := func(digest string) reminders.Simulated {
		return reminders.Simulated{Delivery: mail.Delivery{Digest: digest}, Fate: reminders.FateTold}
	}
	own := []reminders.Simulated{told("a"), told("a"), told("b"), {Fate: reminders.FateAlone}, {Fate: reminders.FateNot}, {Fate: reminders.FateWaits}}
	want := "6 surat: 1 berangkat sendiri, 3 dimuat dalam 2 surat harian, 1 ditunda, 1 tidak dikirim."
	if got := reminders.Totals("id", own); got != want {
		t.Errorf("of one programme: %s", got)
	}
	all := append(own, reminders.Simulated{Fate: reminders.FateDaily, Tells: 2}, reminders.Simulated{Fate: reminders.FateDaily, Tells: 1})
	if got := reminders.Totals("id", all); got != want {
		t.Errorf("with the daily letters: %s", got)
	}
	many := slices.Repeat([]reminders.Simulated{{Fate: reminders.FateNot}, told("a")}, 1651)
	if got := reminders.Totals("id", many); got != "3.302 surat: 0 berangkat sendiri, 1.651 dimuat dalam 1 surat harian, 0 ditunda, 1.651 tidak dikirim." {
		t.Errorf("of many: %s", got)
	}
	if got := reminders.Totals("en", nil); got != "0 letters: 0 leave by themselves, 0 told in 0 daily letters, 0 put off, 0 not sent." {
		t.Errorf("of none: %s", got)
	}
}

func TestThePageSaysTotalsAndRefusesDaysItCannotDo(t *testing.T) {
	p := readable(t)
	task(p.World, "2026-12-10")
	client := p.As(p.Coordinator)
	for asked, refused := range map[string]bool{"": false, "?days=": false, "?days=7": false, "?days=0": true, "?days=91": true, "?days=-3": true, "?days=banyak": true} {
		seen := client.Get(kopiSimulation + asked).Want(http.StatusOK)
		text := seen.Text("main")
		if says := strings.Contains(text, "Jumlah hari dari 1 sampai 90"); says != refused {
			t.Errorf("%q is refused: %v", asked, says)
		}
		chosen := chosenPill(seen)
		if want := map[bool]string{true: "7 hari", false: "30 hari"}[asked == "?days=7"]; chosen != want {
			t.Errorf("%q chooses %q", asked, chosen)
		}
		if strings.Contains(text, "Jadwal home visit") && !strings.Contains(text, " dimuat dalam ") {
			t.Errorf("%q: no totals", asked)
		}
		if strings.Contains(seen.Text(".badge"), "2026") {
			t.Errorf("%q: a moment is in a badge: %s", asked, seen.Text(".badge"))
		}
	}
}

func chosenPill(r *testkit.Response) string {
	return strings.TrimSpace(r.Doc().Find(`main a[aria-current][href*="days="]`).Text())
}
