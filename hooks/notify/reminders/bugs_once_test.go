package reminders_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/notify/digest"
	"simpul/hooks/notify/outbox"
	"simpul/hooks/testkit"
)

// trouble is something that keeps messages from leaving for hours.
type trouble struct{ begin, end func(p *post) }

func runs(text string) func(p *post) {
	return func(p *post) {
		p.Helper()
		if _, err := p.App.DB().NewQuery(text).Execute(); err != nil {
			p.Fatal(err)
		}
	}
}

// noLedger makes the database refuse every change of a message to a state, as a full disk would.
func noLedger(state string) func(p *post) {
	return runs(`CREATE TRIGGER refusal BEFORE UPDATE OF state ON deliveries WHEN NEW.state = '` + state +
		`' BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END`)
}

var troubles = map[string]trouble{
	"nobody listens": {func(p *post) { p.serverAt(1) }, connect},
	"the server wants to be asked later": {
		func(p *post) {
			p.office.Refuse = func(string) error { return &smtp.SMTPError{Code: 451, Message: "later"} }
		},
		func(p *post) { p.office.Refuse = nil }},
	"an administrator holds all letters": {runs("UPDATE hub_settings SET mail_held = TRUE"), runs("UPDATE hub_settings SET mail_held = FALSE")},
	"no mail server is known":            {disconnect, connect},
	"no letter can be claimed":           {noLedger("sending"), runs("DROP TRIGGER refusal")},
	"letters cannot be sorted":           {noLedger("queued"), runs("DROP TRIGGER refusal")},
}

func connect(p *post) {
	p.Helper()
	if err := p.office.Connect(p.App); err != nil {
		p.Fatal(err)
	}
}

func disconnect(p *post) {
	p.Helper()
	settings, err := p.App.Settings().Clone()
	if err != nil {
		p.Fatal(err)
	}
	settings.SMTP.Enabled = false
	if err := p.App.Save(settings); err != nil {
		p.Fatal(err)
	}
}

// Seen in CiviCRM: each run that failed queued its messages again, and when the
// fault was gone thousands of copies left.
func TestBugARunThatFailsQueuesNoCopies(t *testing.T) {
	for name, c := range troubles {
		t.Run(name, func(t *testing.T) {
			p := newPost(t)
			mandatory(p)
			duties := []*core.Record{task(p.World, "2026-12-10"), task(p.World, "2026-12-10")}
			at := p.stand("2026-12-07 08:00")
			planAll(p, p.World, at.Add(3*time.Hour)) // all that comes near meanwhile
			written := p.Count("deliveries")
			c.begin(p)
			for range 30 {
				at = at.Add(4 * time.Minute)
				p.stand(at.In(jakarta).Format("2006-01-02 15:04"))
				planAll(p, p.World, at)
				p.change(duties[0], "details", at.String())
				_, _ = p.sender.ProcessDue(context.Background(), at) // what it says of the trouble is no matter here
			}
			if n := p.Count("deliveries"); n != written {
				t.Errorf("%d letters are written down, before the trouble it were %d", n, written)
			}
			if n := len(p.office.Letters()); n != 0 {
				t.Fatalf("%d letters left in all the trouble", n)
			}
			c.end(p)
			for range 20 {
				at = at.Add(25 * time.Minute)
				p.tick(at.In(jakarta).Format("2006-01-02 15:04"))
			}
			for _, duty := range duties {
				if n := tellOf(p, duty, "partner@example.org"); n != 1 {
					t.Errorf("the partner is told %d times", n)
				}
			}
		})
	}
}

var jakarta = time.FixedZone("WIB", 7*60*60)

// tellOf counts the messages to an address that lead to a record.
func tellOf(p *post, about *core.Record, email string) (n int) {
	p.Helper()
	for _, l := range p.office.Letters() {
		if l.To == email && strings.Contains(text(l), about.Id) {
			n++
		}
	}
	return n
}

// step is a time at which the day of a duty is moved, if it is, and the hub ticks.
type step struct{ at, day string }

