package reminders_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"simpul/hooks/notify/outbox"
)

func TestAContactWithoutAnAccountStopsAKindToo(t *testing.T) {
	p := newPost(t)
	dean := p.Make("contacts", "organisation", p.Campus.Id, "position", "Dekan", "email", "Dekan@example.org", "focal_point", true, "language", "en")
	for _, day := range []string{"2026-12-10", "2026-12-11"} {
		p.Make("tasks", "programme", p.Kopi.Id, "title", "Kuliah tamu", "organisation", p.Campus.Id, "accountable", p.Initiator.Id, "due_on", day, "state", "todo")
	}
	path := stopOf(t, p.only(p.tick("2026-12-07 08:00")))
	press(p, path).Want(http.StatusOK)
	if left := p.tick("2026-12-08 08:00"); len(left) != 0 {
		t.Errorf("%v still get letters", to(left))
	}
	row := p.Only("suppressions", "email", "dekan@example.org")
	p.As(nil).Post(path + "/undo").Want(http.StatusOK)
	if _, err := p.App.FindRecordById("suppressions", row.Id); err == nil {
		t.Error("the refusal outlives the undo")
	}
	press(p, path)
	p.change(dean, "email", "")
	p.As(nil).Get(path).Want(http.StatusOK)
	p.remove(dean)
	p.As(nil).Get(path).Want(http.StatusNotFound)
}

func TestAnUndoLeavesABouncedAddressAlone(t *testing.T) {
	p := newPost(t)
	twoTasks(p)
	path := stopOf(t, p.only(p.tick("2026-12-07 08:00")))
	p.Make("suppressions", "email", "partner@example.org", "reason", "complaint", "kind", "task_due")
	p.Make("suppressions", "email", "partner@example.org", "reason", "bounced")
	press(p, path).Want(http.StatusOK)
	p.As(nil).Post(path + "/undo").Want(http.StatusOK)
	if n := p.Count("suppressions"); n != 2 {
		t.Errorf("%d suppressions are left", n)
	}
}

func TestMandatoryMessagesComeAllTheSame(t *testing.T) {
	p := newPost(t)
	twoTasks(p)
	path := stopOf(t, p.only(p.tick("2026-12-07 08:00")))
	press(p, path).Want(http.StatusOK)
	p.change(p.rule("task_due", -3), "mandatory", true)
	l := p.only(p.tick("2026-12-08 08:00"))
	if l.Header("List-Unsubscribe")+l.Header("List-Unsubscribe-Post") != "" || strings.Contains(string(l.Raw), outbox.StopPath) {
		t.Errorf("a mandatory letter can be stopped: %s", l.Raw)
	}
}

func TestAKindSwitchedOnAgainInTheSettingsComesAgain(t *testing.T) {
	p := newPost(t)
	twoTasks(p)
	press(p, stopOf(t, p.only(p.tick("2026-12-07 08:00")))).Want(http.StatusOK)
	p.change(p.Partner, "muted_kinds", []string{"meeting_soon"})
	if n := p.Count("suppressions"); n != 0 {
		t.Errorf("%d refusals are left", n)
	}
	if left := p.tick("2026-12-08 08:00"); len(left) != 1 {
		t.Errorf("%d letters came", len(left))
	}
}

func TestAHubWithoutHttpsOffersMailProgramsNoButton(t *testing.T) {
	p := newPost(t)
	settings, err := p.App.Settings().Clone()
	if err != nil {
		t.Fatal(err)
	}
	settings.Meta.AppURL = "http://127.0.0.1:8090"
	if err := p.App.Save(settings); err != nil {
		t.Fatal(err)
	}
	twoTasks(p)
	l := p.only(p.tick("2026-12-07 08:00"))
	if l.Header("List-Unsubscribe")+l.Header("List-Unsubscribe-Post") != "" {
		t.Errorf("the button leads to %s", l.Header("List-Unsubscribe"))
	}
	path := regexp.MustCompile(`http://127\.0\.0\.1:8090(` + outbox.StopPath + `\S+)`).FindStringSubmatch(l.Part("text/plain"))
	if path == nil {
		t.Fatalf("the letter does not say where to stop: %s", l.Part("text/plain"))
	}
	press(p, path[1]).Want(http.StatusOK)
}
