package reminders_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/lang"
	"simpul/hooks/testkit"
)

// putOff is a task due on Thursday, 10 December, whose reader puts the message of Monday off.
func putOff(t testing.TB) (p *post, r *core.Record, path string) {
	t.Helper()
	p, r, l := dueMessage(t)
	path = answerLink(t, l, "Tunda 2 hari")
	p.As(nil).Post(path).Want(http.StatusSeeOther)
	return p, r, path
}

// ending is the message of the ledger that ends the rest about a task.
func ending(p *post, r *core.Record) *core.Record {
	p.Helper()
	rows, err := p.App.FindAllRecords("deliveries", dbx.HashExp{"subject_id": r.Id, "rule": ""})
	if err != nil {
		p.Fatal(err)
	}
	for _, row := range rows {
		if row.GetString("origin") == "snooze" {
			return row
		}
	}
	p.Fatalf("no letter ends the rest: %v", ledger(p.World, r))
	return nil
}

func TestAfterTwoDaysOneMessageComesAtTheReadersHour(t *testing.T) {
	p, r, path := putOff(t)
	got := p.As(nil).Get(path)
	if want := says("later.taken", "when", "Rab, 9 Des 2026, 08.00 WIB"); got.Text(".callout") != want {
		t.Errorf("the page says %q, want %q", got.Text(".callout"), want)
	}
	if due := p.Fresh(r).GetString("due_on"); due != "2026-12-10" {
		t.Errorf("the task is now due on %s", due)
	}
	if left := p.tick("2026-12-08 08:00"); len(left) != 0 {
		t.Errorf("%d letters during the rest", len(left))
	}
	l := p.only(p.tick("2026-12-09 08:00"))
	if l.Header("Subject") != "Tenggat Kamis, 10 Desember 2026: Jadwal home visit" {
		t.Errorf("the letter is called %q", l.Header("Subject"))
	}
	if row := ending(p, r); row.GetString("state") != "sent" || row.GetString("rule") != "" {
		t.Errorf("the letter is %s, of rule %q", row.GetString("state"), row.GetString("rule"))
	}
	if left := p.tick("2026-12-09 20:00"); len(left) != 0 {
		t.Errorf("%d more letters on that day", len(left))
	}
	// The message can be put off again, and the day after reminders go on by their rules.
	answerLink(t, l, "Tunda 2 hari")
	find(p, p.tick("2026-12-11 08:00"), "partner@example.org")
}

func TestPuttingOffTwiceIsPuttingOffOnce(t *testing.T) {
	p, r, path := putOff(t)
	before := ledger(p.World, r)
	p.stand("2026-12-08 15:00")
	got := p.As(nil).Follow(p.As(nil).Post(path))
	if want := says("later.taken", "when", "Rab, 9 Des 2026, 08.00 WIB"); got.Text(".callout") != want {
		t.Errorf("the page says %q, want %q", got.Text(".callout"), want)
	}
	if diff := cmp.Diff(before, ledger(p.World, r)); diff != "" {
		t.Errorf("the ledger changed: %s", diff)
	}
}

func TestWhileOneRestsTheOthersAreReminded(t *testing.T) {
	p := newPost(t)
	p.Make("contacts", "organisation", p.Puskesmas.Id, "position", "Bidan", "email", "bidan@example.org", "focal_point", true)
	r := task(p.World, "2026-12-10")
	p.As(nil).Post(answerLink(t, find(p, p.tick("2026-12-07 08:00"), "partner@example.org"), "Tunda 2 hari"))
	planAll(t, p.World, p.stand("2026-12-08 00:30"))
	if got := to(p.tick("2026-12-09 08:00")); len(got) != 2 {
		t.Errorf("letters go to %v", got)
	}
	row := ending(p, r)
	if row.GetString("email") != "partner@example.org" {
		t.Errorf("the letter that ends the rest goes to %s", row.GetString("email"))
	}
	rested, err := p.App.FindFirstRecordByFilter("deliveries", "reason = 'put_off'")
	if err != nil || rested.GetString("user") != p.Partner.Id || rested.GetString("state") != "skipped" {
		t.Errorf("the letter of the rule: %v", err)
	}
	if why := browser(p, p.Partner).Get("/tasks/" + r.Id + "/reminders"); !strings.Contains(why.Body, lang.T("id", "deliveries.reason.put_off")) {
		t.Error("the page that explains letters does not say why")
	}
}