// Seen in CiviCRM: whoever moved a date had its messages sent over and over.
func TestBugAMovedAnchorTellsOnceOfEachDay(t *testing.T) {
	for name, c := range map[string]struct {
		steps []step
		want  []string // when messages left
	}{
		"before anything left": {[]step{{"2026-12-01 09:00", "2026-12-15"}, {"2026-12-07 08:00", ""}, {"2026-12-09 08:00", ""}, {"2026-12-12 08:00", ""},
			{"2026-12-12 08:01", ""}, {"2026-12-14 08:00", ""}}, []string{"2026-12-12 08:00", "2026-12-14 08:00"}},
		"after the first letter": {[]step{{"2026-12-07 08:00", ""}, {"2026-12-07 09:00", "2026-12-15"}, {"2026-12-09 08:00", ""}, {"2026-12-10 08:00", ""},
			{"2026-12-12 08:00", ""}}, []string{"2026-12-07 08:00", "2026-12-12 08:00"}},
		"away and back after the first letter": {[]step{{"2026-12-07 08:00", ""}, {"2026-12-07 09:00", "2026-12-15"}, {"2026-12-07 09:01", "2026-12-10"},
			{"2026-12-07 09:02", ""}, {"2026-12-09 08:00", ""}}, []string{"2026-12-07 08:00", "2026-12-09 08:00"}},
		"away and back ten times": {append(slices.Repeat([]step{{"2026-12-07 09:00", "2026-12-15"}, {"2026-12-07 09:01", "2026-12-10"}}, 10),
			step{"2026-12-07 09:02", ""}, step{"2026-12-09 08:00", ""}), []string{"2026-12-07 09:01", "2026-12-09 08:00"}},
		"by one day, again and again": {[]step{{"2026-12-05 09:00", "2026-12-11"}, {"2026-12-05 09:01", "2026-12-12"}, {"2026-12-05 09:02", "2026-12-13"},
			{"2026-12-07 08:00", ""}, {"2026-12-09 08:00", ""}, {"2026-12-10 08:00", ""}}, []string{"2026-12-10 08:00"}},
		"on the day itself": {[]step{{"2026-12-07 08:00", ""}, {"2026-12-09 08:00", ""}, {"2026-12-10 08:00", ""},
			{"2026-12-10 09:00", "2026-12-13"}, {"2026-12-10 09:01", ""}, {"2026-12-12 08:00", ""}},
			[]string{"2026-12-07 08:00", "2026-12-09 08:00", "2026-12-10 08:00", "2026-12-10 09:00", "2026-12-12 08:00"}},
		"saved without moving": {[]step{{"2026-12-07 08:00", "2026-12-10"}, {"2026-12-07 08:01", "2026-12-10"}, {"2026-12-07 17:00", "2026-12-10"}},
			[]string{"2026-12-07 08:00"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPost(t)
			p.change(p.Partner, "muted_kinds", []string{"contribution_prompt"})
			r := task(p.World, "2026-12-10")
			left := []string{}
			for _, s := range c.steps {
				p.stand(s.at)
				if s.day != "" {
					p.change(r, "due_on", s.day)
				}
				for range to(p.tick(s.at)) {
					left = append(left, s.at)
				}
			}
			if !slices.Equal(left, c.want) {
				t.Errorf("letters left at %v, want %v", left, c.want)
			}
		})
	}
}

// Seen in Vikunja: one reminder reached the same person twice.
func TestBugNobodyIsToldTheSameThingTwice(t *testing.T) {
	for name, happens := range map[string]func(p *post, r *core.Record){
		"nothing out of the ordinary": func(*post, *core.Record) {},
		"who does it also speaks for the organisation": func(p *post, r *core.Record) {
			p.change(r, "assignee", p.contact("partner@example.org").Id)
		},
		"two contacts share one address": func(p *post, _ *core.Record) {
			p.Make("contacts", "organisation", p.Puskesmas.Id, "position", "Sekretaris", "email", "PARTNER@Example.org", "focal_point", true)
		},
		"two contacts share one account": func(p *post, _ *core.Record) {
			p.Make("contacts", "organisation", p.Puskesmas.Id, "position", "Pelaksana", "user", p.Partner.Id, "email", "lain@example.org", "focal_point", true)
		},
		"two rules speak of one day": func(p *post, _ *core.Record) {
			for range 2 {
				p.own("offset_days", -3)
			}
		},
		"workdays and days fall together": func(p *post, _ *core.Record) {
			p.own("offset_days", -3)
			p.own("offset_days", -3, "workdays", true)
		},
		"a holiday moves one day onto another": func(p *post, _ *core.Record) {
			p.holiday("2026-12-08", "national_holiday", "", false)
			p.own("offset_days", -2)
			p.own("offset_days", -3)
		},
		"everything is planned again": func(p *post, _ *core.Record) {
			for range 5 {
				planAll(p, p.World, p.stand("2026-12-07 07:59"))
			}
		},
		"the program was started anew": func(p *post, _ *core.Record) {
			p.only(p.tick("2026-12-07 08:00"))
			p.sender = anotherSender(p)
		},
		"two senders work at once": func(p *post, _ *core.Record) {
			now := p.stand("2026-12-07 08:00")
			var all sync.WaitGroup
			for _, s := range []*outbox.Sender{p.sender, anotherSender(p), anotherSender(p)} {
				all.Go(func() { _, _ = s.ProcessDue(context.Background(), now) })
			}
			all.Wait()
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPost(t)
			p.change(p.Partner, "muted_kinds", []string{"contribution_prompt"})
			r := task(p.World, "2026-12-10")
			happens(p, r)
			for _, at := range []string{"2026-12-07 08:00", "2026-12-07 08:00", "2026-12-07 08:01", "2026-12-07 12:00"} {
				p.tick(at)
				pending(p)
			}
			others := slices.DeleteFunc(to(p.office.Letters()), func(address string) bool { return address == "initiator@example.org" })
			if len(others) != 1 || tellOf(p, r, others[0]) != 1 {
				t.Errorf("letters left to %v", others)
			}
		})
	}
}

func anotherSender(p *post) *outbox.Sender {
	p.Helper()
	s, err := outbox.NewSender(p.App, digest.Kinds(), testkit.Templates())
	if err != nil {
		p.Fatal(err)
	}
	s.ScheduleWith(digest.Schedule)
	p.Cleanup(s.Close)
	return s
}
