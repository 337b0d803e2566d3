package reminders_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/notify/outbox"
	"simpul/hooks/testkit"
)

var taskAnswers = []string{"Selesai", "Tunda 2 hari", "Bukan saya"}

// rowOf is what the daily message says of one thing.
func rowOf(t testing.TB, l testkit.Post, title string) string {
	t.Helper()
	_, rest, found := strings.Cut(text(l), "- "+title+"\n")
	if !found {
		t.Fatalf("no row %q: %s", title, text(l))
	}
	row, _, _ := strings.Cut(rest, "\n\n")
	return row
}

// offers are the words of the links in a row, in their order.
func offers(row string) (words []string) {
	for line := range strings.SplitSeq(row, "\n") {
		if word, _, found := strings.Cut(strings.TrimSpace(line), ": "+testkit.HubURL+outbox.AnswerPath); found {
			words = append(words, word)
		}
	}
	return words
}

// dailyTwo is a person's daily message of 7 December about two tasks of Puskesmas.
func dailyTwo(t testing.TB) (p *post, other, r *core.Record, row string) {
	p = newPost(t)
	p.change(p.Partner, "mail_frequency", "daily")
	other, r = task(p.World, "2026-12-10", "title", "Daftar peserta"), task(p.World, "2026-12-10", "title", "Jadwal kunjungan")
	l := p.only(p.tick("2026-12-07 08:00"))
	if l.Header("Subject") != "2 hal menunggu Anda" {
		t.Fatalf("it is called %s", l.Header("Subject"))
	}
	return p, other, r, rowOf(t, l, "Jadwal kunjungan")
}

func TestARowOfTheDailyMessageIsAnsweredByItsOwnLinks(t *testing.T) {
	p, other, r, row := dailyTwo(t)
	if diff := cmp.Diff(taskAnswers, offers(row)); diff != "" {
		t.Fatalf("the row offers (-want +got):\n%s", diff)
	}
	path := linkIn(t, row, "Selesai")
	ask := p.As(nil).Get(path).Want(http.StatusOK)
	for _, want := range []string{"Jadwal kunjungan", "KOPI REHAT", "Kamis, 10 Desember 2026", "Puskesmas Tambakaji", says("done.ask")} {
		if !strings.Contains(ask.Text("main"), want) {
			t.Errorf("the page lacks %q: %s", want, ask.Text("main"))
		}
	}
	if got := p.As(nil).Follow(p.As(nil).Post(path)); got.Text(".callout") != says("done.taken") {
		t.Errorf("the page says %s", got.Text("main"))
	}
	if done := p.Fresh(r); done.GetString("state") != "done" || done.GetString("done_by") != p.Partner.Id || p.Fresh(other).GetString("state") != "todo" {
		t.Errorf("the task is %s by %s, the other %s", done.GetString("state"), done.GetString("done_by"), p.Fresh(other).GetString("state"))
	}
	if l := p.row(r, "2026-12-07 08:00", "partner@example.org"); l.GetString("state") != "digested" || l.GetString("answer") != "done" {
		t.Errorf("the letter is %s, answered %q", l.GetString("state"), l.GetString("answer"))
	}
	if got := undo(p, path); got.Text(".flash.ok") != says("undone") || p.Fresh(r).GetString("state") != "todo" {
		t.Errorf("taken back, the task is %s and the page says %s", p.Fresh(r).GetString("state"), got.Text(".flash"))
	}
	if l := p.row(r, "2026-12-07 08:00", "partner@example.org"); l.GetString("answer") != "" {
		t.Errorf("taken back, the letter is answered %q", l.GetString("answer"))
	}
}

func TestWhatIsPutOffInADailyMessageRestsInTheNext(t *testing.T) {
	p, other, r, row := dailyTwo(t)
	path := linkIn(t, row, "Tunda 2 hari")
	got := p.As(nil).Follow(p.As(nil).Post(path))
	if !strings.Contains(got.Text(".callout"), "Rab, 9 Des 2026, 08.00 WIB") {
		t.Errorf("the page says %s", got.Text(".callout"))
	}
	l := p.only(p.tick("2026-12-09 08:00"))
	if got := offers(rowOf(t, l, "Jadwal kunjungan")); !cmp.Equal(taskAnswers, got) || strings.Count(text(l), "/tasks/"+r.Id) != 1 {
		t.Errorf("after the rest the row offers %v in\n%s", got, text(l))
	}
	if row := p.row(other, "2026-12-09 08:00", "partner@example.org"); row.GetString("state") != "digested" {
		t.Errorf("the letter about the other task is %s", row.GetString("state"))
	}
}

func TestATaskDeclinedFromADailyMessageIsGoneFromTheNext(t *testing.T) {
	p, _, r, row := dailyTwo(t)
	path := linkIn(t, row, "Bukan saya")
	p.As(nil).Post(path, "reply_reason", "Lebih tepat untuk kelurahan.").Want(http.StatusSeeOther)
	if reply := p.Fresh(r); reply.GetString("reply") != "declined" || reply.GetString("reply_reason") != "Lebih tepat untuk kelurahan." {
		t.Errorf("the reply is %s: %s", reply.GetString("reply"), reply.GetString("reply_reason"))
	}
	l := p.only(p.tick("2026-12-09 08:00"))
	if strings.Contains(text(l), "Jadwal kunjungan") || !strings.Contains(text(l), "Daftar peserta") {
		t.Errorf("the next letter says\n%s", text(l))
	}
	if got := undo(p, path); got.Text(".flash.ok") != says("undone") || p.Fresh(r).GetString("reply") != "" {
		t.Errorf("taken back, the reply is %q and the page says %s", p.Fresh(r).GetString("reply"), got.Text(".flash"))
	}
}

