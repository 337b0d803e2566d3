package reminders_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simpul/hooks/lang"
	"simpul/hooks/notify/outbox"
	"simpul/hooks/signedlink"
	"simpul/hooks/testkit"
)

// wishesOf is where a message lets its reader set how messages come.
func wishesOf(t testing.TB, l testkit.Post) string {
	t.Helper()
	_, rest, found := strings.Cut(l.Part("text/plain"), testkit.HubURL+outbox.WishesPath)
	if !found {
		t.Fatalf("no link leads to the settings: %s", l.Part("text/plain"))
	}
	return outbox.WishesPath + strings.Fields(rest)[0]
}

// wishesLink is the link of a person or of a contact without an account.
func wishesLink(w *testkit.World, user, contact string) string {
	w.Helper()
	token, err := signedlink.New(w.App, "wishes", user, contact)
	if err != nil {
		w.Fatal(err)
	}
	return outbox.WishesPath + token
}

func TestMessagesAreSetByALinkWithoutSignIn(t *testing.T) {
	p := newPost(t)
	twoTasks(p)
	path := wishesOf(t, p.only(p.tick("2026-12-07 08:00")))
	reader := p.As(nil)
	shown := reader.Get(path).Want(http.StatusOK)
	if sub := shown.Text(".page-head"); !strings.Contains(sub, "Puskesmas Tambakaji · p…@example.org") || strings.Contains(shown.Body, "partner@example.org") {
		t.Errorf("the page is for %q", sub)
	}
	reader.Post(path, "mail_frequency", "weekly", "send_at", "10.15", "weekend_off", "on", "paused_until_on", "24 Desember 2026",
		"muted_kinds", "task_overdue", "muted_kinds", "no_such_kind", "name", "Orang lain", "disabled", "true", "language", "en").Want(http.StatusSeeOther)
	after := p.Fresh(p.Partner)
	got := map[string]string{}
	for _, f := range []string{"mail_frequency", "send_at", "weekend_off", "paused_until_on", "name", "disabled", "language"} {
		got[f] = after.GetString(f)
	}
	want := map[string]string{"mail_frequency": "weekly", "send_at": "10:15", "weekend_off": "true", "paused_until_on": "2026-12-24",
		"name": p.Partner.GetString("name"), "disabled": "false", "language": "id"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("kept (-want +got):\n%s", diff)
	}
	if kinds := muted(p, p.Partner); !slices.Equal(kinds, []string{"task_overdue"}) {
		t.Errorf("muted are %v", kinds)
	}
	if said := p.Only("activity", "via", "link"); said.GetString("record") != p.Partner.Id || said.GetString("actor") != p.Partner.Id {
		t.Errorf("the activity says %s of %s", said.GetString("actor"), said.GetString("record"))
	}
}

func TestLookingAtTheSettingsChangesNothing(t *testing.T) {
	p := newPost(t)
	twoTasks(p)
	path := wishesOf(t, p.only(p.tick("2026-12-07 08:00")))
	before := everything(p)
	for range 5 {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			p.As(nil).Do(httptest.NewRequest(method, path, nil)).Want(http.StatusOK)
		}
	}
	if diff := cmp.Diff(before, everything(p)); diff != "" {
		t.Errorf("looking changed something: %s", diff)
	}
}

func TestOnlyTheHubsOwnLinksOpenTheSettings(t *testing.T) {
	w := testkit.New(t)
	good := strings.TrimPrefix(wishesLink(w, w.Partner.Id, ""), outbox.WishesPath)
	other, err := signedlink.New(w.App, "stop", w.Partner.Id, "")
	if err != nil {
		t.Fatal(err)
	}
	long, err := signedlink.New(w.App, "wishes", w.Partner.Id, "", "more")
	if err != nil {
		t.Fatal(err)
	}
	for name, token := range map[string]string{"nonsense": "wrong", "cut": good[:len(good)-2], "changed": altered(good, 0), "of another purpose": other, "with more parts": long} {
		w.As(nil).Get(outbox.WishesPath + token).Want(http.StatusNotFound)
		if r := w.As(nil).Post(outbox.WishesPath+token, "mail_frequency", "weekly"); r.Status != http.StatusNotFound {
			t.Errorf("%s: status %d", name, r.Status)
		}
	}
	foreign := httptest.NewRequest(http.MethodPost, outbox.WishesPath+good, strings.NewReader("mail_frequency=weekly"))
	foreign.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	foreign.Header.Set("Sec-Fetch-Site", "cross-site")
	w.As(nil).Do(foreign).Want(http.StatusForbidden)
	if got := w.Fresh(w.Partner).GetString("mail_frequency"); got == "weekly" {
		t.Errorf("letters now come %s", got)
	}
}

