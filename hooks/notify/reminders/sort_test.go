package reminders_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"
)

// folding lets the rules of a kind tell in the daily message.
func folding(p *post, kind string) {
	p.Helper()
	found, err := p.App.FindAllRecords("reminder_rules")
	if err != nil {
		p.Fatal(err)
	}
	for _, r := range found {
		if r.GetString("kind") == kind {
			p.change(r, "digest", true)
		}
	}
}

// text is what a message says, without its parts for machines.
func text(l testkit.Post) string { return l.Part("text/plain") }

func TestA17MessagesForTheDailyOneAreToldTogether(t *testing.T) {
	p := newPost(t)
	folding(p, "task_due")
	a := task(p.World, "2026-12-10", "title", "Jadwal kunjungan")
	b := task(p.World, "2026-12-10", "title", "Daftar peserta")
	l := p.only(p.tick("2026-12-07 08:00"))
	if got := l.Header("Subject"); got != "2 hal menunggu Anda" || l.To != "partner@example.org" {
		t.Errorf("%s gets %q", l.To, got)
	}
	for _, want := range []string{"Menunggu Anda", "Jadwal kunjungan", "Daftar peserta", "/tasks/" + a.Id, "/tasks/" + b.Id, "Kamis, 10 Desember 2026 · KOPI REHAT"} {
		if !strings.Contains(text(l), want) || !strings.Contains(l.Part("text/html"), want) {
			t.Errorf("the letter lacks %q:\n%s", want, text(l))
		}
	}
	for _, r := range []*core.Record{a, b} {
		row := p.row(r, "2026-12-07 08:00", "partner@example.org")
		told, err := p.App.FindRecordById("deliveries", row.GetString("digest_id"))
		if err != nil || row.GetString("state") != "digested" || told.GetString("state") != "sent" {
			t.Errorf("the letter is %s, told by %v (%v)", row.GetString("state"), told, err)
		}
	}
	if again := p.tick("2026-12-07 08:01"); len(again) != 0 {
		t.Errorf("%d letters leave once more", len(again))
	}
}

func TestWhatIsDoneMeanwhileIsNotTold(t *testing.T) {
	p := newPost(t)
	folding(p, "task_due")
	p.change(p.Partner, "send_at", "10:00")
	left := task(p.World, "2026-12-10", "title", "Masih ada")
	done := task(p.World, "2026-12-10", "title", "Sudah beres")
	// The hub was busy: the messages are told, but theirs has not left when one task is done.
	p.stand("2026-12-07 10:00")
	fold(p)
	p.change(done, "state", "done")
	l := p.only(p.tick("2026-12-07 10:01"))
	waiting, _, _ := strings.Cut(text(l), "Kabar")
	if l.Header("Subject") != "1 hal menunggu Anda" || strings.Contains(waiting, "Sudah beres") {
		t.Errorf("the letter says\n%s", text(l))
	}
	if row := p.row(done, "2026-12-07 10:00", "partner@example.org"); row.GetString("state") != "cancelled" || row.GetString("reason") != "done" {
		t.Errorf("the letter about what is done is %s (%s)", row.GetString("state"), row.GetString("reason"))
	}
	if row := p.row(left, "2026-12-07 10:00", "partner@example.org"); row.GetString("state") != "digested" {
		t.Errorf("the other letter is %s", row.GetString("state"))
	}
}

func TestADailyMessageWithNothingToSayStays(t *testing.T) {
	p := newPost(t)
	folding(p, "task_due")
	r := task(p.World, "2026-12-10")
	p.stand("2026-12-07 08:00")
	fold(p)
	p.change(r, "state", "done")
	if left := p.tick("2026-12-07 08:01"); len(left) != 0 {
		t.Fatalf("%d letters left", len(left))
	}
	if daily := p.Only("deliveries", "kind", "digest"); daily.GetString("state") != "skipped" || daily.GetString("reason") != "nothing_to_say" {
		t.Errorf("the daily letter is %s (%s)", daily.GetString("state"), daily.GetString("reason"))
	}
}

