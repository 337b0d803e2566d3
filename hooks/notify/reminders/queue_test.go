package reminders_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/notify/outbox"
	"simpul/hooks/testkit"
	"simpul/hooks/web"
)

// enter writes a message into the ledger as it stands after some history.
func enter(p *post, n int, fields ...any) *core.Record {
	p.Helper()
	base := []any{"kind", "task_due", "programme", p.Kopi.Id, "email", fmt.Sprintf("mitra%d@example.org", n), "key", fmt.Sprintf("k%d", n),
		"due_at", stored(p, "2026-12-07 08:00"), "state", "held", "language", "id", "subject", fmt.Sprintf("Surat %d", n), "url", "/tasks/x"}
	return p.Make("deliveries", append(base, fields...)...)
}

// browser is a person's at a hub that is reached by https, as one with a mail server is.
func browser(p *post, person *core.Record) *testkit.Client {
	p.Helper()
	c := p.As(person)
	c.SetCookie("__Host-simpul", c.Cookie("simpul"))
	return c
}

func queue(p *post) *testkit.Client { return browser(p, p.Administrator) }

func stateOf(p *post, r *core.Record) string {
	fresh := p.Fresh(r)
	return strings.TrimSpace(fresh.GetString("state") + " " + fresh.GetString("reason"))
}

func TestTheQueueShowsTheLatestFirstByWhatHappened(t *testing.T) {
	p := newPost(t)
	p.stand("2026-12-09 09:00")
	enter(p, 1, "state", "sent", "due_at", stored(p, "2026-12-01 08:00"), "sent_at", stored(p, "2026-12-08 10:00"), "server_reply", "250 queued as 1A2B")
	enter(p, 2, "state", "held", "due_at", stored(p, "2026-12-08 12:00"))
	enter(p, 3, "state", "failed", "due_at", stored(p, "2026-12-07 08:00"), "attempts", 2, "last_error", "550 5.7.1 not allowed")
	enter(p, 4, "state", "planned", "due_at", stored(p, "2026-12-20 08:00"))
	seen := queue(p).Get("/mailbox").Want(http.StatusOK)
	var order []string
	for _, title := range []string{"Surat 2", "Surat 1", "Surat 3"} {
		order = append(order, fmt.Sprintf("%07d", strings.Index(seen.Text("main"), title)))
	}
	if !slices.IsSorted(order) || strings.Contains(seen.Body, "Surat 4") {
		t.Errorf("the order is %v in %s", order, seen.Text("main"))
	}
	for _, want := range []string{"550 5.7.1 not allowed", "250 queued as 1A2B", "2 kali dicoba", "Terkirim: Sel, 8 Des 2026, 10.00 WIB", "Direncanakan"} {
		if !strings.Contains(seen.Text("main"), want) {
			t.Errorf("the page does not say %q: %s", want, seen.Text("main"))
		}
	}
	if planned := queue(p).Get("/mailbox?state=planned").Want(http.StatusOK); !strings.Contains(planned.Body, "Surat 4") || strings.Contains(planned.Body, "Surat 2") {
		t.Error("the filter of the address is not followed")
	}
	queue(p).Get("/mailbox?state=nonsense&page=-4").Want(http.StatusOK)
}

func TestTheQueueGivesTheRecipientsOwnHour(t *testing.T) {
	p := newPost(t)
	p.change(p.BaliPartner, "time_zone", "Asia/Makassar")
	p.stand("2026-12-09 09:00")
	enter(p, 1, "user", p.BaliPartner.Id, "due_at", stored(p, "2026-12-07 08:00 Asia/Makassar"))
	if seen := queue(p).Get("/mailbox"); !strings.Contains(seen.Text("main"), "08.00 WITA") {
		t.Errorf("the hour is not the recipient's: %s", seen.Text("main"))
	}
}

