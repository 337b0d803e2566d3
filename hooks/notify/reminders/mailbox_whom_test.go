package reminders_test

import (
	"context"
	"database/sql"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/web"
)

// unaddressed is a message that waits for somebody whose address is missing.
func unaddressed(p *post, n int, kind string, about *core.Record, fields ...any) *core.Record {
	p.Helper()
	base := []any{"kind", kind, "email", "", "subject", "", "url", "", "state", "skipped", "reason", "no_address",
		"subject_collection", about.Collection().Name, "subject_id", about.Id}
	return enter(p, n, append(base, fields...)...)
}

func TestAMessageWithoutAnAddressNamesWhomItIsForAndWhatItIsAbout(t *testing.T) {
	p := newPost(t)
	bidan := p.Make("contacts", "organisation", p.Puskesmas.Id, "position", "Bidan")
	ibu := p.Make("contacts", "organisation", p.Forum.Id, "position", "Lurah")
	meeting := messages["meeting_soon"].make(p)
	guest := p.Make("attendances", "meeting", meeting.Id, "contact", bidan.Id, "state", "invited")
	minutes := p.Make("minutes", "meeting", meeting.Id, "body", "Edaran", "status", "circulated")
	gift := messages["contribution_waiting"].make(p)
	giver := p.Only("stakeholders", "organisation", p.Puskesmas.Id)
	task := task(p.World, "2026-12-12")
	p.stand("2026-12-09 09:00")
	gone := p.Make("tasks", "programme", p.Kopi.Id, "title", "Hilang", "organisation", p.Puskesmas.Id, "accountable", p.Initiator.Id, "state", "todo")
	for n, c := range []struct {
		kind      string
		about     *core.Record
		of, whose string
		want      []string
	}{
		{"task_due", task, "recipient", bidan.Id, []string{"Jadwal home visit", "Tenggat tugas mendekat", "Bidan – Puskesmas Tambakaji"}},
		{"meeting_soon", meeting, "recipient", ibu.Id, []string{meeting.GetString("title"), "Lurah – Forum PSM Semarang"}},
		{"meeting_invite", guest, "user", p.Partner.Id, []string{meeting.GetString("title"), p.Partner.GetString("name") + " – Puskesmas Tambakaji"}},
		{"minutes_followup", minutes, "user", p.Initiator.Id, []string{meeting.GetString("title"), p.Initiator.GetString("name")}},
		{"contribution_waiting", gift, "user", p.Initiator.Id, []string{gift.GetString("item")}},
		{"contribution_prompt", giver, "recipient", bidan.Id, []string{"Puskesmas Tambakaji", "Bidan – Puskesmas Tambakaji"}},
		{"programme_date", p.Kopi, "user", p.Initiator.Id, []string{p.Kopi.GetString("name")}},
		{"task_due", gone, "recipient", bidan.Id, []string{"Tenggat tugas mendekat", "Bidan – Puskesmas Tambakaji"}},
	} {
		row := unaddressed(p, n, c.kind, c.about, c.of, c.whose)
		if c.about == gone {
			p.rewrite("DELETE FROM tasks WHERE id = '" + gone.Id + "'")
		}
		seen := strings.Join(strings.Fields(queue(p).Get("/mailbox").Want(http.StatusOK).Text(`article[id="`+row.Id+`"]`)), " ")
		for _, want := range c.want {
			if !strings.Contains(seen, want) {
				t.Errorf("%s: the row does not say %q: %s", c.kind, want, seen)
			}
		}
	}
}

// A row that says by itself what it is and where it goes stays as it is.
func TestAMessageWithAnAddressAndASubjectIsShownByThem(t *testing.T) {
	p := newPost(t)
	p.stand("2026-12-09 09:00")
	row := enter(p, 1, "user", p.Partner.Id, "subject_collection", "tasks", "subject_id", task(p.World, "2026-12-12").Id)
	seen := queue(p).Get("/mailbox").Want(http.StatusOK).Doc().Find(`article[id="` + row.Id + `"]`)
	if heading := seen.Find("h2").Text(); heading != "Surat 1" || strings.Contains(seen.Text(), "Puskesmas Tambakaji") || !strings.Contains(seen.Text(), "mitra1@example.org") {
		t.Errorf("under %q the row says %s", heading, seen.Text())
	}
}

func TestOneQueryNamesThePeopleOfAllRows(t *testing.T) {
	queries := func(rows int) (n int) {
		p := newPost(t)
		p.stand("2026-12-09 09:00")
		about := task(p.World, "2026-12-12")
		for i := range rows {
			unaddressed(p, i, "task_due", about, "recipient", contactOf(p, p.Partner).Id, "state", "sent", "sent_at", stored(p, "2026-12-08 08:00"))
		}
		client, db := queue(p), p.App.ConcurrentDB().(*dbx.DB)
		db.QueryLogFunc = func(context.Context, time.Duration, string, *sql.Rows, error) { n++ }
		defer func() { db.QueryLogFunc = nil }()
		client.Get("/mailbox?state=sent").Want(http.StatusOK)
		return n
	}
	if few, many := queries(2), queries(20); few != many {
		t.Errorf("2 rows take %d queries, 20 rows %d", few, many)
	}
}

func TestAGuestOfTheMailboxIsLedToTheSignInAndBack(t *testing.T) {
	p := newPost(t)
	for _, path := range []string{"/mailbox", "/mailbox?state=held"} {
		got := p.As(nil).Get(path).Want(http.StatusSeeOther)
		if to := got.Header.Get("Location"); to != "/sign-in?next="+url.QueryEscape(path) {
			t.Errorf("%s leads to %s", path, to)
		}
	}
	web.Demonstrate(p.App)
	p.As(nil).Get("/mailbox").Want(http.StatusOK)
}