func TestTheLinkOfSomebodyWhoLeftSaysSo(t *testing.T) {
	w := testkit.New(t)
	past := w.Make("contacts", "organisation", w.Campus.Id, "position", "Dekan", "email", "dekan@example.org", "until_on", "2026-11-01")
	for name, path := range map[string]string{
		"disabled":      wishesLink(w, w.Disabled.Id, ""),
		"deleted":       wishesLink(w, "gone00000000000", ""),
		"out of office": wishesLink(w, "", past.Id),
		"nobody at all": wishesLink(w, "", "gone00000000000"),
	} {
		r := w.As(nil).Get(path)
		if r.Status != http.StatusGone || r.Text("h1") != lang.T("id", "reminders.preferences_gone") || r.Doc().Find("main form").Length() != 0 {
			t.Errorf("%s: status %d, %s", name, r.Status, r.Text("h1"))
		}
		if r := w.As(nil).Post(path, "mail_frequency", "weekly"); r.Status != http.StatusGone {
			t.Errorf("%s: a form gets %d", name, r.Status)
		}
	}
	if got := w.Fresh(w.Disabled).GetString("mail_frequency"); got == "weekly" {
		t.Errorf("a closed account now gets letters %s", got)
	}
}

func TestWhatCannotBeSetBehindTheLinkIsExplained(t *testing.T) {
	w := testkit.New(t)
	path := wishesLink(w, w.Partner.Id, "")
	for field, of := range map[string]struct{ value, key string }{
		"send_at":         {"21.00", "reminders.problem_send_at"},
		"mail_frequency":  {"hourly", "problem.not_a_choice"},
		"paused_until_on": {"31/02/2026", "problem.not_a_date"},
	} {
		r := w.As(nil).Post(path, field, of.value, "muted_kinds", "task_due").Want(http.StatusUnprocessableEntity)
		if got, want := r.Text("#"+field+"-error"), lang.T("id", of.key, "label", lang.T("id", "users."+field)); !strings.HasSuffix(got, want) {
			t.Errorf("%s: says %q, want %q", field, got, want)
		}
		if r.Doc().Find(`input[value="task_due"][checked]`).Length() != 1 {
			t.Errorf("%s: the tick is lost", field)
		}
	}
	if got := w.Fresh(w.Partner); got.GetString("send_at") != w.Partner.GetString("send_at") || len(got.GetStringSlice("muted_kinds")) != 0 {
		t.Error("something was kept")
	}
}

func TestAContactWithoutAnAccountChoosesTheKinds(t *testing.T) {
	p := newPost(t)
	p.Make("contacts", "organisation", p.Campus.Id, "position", "Dekan", "email", "dekan@example.org", "focal_point", true, "language", "en")
	p.change(p.Campus, "mail_frequency", "weekly")
	p.change(p.Kopi, "send_at", "09:30")
	contact := p.Only("contacts", "position", "Dekan")
	path := wishesLink(p.World, "", contact.Id)
	r := p.As(nil).Get(path).Want(http.StatusOK)
	if r.Doc().Find("main form [name]").Length() != r.Doc().Find("main form [name=muted_kinds]").Length() {
		t.Errorf("more than kinds can be set: %s", r.Text("main form"))
	}
	if got := fact(t, r, "Reminder emails"); len(got) != 1 || !strings.HasSuffix(got[0], "set by your organisation (UIN Walisongo)") {
		t.Errorf("the page says %v", got)
	}
	if got := fact(t, r, "Send at"); len(got) != 1 || !strings.Contains(got[0], "set by the programme "+p.Kopi.GetString("name")) {
		t.Errorf("the page says %v", got)
	}
	for range 2 {
		p.As(nil).Post(path, "muted_kinds", "task_due", "muted_kinds", "task_overdue").Want(http.StatusSeeOther)
	}
	if n := p.Count("suppressions"); n != 2 {
		t.Errorf("%d refusals are kept", n)
	}
	p.As(nil).Post(path, "muted_kinds", "task_overdue", "mail_frequency", "daily").Want(http.StatusSeeOther)
	if row := p.Only("suppressions", "email", "dekan@example.org"); row.GetString("kind") != "task_overdue" {
		t.Errorf("refused is %s", row.GetString("kind"))
	}
	// The same answer shows on the page of the stop link, and in the ledger.
	if got := p.As(nil).Get(path).Doc().Find(`input[name=muted_kinds][checked]`).AttrOr("value", ""); got != "task_overdue" {
		t.Errorf("ticked is %q", got)
	}
}

func TestTheSettingsSpeakTheReadersLanguage(t *testing.T) {
	w := testkit.New(t)
	w.Partner.Set("language", "en")
	if err := w.App.Save(w.Partner); err != nil {
		t.Fatal(err)
	}
	r := w.As(nil).Get(wishesLink(w, w.Partner.Id, "")).Want(http.StatusOK)
	if r.Text("h1") != "Email settings" || !strings.Contains(r.Body, lang.T("en", "reminders.precedence")) || strings.Contains(r.Body, "⟦") {
		t.Errorf("the page says %s", r.Text("main"))
	}
}

func TestAMandatoryMessageSaysWhyItCannotBeStoppedAndStillLeadsToTheSettings(t *testing.T) {
	p := newPost(t)
	p.change(p.rule("task_due", -3), "mandatory", true)
	task(p.World, "2026-12-10")
	got := p.only(p.tick("2026-12-07 08:00"))
	if text := got.Part("text/plain"); !strings.Contains(text, lang.T("id", "reminders.mandatory")) || strings.Contains(text, outbox.StopPath) {
		t.Errorf("the letter says %s", text)
	}
	p.As(nil).Get(wishesOf(t, got)).Want(http.StatusOK)
}
