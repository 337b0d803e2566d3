package devices_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"simpul/hooks/clock"
	"simpul/hooks/devices"
	"simpul/hooks/mail"
	"simpul/hooks/reminders"
	"simpul/hooks/testkit"
)

// desk is the world with a mail server, and push services behind real TLS.
type desk struct {
	*testkit.World
	service *service
	pusher  *devices.Pusher
	sender  *mail.Sender
}

func newDesk(t testing.TB) *desk {
	t.Helper()
	w := testkit.New(t)
	d := &desk{World: w, service: newService(t), pusher: devices.PusherOf(w.App)}
	d.pusher.Through(d.service.way())
	// Here each letter leaves by itself; the daily letter has its own test.
	d.sql("UPDATE reminder_rules SET digest = FALSE")
	d.must(testkit.NewOffice(t).Connect(w.App))
	var err error
	d.sender, err = mail.NewSender(w.App, reminders.Kinds(), testkit.Templates())
	d.must(err)
	d.sender.SortWith(reminders.Sort)
	t.Cleanup(d.sender.Close)
	return d
}

func (d *desk) must(err error) {
	d.Helper()
	if err != nil {
		d.Fatal(err)
	}
}

func (d *desk) sql(query string) {
	d.Helper()
	_, err := d.App.DB().NewQuery(query).Execute()
	d.must(err)
}

// visitor is a person at a browser; the hub has an https address here.
func (d *desk) visitor(person *core.Record) *testkit.Client {
	d.Helper()
	c := d.As(person)
	c.SetCookie("__Host-simpul", c.Cookie("simpul"))
	return c
}

// on switches a new browser of a person on.
func (d *desk) on(person *core.Record, endpoint string) *browser {
	d.Helper()
	b := newBrowser(d.TB, endpoint)
	d.visitor(person).Post("/devices", b.form()...).Want(http.StatusSeeOther)
	b.id = d.Only("devices", "endpoint", endpoint).Id
	return b
}

func (d *desk) stored(t time.Time) string { return t.UTC().Format(types.DefaultDateLayout) }

// stand moves the world to an hour in Semarang.
func (d *desk) stand(at string) time.Time {
	d.Helper()
	day, hour, _ := strings.Cut(at, " ")
	now, err := clock.At(day, hour, "Asia/Jakarta")
	d.must(err)
	d.Cleanup(clock.Freeze(now))
	return now
}

// tick is the hub's half minute at an hour: letters first, devices then. It returns what push services were sent.
func (d *desk) tick(at string) []*request {
	d.Helper()
	now := d.stand(at)
	_, err := d.sender.Flush(context.Background(), now)
	d.must(err)
	d.must(d.pusher.Flush(context.Background(), now))
	return d.service.taken()
}

// task is one of the Puskesmas, whose focal point is the partner. Due on 10 December it calls for letters on the
// 7th, the 9th and the 10th at eight.
func (d *desk) task(title string) *core.Record {
	d.Helper()
	return d.Make("tasks", "programme", d.Kopi.Id, "title", title, "organisation", d.Puskesmas.Id,
		"accountable", d.Initiator.Id, "due_on", "2026-12-10", "state", "todo", "urgency", "normal")
}

func (d *desk) change(r *core.Record, fields ...any) {
	d.Helper()
	fresh := d.Fresh(r)
	for i := 0; i+1 < len(fields); i += 2 {
		fresh.Set(fields[i].(string), fields[i+1])
	}
	d.must(d.App.Save(fresh))
}

// rows are the rows of pushes as "state reason", in order.
func (d *desk) rows() (out []string) {
	d.Helper()
	found, err := d.App.FindAllRecords("pushes")
	d.must(err)
	for _, r := range found {
		out = append(out, strings.TrimSpace(r.GetString("state")+" "+r.GetString("reason")))
	}
	slices.Sort(out)
	return out
}

// bodies are what a browser shows of some messages, those it cannot read left out.
func (b *browser) bodies(asked []*request) (out []string) {
	for _, r := range asked {
		if n, err := b.read(r.body); err == nil {
			out = append(out, n.Body)
		}
	}
	return out
}

func same(t testing.TB, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}
