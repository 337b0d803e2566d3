package reminders_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/notify/outbox"
	"simpul/hooks/signedlink"
	"simpul/hooks/testkit"
)

// answerLink is where a message lets its reader give an answer by the words of its link.
func answerLink(t testing.TB, l testkit.Post, words string) string {
	t.Helper()
	return linkIn(t, l.Part("text/plain"), words)
}

// linkIn is answerLink in a part of a message's text.
func linkIn(t testing.TB, text, words string) string {
	t.Helper()
	_, rest, found := strings.Cut(text, words+": "+testkit.HubURL+outbox.AnswerPath)
	if !found {
		t.Fatalf("no link %q: %s", words, text)
	}
	return outbox.AnswerPath + strings.Fields(rest)[0]
}

// says is the sentence under a key of answers.
func says(key string, args ...any) string { return lang.T("id", "reminders.answer."+key, args...) }

// dueMessage is a task of Puskesmas with its first message.
func dueMessage(t testing.TB) (*post, *core.Record, testkit.Post) {
	p := newPost(t)
	r := task(p.World, "2026-12-10")
	return p, r, p.only(p.tick("2026-12-07 08:00"))
}

func TestATaskIsDoneFromAMessageWithoutSignIn(t *testing.T) {
	p, r, l := dueMessage(t)
	path := answerLink(t, l, "Selesai")
	asks := p.As(nil).Get(path).Want(http.StatusOK)
	for _, want := range []string{"Jadwal home visit", "KOPI REHAT", "Kamis, 10 Desember 2026", "Puskesmas Tambakaji", says("done.ask")} {
		if !strings.Contains(asks.Text("main"), want) {
			t.Errorf("the page lacks %q: %s", want, asks.Text("main"))
		}
	}
	if asks.Doc().Find(`main form[method=post] button.primary`).Length() != 1 || asks.Doc().Find(`main a[href="/tasks/`+r.Id+`"]`).Length() != 1 {
		t.Errorf("the page offers %s", asks.Text("main"))
	}
	for range 2 {
		got := p.As(nil).Follow(p.As(nil).Post(path))
		if got.Text(".callout") != says("done.taken") || got.Text("main form") != says("done.undo") {
			t.Errorf("the page says %s", got.Text("main"))
		}
	}
	done := p.Fresh(r)
	if done.GetString("state") != "done" || done.GetString("done_by") != p.Partner.Id || done.GetDateTime("done_at").IsZero() {
		t.Errorf("the task is %s by %s", done.GetString("state"), done.GetString("done_by"))
	}
	if said := p.Only("activity", "via", "link"); said.GetString("record") != r.Id || said.GetString("actor") != p.Partner.Id {
		t.Errorf("the activity says %s of %s", said.GetString("actor"), said.GetString("record"))
	}
	row := p.row(r, "2026-12-07 08:00", "partner@example.org")
	if row.GetString("answer") != "done" || row.GetDateTime("answered_at").IsZero() {
		t.Errorf("the ledger keeps the answer %q", row.GetString("answer"))
	}
	if left := p.tick("2026-12-09 08:00"); len(left) != 0 {
		t.Errorf("%d letters about what is done", len(left))
	}
}

func TestLookingAtAnAnswerChangesNothing(t *testing.T) {
	p, _, l := dueMessage(t)
	before := everything(p)
	for _, words := range []string{"Selesai", "Tunda 2 hari", "Bukan saya"} {
		for range 5 {
			for _, method := range []string{http.MethodGet, http.MethodHead} {
				p.As(nil).Do(httptest.NewRequest(method, answerLink(t, l, words), nil)).Want(http.StatusOK)
			}
		}
	}
	if diff := cmp.Diff(before, everything(p)); diff != "" {
		t.Errorf("looking changed something: %s", diff)
	}
}

