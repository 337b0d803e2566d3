package inbox_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"
)

// queue is the world with messages to read in it. It stands on Monday 23 November
// 2026, 09.00 in Semarang.
type queue struct {
	*testkit.World
	task *core.Record
	made int
}

func newQueue(t testing.TB) *queue {
	t.Helper()
	w := testkit.New(t)
	d := &queue{World: w, task: w.Make("tasks", "programme", w.Kopi.Id, "title", "Jadwal home visit", "organisation", w.Puskesmas.Id,
		"accountable", w.Initiator.Id, "due_on", "2026-12-30", "state", "todo")}
	if _, err := w.App.DB().NewQuery("DELETE FROM deliveries").Execute(); err != nil {
		t.Fatal(err)
	}
	return d
}

// message is one to the partner about the task, sent an hour ago unless told
// otherwise by name, value pairs.
func (d *queue) letter(fields ...any) *core.Record {
	d.Helper()
	d.made++
	usual := []any{"kind", "task_due", "key", strings.Repeat("x", d.made), "programme", d.Kopi.Id, "user", d.Partner.Id,
		"email", "partner@example.org", "language", "id", "subject_collection", "tasks", "subject_id", d.task.Id, "url", "/tasks/" + d.task.Id,
		"state", "sent", "due_at", "2026-11-23 01:00:00.000Z"}
	return d.Make("deliveries", append(usual, fields...)...)
}

// save changes fields of a record as the hub.
func (d *queue) save(r *core.Record, fields ...any) {
	d.Helper()
	r = d.Fresh(r)
	for i := 0; i+1 < len(fields); i += 2 {
		r.Set(fields[i].(string), fields[i+1])
	}
	if err := d.App.Save(r); err != nil {
		d.Fatal(err)
	}
}

// count is the number that a page shows a person, and what it says of it.
func count(d *queue, person *core.Record) (shown, said string) {
	d.Helper()
	head := d.As(person).Get("/").Want(http.StatusOK)
	return head.Text(".site-head .badge"), head.Text(`.site-head a[href="/deliveries"] .sr-only`)
}

func (d *queue) count(person *core.Record, want string) {
	d.Helper()
	if shown, _ := count(d, person); shown != want {
		d.Errorf("the bell shows %q, want %q", shown, want)
	}
}

func TestOwn_Messages_AreListed(t *testing.T) {
	d := newQueue(t)
	d.letter()
	d.letter("state", "skipped", "reason", "muted", "due_at", "2026-11-20 01:00:00.000Z")
	reader := d.As(d.Partner)
	page := reader.Get("/deliveries").Want(http.StatusOK)
	if n := page.Doc().Find("main .rows > li").Length(); n != 1 {
		t.Fatalf("two letters about one task make %d items", n)
	}
	got := page.Text("main .rows")
	for _, want := range []string{"Jadwal home visit", "Belum dibaca", "KOPI REHAT", "Sen, 23 Nov 2026, 08.00 WIB", "Terkirim",
		"Jum, 20 Nov 2026, 08.00 WIB", "Penerima mematikan email jenis ini", "Buka"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing from %q", want, got)
		}
	}
	reader.Post("/me/language", "value", "en")
	got = d.As(d.Fresh(d.Partner)).Get("/deliveries").Text("main")
	if !strings.Contains(got, "Reminders for me") || !strings.Contains(got, "Unread") || strings.Contains(got, "⟦") {
		t.Errorf("in English it reads %q", got)
	}
}

func TestOwn_NotForReading_IsLeftOut(t *testing.T) {
	d := newQueue(t)
	for _, fields := range [][]any{
		{"state", "planned", "due_at", "2026-11-24 01:00:00.000Z"},
		{"kind", "digest", "subject_collection", "", "subject_id", "", "url", "/"}, {"kind", "account"}, {"kind", "rule_test"},
		{"state", "cancelled", "reason", "done"}, {"state", "skipped", "reason", "no_access"}, {"state", "skipped", "reason", "stale"},
		{"state", "skipped", "reason", "rule_off"}, {"state", "skipped", "reason", "moved"}, {"state", "failed", "reason", "stale"},
		{"state", "skipped", "reason", "nothing_to_say"}, {"user", d.OtherPartner.Id},
	} {
		d.letter(fields...)
	}
	page := d.As(d.Partner).Get("/deliveries").Want(http.StatusOK)
	if page.Doc().Find("main .rows > li").Length() != 0 || !strings.Contains(page.Text(".empty-list"), "Belum ada pengingat") {
		t.Errorf("the page reads %s", page.Text("main"))
	}
	d.count(d.Partner, "")
}