// TestAFoldedMessageIsHeldAgainstEveryObjection goes through all that speaks
// against a message once more, for messages told by the daily one. What takes a
// planned message back at once takes back this one as well.
func TestAFoldedMessageIsHeldAgainstEveryObjection(t *testing.T) {
	for name, o := range objections {
		if name == "the contact's last day passes" {
			o.state, o.reason, o.early = "cancelled", "not_concerned", true // by now it has passed
		}
		t.Run(name, func(t *testing.T) {
			p := newPost(t)
			folding(p, "task_due")
			r := task(p.World, "2026-12-10")
			row := p.row(r, "2026-12-07 08:00", "partner@example.org")
			p.stand("2026-12-07 08:00")
			fold(p)
			o.happens(p, r)
			if got, early := p.Fresh(row), o.early; (got.GetString("state") == "cancelled") != early || (got.GetString("digest_id") == "") != early {
				t.Errorf("before the daily letter leaves it is %s (%s), told by %q", got.GetString("state"), got.GetString("reason"), got.GetString("digest_id"))
			}
			if left := to(p.tick("2026-12-07 08:00")); slices.Contains(left, "partner@example.org") {
				t.Errorf("letters left to %v", left)
			}
			after := p.Fresh(row)
			if after.GetString("state") != o.state || after.GetString("reason") != o.reason {
				t.Errorf("the letter is %s (%s), want %s (%s)", after.GetString("state"), after.GetString("reason"), o.state, o.reason)
			}
		})
	}
}

func TestA18AfterThreeMessagesADayFurtherOnesAreToldTogether(t *testing.T) {
	p := newPost(t)
	for n := range 5 {
		task(p.World, "2026-12-10", "title", fmt.Sprintf("Tugas %d", n))
	}
	left := p.tick("2026-12-07 08:00")
	single, together := 0, 0
	for _, l := range left {
		if strings.HasPrefix(l.Header("Subject"), "Tenggat") {
			single++
		} else {
			together += strings.Count(text(l), "/tasks/")
		}
	}
	if single != 3 || together != 2 || len(left) != 4 {
		t.Errorf("%d letters by themselves, %d told together in %d", single, together, len(left)-single)
	}
}

func TestMandatoryMessagesAreNeverToldByAnother(t *testing.T) {
	p := newPost(t)
	folding(p, "task_due")
	p.change(p.rule("task_due", -3), "mandatory", true)
	p.change(p.Partner, "mail_frequency", "weekly")
	for n := range 5 {
		task(p.World, "2026-12-10", "title", fmt.Sprintf("Tugas %d", n))
	}
	if left := p.tick("2026-12-07 21:00"); len(left) != 5 {
		t.Errorf("%d letters left, want five, also at night", len(left))
	}
}

func TestMessagesThatWaitedThroughTheNightLeaveTogether(t *testing.T) {
	p := newPost(t)
	a, b := task(p.World, "2026-12-10", "title", "Satu"), task(p.World, "2026-12-10", "title", "Dua")
	if left := p.tick("2026-12-07 21:00"); len(left) != 0 {
		t.Fatalf("%d letters leave at night", len(left))
	}
	for _, r := range []*core.Record{a, b} {
		if row := p.row(r, "2026-12-07 08:00", "partner@example.org"); row.GetString("state") != "planned" || row.GetString("reason") != "quiet" {
			t.Errorf("at night the letter is %s (%s)", row.GetString("state"), row.GetString("reason"))
		}
	}
	if left := p.tick("2026-12-08 05:59"); len(left) != 0 {
		t.Errorf("%d letters leave before six", len(left))
	}
	l := p.only(p.tick("2026-12-08 08:00"))
	if !strings.Contains(text(l), "Satu") || !strings.Contains(text(l), "Dua") {
		t.Errorf("in the morning comes\n%s", text(l))
	}
}

func TestMessagesHeldForLackOfAServerDoNotAllLeaveByThemselves(t *testing.T) {
	p := unconnected(t)
	for n := range 6 {
		task(p.World, "2026-12-10", "title", fmt.Sprintf("Tugas %d", n))
	}
	p.tick("2026-12-07 08:00")
	if n := p.Count("deliveries"); n == 0 {
		t.Fatal("nothing was planned")
	}
	if err := p.office.Connect(p.App); err != nil {
		t.Fatal(err)
	}
	single, told := 0, 0
	for _, l := range p.tick("2026-12-07 09:00") {
		if l.To != "partner@example.org" {
			continue
		}
		if strings.HasPrefix(l.Header("Subject"), "Tenggat") {
			single++
		} else {
			told += strings.Count(text(l), "/tasks/")
		}
	}
	if single != 3 || told != 3 {
		t.Errorf("%d letters by themselves, %d told together", single, told)
	}
}

func TestWhatARefusedDailyMessageWasToTellSaysSo(t *testing.T) {
	p := newPost(t)
	folding(p, "task_due")
	r := task(p.World, "2026-12-10")
	p.Make("suppressions", "email", "partner@example.org", "reason", "unsubscribed", "kind", "digest")
	if left := to(p.tick("2026-12-07 08:00")); slices.Contains(left, "partner@example.org") {
		t.Errorf("letters left to %v", left)
	}
	if row := p.row(r, "2026-12-07 08:00", "partner@example.org"); row.GetString("state") != "skipped" || row.GetString("reason") != "unsubscribed" {
		t.Errorf("the letter is %s (%s)", row.GetString("state"), row.GetString("reason"))
	}
}