func TestTheQueueIsPaged(t *testing.T) {
	p := newPost(t)
	p.stand("2026-12-09 09:00")
	for n := range 65 {
		enter(p, n, "state", "sent", "sent_at", stored(p, fmt.Sprintf("2026-12-08 08:%02d", n%60)))
	}
	seen := map[string]bool{}
	for n, want := range []int{30, 30, 5} {
		page := queue(p).Get(fmt.Sprintf("/mailbox?state=sent&page=%d", n+1)).Want(http.StatusOK)
		articles := page.Doc().Find("main article")
		for _, a := range articles.EachIter() {
			seen[a.AttrOr("id", "")] = true
		}
		if articles.Length() != want || (n < 2) != (page.Doc().Find(`a[rel="next"]`).Length() == 1) {
			t.Errorf("page %d lists %d letters", n+1, articles.Length())
		}
	}
	if behind := queue(p).Get("/mailbox?state=sent&page=9").Want(http.StatusOK); behind.Doc().Find(`a[href="/mailbox?state=sent"]`).Length() < 2 {
		t.Errorf("a page behind the end does not lead back: %s", behind.Text("main"))
	}
	if len(seen) != 65 {
		t.Errorf("the pages list %d letters", len(seen))
	}
}

func TestAnAdministratorMovesMessagesAndTheActivityKnows(t *testing.T) {
	for _, c := range []struct {
		name, step, pick string
		before, after    []string // of two messages in the same state
		reason           string
	}{
		{"retry one", "retry", "id", []string{"failed refused"}, []string{"queued", "failed refused"}, ""},
		{"retry all", "retry", "state", []string{"failed refused"}, []string{"queued", "queued"}, ""},
		{"retry what may have arrived", "retry", "id", []string{"uncertain twice_unclear"}, []string{"queued", "uncertain twice_unclear"}, ""},
		{"release one", "release", "id", []string{"held mail_held"}, []string{"queued", "held mail_held"}, ""},
		{"release all", "release", "state", []string{"held mail_held"}, []string{"queued", "queued"}, ""},
		{"drop one", "drop", "id", []string{"held smtp_off"}, []string{"skipped dropped_told", "held smtp_off"}, outbox.ReasonDroppedTold},
		{"drop all", "drop", "state", []string{"planned"}, []string{"skipped dropped_late", "skipped dropped_late"}, outbox.ReasonDroppedLate},
		{"what was sent stays", "retry", "state", []string{"sent"}, []string{"sent", "sent"}, ""},
		{"what is on its way stays", "drop", "state", []string{"sending"}, []string{"sending", "sending"}, outbox.ReasonDroppedLate},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPost(t)
			p.stand("2026-12-07 09:00")
			state, reason, _ := strings.Cut(c.before[0], " ")
			messages := []*core.Record{enter(p, 1, "state", state, "reason", reason), enter(p, 2, "state", state, "reason", reason)}
			fields := []string{"state", state, "reason", c.reason}
			if c.pick == "id" {
				fields = append(fields, "id", messages[0].Id)
			}
			queue(p).Post("/mailbox/"+c.step, fields...).Want(http.StatusSeeOther)
			for i, want := range c.after {
				if got := stateOf(p, messages[i]); got != want {
					t.Errorf("letter %d is %q, want %q", i+1, got, want)
				}
				if released := p.Fresh(messages[i]).GetBool("hold_override"); released != (c.step == "release" && want != c.before[0]) {
					t.Errorf("letter %d: hold_override = %v", i+1, released)
				}
				traced, err := p.App.CountRecords("activity", dbx.HashExp{"collection": "deliveries", "record": messages[i].Id, "actor": p.Administrator.Id})
				if err != nil || (traced == 1) != (want != c.before[0]) {
					t.Errorf("letter %d stands %d times in the activity, %v", i+1, traced, err)
				}
			}
		})
	}
}

func TestOnlyAdministratorsActOnTheQueue(t *testing.T) {
	p := newPost(t)
	letter := enter(p, 1)
	web.Demonstrate(p.App)
	for _, person := range []*core.Record{p.Initiator, p.Coordinator, p.Partner, p.Observer} {
		seen := browser(p, person).Get("/mailbox").Want(http.StatusOK)
		if n := seen.Doc().Find(`main form[action^="/mailbox"]`).Length(); n > 0 {
			t.Errorf("%s is offered %d buttons", person.Email(), n)
		}
		for _, step := range []string{"retry", "release", "drop", "release-all", "nonsense"} {
			browser(p, person).Post("/mailbox/"+step, "id", letter.Id, "reason", outbox.ReasonDroppedTold).Want(http.StatusNotFound)
		}
	}
	p.As(nil).Post("/mailbox/release", "id", letter.Id).Want(http.StatusUnauthorized)
	queue(p).Post("/mailbox/nonsense", "id", letter.Id).Want(http.StatusNotFound)
	queue(p).Post("/mailbox/drop", "id", letter.Id, "reason", "because").Want(http.StatusNotFound)
	if got := stateOf(p, letter); got != "held" {
		t.Errorf("the letter is %s", got)
	}
}

