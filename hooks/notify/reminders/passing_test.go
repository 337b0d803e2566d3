package reminders_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"simpul/hooks/clock"
	"simpul/hooks/notify/digest"
	"simpul/hooks/notify/outbox"
)

// outcome is a message after the days in which it was due.
type outcome struct {
	outbox.Delivery
	DigestSentAt types.DateTime `db:"digest_sent_at"` // when the digest left that contains it
	Delayed      string         // why it did not leave when it was due
}

// pass takes the app itself through the days from its present on: each night, and each moment at which a message
// becomes due. The real sender hands the messages to a real mail server; only the clock is the test's.
func (p *post) pass(days int) []outcome {
	p.Helper()
	now := clock.Now()
	begin, end, night, delayed := now, now.AddDate(0, 0, days), now, map[string]string{}
	for ; !now.After(end); now = p.nextMoment(now, night) {
		p.Cleanup(clock.Freeze(now))
		if !now.Before(night) {
			planAll(p, p.World, now)
			if err := digest.PlanDaily(p.App, now); err != nil {
				p.Fatal(err)
			}
			night = nextNight(p, now)
		}
		if _, err := p.sender.ProcessDue(context.Background(), now); err != nil {
			p.Fatal(err)
		}
		p.noteDelayed(now, delayed)
	}
	return p.outcomes(begin, end, delayed)
}

// nextMoment is the next hour at which a message is due or tried again, or the night if that comes first.
func (p *post) nextMoment(after, night time.Time) time.Time {
	p.Helper()
	var due types.DateTime
	err := p.App.DB().NewQuery(`SELECT COALESCE(MIN(MAX(due_at, next_attempt_at)), '') FROM deliveries
		WHERE state IN ('planned', 'queued', 'retry') AND MAX(due_at, next_attempt_at) > {:after}`).
		Bind(dbx.Params{"after": after.UTC().Format(types.DefaultDateLayout)}).Row(&due)
	if err != nil {
		p.Fatal(err)
	}
	if due.IsZero() || night.Before(due.Time()) {
		return night
	}
	return due.Time()
}