func TestNothingIsSaidFromARowOfADailyMessage(t *testing.T) {
	p := newPost(t)
	p.change(p.OtherPartner, "mail_frequency", "daily")
	planAll(p, p.World, p.stand("2026-11-24 00:30"))
	row := rowOf(t, find(p, p.tick("2026-11-25 08:00"), "other-partner@example.org"), "Forum PSM Semarang")
	if got := offers(row); !cmp.Equal(got, []string{"Nihil bulan ini"}) {
		t.Fatalf("the row offers %v", got)
	}
	path := linkIn(t, row, "Nihil bulan ini")
	p.As(nil).Post(path).Want(http.StatusSeeOther)
	if r := p.Only("nil_reports", "month", "2026-11"); r.GetString("organisation") != p.Forum.Id || r.GetString("said_by") != p.OtherPartner.Id {
		t.Errorf("kept is %s by %s", r.GetString("organisation"), r.GetString("said_by"))
	}
	if got := undo(p, path); got.Text(".flash.ok") != says("undone") || p.Count("nil_reports") != 0 {
		t.Errorf("taken back, %d are kept and the page says %s", p.Count("nil_reports"), got.Text(".flash"))
	}
}

func TestWhoFindsNoAnswersInADailyMessage(t *testing.T) {
	p := newPost(t)
	folding(p, "task_due")
	p.change(p.rule("task_due", -3), "audience", []string{"organisation", "initiators"})
	p.Make("contacts", "organisation", p.Puskesmas.Id, "position", "Bidan", "email", "bidan@example.org")
	task(p.World, "2026-12-10", "title", "Jadwal kunjungan")
	left := p.tick("2026-12-07 08:00")
	for email, want := range map[string][]string{
		"partner@example.org":   taskAnswers,
		"bidan@example.org":     nil, // no account in whose name anything could happen
		"initiator@example.org": nil, // it waits for somebody else
	} {
		if got := offers(rowOf(t, find(p, left, email), "Jadwal kunjungan")); !cmp.Equal(got, want) {
			t.Errorf("%s is offered %v, want %v", email, got, want)
		}
	}
}

// A mailbox may be that of an office and of somebody with an account: what greets the one does not act for the other.
func TestAMessageThatGreetsSomebodyElseAnswersForNobody(t *testing.T) {
	for greeted, hour := range map[string]string{"Sekretaris": "07:00", "Narahubung Puskesmas": ""} {
		p := newPost(t)
		folding(p, "task_due")
		p.change(p.contact("other-partner@example.org"), "focal_point", false)
		p.Make("contacts", "organisation", p.Forum.Id, "position", "Sekretaris", "email", "Partner@example.org", "focal_point", true, "language", "en")
		p.change(p.Forum, "send_at", hour)
		p.change(p.Partner, "send_at", "07:30")
		task(p.World, "2026-12-10", "title", "Tugas kami")
		task(p.World, "2026-12-10", "title", "Tugas forum", "organisation", p.Forum.Id)
		left := p.tick("2026-12-07 08:00")
		i := slices.IndexFunc(left, func(l testkit.Post) bool { return strings.Contains(text(l), "- Tugas kami\n") })
		if i < 0 || !strings.Contains(text(left[i]), greeted+",\n") {
			t.Fatalf("%d letters, the task is told in %d", len(left), i)
		}
		want, says := taskAnswers, "Kamis, 10 Desember"
		if greeted == "Sekretaris" {
			want, says = nil, "Thursday, 10 December"
		}
		row := rowOf(t, left[i], "Tugas kami")
		if got := offers(row); !cmp.Equal(got, want) || !strings.Contains(row, says) {
			t.Errorf("the letter to %s offers %v, want %v, and says\n%s", greeted, got, want, row)
		}
	}
}

// Within the week of its due day several messages tell of one task, and two milestones lead to the same page.
func TestEachThingHasOneRowWithOneSetOfAnswers(t *testing.T) {
	p := newPost(t)
	p.change(p.Partner, "mail_frequency", "weekly")
	r := task(p.World, "2026-12-10", "title", "Jadwal kunjungan")
	p.night("2026-12-07 00:30")
	l := find(p, p.tick("2026-12-07 08:00"), "partner@example.org")
	if n := p.count("subject_id = '" + r.Id + "' AND state = 'digested' AND email = 'partner@example.org'"); n < 2 {
		t.Fatalf("%d letters are told", n)
	}
	for _, part := range []string{text(l), l.Part("text/html")} {
		if strings.Count(part, outbox.AnswerPath) != 3 || strings.Count(part, "/tasks/"+r.Id) != 1 {
			t.Errorf("%d answers to a task told %d times in\n%s", strings.Count(part, outbox.AnswerPath), strings.Count(part, "/tasks/"+r.Id), part)
		}
	}
	folding(p, "milestone_due")
	milestone(p, "2026-12-17")
	p.change(milestone(p, "2026-12-17"), "title", "Rencana kerja terbit")
	l = find(p, p.tick("2026-12-10 08:00"), "initiator@example.org")
	for _, want := range []string{"- SK tim terbit\n", "- Rencana kerja terbit\n"} {
		if !strings.Contains(text(l), want) {
			t.Errorf("the letter lacks %q:\n%s", want, text(l))
		}
	}
}
