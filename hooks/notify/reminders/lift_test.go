package reminders_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"
)

const liftPage = rulesPage + "/people/lift"

// returned is a post to whose partner one message came back on Monday and another was kept back on Wednesday.
func returned(t *testing.T, of recipient) (p *post, task1 *core.Record) {
	t.Helper()
	p = newPost(t)
	p.change(p.rule("contribution_prompt", 0), "active", false)
	task1 = task(p.World, "2026-12-10", "organisation", of.organisation(p).Id)
	noSuchBox(p, of.wrong)
	p.tick("2026-12-07 08:00")
	p.tick("2026-12-09 08:00")
	p.office.Refuse = nil
	if n := p.Count("suppressions"); n != 1 {
		t.Fatalf("%d addresses are marked", n)
	}
	return p, task1
}

// fates are the states of an address's messages, in the order in which they were due.
func (p *post) fates(email string) (out []string) {
	p.Helper()
	found, err := p.App.FindRecordsByFilter("deliveries", "email = {:email} && due_at < '2026-12-09 23:00:00.000Z' && due_at > '2026-12-01'", "due_at,key", 0, 0,
		map[string]any{"email": email})
	if err != nil {
		p.Fatal(err)
	}
	for _, r := range found {
		out = append(out, strings.TrimSpace(r.GetString("state")+" "+r.GetString("reason")))
	}
	return out
}

func TestA19AnAddressThatIsRightAfterAllIsTriedAgainAndMarkedAgain(t *testing.T) {
	for name, of := range recipients {
		t.Run(name, func(t *testing.T) {
			p, r := returned(t, of)
			if got := fmt.Sprint(p.fates(of.wrong)); got != "[failed refused skipped bounced]" {
				t.Fatalf("the letters are %s", got)
			}
			team := p.reader(p.Coordinator)
			overview := team.Get(rulesPage).Want(http.StatusOK)
			if got := overview.Text("#bounced summary"); got != "Alamat ini sudah benar – coba lagi" {
				t.Errorf("the button says %q", got)
			}
			email := overview.Doc().Find("#bounced input[name=email]").AttrOr("value", "")
			flash := team.Follow(team.Post(liftPage, "email", strings.ToUpper(email))).Text(".flash")
			if p.Count("suppressions") != 0 || !strings.Contains(flash, "surat ke "+strings.ToLower(of.wrong)+" dikirim lagi, sendiri atau lewat surat harian berikutnya.") {
				t.Errorf("%d marks are left; the page says %q", p.Count("suppressions"), flash)
			}
			left := p.tick("2026-12-09 08:05")
			if len(left) == 0 || left[0].To != of.wrong {
				t.Fatalf("%d letters left", len(left))
			}
			for _, l := range left {
				if !strings.Contains(l.Part("text/plain"), r.GetString("title")) {
					t.Errorf("what left is about something else: %s", l.Part("text/plain"))
				}
			}
			if stateOf(p, p.row(r, "2026-12-09 08:00", of.wrong)) != "sent" {
				t.Errorf("the letters are %v", p.fates(of.wrong))
			}
			seesBounce(p, of, false)
			noSuchBox(p, of.wrong)
			p.tick("2026-12-10 08:00")
			if again := p.Only("suppressions", "reason", "bounced"); again.GetString("email") != strings.ToLower(of.wrong) {
				t.Errorf("marked again is %s", again.GetString("email"))
			}
			seesBounce(p, of, true)
		})
	}
}

func TestNothingOfAFreedAddressLeavesAtNight(t *testing.T) {
	p, r := returned(t, recipients["a person with an account"])
	p.stand("2026-12-09 21:00")
	p.reader(p.Coordinator).Post(liftPage, "email", "partner@example.org").Want(http.StatusSeeOther)
	if left := p.tick("2026-12-09 21:01"); len(left) != 0 {
		t.Errorf("%v get letters at night", to(left))
	}
	if left := p.tick("2026-12-10 08:00"); len(left) == 0 {
		t.Errorf("nothing leaves in the morning either: %v", ledger(p.World, r))
	}
}