// nextNight is when the work of the night after a moment begins.
func nextNight(t testing.TB, now time.Time) time.Time {
	t.Helper()
	at, err := clock.At(clock.AddDays(clock.Day(now.Add(-30*time.Minute), clock.Western), 1), "00:30", clock.Western)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// noteDelayed remembers, by id, why messages wait beyond their hour.
func (p *post) noteDelayed(now time.Time, delayed map[string]string) {
	p.Helper()
	var rows []struct {
		ID     string `db:"id"`
		Reason string `db:"reason"`
	}
	err := p.App.DB().NewQuery(`SELECT id, reason FROM deliveries
		WHERE state IN ('planned', 'retry') AND due_at <= {:now} AND next_attempt_at > {:now} AND reason != ''`).
		Bind(dbx.Params{"now": now.UTC().Format(types.DefaultDateLayout)}).All(&rows)
	if err != nil {
		p.Fatal(err)
	}
	for _, row := range rows {
		delayed[row.ID] = row.Reason
	}
}

// outcomes reads what was due in a span of time, in the order of the hours.
func (p *post) outcomes(begin, end time.Time, delayed map[string]string) (all []outcome) {
	p.Helper()
	err := p.App.DB().NewQuery(`SELECT d.*, COALESCE(t.sent_at, '') AS digest_sent_at
		FROM deliveries d LEFT JOIN deliveries t ON t.id = d.digest_id AND d.digest_id != ''
		WHERE d.due_at >= {:begin} AND d.due_at <= {:end} ORDER BY d.due_at, d.key`).
		Bind(dbx.Params{"begin": begin.UTC().Format(types.DefaultDateLayout), "end": end.UTC().Format(types.DefaultDateLayout)}).All(&all)
	if err != nil {
		p.Fatal(err)
	}
	for i := range all {
		all[i].Delayed = delayed[all[i].ID]
	}
	return all
}

// At is the minute in which the message left, by itself or in a digest; of one that did not, the one it was due in.
func (o outcome) at() time.Time {
	for _, left := range []types.DateTime{o.SentAt, o.DigestSentAt} {
		if !left.IsZero() {
			return left.Time().Truncate(time.Minute)
		}
	}
	return o.DueAt.Time()
}

// fatesOf says what became of the messages about a record, by minute and address.
func fatesOf(all []outcome, r *core.Record) (out []string) {
	for _, o := range all {
		if o.SubjectID == r.Id {
			fate := []string{o.at().In(clock.Zone(clock.Western)).Format("2006-01-02 15:04"), o.Email, o.State, o.Reason, o.Delayed}
			out = append(out, strings.Join(slices.DeleteFunc(fate, func(part string) bool { return part == "" }), " "))
		}
	}
	return out
}

func TestWhatBecomesOfEachMessage(t *testing.T) {
	for name, c := range map[string]struct {
		happens func(p *post)
		want    []string
	}{
		"nothing": {func(*post) {}, []string{"2026-12-07 08:00 partner@example.org sent", "2026-12-09 08:00 partner@example.org sent",
			"2026-12-10 08:00 partner@example.org sent"}},
		"a holiday entered late": {func(p *post) {
			p.Make("holidays", "on", "2026-12-09", "name", "Pilkada", "kind", "national_holiday")
		}, []string{"2026-12-07 08:00 partner@example.org sent", "2026-12-08 08:00 partner@example.org sent", "2026-12-10 08:00 partner@example.org sent"}},
		"a pause": {func(p *post) { p.change(p.Partner, "paused_until_on", "2026-12-08") }, []string{
			"2026-12-07 08:00 partner@example.org skipped paused", "2026-12-09 08:00 partner@example.org sent", "2026-12-10 08:00 partner@example.org sent"}},
		"an office that ends": {func(p *post) { p.change(p.contact("partner@example.org"), "until_on", "2026-12-08") }, []string{
			"2026-12-07 08:00 partner@example.org sent", "2026-12-09 08:00 partner@example.org cancelled not_concerned",
			"2026-12-10 08:00 partner@example.org cancelled not_concerned"}},
		"a rule at night": {func(p *post) { p.change(p.rule("task_due", -1), "at", "21:30") }, []string{
			"2026-12-07 08:00 partner@example.org sent", "2026-12-10 06:00 partner@example.org sent quiet", "2026-12-10 08:00 partner@example.org sent"}},
		"a digest": {func(p *post) { p.change(p.Partner, "mail_frequency", "daily") }, []string{
			"2026-12-07 08:00 partner@example.org digested", "2026-12-09 08:00 partner@example.org digested",
			"2026-12-10 08:00 partner@example.org digested"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPost(t)
			p.stand("2026-12-01 09:00")
			r := task(p.World, "2026-12-10")
			c.happens(p)
			pending(p)
			if got := fatesOf(p.pass(9), r); !slices.Equal(got, c.want) {
				t.Errorf("the messages ended as\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}

// inStates says the messages in one of some states, without the digests.
func inStates(all []outcome, states ...string) (rows []string) {
	for _, o := range all {
		if o.Kind != "digest" && slices.Contains(states, o.State) {
			rows = append(rows, o.DueAt.String()+" "+o.Kind+" "+o.occurrence()+" "+o.Email)
		}
	}
	return rows
}

// The rows that the planner wrote ahead are the forecast: while nobody does anything these leave, and no others. Rows
// about what is late reach a week ahead.
func TestWhatThePlannerWroteAheadIsWhatLeaves(t *testing.T) {
	p := newPost(t)
	now := p.stand("2026-12-03 09:00")
	for i, due := range []string{"2026-12-04", "2026-12-07", "2026-12-10", "2026-12-10", "2026-12-11"} {
		p.Make("tasks", "programme", p.Kopi.Id, "title", fmt.Sprintf("Tugas %d", i), "organisation", []string{p.Puskesmas.Id, p.Forum.Id}[i%2],
			"accountable", p.Initiator.Id, "due_on", due, "state", "todo", "urgency", "normal")
	}
	coordination(p)
	p.change(p.OtherPartner, "mail_frequency", "daily", "send_at", "07:00")
	p.change(p.Initiator, "weekend_off", true)
	p.change(p.rule("task_overdue", 1), "at", "12:15") // prayer on a Friday
	planAll(t, p.World, now)
	want := inStates(p.outcomes(now, now.AddDate(0, 0, 7), nil), outbox.StatePlanned)
	all := p.pass(7)
	if diff := cmp.Diff(want, inStates(all, outbox.StateSent, outbox.StateDigested)); diff != "" || len(want) < 15 {
		t.Errorf("of %d messages written ahead (-ahead +left):\n%s", len(want), diff)
	}
	folded := 0
	for _, o := range all {
		if o.State == outbox.StateDigested {
			folded++
			if o.DigestSentAt.IsZero() {
				t.Errorf("the digest with %s %s has not left", o.Kind, o.DueAt)
			}
		}
	}
	if sent := p.count("state = 'sent'"); folded == 0 || len(p.office.Letters()) != sent {
		t.Errorf("%d messages arrived of %d sent, %d are in digests", len(p.office.Letters()), sent, folded)
	}
}
