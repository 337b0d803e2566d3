package tasks_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit/check"
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
		check.Equal(t, person.GetString("email"), strings.Join(said, ", "), want)
	}
	text := w.As(w.Coordinator).Get(w.url()).Text("section[aria-labelledby=comments]")
	check.Contains(t, "the team does not see what stays inside", text, "WIB · Tim saja")
}

func TestWhoSpokeIsNamedAsFarAsTheReaderMayKnow(t *testing.T) {
	w := newWorld(t)
	w.As(w.Partner).Post(w.url()+"/comments", "body", "Dari puskesmas").Want(http.StatusSeeOther)
	for person, want := range map[*core.Record]string{
		w.Initiator: "Narahubung Puskesmas", w.Partner: "Narahubung Puskesmas", w.OtherPartner: "Puskesmas Tambakaji",
	} {
		check.Equal(t, person.GetString("email"), w.As(person).Get(w.url()).Text("li[id^=comment-] b"), want)
	}
	w.Make("comments", "task", w.task.Id, "body", "Catatan", "visibility", "partners")
	check.Contains(t, "the hub's own word is shown", w.As(w.Partner).Get(w.url()).Text("section[aria-labelledby=comments]"), "Simpul Lima")
}

func TestAPartnersCommentIsAlwaysForBoth(t *testing.T) {
	w := newWorld(t)
	w.As(w.Partner).Post(w.url()+"/comments", "body", "Rahasia", "visibility", "team").Want(http.StatusSeeOther)
	said := w.Only("comments", "task", w.task.Id)
	if said.GetString("visibility") != "partners" || said.GetString("author") != w.Partner.Id || said.GetString("programme") != w.Kopi.Id {
		t.Errorf("stored for %s by %s", said.GetString("visibility"), said.GetString("author"))
	}
	check.Equal(t, "unless somebody says so, a comment", w.Make("comments", "task", w.task.Id, "body", "Catatan").GetString("visibility"), "team")
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
		check.Equal(t, "Text", page.Doc().Find("textarea[name=body]").Text(), c.body)
	}
	check.Equal(t, "it was kept all the same", w.Count("comments"), 0)
}

func TestACommentSentTwiceIsSaidOnce(t *testing.T) {
	w := newWorld(t)
	for range 2 {
		w.As(w.Partner).Post(w.url()+"/comments", "body", "Halo", "once", "kunci-komentar").Want(http.StatusSeeOther)
	}
	check.Equal(t, "rows of comments", w.Count("comments"), 1)
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
	check.Equal(t, "the comment", answer.JSON()["programme"], any(w.Kopi.Id))
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