func TestTheMessageAfterARestGoesWithItsReason(t *testing.T) {
	for name, c := range map[string]struct {
		happens  func(p *post, r *core.Record, path string)
		reason   string
		messages int
	}{
		"done":          {func(p *post, r *core.Record, _ string) { p.change(r, "state", "done") }, "done", 0},
		"called off":    {func(p *post, r *core.Record, _ string) { p.change(r, "state", "cancelled") }, "cancelled", 0},
		"taken back":    {func(p *post, _ *core.Record, path string) { p.As(nil).Post(path + "/undo") }, "not_concerned", 1},
		"without a day": {func(p *post, r *core.Record, _ string) { p.change(r, "due_on", "") }, "not_concerned", 0},
	} {
		p, r, path := putOff(t)
		c.happens(p, r, path)
		if row := ending(p, r); row.GetString("state") != "cancelled" || row.GetString("reason") != c.reason {
			t.Errorf("%s: the letter is %s (%s)", name, row.GetString("state"), row.GetString("reason"))
		}
		if left := p.tick("2026-12-09 08:00"); len(left) != c.messages {
			t.Errorf("%s: %d letters left", name, len(left))
		}
	}
}

func TestATaskThatIsOpenedAgainStillEndsTheRest(t *testing.T) {
	p, r, _ := putOff(t)
	p.change(r, "state", "done")
	p.change(p.Fresh(r), "state", "todo")
	planAll(t, p.World, p.stand("2026-12-08 00:30"))
	p.only(p.tick("2026-12-09 08:00"))
}

func TestARestEndsOnADayOnWhichMessagesLeave(t *testing.T) {
	p := newPost(t)
	p.Make("holidays", "on", "2026-12-10", "name", "Libur", "kind", "national_holiday")
	p.change(p.Partner, "weekend_off", true, "send_at", "09:30")
	task(p.World, "2026-12-09")
	p.tick("2026-12-07 09:30")
	path := answerLink(t, p.only(p.tick("2026-12-08 09:30")), "Tunda 2 hari")
	if ask := p.As(nil).Get(path).Text("main form"); !strings.Contains(ask, "Jum, 11 Des 2026, 09.30 WIB") {
		t.Errorf("the page says %q", ask)
	}
	p.As(nil).Post(path)
	l := find(p, p.tick("2026-12-11 09:30"), "partner@example.org")
	if !strings.HasPrefix(l.Header("Subject"), "Lewat tenggat") {
		t.Errorf("past the due day the letter is called %q", l.Header("Subject"))
	}
}

func TestAMessageIsPutOffOnlyWhileAnotherHelps(t *testing.T) {
	p, r, path := putOff(t)
	p.As(nil).Post(path + "/undo")
	p.change(p.Fresh(r), "due_on", "2026-11-24") // more than two weeks ago on the day after tomorrow
	p.stand("2026-12-07 09:00")
	got := p.As(nil).Get(path).Want(http.StatusOK)
	if got.Text("main .lead") != says("late") {
		t.Errorf("the page says %s", got.Text("main"))
	}
	p.change(p.Fresh(r), "due_on", "2026-12-12")
	p.change(p.Kopi, "ends_on", "2026-12-08")
	if got := p.As(nil).Get(path); got.Text("main .lead") != says("late") {
		t.Errorf("near the end of the programme the page says %s", got.Text("main"))
	}
}

func TestThoseWhoWantOneMessageADayAreToldThereWhenARestEnds(t *testing.T) {
	p, r, _ := putOff(t)
	p.change(p.Partner, "mail_frequency", "daily")
	l := p.only(p.tick("2026-12-09 08:00"))
	if !strings.Contains(l.Part("text/plain"), testkit.HubURL+"/tasks/"+r.Id) || strings.Count(l.Part("text/plain"), "/reminders/answer/") != 3 {
		t.Errorf("the daily letter says %s", l.Part("text/plain"))
	}
	if row := ending(p, r); row.GetString("state") != "digested" {
		t.Errorf("the letter is %s", row.GetString("state"))
	}
}