func TestOwn_HeldBackFromMail_IsListed(t *testing.T) {
	states := [][]any{{"state", "queued"}, {"state", "held", "reason", "smtp_off"}, {"state", "digested"}, {"state", "uncertain"},
		{"state", "failed", "reason", "refused"}, {"state", "planned", "reason", "quiet"}}
	for _, reason := range []string{"no_address", "bounced", "unsubscribed", "muted", "paused", "quiet", "holiday", "weekend", "bad_address"} {
		states = append(states, []any{"state", "skipped", "reason", reason})
	}
	for _, fields := range states {
		d := newQueue(t)
		d.letter(fields...)
		if n := d.As(d.Partner).Get("/deliveries").Doc().Find("main .rows > li").Length(); n != 1 {
			t.Errorf("%v: %d listed", fields, n)
		}
		d.count(d.Partner, "1")
	}
}

func TestOwn_NoAccess_IsNotNamed(t *testing.T) {
	d := newQueue(t)
	d.letter("programme", d.Rantang.Id, "subject_id", d.Make("tasks", "programme", d.Rantang.Id, "title", "Rahasia Tabanan",
		"organisation", d.Bali.Id, "accountable", d.BaliInitiator.Id, "state", "todo").Id)
	d.letter("kind", "expired_summary", "subject_collection", "programmes", "subject_id", d.Rantang.Id, "programme", d.Rantang.Id, "url", "/programmes/rantang/reminders")
	page := d.As(d.Partner).Get("/deliveries").Want(http.StatusOK)
	if strings.Contains(page.Body, "Rahasia") || strings.Contains(page.Body, "Rantang") || page.Doc().Find(`main form[action$="/open"]`).Length() != 0 {
		t.Errorf("the page tells %s", page.Text("main"))
	}
	if got := page.Text("main .rows"); !strings.Contains(got, "Anda tidak lagi punya akses") {
		t.Errorf("nothing says why it has no name: %s", got)
	}
}

func TestOwn_MoreThanThirty_HasPages(t *testing.T) {
	d := newQueue(t)
	for i := range 31 {
		subject := d.Make("tasks", "programme", d.Kopi.Id, "title", strings.Repeat("T", i+1), "organisation", d.Puskesmas.Id,
			"accountable", d.Initiator.Id, "state", "todo").Id
		d.letter("subject_id", subject, "url", "/tasks/"+subject)
	}
	first := d.As(d.Partner).Get("/deliveries")
	next, more := first.Doc().Find(`.pager a[rel=next]`).Attr("href")
	if n := first.Doc().Find("main .rows > li").Length(); n != 30 || !more {
		t.Fatalf("%d on the first page, more: %v", n, more)
	}
	if n := d.As(d.Partner).Get(next).Want(http.StatusOK).Doc().Find("main .rows > li").Length(); n != 1 {
		t.Errorf("%d on the second", n)
	}
	shown, said := count(d, d.Partner)
	if shown != "9+" || said != "Pengingat untuk saya, lebih dari 9 belum dibaca" {
		t.Errorf("the bell shows %q and says %q", shown, said)
	}
}

func TestOwn_Empty_SaysSo(t *testing.T) {
	d := newQueue(t)
	for _, person := range []*core.Record{d.Outsider, d.Observer, d.Administrator} {
		if page := d.As(person).Get("/deliveries").Want(http.StatusOK); page.Doc().Find(".empty-list").Length() != 1 {
			t.Errorf("%s reads %s", person.Email(), page.Text("main"))
		}
	}
	if at := d.As(nil).Get("/deliveries").Want(http.StatusSeeOther).Header.Get("Location"); !strings.HasPrefix(at, "/sign-in") {
		t.Errorf("a guest is led to %s", at)
	}
	if shown, said := count(d, d.Partner); shown != "" || said != "Pengingat untuk saya" {
		t.Errorf("the silent bell shows %q and says %q", shown, said)
	}
}
