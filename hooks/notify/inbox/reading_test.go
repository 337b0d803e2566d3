package inbox_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/notify/inbox"
	"simpul/hooks/notify/reminders"
)

// stored is a row as the database holds it.
func stored(d *queue, id string) string {
	d.Helper()
	row := dbx.NullStringMap{}
	if err := d.App.DB().NewQuery("SELECT * FROM deliveries WHERE id = {:id}").Bind(dbx.Params{"id": id}).One(row); err != nil {
		d.Fatal(err)
	}
	text, err := json.Marshal(row)
	if err != nil {
		d.Fatal(err)
	}
	return string(text)
}

func TestOpen_Message_MarksItRead(t *testing.T) {
	d := newQueue(t)
	l := d.letter()
	reader := d.As(d.Partner)
	before := stored(d, l.Id)
	reader.Get("/deliveries").Want(http.StatusOK)
	reader.Get("/deliveries/" + l.Id + "/open").Want(http.StatusNotFound)
	if after := stored(d, l.Id); after != before {
		t.Fatalf("looking changed the letter from %s to %s", before, after)
	}
	for range 2 { // a second press does no harm
		if at := reader.Post("/deliveries/" + l.Id + "/open").Want(http.StatusSeeOther).Header.Get("Location"); at != "/tasks/"+d.task.Id {
			t.Errorf("it leads to %s", at)
		}
	}
	d.count(d.Partner, "")
	page := reader.Get("/deliveries")
	if page.Doc().Find(`main a.name[href="/tasks/`+d.task.Id+`"]`).Length() != 1 || strings.Contains(page.Text("main .rows"), "Belum dibaca") {
		t.Errorf("read, it is shown as %s", page.Text("main .rows"))
	}
}

func TestRead_Message_WritesOnlyReadAt(t *testing.T) {
	for _, state := range []string{"sending", "retry", "queued", "sent", "held", "uncertain"} {
		d := newQueue(t)
		l := d.letter("state", state, "attempts", 2, "leased_until_at", "2026-11-23 02:10:00.000Z", "last_error", "451")
		before := stored(d, l.Id)
		d.As(d.Partner).Post("/deliveries/" + l.Id + "/read").Want(http.StatusSeeOther)
		after := strings.Replace(stored(d, l.Id), `"read_at":{"String":"2026-11-23 02:00:00.000Z"`, `"read_at":{"String":""`, 1)
		if after != before {
			t.Errorf("%s: the mark made\n%s of\n%s", state, after, before)
		}
	}
}

func TestRead_Group_MarksAllOfIt(t *testing.T) {
	d := newQueue(t)
	first, second, foreign := d.letter(), d.letter("kind", "task_overdue"), d.letter("user", d.OtherPartner.Id)
	reader := d.As(d.Partner)
	if also := reader.Get("/deliveries").Doc().Find(`form[action="/deliveries/`+second.Id+`/read"] input[name=also]`).AttrOr("value", ""); also != first.Id {
		t.Errorf("the form names %q beside its own letter", also)
	}
	reader.Post("/deliveries/"+second.Id+"/read", "also", first.Id, "also", foreign.Id, "show", "unread").Want(http.StatusSeeOther)
	if d.Fresh(first).GetDateTime("read_at").IsZero() || d.Fresh(second).GetDateTime("read_at").IsZero() {
		t.Error("one of the two is not marked")
	}
	if !d.Fresh(foreign).GetDateTime("read_at").IsZero() {
		t.Error("another's letter was marked by naming it")
	}
}