func TestAReleasedMessageLeavesAloneWhileTheOthersStayHeld(t *testing.T) {
	p := newPost(t)
	hold(p, outbox.HoldRestored)
	about, other := task(p.World, "2026-12-12"), task(p.World, "2026-12-12")
	p.tick("2026-12-09 08:00")
	row := p.row(about, "2026-12-09 08:00", "partner@example.org")
	if stateOf(p, row) != "held mail_held" {
		t.Fatalf("the letter is %s", stateOf(p, row))
	}
	seen := queue(p).Get("/mailbox").Want(http.StatusOK).Text("main")
	for _, want := range []string{"Semua surat ditahan", "dikembalikan dari cadangan", "Lepaskan penahanan"} {
		if !strings.Contains(seen, want) {
			t.Errorf("the page does not say %q: %s", want, seen)
		}
	}
	queue(p).Post("/mailbox/release", "id", row.Id, "state", "held").Want(http.StatusSeeOther)
	if left := to(p.tick("2026-12-09 08:01")); !slices.Equal(left, []string{"partner@example.org"}) {
		t.Errorf("letters left to %v", left)
	}
	queue(p).Post("/mailbox/release-all").Want(http.StatusSeeOther)
	if left := to(p.tick("2026-12-09 08:02")); !slices.Equal(left, []string{"partner@example.org"}) || stateOf(p, p.row(other, "2026-12-09 08:00", "partner@example.org")) != "sent" {
		t.Errorf("after the release letters left to %v", left)
	}
	traced, err := p.App.CountRecords("activity", dbx.HashExp{"collection": "hub_settings", "actor": p.Administrator.Id})
	if err != nil || traced != 1 {
		t.Errorf("the release stands %d times in the activity, %v", traced, err)
	}
}

// hold holds all messages as the hub does by itself.
func hold(p *post, why string) {
	p.Helper()
	if _, err := p.App.DB().NewQuery("UPDATE hub_settings SET mail_held = TRUE, mail_held_reason = {:why}").Bind(dbx.Params{"why": why}).Execute(); err != nil {
		p.Fatal(err)
	}
}

func TestTryingAgainWakesAChannelThatRests(t *testing.T) {
	p := newPost(t)
	about := task(p.World, "2026-12-12")
	settings, err := p.App.Settings().Clone()
	if err != nil {
		t.Fatal(err)
	}
	settings.SMTP.Port = 1
	if err := p.App.Save(settings); err != nil {
		t.Fatal(err)
	}
	p.tick("2026-12-09 08:00")
	if seen := queue(p).Get("/mailbox").Text("main"); !strings.Contains(seen, "Server surat menolak sambungan") {
		t.Errorf("the page does not say what is wrong with the server: %s", seen)
	}
	before := p.sender.Channel().PausedUntil
	queue(p).Post("/mailbox/retry", "state", "retry").Want(http.StatusSeeOther)
	if p.sender.Channel().PausedUntil.Equal(before) {
		t.Error("the channel still rests")
	}
	p.tick("2026-12-09 08:00")
	if p.sender.Channel().Faults != 2 {
		t.Errorf("%d faults: the server was not tried again for %s", p.sender.Channel().Faults, about.Id)
	}
}

func TestTheQueueSpeaksEnglishToo(t *testing.T) {
	p := newPost(t)
	p.stand("2026-12-09 09:00")
	hold(p, outbox.HoldCopied)
	enter(p, 1, "attempts", 1)
	reader := queue(p)
	reader.Header.Set("Accept-Language", "en")
	seen := reader.Get("/mailbox").Want(http.StatusOK).Text("main")
	for _, want := range []string{"All letters are held", "copied from another hub", "Release this letter", "tried once", "Let letters leave"} {
		if !strings.Contains(seen, want) {
			t.Errorf("the page does not say %q: %s", want, seen)
		}
	}
}
