package reminders_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/notify/outbox"
	"simpul/hooks/signedlink"
	"simpul/hooks/testkit"
)

// stopOf is the path behind a message's List-Unsubscribe.
func stopOf(t testing.TB, l testkit.Post) string {
	t.Helper()
	address, one := strings.CutPrefix(strings.Trim(l.Header("List-Unsubscribe"), "<>"), testkit.HubURL)
	if !one || l.Header("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" {
		t.Fatalf("the letter offers %q, %q", l.Header("List-Unsubscribe"), l.Header("List-Unsubscribe-Post"))
	}
	return address
}

// press is what a mail service does when a reader presses its button: a POST from its own machines, without cookies.
func press(p *post, path string) *testkit.Response {
	p.Helper()
	req := httptest.NewRequest(http.MethodPost, path, strings.NewReader("List-Unsubscribe=One-Click"))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", "https://mail.example")
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	return p.As(nil).Do(req)
}

// everything is the content of all collections, to see that nothing has changed.
func everything(p *post) map[string][]dbx.NullStringMap {
	p.Helper()
	all := map[string][]dbx.NullStringMap{}
	collections, err := p.App.FindAllCollections()
	if err != nil {
		p.Fatal(err)
	}
	for _, c := range collections {
		var rows []dbx.NullStringMap
		if err := p.App.DB().Select("*").From(c.Name).OrderBy("id").All(&rows); err != nil {
			p.Fatal(err)
		}
		all[c.Name] = rows
	}
	return all
}

// twoTasks are due on two days, so that a second message follows the first.
func twoTasks(p *post) {
	task(p.World, "2026-12-10")
	task(p.World, "2026-12-11")
}

func muted(p *post, r *core.Record) []string { return p.Fresh(r).GetStringSlice("muted_kinds") }

func TestA15OnePressStopsAKindOfMessage(t *testing.T) {
	p := newPost(t)
	twoTasks(p)
	path := stopOf(t, p.only(p.tick("2026-12-07 08:00")))
	before := everything(p)
	for range 20 {
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodOptions} {
			if got := p.As(nil).Do(httptest.NewRequest(method, path, nil)); method == http.MethodGet && got.Status != http.StatusOK {
				t.Fatalf("a scanner gets %d", got.Status)
			}
		}
	}
	if diff := cmp.Diff(before, everything(p)); diff != "" {
		t.Fatalf("looking changed something: %s", diff)
	}
	for range 2 {
		if got := press(p, path).Want(http.StatusOK); got.Header.Get("Location") != "" || got.Header.Get("Set-Cookie") != "" {
			t.Errorf("the answer to a machine: %v", got.Header)
		}
		rows, err := p.App.FindAllRecords("suppressions")
		if err != nil || len(rows) != 1 || rows[0].GetString("email") != "partner@example.org" ||
			rows[0].GetString("reason") != outbox.ReasonUnsubscribed || rows[0].GetString("kind") != "task_due" {
			t.Errorf("suppressions: %v, %v", rows, err)
		}
		if kinds := muted(p, p.Partner); !slices.Equal(kinds, []string{"task_due"}) {
			t.Errorf("muted: %v", kinds)
		}
	}
	if left := p.tick("2026-12-08 08:00"); len(left) != 0 {
		t.Errorf("%v still get letters", to(left))
	}
}

func TestA15AWrongTokenIsAMissingPage(t *testing.T) {
	p := newPost(t)
	twoTasks(p)
	path := stopOf(t, p.only(p.tick("2026-12-07 08:00")))
	before := everything(p)
	other, err := signedlink.New(p.App, "preferences", p.Partner.Id, "", "", "task_due")
	if err != nil {
		t.Fatal(err)
	}
	altered := path[:20] + "zz" + path[22:]
	for _, wrong := range []string{outbox.StopPath + "a-token", path[:len(path)-1], path + "A", altered, outbox.StopPath + other} {
		p.As(nil).Get(wrong).Want(http.StatusNotFound)
		press(p, wrong).Want(http.StatusNotFound)
		p.As(nil).Post(wrong + "/undo").Want(http.StatusNotFound)
	}
	if diff := cmp.Diff(before, everything(p)); diff != "" {
		t.Errorf("a wrong token changed something: %s", diff)
	}
	p.remove(p.Partner)
	press(p, path).Want(http.StatusNotFound)
}

