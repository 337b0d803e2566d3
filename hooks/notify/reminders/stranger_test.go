package reminders_test

import (
	"net/http"
	"strings"
	"testing"

	"simpul/hooks/lang"
	"simpul/hooks/notify/outbox"
	"simpul/hooks/testkit"
)

func TestALinkSaysWhenSomebodyElseIsSignedIn(t *testing.T) {
	p, r, l := dueMessage(t)
	name := p.OtherPartner.GetString("name")
	office := "Kepala Puskesmas – Puskesmas Tambakaji"
	answer := lang.T("id", "reminders.answer.stranger", "reader", name, "whose", office)
	wishes := lang.T("id", "reminders.preferences_stranger", "reader", name, "whose", office+" · p…@example.org")
	for path, said := range map[string]string{answerLink(t, l, "Selesai"): answer, answerLink(t, l, "Bukan saya"): answer, wishesOf(t, l): wishes} {
		got := browser(p, p.OtherPartner).Get(path).Want(http.StatusOK)
		if got.Text("main .callout.warn + *") == "" || got.Text("main .callout.warn") != said {
			t.Errorf("%s: to somebody else it says %q", path, got.Text("main"))
		}
		for who, c := range map[string]*testkit.Client{"nobody": p.As(nil), "the reader": browser(p, p.Partner)} {
			if got := c.Get(path).Want(http.StatusOK); got.Doc().Find(".callout.warn").Length() != 0 {
				t.Errorf("%s: to %s it says %q", path, who, got.Text("main"))
			}
		}
	}
	if got := browser(p, p.OtherPartner).Get(answerLink(t, l, "Selesai")); got.Doc().Find(`main a[href="/tasks/`+r.Id+`"]`).Length() != 1 {
		t.Error("the way to the task is gone")
	}
}

func TestASignedInReaderOfAContactsMessageIsToldSo(t *testing.T) {
	w := testkit.New(t)
	contact := w.Make("contacts", "organisation", w.Campus.Id, "position", "Dekan", "email", "dekan@example.org")
	got := w.As(w.Partner).Get(wishesLink(w, "", contact.Id)).Want(http.StatusOK).Text("main .callout.warn")
	if !strings.Contains(got, w.Partner.GetString("name")) || !strings.Contains(got, "Dekan – UIN Walisongo") {
		t.Errorf("the page says %q", got)
	}
}

func TestTheStopPageSaysWhoseMessagesStop(t *testing.T) {
	p := newPost(t)
	twoTasks(p)
	path := stopOf(t, p.only(p.tick("2026-12-07 08:00")))
	want := lang.T("id", "reminders.unsubscribe_whom", "whom", "Kepala Puskesmas – Puskesmas Tambakaji · p…@example.org")
	for _, got := range []*testkit.Response{p.As(nil).Get(path), press(p, path)} {
		if !strings.HasPrefix(got.Text("main .stack > p"), want) || strings.Contains(got.Body, "partner@example.org") {
			t.Errorf("the page says %q", got.Text("main"))
		}
		if got.Doc().Find("main .stack > .actions + section").Length() != 1 {
			t.Error("no room is left below the button")
		}
	}
}

func TestALinkThatWasCutSaysWhatHelps(t *testing.T) {
	p, _, l := dueMessage(t)
	paths := []string{answerLink(t, l, "Selesai"), wishesOf(t, l), stopOf(t, l)}
	for _, path := range paths {
		for _, language := range lang.Languages {
			reader := p.As(nil)
			reader.SetCookie("language", language)
			got := reader.Get(path[:len(path)-4]).Want(http.StatusNotFound)
			if got.Text("main .lead") != lang.T(language, "reminders.broken") || got.Doc().Find(`main a[href="/sign-in"]`).Length() != 1 {
				t.Errorf("%s: the page says %q", path, got.Text("main"))
			}
		}
		if got := browser(p, p.Partner).Post(path[:len(path)-4]).Want(http.StatusNotFound); got.Text("main .lead") != lang.T("id", "reminders.broken") {
			t.Errorf("%s: a press is answered %q", path, got.Text("main"))
		}
	}
	reader := p.As(nil)
	if got := reader.Post(outbox.AnswerPath + "wrong/undo").Want(http.StatusNotFound); got.Text("main .lead") != lang.T("id", "reminders.broken") {
		t.Errorf("undo is answered %q", got.Text("main"))
	}
}