func TestOnlyTheHubsOwnAnswersAreTaken(t *testing.T) {
	p, r, l := dueMessage(t)
	id := p.row(r, "2026-12-07 08:00", "partner@example.org").Id
	good := strings.TrimPrefix(answerLink(t, l, "Selesai"), outbox.AnswerPath)
	made := func(purpose string, parts ...string) string {
		token, err := signedlink.New(p.App, purpose, parts...)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	before := everything(p)
	for name, token := range map[string]string{
		"nonsense": "wrong", "changed": altered(good, 50), "cut": good[:len(good)-3],
		"of another purpose": made("stop", id, "done"), "of an unknown letter": made("answer", "gone00000000000", "done"),
		"of another kind of letter": made("answer", id, "nil_reported"), "of no answer": made("answer", id, ""), "without an answer": made("answer", id),
	} {
		for _, got := range []*testkit.Response{p.As(nil).Get(outbox.AnswerPath + token), p.As(nil).Post(outbox.AnswerPath + token), p.As(nil).Post(outbox.AnswerPath + token + "/undo")} {
			if got.Status != http.StatusNotFound {
				t.Errorf("%s: status %d", name, got.Status)
			}
		}
	}
	foreign := httptest.NewRequest(http.MethodPost, outbox.AnswerPath+good, nil)
	foreign.Header.Set("Sec-Fetch-Site", "cross-site")
	p.As(nil).Do(foreign).Want(http.StatusForbidden)
	if diff := cmp.Diff(before, everything(p)); diff != "" {
		t.Errorf("something changed: %s", diff)
	}
}

// A message is answered until two weeks after it has lost its use.
func TestAnOldAnswerLeadsOn(t *testing.T) {
	p, r, l := dueMessage(t)
	path := answerLink(t, l, "Selesai")
	ends := p.row(r, "2026-12-07 08:00", "partner@example.org").GetDateTime("useful_until_at").Time().AddDate(0, 0, 14)
	t.Cleanup(clock.Freeze(ends.Add(-time.Minute)))
	p.As(nil).Get(path).Want(http.StatusOK)
	t.Cleanup(clock.Freeze(ends))
	before := everything(p)
	for _, got := range []*testkit.Response{p.As(nil).Get(path), p.As(nil).Follow(p.As(nil).Post(path))} {
		got.Want(http.StatusGone)
		if got.Text("main .lead") != says("ended") || got.Doc().Find(`main a[href="/tasks/`+r.Id+`"]`).Length() != 1 ||
			got.Doc().Find(`main a[href="/sign-in"]`).Length() != 1 || strings.Contains(got.Text("main"), "home visit") {
			t.Errorf("the page says %s", got.Text("main"))
		}
	}
	if diff := cmp.Diff(before, everything(p)); diff != "" {
		t.Errorf("something changed: %s", diff)
	}
}

func TestWhatHappenedMeanwhileIsSaidAndNothingChanges(t *testing.T) {
	for name, c := range map[string]struct {
		happens func(p *post, r *core.Record)
		stand   string
		status  int
	}{
		"closed account": {func(p *post, _ *core.Record) { p.change(p.Partner, "disabled", true) }, "closed", http.StatusGone},
		"lost access": {func(p *post, _ *core.Record) {
			p.change(p.Only("contacts", "user", p.Partner.Id), "until_on", "2026-12-06")
		}, "away", http.StatusGone},
		"deleted task":         {func(p *post, r *core.Record) { p.remove(r) }, "gone", http.StatusGone},
		"task called off":      {func(p *post, r *core.Record) { p.change(r, "state", "cancelled") }, "over", http.StatusOK},
		"programme paused":     {func(p *post, _ *core.Record) { p.change(p.Kopi, "status", "paused") }, "over", http.StatusOK},
		"another organisation": {func(p *post, r *core.Record) { p.change(r, "organisation", p.Forum.Id) }, "other", http.StatusOK},
	} {
		t.Run(name, func(t *testing.T) {
			p, r, l := dueMessage(t)
			c.happens(p, r)
			for _, words := range []string{"Selesai", "Tunda 2 hari", "Bukan saya"} {
				path := answerLink(t, l, words)
				before := everything(p)
				got := p.As(nil).Get(path).Want(c.status)
				if got.Text("main .lead") != says(c.stand) || got.Doc().Find("main form").Length() != 0 {
					t.Errorf("%s: the page says %s", words, got.Text("main"))
				}
				if strings.Contains(got.Text("main"), "home visit") != (c.status == http.StatusOK) {
					t.Errorf("%s: the page of somebody who may not see the task says %s", words, got.Text("main"))
				}
				p.As(nil).Post(path)
				if diff := cmp.Diff(before, everything(p)); diff != "" {
					t.Errorf("%s: something changed: %s", words, diff)
				}
			}
		})
	}
}

func TestATaskThatIsNotOursIsDeclinedAndItsMessagesStopForTheReader(t *testing.T) {
	p, r, l := dueMessage(t)
	path := answerLink(t, l, "Bukan saya")
	p.As(nil).Post(path, "reply_reason", strings.Repeat("x", 501)).Want(http.StatusUnprocessableEntity)
	p.As(nil).Post(path, "reply_reason", "NIK 3374010112900001").Want(http.StatusUnprocessableEntity)
	got := p.As(nil).Follow(p.As(nil).Post(path, "reply_reason", "Lebih tepat untuk kelurahan."))
	if got.Text(".callout") != says("declined_by_recipient.taken") {
		t.Errorf("the page says %s", got.Text("main"))
	}
	if reply := p.Fresh(r); reply.GetString("reply") != "declined" || reply.GetString("reply_reason") != "Lebih tepat untuk kelurahan." || reply.GetString("state") != "todo" {
		t.Errorf("the task's reply is %s: %s", reply.GetString("reply"), reply.GetString("reply_reason"))
	}
	// A second person of the organisation is still reminded.
	p.Make("contacts", "organisation", p.Puskesmas.Id, "position", "Bidan", "email", "bidan@example.org", "focal_point", true)
	if left := p.tick("2026-12-09 08:00"); !slices.Equal(to(left), []string{"bidan@example.org"}) {
		t.Errorf("letters go to %v", to(left))
	}
	if row := p.row(r, "2026-12-09 08:00", "partner@example.org"); row.GetString("state") != "skipped" || row.GetString("reason") != "declined_by_recipient" {
		t.Errorf("the letter is %s (%s)", row.GetString("state"), row.GetString("reason"))
	}
	if why := browser(p, p.Partner).Get("/tasks/" + r.Id + "/reminders").Want(http.StatusOK); !strings.Contains(why.Body, lang.T("id", "deliveries.reason.declined_by_recipient")) {
		t.Error("the page that explains letters does not say why")
	}
	p.As(nil).Follow(p.As(nil).Post(path + "/undo")).Want(http.StatusOK)
	if left := p.tick("2026-12-10 08:00"); !slices.Contains(to(left), "partner@example.org") {
		t.Errorf("taken back, letters go to %v", to(left))
	}
}

func TestAReasonIsWrittenForThoseWhoGiveNone(t *testing.T) {
	p, r, l := dueMessage(t)
	p.As(nil).Post(answerLink(t, l, "Bukan saya")).Want(http.StatusSeeOther)
	if reason := p.Fresh(r).GetString("reply_reason"); reason != says("declined_by_recipient.usual") {
		t.Errorf("the reason is %q", reason)
	}
}

// altered is a token with another message at a place.
func altered(token string, at int) string {
	other := "A"
	if token[at:at+1] == other {
		other = "B"
	}
	return token[:at] + other + token[at+1:]
}