func TestRead_OthersMessage_IsRefused(t *testing.T) {
	d := newQueue(t)
	l := d.letter()
	for _, person := range []*core.Record{d.OtherPartner, d.Initiator, d.Coordinator, d.Observer, d.Outsider, d.BaliPartner, d.Administrator} {
		for _, step := range []string{"read", "open"} {
			d.As(person).Post("/deliveries/" + l.Id + "/" + step).Want(http.StatusNotFound)
		}
		d.As(person).Post("/deliveries/read").Want(http.StatusSeeOther)
	}
	d.As(nil).Post("/deliveries/" + l.Id + "/read").Want(http.StatusUnauthorized)
	d.As(d.Partner).Post("/deliveries/nosuchletter000/read").Want(http.StatusNotFound)
	for _, body := range []map[string]any{{"read_at": "2026-11-23 02:00:00.000Z"}, {"state": "sent"}, {"contacted_by": d.Partner.Id}} {
		if got := d.As(d.Partner).API(http.MethodPatch, "/api/collections/deliveries/records/"+l.Id, body); got.Status != http.StatusForbidden && got.Status != http.StatusNotFound {
			t.Errorf("over REST %v is answered with %d", body, got.Status)
		}
	}
	if !d.Fresh(l).GetDateTime("read_at").IsZero() {
		t.Error("somebody marked it")
	}
}

func TestReadAll_Until_MarksUpToThePage(t *testing.T) {
	d := newQueue(t)
	d.letter()
	reader := d.As(d.Partner)
	until := reader.Get("/deliveries").Doc().Find(`form[action="/deliveries/read"] input[name=until]`).AttrOr("value", "")
	t.Cleanup(clock.Freeze(clock.Now().Add(time.Minute)))
	d.letter("due_at", "2026-11-23 02:00:30.000Z")
	d.count(d.Partner, "2")
	reader.Post("/deliveries/read", "until", until).Want(http.StatusSeeOther)
	d.count(d.Partner, "1")
	for _, odd := range []string{"tomorrow", "2999-01-01 00:00:00.000Z", ""} {
		got := reader.Follow(reader.Post("/deliveries/read", "until", odd, "show", "unread")).Want(http.StatusOK)
		if !strings.Contains(got.Text(".empty-list"), "Semua sudah dibaca") {
			t.Errorf("until %q leaves %s", odd, got.Text("main"))
		}
	}
	d.count(d.Partner, "")
}

// told is a message that the hub itself planned about the task, sent an hour ago.
func (d *queue) told() *core.Record {
	d.Helper()
	d.save(d.task, "due_on", "2026-11-27")
	d.Cleanup(clock.Freeze(time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC)))
	const due = "2026-11-24 01:00:00.000Z"
	if _, err := d.App.DB().NewQuery("UPDATE deliveries SET state = 'sent', reason = '' WHERE due_at = '" + due + "'").Execute(); err != nil {
		d.Fatal(err)
	}
	return d.Only("deliveries", "due_at", due)
}

func TestUnread_Expired_IsNotCounted(t *testing.T) {
	for name, happens := range map[string]func(*queue){
		"done":       func(d *queue) { d.save(d.task, "state", "done") },
		"cancelled":  func(d *queue) { d.save(d.task, "state", "cancelled") },
		"moved":      func(d *queue) { d.save(d.task, "due_on", "2026-12-15") },
		"reassigned": func(d *queue) { d.save(d.task, "organisation", d.Forum.Id) },
		"paused":     func(d *queue) { d.save(d.Kopi, "status", "paused") },
		"deleted": func(d *queue) {
			if err := d.App.Delete(d.Fresh(d.task)); err != nil {
				d.Fatal(err)
			}
		},
		"left":    func(d *queue) { d.save(d.Only("contacts", "organisation", d.Puskesmas.Id), "until_on", "2026-11-01") },
		"useless": func(d *queue) { d.Cleanup(clock.Freeze(time.Date(2026, 12, 31, 20, 0, 0, 0, time.UTC))) },
		"old":     func(d *queue) { d.Cleanup(clock.Freeze(clock.Now().AddDate(0, 0, 31))) },
	} {
		t.Run(name, func(t *testing.T) {
			d := newQueue(t)
			l := d.told()
			d.save(d.task, "details", "Tidak ada yang berubah")
			d.count(d.Partner, "1")
			happens(d)
			if err := reminders.ReconcileAll(context.Background(), d.App, clock.Now()); err != nil {
				t.Fatal(err)
			}
			n, err := inbox.Unread(access.As(d.App, d.Fresh(d.Partner)))
			if err != nil || n != 0 {
				t.Errorf("%d are unread, %v: %s", n, err, stored(d, l.Id))
			}
		})
	}
}