func TestOnlyWhatCameBackAndStillHelpsIsTriedAgain(t *testing.T) {
	for name, c := range map[string]struct {
		fields []any
		want   string
	}{
		"came back":                     {[]any{"state", "failed", "reason", "refused", "last_error", "550 5.1.1 no such user"}, "planned"},
		"was kept back":                 {[]any{"state", "skipped", "reason", "bounced"}, "planned"},
		"in other letters":              {[]any{"state", "skipped", "reason", "bounced", "email", "PARTNER@example.org"}, "planned"},
		"of another programme":          {[]any{"state", "skipped", "reason", "bounced", "programme", ""}, "planned"},
		"refused for what it says":      {[]any{"state", "failed", "reason", "refused", "last_error", "550 5.7.1 spam"}, "failed refused"},
		"its sender was unknown":        {[]any{"state", "failed", "reason", "refused", "last_error", "550 5.1.8 sender"}, "failed refused"},
		"of no use":                     {[]any{"state", "skipped", "reason", "bounced", "useful_until_at", "2026-12-09 00:00:00.000Z"}, "skipped bounced"},
		"three weeks old":               {[]any{"state", "skipped", "reason", "bounced", "due_at", "2026-11-17 01:00:00.000Z"}, "skipped bounced"},
		"stopped by its reader":         {[]any{"state", "skipped", "reason", "unsubscribed"}, "skipped unsubscribed"},
		"told by hand":                  {[]any{"state", "sent", "reason", "by_hand"}, "sent by_hand"},
		"given up":                      {[]any{"state", "failed", "reason", "gave_up", "last_error", "450 busy"}, "failed gave_up"},
		"somebody else's":               {[]any{"state", "skipped", "reason", "bounced", "email", "other@example.org"}, "skipped bounced"},
		"a code that was asked for":     {[]any{"state", "failed", "reason", "refused", "kind", "account", "last_error", "550 5.1.1"}, "failed refused"},
		"a letter that told of others":  {[]any{"state", "failed", "reason", "refused", "kind", "digest", "last_error", "550 5.1.1"}, "failed refused"},
		"without an address altogether": {[]any{"state", "skipped", "reason", "no_address", "email", ""}, "skipped no_address"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPost(t)
			p.stand("2026-12-09 09:00")
			p.Make("suppressions", "email", "partner@example.org", "reason", "bounced")
			r := enter(p, 1, append([]any{"email", "partner@example.org", "attempts", 3}, c.fields...)...)
			p.reader(p.Coordinator).Post(liftPage, "email", "partner@example.org").Want(http.StatusSeeOther)
			if got := stateOf(p, r); got != c.want {
				t.Errorf("the letter is %s, want %s", got, c.want)
			}
			if attempts := p.Fresh(r).GetInt("attempts"); (attempts == 0) != (c.want == "planned") {
				t.Errorf("%d attempts count", attempts)
			}
		})
	}
}

// A daily message that came back took others with it; they leave again, in another one.
func TestWhatADailyMessageWasToTellIsToldAgain(t *testing.T) {
	p := newPost(t)
	p.change(p.rule("contribution_prompt", 0), "active", false)
	if _, err := p.App.DB().NewQuery("UPDATE reminder_rules SET digest = TRUE").Execute(); err != nil {
		t.Fatal(err)
	}
	r := task(p.World, "2026-12-10")
	noSuchBox(p, "partner@example.org")
	p.tick("2026-12-09 08:00")
	p.office.Refuse = nil
	told := p.row(r, "2026-12-09 08:00", "partner@example.org")
	if got := stateOf(p, told); got != "failed refused" || p.Fresh(told).GetString("digest_id") == "" {
		t.Fatalf("the letter is %s", got)
	}
	p.reader(p.Coordinator).Post(liftPage, "email", "partner@example.org").Want(http.StatusSeeOther)
	p.tick("2026-12-09 08:05")
	left := p.tick("2026-12-10 08:00")
	teller, err := p.App.FindRecordById("deliveries", p.Fresh(told).GetString("digest_id"))
	if err != nil || stateOf(p, told) != "digested" || stateOf(p, teller) != "sent" {
		t.Fatalf("the letter is %s, %v", stateOf(p, told), err)
	}
	if !slices.ContainsFunc(left, func(l testkit.Post) bool {
		return l.To == "partner@example.org" && strings.Contains(l.Part("text/plain"), r.GetString("title"))
	}) {
		t.Errorf("%v get letters", to(left))
	}
}
