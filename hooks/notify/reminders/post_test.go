package reminders_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"simpul/hooks/clock"
	"simpul/hooks/notify/digest"
	"simpul/hooks/notify/outbox"
	"simpul/hooks/testkit"
)

// post is the world with a sender and a mail server to which it is connected.
type post struct {
	*testkit.World
	office *testkit.Office
	sender *outbox.Sender
	seen   int
	// summaries also returns the messages that sum up what was lost while a test jumped over days.
	summaries bool
}

func newPost(t testing.TB) *post {
	t.Helper()
	p := unconnected(t)
	if err := p.office.Connect(p.App); err != nil {
		t.Fatal(err)
	}
	return p
}

// unconnected is a hub to which nobody has told its mail server yet.
func unconnected(t testing.TB) *post {
	t.Helper()
	w := testkit.New(t)
	// Here each message leaves by itself; the daily message has its own tests.
	if _, err := w.App.DB().NewQuery("UPDATE reminder_rules SET digest = FALSE").Execute(); err != nil {
		t.Fatal(err)
	}
	p := &post{World: w, office: testkit.NewOffice(t)}
	var err error
	if p.sender, err = outbox.NewSender(w.App, digest.Kinds(), testkit.Templates()); err != nil {
		t.Fatal(err)
	}
	p.sender.ScheduleWith(digest.Schedule)
	t.Cleanup(p.sender.Close)
	return p
}

// again gives the post a sender that knows the kinds added since.
func (p *post) again() *post {
	p.Helper()
	p.sender.Close()
	sender, err := outbox.NewSender(p.App, digest.Kinds(), testkit.Templates())
	if err != nil {
		p.Fatal(err)
	}
	p.Cleanup(sender.Close)
	return &post{World: p.World, office: p.office, sender: sender}
}

// slot reads a time as people write it: "2026-12-07 08:00" is in Semarang,
// another zone may follow.
func slot(t testing.TB, text string) time.Time {
	t.Helper()
	day, rest, _ := strings.Cut(text, " ")
	hour, zone, _ := strings.Cut(rest, " ")
	at, err := clock.At(day, hour, zone)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// stand moves the world to another time.
func (p *post) stand(at string) time.Time {
	p.Helper()
	now := slot(p, at)
	p.Cleanup(clock.Freeze(now))
	return now
}

// tick is the hub's half minute at a time; it returns the messages that left.
func (p *post) tick(at string) []testkit.Post {
	p.Helper()
	if _, err := p.sender.ProcessDue(context.Background(), p.stand(at)); err != nil {
		p.Fatal(err)
	}
	all := p.office.Letters()
	fresh := all[p.seen:]
	p.seen = len(all)
	if p.summaries {
		return fresh
	}
	return slices.DeleteFunc(slices.Clone(fresh), func(l testkit.Post) bool { return strings.Contains(l.Header("Subject"), "tidak terkirim") })
}

// to lists the addresses of messages.
func to(messages []testkit.Post) (out []string) {
	for _, l := range messages {
		out = append(out, l.To)
	}
	slices.Sort(out)
	return out
}

// only returns the single message among some.
func (p *post) only(messages []testkit.Post) testkit.Post {
	p.Helper()
	if len(messages) != 1 {
		p.Fatalf("%d letters left, want one: %v", len(messages), to(messages))
	}
	return messages[0]
}

// change saves fields of a record as the hub.
func (p *post) change(r *core.Record, fields ...any) {
	p.Helper()
	fresh := p.Fresh(r)
	for i := 0; i+1 < len(fields); i += 2 {
		fresh.Set(fields[i].(string), fields[i+1])
	}
	if err := p.App.Save(fresh); err != nil {
		p.Fatal(err)
	}
}

func (p *post) remove(r *core.Record) {
	p.Helper()
	if err := p.App.Delete(p.Fresh(r)); err != nil {
		p.Fatal(err)
	}
}

// row finds the message about a record that was due at a time.
func (p *post) row(about *core.Record, due, email string) *core.Record {
	p.Helper()
	found, err := p.App.FindRecordsByFilter("deliveries", "subject_id = {:id} && email = {:email} && due_at = {:due}", "", 0, 0,
		map[string]any{"id": about.Id, "email": email, "due": stored(p, due)})
	if err != nil || len(found) != 1 {
		p.Fatalf("%d letters to %q due at %s, %v; the ledger holds\n%s", len(found), email, due, err, strings.Join(ledger(p.World, about), "\n"))
	}
	return found[0]
}

// stored writes a moment as the database does.
func stored(p *post, at string) string {
	p.Helper()
	return slot(p, at).Format(types.DefaultDateLayout)
}
