package push_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"simpul/hooks/clock"
	"simpul/hooks/notify/digest"
	"simpul/hooks/notify/outbox"
	"simpul/hooks/notify/push"
	"simpul/hooks/testkit"
)

const (
	phone  = "https://fcm.googleapis.com/fcm/send/phone"
	laptop = "https://updates.push.services.mozilla.com/wpush/v2/laptop"
	// satu is the subject line of task("Satu").
	satu = "Tenggat Kamis, 10 Desember 2026: Satu"
)

// env is the world with a mail server and push services behind real TLS.
type env struct {
	*testkit.World
	service *pushService
	worker  *push.Worker
	mailer  *outbox.Sender
}

func newEnv(t testing.TB) *env {
	t.Helper()
	e := &env{World: testkit.New(t), service: newPushService(t)}
	e.worker = push.NewWorker(e.App, digest.Kinds())
	push.SetTransport(t, e.service.transport())
	// Each reminder leaves as a mail of its own here; digests have their own test.
	e.sql("UPDATE reminder_rules SET digest = FALSE")
	e.must(testkit.NewOffice(t).Connect(e.App))
	var err error
	e.mailer, err = outbox.NewSender(e.App, digest.Kinds(), testkit.Templates())
	e.must(err)
	e.mailer.ScheduleWith(digest.Schedule)
	t.Cleanup(e.mailer.Close)
	return e
}

func (e *env) must(err error) {
	e.Helper()
	if err != nil {
		e.Fatal(err)
	}
}

func (e *env) sql(query string) {
	e.Helper()
	_, err := e.App.DB().NewQuery(query).Execute()
	e.must(err)
}

// client is a signed-in browser; the hub has an https address here.
func (e *env) client(person *core.Record) *testkit.Client {
	e.Helper()
	c := e.As(person)
	c.SetCookie("__Host-simpul", c.Cookie("simpul"))
	return c
}

// subscribe subscribes a new browser of a person, dated by the frozen clock.
func (e *env) subscribe(person *core.Record, endpoint string) *browser {
	e.Helper()
	b := newBrowser(e.TB, endpoint)
	e.client(person).Post("/devices", b.form()...).Want(http.StatusSeeOther)
	b.id = e.Only("push_subscriptions", "endpoint", endpoint).Id
	_, err := e.App.DB().Update("push_subscriptions", dbx.Params{"created": stored(clock.Now())}, dbx.HashExp{"id": b.id}).Execute()
	e.must(err)
	return b
}

func (e *env) subscription(b *browser) *core.Record {
	e.Helper()
	return e.Only("push_subscriptions", "id", b.id)
}

func stored(t time.Time) string { return t.UTC().Format(types.DefaultDateLayout) }

// setClock moves the world to an hour in Semarang.
func (e *env) setClock(at string) time.Time {
	e.Helper()
	day, hour, _ := strings.Cut(at, " ")
	now, err := clock.At(day, hour, "Asia/Jakarta")
	e.must(err)
	e.Cleanup(clock.Freeze(now))
	return now
}

// sendMail is the first half of tick.
func (e *env) sendMail(at string) time.Time {
	e.Helper()
	now := e.setClock(at)
	_, err := e.mailer.ProcessDue(context.Background(), now)
	e.must(err)
	return now
}

// tick runs the hub's jobs of an hour, mail first, and returns the requests to push services.
func (e *env) tick(at string) []*request {
	e.Helper()
	now := e.sendMail(at)
	e.must(e.worker.ProcessDue(context.Background(), now))
	return e.service.received()
}

// task is one of the Puskesmas, whose focal point is the partner. Due on 10 December, it has reminders on the 7th, the 9th
// and the 10th at eight.
func (e *env) task(title string) *core.Record {
	e.Helper()
	return e.Make("tasks", "programme", e.Kopi.Id, "title", title, "organisation", e.Puskesmas.Id,
		"accountable", e.Initiator.Id, "due_on", "2026-12-10", "state", "todo", "urgency", "normal")
}

func (e *env) change(r *core.Record, fields ...any) {
	e.Helper()
	fresh := e.Fresh(r)
	for i := 0; i+1 < len(fields); i += 2 {
		fresh.Set(fields[i].(string), fields[i+1])
	}
	e.must(e.App.Save(fresh))
}

// wantMessages compares the rows of push_messages, as "state reason" in order.
func (e *env) wantMessages(want ...string) {
	e.Helper()
	found, err := e.App.FindAllRecords("push_messages")
	e.must(err)
	var got []string
	for _, r := range found {
		got = append(got, strings.TrimSpace(r.GetString("state")+" "+r.GetString("reason")))
	}
	slices.Sort(got)
	e.wantEqual("push_messages", got, want...)
}

func (e *env) wantEqual(what string, got []string, want ...string) {
	e.Helper()
	if !slices.Equal(got, want) {
		e.Errorf("%s = %q, want %q", what, got, want)
	}
}

func (e *env) wantCount(want int64) {
	e.Helper()
	if got := e.Count("push_subscriptions"); got != want {
		e.Errorf("%d subscriptions, want %d", got, want)
	}
}
