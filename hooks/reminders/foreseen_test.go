package reminders_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"simpul/hooks/clock"
	"simpul/hooks/reminders"
)

// Whatever is foreseen comes true when nobody does anything: the hub itself is
// taken through the same nights and hours, and its mail server counts.
func TestWhatIsForeseenComesTrue(t *testing.T) {
	p := newPost(t)
	p.stand("2026-11-30 09:00")
	for i, due := range []string{"2026-12-04", "2026-12-07", "2026-12-10", "2026-12-10", "2026-12-11"} {
		p.Make("tasks", "programme", p.Kopi.Id, "title", fmt.Sprintf("Tugas %d", i), "organisation", []string{p.Puskesmas.Id, p.Forum.Id}[i%2],
			"accountable", p.Initiator.Id, "due_on", due, "state", "todo", "urgency", "normal")
	}
	coordination(p)
	p.change(p.OtherPartner, "mail_frequency", "daily", "send_at", "07:00")
	p.change(p.Initiator, "weekend_off", true)
	p.change(p.rule("task_overdue", 1), "at", "12:15") // prayer on a Friday
	sim := simulate(p, 14)
	want, moments := []string{}, []time.Time{clock.Now()}
	for _, l := range sim.Letters {
		moments = append(moments, l.At, l.DueAt.Time())
		if l.Fate == reminders.FateAlone || l.Fate == reminders.FateDaily {
			want = append(want, l.At.Format(time.RFC3339)+" "+l.Email+" "+l.Kind)
		}
	}
	for night := reminders.NextNight(clock.Now()); night.Before(sim.Until); night = reminders.NextNight(night) {
		moments = append(moments, night)
	}
	slices.SortFunc(moments, time.Time.Compare)
	for _, now := range slices.Compact(moments) {
		p.onTo(now)
	}
	got := []string{}
	var rows []struct{ At, Email, Kind string }
	err := p.App.DB().NewQuery("SELECT substr(sent_at, 1, 19) AS at, email, kind FROM deliveries WHERE state = 'sent'").All(&rows)
	for _, r := range rows {
		got = append(got, strings.Replace(r.At, " ", "T", 1)+"Z "+r.Email+" "+r.Kind)
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); err != nil || diff != "" || len(got) < 15 {
		t.Errorf("%v; of %d foreseen letters (-foreseen +left):\n%s", err, len(want), diff)
	}
}

// onTo takes the hub itself to a moment: its night if it is one, then its tick.
func (p *post) onTo(now time.Time) {
	p.Helper()
	p.Cleanup(clock.Freeze(now))
	if reminders.NextNight(now.Add(-time.Second)).Equal(now) {
		planAll(p, p.World, now)
		if err := reminders.PlanDaily(p.App, now); err != nil {
			p.Fatal(err)
		}
	}
	if _, err := p.sender.Flush(context.Background(), now); err != nil {
		p.Fatal(err)
	}
}
