package reminders_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/lang"
	"simpul/hooks/testkit"
)

// prompted is the prompt of November to the two focal points of the forum, with the link of one of them.
func prompted(t testing.TB) (p *post, path string) {
	t.Helper()
	p = newPost(t)
	p.Make("contacts", "organisation", p.Forum.Id, "position", "Sekretaris", "email", "sekretaris@example.org", "focal_point", true)
	planAll(p, p.World, p.stand("2026-11-24 00:30"))
	messages := p.tick("2026-11-25 08:00")
	if l := find(p, messages, "sekretaris@example.org"); strings.Contains(l.Part("text/plain"), "/reminders/answer/") {
		t.Errorf("somebody without an account may answer: %s", l.Part("text/plain"))
	}
	return p, answerLink(t, find(p, messages, "other-partner@example.org"), "Nihil bulan ini")
}

// promptRow is the message by which a partner's contact is asked on a day.
func promptRow(p *post, day, email string) *core.Record {
	p.Helper()
	return p.row(p.Only("stakeholders", "organisation", p.Forum.Id), day, email)
}

func TestNothingIsSaidFromAMessageForTheWholeOrganisation(t *testing.T) {
	p, path := prompted(t)
	p.change(p.rule("contribution_prompt", 0), "repeat_every_days", 2, "repeat_max", 1)
	planAll(t, p.World, p.stand("2026-11-25 09:00"))
	ask := p.As(nil).Get(path).Want(http.StatusOK)
	for _, want := range []string{"Forum PSM Semarang", "KOPI REHAT", "November 2026", "Ketua Forum – Forum PSM Semarang"} {
		if !strings.Contains(ask.Text("main"), want) {
			t.Errorf("the page lacks %q: %s", want, ask.Text("main"))
		}
	}
	if strings.Contains(ask.Body, "Puskesmas") {
		t.Error("the page speaks of another partner")
	}
	for range 2 {
		got := p.As(nil).Follow(p.As(nil).Post(path))
		if want := says("nil_reported.taken", "organisation", "Forum PSM Semarang", "month", "November 2026"); got.Text(".callout") != want {
			t.Errorf("the page says %q, want %q", got.Text(".callout"), want)
		}
	}
	r := p.Only("nil_reports", "month", "2026-11")
	if r.GetString("organisation") != p.Forum.Id || r.GetString("said_by") != p.OtherPartner.Id {
		t.Errorf("kept is %s by %s", r.GetString("organisation"), r.GetString("said_by"))
	}
	if said := p.Only("activity", "collection", "nil_reports"); said.GetString("via") != "link" || said.GetString("actor") != p.OtherPartner.Id {
		t.Errorf("the activity says %s by %s", said.GetString("via"), said.GetString("actor"))
	}
	for _, email := range []string{"other-partner@example.org", "sekretaris@example.org"} {
		if row := promptRow(p, "2026-11-27 08:00", email); row.GetString("state") != "cancelled" || row.GetString("reason") != "nothing_to_report" {
			t.Errorf("the next letter to %s is %s (%s)", email, row.GetString("state"), row.GetString("reason"))
		}
	}
	if answer := promptRow(p, "2026-11-25 08:00", "other-partner@example.org").GetString("answer"); answer != "nil_reported" {
		t.Errorf("the ledger keeps the answer %q", answer)
	}
	if team := browser(p, p.Initiator).Get("/programmes/kopi/contributions").Text("section[aria-labelledby=nil]"); !strings.Contains(team, "Forum PSM Semarang: nihil November 2026") {
		t.Errorf("the team reads %q", team)
	}
}

func TestNothingSaidIsTakenBackByTheSameLink(t *testing.T) {
	p, path := prompted(t)
	p.As(nil).Post(path)
	p.As(nil).Follow(p.As(nil).Post(path + "/undo")).Want(http.StatusOK)
	if n := p.Count("nil_reports"); n != 0 {
		t.Errorf("%d remain", n)
	}
	if got := p.As(nil).Get(path); got.Doc().Find("main form button.primary").Length() != 1 {
		t.Errorf("the page says %s", got.Text("main"))
	}
	// Said again by the team's page or the partner's own, the messages stop as well.
	partner := browser(p, p.OtherPartner)
	partner.Post("/programmes/kopi/nil-reports", "organisation", p.Forum.Id).Want(http.StatusSeeOther)
	if got := p.As(nil).Get(path); got.Doc().Find(".callout").Length() != 1 {
		t.Errorf("the page says %s", got.Text("main"))
	}
}

func TestAContributionLoggedLaterWinsOverNothing(t *testing.T) {
	p, path := prompted(t)
	gift(p)
	got := p.As(nil).Get(path).Want(http.StatusOK)
	if got.Text("main .lead") != says("logged") {
		t.Errorf("the page says %s", got.Text("main"))
	}
	p.As(nil).Post(path)
	if n := p.Count("nil_reports"); n != 0 {
		t.Error("nothing is said beside a gift")
	}
}

func TestOnlyThePartnerItselfSaysThatThereIsNothing(t *testing.T) {
	p, path := prompted(t)
	p.change(p.Only("contacts", "user", p.OtherPartner.Id), "until_on", "2026-11-24")
	got := p.As(nil).Get(path).Want(http.StatusGone)
	if got.Text("main .lead") != says("away") || strings.Contains(got.Text("main"), "Forum") {
		t.Errorf("the page says %s", got.Text("main"))
	}
	p.As(nil).Post(path)
	if n := p.Count("nil_reports"); n != 0 {
		t.Errorf("%d are kept", n)
	}
}

func TestAnswersSpeakTheLanguageOfTheirReader(t *testing.T) {
	p := newPost(t)
	p.change(p.Partner, "language", "en")
	task(p.World, "2026-12-10")
	l := p.only(p.tick("2026-12-07 08:00"))
	for words, answer := range map[string]string{"Done": "done", "Put off 2 days": "later", "Not mine": "declined_by_recipient"} {
		got := p.As(nil).Get(answerLink(t, l, words)).Want(http.StatusOK)
		if got.Text("h1") != lang.T("en", "reminders.answer."+answer+".title") || strings.Contains(got.Body, "⟦") {
			t.Errorf("%s: the page is called %q", words, got.Text("h1"))
		}
	}
}

// What the team gets about others' tasks carries no answer in a partner's name.
func TestTheTeamDoesNotAnswerForAPartner(t *testing.T) {
	p := newPost(t)
	task(p.World, "2026-11-25")
	l := find(p, p.tick("2026-11-26 08:00"), "initiator@example.org")
	text := l.Part("text/plain")
	if !strings.Contains(text, "Selesai: "+testkit.HubURL) || !strings.Contains(text, "Tunda 2 hari: ") || strings.Contains(text, "Bukan saya") {
		t.Errorf("the letter to the team says %s", text)
	}
	p.As(nil).Post(answerLink(t, l, "Selesai")).Want(http.StatusSeeOther)
}
