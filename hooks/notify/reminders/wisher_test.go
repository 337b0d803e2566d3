package reminders_test

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/pocketbase/dbx"

	"simpul/hooks/lang"
	"simpul/hooks/notify/outbox"
	"simpul/hooks/testkit"
)

// inputsOf are the names of what can be set on a page.
func inputsOf(r *testkit.Response, form string) (names []string) {
	r.Doc().Find(form + " [name]").Each(func(_ int, input *goquery.Selection) {
		if name := input.AttrOr("name", ""); !slices.Contains(names, name) {
			names = append(names, name)
		}
	})
	return names
}

func TestTheLinkSetsWhatTheAccountSetsAboutMessagesAndNoMore(t *testing.T) {
	w := testkit.New(t)
	link := inputsOf(w.As(nil).Get(wishesLink(w, w.Partner.Id, "")), "main form")
	want := []string{"mail_frequency", "send_at", "weekend_off", "paused_until_on", "muted_kinds"}
	if !slices.Equal(link, want) {
		t.Errorf("by link one sets %v, want %v", link, want)
	}
	account := inputsOf(w.As(w.Partner).Get("/me"), "main form[action='/me']")
	for _, name := range link {
		if !slices.Contains(account, name) {
			t.Errorf("%s cannot be set when signed in", name)
		}
	}
}

func TestTheLinkSignsNobodyIn(t *testing.T) {
	w := testkit.New(t)
	reader := w.As(nil)
	path := wishesLink(w, w.Partner.Id, "")
	reader.Get(path).Want(http.StatusOK)
	reader.Post(path, "mail_frequency", "daily").Want(http.StatusSeeOther)
	if reader.Cookie("simpul") != "" || reader.Cookie("__Host-simpul") != "" {
		t.Error("the link began a session")
	}
	reader.Get("/me").Want(http.StatusSeeOther)
}

func TestALinkSetsItsOwnPersonWhoeverIsSignedIn(t *testing.T) {
	w := testkit.New(t)
	w.As(w.OtherPartner).Post(wishesLink(w, w.Partner.Id, ""), "mail_frequency", "weekly").Want(http.StatusSeeOther)
	if got := w.Fresh(w.Partner).GetString("mail_frequency"); got != "weekly" {
		t.Errorf("the person of the link gets letters %s", got)
	}
	if got := w.Fresh(w.OtherPartner).GetString("mail_frequency"); got == "weekly" {
		t.Error("the person who is signed in was set instead")
	}
	page := w.As(w.OtherPartner).Get(wishesLink(w, w.Partner.Id, "")).Text("main")
	if !strings.Contains(page, "Anda masuk sebagai Ketua Forum PSM") || strings.Count(page, "Forum") != 1 || !strings.Contains(page, "Puskesmas") {
		t.Errorf("the page says %s", page)
	}
}

func TestAKindSwitchedOnByTheLinkComesAgain(t *testing.T) {
	p := newPost(t)
	twoTasks(p)
	first := p.only(p.tick("2026-12-07 08:00"))
	press(p, stopOf(t, first)).Want(http.StatusOK)
	path := wishesOf(t, first)
	if got := p.As(nil).Get(path).Doc().Find(`input[value=task_due][checked]`).Length(); got != 1 {
		t.Error("what was stopped by one press is not ticked")
	}
	p.As(nil).Post(path, "mail_frequency", "immediate").Want(http.StatusSeeOther)
	if n := p.Count("suppressions"); n != 0 || len(muted(p, p.Partner)) != 0 {
		t.Errorf("%d refusals and %v remain", n, muted(p, p.Partner))
	}
	if left := p.tick("2026-12-08 08:00"); len(left) != 1 {
		t.Errorf("%d letters come again", len(left))
	}
}

func TestOnlyUnsubscribedKindsOfAContactAreShownAsOff(t *testing.T) {
	w := testkit.New(t)
	contact := w.Make("contacts", "organisation", w.Campus.Id, "position", "Dekan", "email", "Dekan@example.org")
	w.Make("suppressions", "email", "dekan@example.org", "kind", "task_due", "reason", "unsubscribed")
	w.Make("suppressions", "email", "dekan@example.org", "kind", "meeting_soon", "reason", "complaint")
	path := wishesLink(w, "", contact.Id)
	if got := w.As(nil).Get(path).Doc().Find(`input[name=muted_kinds][checked]`); got.Length() != 1 || got.AttrOr("value", "") != "task_due" {
		t.Errorf("%d kinds are shown as off", got.Length())
	}
	w.As(nil).Post(path).Want(http.StatusSeeOther)
	left, err := w.App.FindAllRecords("suppressions", dbx.HashExp{"email": "dekan@example.org"})
	if err != nil || len(left) != 1 || left[0].GetString("reason") != "complaint" {
		t.Errorf("%d refusals remain, %v", len(left), err)
	}
}

func TestTheDailyMessageLeadsToTheSettingsOnce(t *testing.T) {
	p := newPost(t)
	p.change(p.Partner, "mail_frequency", "daily")
	task(p.World, "2026-12-10")
	text := p.only(p.tick("2026-12-07 08:00")).Part("text/plain")
	if strings.Count(text, lang.T("id", "mail.wishes")+": "+testkit.HubURL+outbox.WishesPath) != 1 {
		t.Errorf("the daily letter says %s", text)
	}
}

// The same button pressed in ten places at once takes one step.
func TestTenPressesAtOnceAreOneAnswer(t *testing.T) {
	p, r, l := dueMessage(t)
	path := answerLink(t, l, "Bukan saya")
	readers := make([]*testkit.Client, 10)
	for i := range readers {
		readers[i] = p.As(nil)
	}
	var presses sync.WaitGroup
	for _, reader := range readers {
		presses.Go(func() {
			if got := reader.Post(path, "reply_reason", "Bukan kami"); got.Status != http.StatusSeeOther {
				t.Errorf("status %d", got.Status)
			}
		})
	}
	presses.Wait()
	steps, err := p.App.FindAllRecords("activity", dbx.HashExp{"record": r.Id, "via": "link"})
	if err != nil || len(steps) != 1 {
		t.Errorf("%d steps are in the activity, %v", len(steps), err)
	}
}

func TestNobodyWritesAnswersOverREST(t *testing.T) {
	p, r, _ := dueMessage(t)
	id := p.row(r, "2026-12-07 08:00", "partner@example.org").Id
	for _, c := range []*testkit.Client{p.As(nil), p.As(p.Partner), p.As(p.Initiator)} {
		got := c.API(http.MethodPatch, "/api/collections/deliveries/records/"+id, map[string]any{"answer": "declined_by_recipient"})
		if got.Status != http.StatusForbidden && got.Status != http.StatusNotFound {
			t.Errorf("status %d", got.Status)
		}
	}
	if got := p.row(r, "2026-12-07 08:00", "partner@example.org").GetString("answer"); got != "" {
		t.Errorf("the answer is %q", got)
	}
}

// A message that tries out a rule shows what it says, but nothing can be answered by it.
func TestATrialMessageCarriesNoAnswers(t *testing.T) {
	p := newPost(t)
	task(p.World, "2026-12-10")
	rule := p.rule("task_due", -3)
	browser(p, p.Initiator).Post("/programmes/kopi/reminders/" + rule.Id + "/test").Want(http.StatusSeeOther)
	if text := find(p, p.tick("2026-11-23 09:00"), "initiator@example.org").Part("text/plain"); strings.Contains(text, outbox.AnswerPath) {
		t.Errorf("the trial says %s", text)
	}
}