func TestA15TheTokenHidesThePersonAndFitsOneKind(t *testing.T) {
	p := newPost(t)
	twoTasks(p)
	p.Make("tasks", "programme", p.Kopi.Id, "title", "Undang tokoh", "organisation", p.Forum.Id, "accountable", p.Initiator.Id,
		"due_on", "2026-12-10", "state", "todo")
	messages := p.tick("2026-12-07 08:00")
	paths := map[string]bool{}
	for _, l := range messages {
		paths[stopOf(t, l)] = true
		if strings.Contains(stopOf(t, l), "@") || strings.Contains(stopOf(t, l), "task") {
			t.Errorf("the address speaks: %s", stopOf(t, l))
		}
	}
	if len(paths) != len(messages) || len(messages) < 2 {
		t.Errorf("%d letters, %d addresses to stop them", len(messages), len(paths))
	}
}

func TestOnlyThePressItselfMayComeFromAnotherSite(t *testing.T) {
	p := newPost(t)
	twoTasks(p)
	path := stopOf(t, p.only(p.tick("2026-12-07 08:00")))
	press(p, path+"/undo").Want(http.StatusForbidden)
	press(p, "/me/language").Want(http.StatusForbidden)
	press(p, "/sign-out").Want(http.StatusForbidden)
}

func TestTheVisibleLinkAsksStopsAndUndoes(t *testing.T) {
	p := newPost(t)
	p.change(p.rule("task_due", 0), "mandatory", true)
	p.change(p.Partner, "language", "en")
	twoTasks(p)
	l := p.only(p.tick("2026-12-07 08:00"))
	path := stopOf(t, l)
	if !strings.Contains(l.Part("text/plain"), "Stop emails of this kind: "+testkit.HubURL+path) {
		t.Errorf("the letter does not say where to stop: %s", l.Part("text/plain"))
	}
	reader := p.As(nil)
	asked := reader.Get(path).Want(http.StatusOK)
	if text := asked.Text("main"); !strings.Contains(text, "You will no longer receive") || !strings.Contains(text, "Task due soon, where the rule is mandatory") ||
		!strings.Contains(text, "sign-in codes") {
		t.Errorf("the page says %q", text)
	}
	reader.Header.Set("Sec-Fetch-Site", "same-origin")
	action, _ := asked.Doc().Find("main form").Attr("action")
	done := reader.Post(action).Want(http.StatusOK)
	if !strings.Contains(done.Text("main"), "have been stopped") || len(muted(p, p.Partner)) != 1 {
		t.Errorf("after the press: %q, %v", done.Text("main"), muted(p, p.Partner))
	}
	if again := reader.Get(path).Text("main"); !strings.Contains(again, "have been stopped") {
		t.Errorf("looked at again it says %q", again)
	}
	undo, _ := done.Doc().Find("main form").Attr("action")
	for range 2 {
		back := reader.Post(undo).Want(http.StatusOK)
		if !strings.Contains(back.Text("main"), "sent to you again") || len(muted(p, p.Partner)) != 0 || p.Count("suppressions") != 0 {
			t.Errorf("after the undo: %q, %v", back.Text("main"), muted(p, p.Partner))
		}
	}
	if left := p.tick("2026-12-08 08:00"); len(left) != 1 {
		t.Errorf("%d letters after the undo", len(left))
	}
}

func TestThePageSpeaksTheLanguageOfTheMessageUntilTheReaderChooses(t *testing.T) {
	p := newPost(t)
	twoTasks(p)
	path := stopOf(t, p.only(p.tick("2026-12-07 08:00")))
	reader := p.As(nil)
	reader.Header.Set("Accept-Language", "en-GB")
	if text := reader.Get(path).Text("h1"); text != "Hentikan email pengingat" {
		t.Errorf("the page is called %q", text)
	}
	reader.SetCookie("language", "en")
	if text := reader.Get(path).Text("h1"); text != "Stop reminder emails" {
		t.Errorf("after choosing English the page is called %q", text)
	}
}
