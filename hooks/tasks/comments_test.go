package tasks_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

func TestACommentIsReadByThoseItIsFor(t *testing.T) {
	w := newWorld(t)
	w.As(w.Initiator).Post(w.url()+"/comments", "body", "Hanya untuk tim", "visibility", "team").Want(http.StatusSeeOther)
	w.As(w.Initiator).Post(w.url()+"/comments", "body", "Untuk **semua**", "visibility", "partners").Want(http.StatusSeeOther)
	w.As(w.Partner).Post(w.url()+"/comments", "body", "Dari puskesmas").Want(http.StatusSeeOther)
	for person, want := range map[*core.Record]string{
		w.Coordinator:  "Hanya untuk tim, Untuk semua, Dari puskesmas",
		w.Partner:      "Untuk semua, Dari puskesmas",
		w.OtherPartner: "Untuk semua, Dari puskesmas",
		w.Observer:     "Untuk semua, Dari puskesmas",
	} {
		page := w.As(person).Get(w.url()).Want(http.StatusOK)
		said := []string{}
		page.Doc().Find("li[id^=comment-] .prose").Each(collect(&said))
		if got := strings.Join(said, ", "); got != want {
			t.Errorf("%s reads %s, want %s", person.GetString("email"), got, want)
		}
	}
	text := w.As(w.Coordinator).Get(w.url()).Text("section[aria-labelledby=comments]")
	if !strings.Contains(text, "WIB · Tim saja") {
		t.Errorf("the team does not see what stays inside: %q", text)
	}
}

func TestWhoSpokeIsNamedAsFarAsTheReaderMayKnow(t *testing.T) {
	w := newWorld(t)
	w.As(w.Partner).Post(w.url()+"/comments", "body", "Dari puskesmas").Want(http.StatusSeeOther)
	for person, want := range map[*core.Record]string{
		w.Initiator: "Narahubung Puskesmas", w.Partner: "Narahubung Puskesmas", w.OtherPartner: "Puskesmas Tambakaji",
	} {
		if got := w.As(person).Get(w.url()).Text("li[id^=comment-] b"); got != want {
			t.Errorf("%s reads %q, want %q", person.GetString("email"), got, want)
		}
	}
	w.Make("comments", "task", w.task.Id, "body", "Catatan", "visibility", "partners")
	if text := w.As(w.Partner).Get(w.url()).Text("section[aria-labelledby=comments]"); !strings.Contains(text, "Simpul Lima") {
		t.Errorf("the hub's own word is shown as %q", text)
	}
}

func TestAPartnersCommentIsAlwaysForBoth(t *testing.T) {
	w := newWorld(t)
	w.As(w.Partner).Post(w.url()+"/comments", "body", "Rahasia", "visibility", "team").Want(http.StatusSeeOther)
	said := w.Only("comments", "task", w.task.Id)
	if said.GetString("visibility") != "partners" || said.GetString("author") != w.Partner.Id || said.GetString("programme") != w.Kopi.Id {
		t.Errorf("stored for %s by %s", said.GetString("visibility"), said.GetString("author"))
	}
	if got := w.Make("comments", "task", w.task.Id, "body", "Catatan").GetString("visibility"); got != "team" {
		t.Errorf("unless somebody says so, a comment is for %s", got)
	}
	for author, want := range map[*core.Record]string{w.Partner: "partners", w.Coordinator: "team"} {
		brought := w.Make("comments", "task", w.task.Id, "body", "Dari berkas lama", "author", author.Id)
		if got := brought.GetString("visibility"); got != want {
			t.Errorf("what the hub brings in from %s is for %s, want %s", author.GetString("email"), got, want)
		}
	}
}

func TestAWrongCommentComesBack(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct{ body, visibility, field string }{
		{"", "partners", "body"},
		{strings.Repeat("a", 5001), "partners", "body"},
		{"NIK 3374012345678901", "partners", "body"},
		{"Halo", "everybody", "visibility"},
		{"Halo", "", "visibility"},
	} {
		page := w.As(w.Initiator).Post(w.url()+"/comments", "body", c.body, "visibility", c.visibility).Want(http.StatusUnprocessableEntity)
		if page.Text("#"+c.field+"-error") == "" {
			t.Errorf("%.10q for %q: no sentence at %s", c.body, c.visibility, c.field)
		}
		if kept := page.Doc().Find("textarea[name=body]").Text(); kept != c.body {
			t.Errorf("%.10q came back as %.10q", c.body, kept)
		}
	}
	if w.Count("comments") != 0 {
		t.Error("it was kept all the same")
	}
}

func TestACommentSentTwiceIsSaidOnce(t *testing.T) {
	w := newWorld(t)
	for range 2 {
		w.As(w.Partner).Post(w.url()+"/comments", "body", "Halo", "once", "kunci-komentar").Want(http.StatusSeeOther)
	}
	if n := w.Count("comments"); n != 1 {
		t.Errorf("%d comments", n)
	}
}

func TestACommentStandsUnderExactlyOneThing(t *testing.T) {
	w := newWorld(t)
	meeting := w.Make("meetings", "programme", w.Kopi.Id, "title", "Rapat", "kind", "coordination", "status", "scheduled",
		"starts_at", "2026-12-01 02:00:00.000Z", "time_zone", "Asia/Jakarta", "mode", "in_person")
	admin := w.As(w.Administrator)
	create := "/api/collections/comments/records"
	for _, fields := range []map[string]any{
		{"body": "Halo", "programme": w.Kopi.Id},
		{"body": "Halo", "programme": w.Kopi.Id, "task": w.task.Id, "meeting": meeting.Id},
		{"body": "Halo", "programme": w.Kopi.Id, "task": "tidakada0000000"},
	} {
		admin.API(http.MethodPost, create, fields).Want(http.StatusBadRequest)
	}
	answer := admin.API(http.MethodPost, create, map[string]any{"body": "Halo", "programme": w.Rantang.Id, "meeting": meeting.Id}).Want(http.StatusOK)
	if got := answer.JSON()["programme"]; got != w.Kopi.Id {
		t.Errorf("the comment stands in %v", got)
	}
}

func TestWhoMayCommentOverREST(t *testing.T) {
	w := newWorld(t)
	create := "/api/collections/comments/records"
	fields := map[string]any{"body": "Halo", "programme": w.Kopi.Id, "task": w.task.Id, "visibility": "partners"}
	for _, c := range []struct {
		person *core.Record
		want   int
	}{{nil, 400}, {w.Outsider, 400}, {w.Observer, 400}, {w.OtherPartner, 400}, {w.Partner, 200}, {w.Coordinator, 200}} {
		w.As(c.person).API(http.MethodPost, create, fields).Want(c.want)
	}
	fields["author"] = w.Initiator.Id
	w.As(w.Partner).API(http.MethodPost, create, fields).Want(http.StatusBadRequest)
	said := w.Only("comments", "author", w.Partner.Id)
	w.As(w.Partner).API(http.MethodPatch, create+"/"+said.Id, map[string]any{"body": "Lain"}).Want(http.StatusForbidden)
	w.As(w.Initiator).API(http.MethodDelete, create+"/"+said.Id, nil).Want(http.StatusForbidden)
}
