package reminders_test

import (
	"context"
	"testing"
	"time"

	"simpul/hooks/clock"
	"simpul/hooks/notify/digest"
	"simpul/hooks/notify/outbox"
)

// answer asks about a message as if it were claimed at a moment.
func answer(p *post, id, at string) (outbox.Contents, string) {
	p.Helper()
	var d outbox.Delivery
	if err := p.App.DB().NewQuery("SELECT * FROM deliveries WHERE id = {:id}").Bind(map[string]any{"id": id}).One(&d); err != nil {
		p.Fatal(err)
	}
	contents, reason, err := digest.Kinds()[d.Kind].Wanted(p.App, d, slot(p, at))
	if err != nil {
		p.Fatal(err)
	}
	return contents, reason
}

// What a person has set, offices and quiet hours are those of the moment asked
// about, whatever the clock on the wall says.
func TestAMessageIsAskedAboutAMomentAndNotAboutThePresent(t *testing.T) {
	for name, c := range map[string]struct {
		happens          func(p *post)
		before, after    string // two moments
		reason1, reason2 string // the answers
	}{
		"a pause ends": {func(p *post) { p.change(p.Partner, "paused_until_on", "2026-12-07") },
			"2026-12-07 08:00", "2026-12-08 08:00", "paused", ""},
		"an office ends": {func(p *post) { p.change(p.contact("partner@example.org"), "until_on", "2026-12-07") },
			"2026-12-07 23:00", "2026-12-08 00:30", "", "no_access"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPost(t)
			r := task(p.World, "2026-12-10")
			c.happens(p)
			id := p.row(r, "2026-12-07 08:00", "partner@example.org").Id
			// A clock that stands far away must not matter.
			t.Cleanup(clock.Freeze(time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC)))
			if _, reason := answer(p, id, c.before); reason != c.reason1 {
				t.Errorf("at %s it is not sent because of %q, want %q", c.before, reason, c.reason1)
			}
			if _, reason := answer(p, id, c.after); reason != c.reason2 {
				t.Errorf("at %s it is not sent because of %q, want %q", c.after, reason, c.reason2)
			}
		})
	}
}

func TestQuietHoursAreThoseOfTheMomentAskedAbout(t *testing.T) {
	p := newPost(t)
	id := p.row(task(p.World, "2026-12-10"), "2026-12-07 08:00", "partner@example.org").Id
	t.Cleanup(clock.Freeze(time.Date(2031, 1, 1, 20, 0, 0, 0, time.UTC)))
	for at, until := range map[string]string{"2026-12-07 08:00": "", "2026-12-07 21:00": "2026-12-08 06:00", "2026-12-11 12:00": "2026-12-11 13:00"} {
		contents, _ := answer(p, id, at)
		if until == "" && !contents.NotBefore.IsZero() || until != "" && !contents.NotBefore.Equal(slot(t, until)) {
			t.Errorf("asked about %s it waits until %s, want %q", at, contents.NotBefore, until)
		}
	}
}

// Planning and sorting at a moment leave the same ledger wherever the clock stands.
func TestPlanningAndSortingFollowTheirMomentOnly(t *testing.T) {
	ledgers := map[string]string{}
	for name, wall := range map[string]string{"there": "2026-11-24 00:40", "far away": "2031-01-01 12:00"} {
		p := newPost(t)
		prompted := p.Only("stakeholders", "organisation", p.Forum.Id)
		p.stand(wall)
		now := slot(t, "2026-11-24 00:40")
		planAll(t, p.World, now)
		if err := digest.Schedule(context.Background(), p.App, now.Add(24*time.Hour)); err != nil {
			t.Fatal(err)
		}
		for _, line := range ledger(p.World, prompted) {
			ledgers[name] += line + "\n"
		}
		if late := p.count("created > '2026-11-26' OR updated > '2026-11-26'"); late != 0 {
			t.Errorf("%s: %d letters carry another time than that of the moment", name, late)
		}
	}
	if ledgers["there"] == "" || ledgers["there"] != ledgers["far away"] {
		t.Errorf("there the ledger holds\n%swith the clock far away\n%s", ledgers["there"], ledgers["far away"])
	}
}

func (p *post) count(where string) (n int) {
	p.Helper()
	if err := p.App.DB().NewQuery("SELECT COUNT(*) FROM deliveries WHERE " + where).Row(&n); err != nil {
		p.Fatal(err)
	}
	return n
}
