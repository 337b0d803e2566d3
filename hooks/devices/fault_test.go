package devices_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/devices"
	"simpul/hooks/mail"
	"simpul/hooks/testkit"
)

// Somebody's question that panics or fails harms no other notice.
func TestAQuestionThatPanicsHarmsNoOther(t *testing.T) {
	d := newDesk(t)
	b := d.on(d.Partner, phone)
	bad, good := d.task("Rusak"), d.task("Satu")
	asked := d.pusher.Kinds()["task_due"]
	calls := 0
	d.pusher.Asking(mail.Kinds{"task_due": {Wanted: func(app core.App, l mail.Delivery, now time.Time) (mail.Contents, string, error) {
		if l.SubjectID != bad.Id {
			return asked.Wanted(app, l, now)
		}
		if calls++; calls == 1 {
			return mail.Contents{}, "", errors.New("on purpose")
		}
		panic("on purpose")
	}}})
	same(t, "told", b.bodies(d.tick("2026-12-07 08:00")), ofTheFirst)
	for _, at := range []string{"08:02", "08:10", "08:30", "10:00", "12:00"} {
		d.tick("2026-12-07 " + at)
	}
	same(t, "pushes", d.rows(), "failed gave_up", "sent")
	if calls != len(devices.Waits) || good.Id == "" {
		t.Errorf("asked %d times", calls)
	}
}

func TestAStopLeavesTheRestForTheNextRound(t *testing.T) {
	d := newDesk(t)
	b := d.on(d.Partner, phone)
	d.task("Satu")
	d.tick("2026-12-07 07:00")
	now := d.stand("2026-12-07 08:00")
	_, err := d.sender.Flush(context.Background(), now)
	d.must(err)
	stopped, cancel := context.WithCancel(context.Background())
	d.service.answer = func(string) (int, map[string]string) { cancel(); return 201, nil }
	d.must(d.pusher.Flush(stopped, now))
	same(t, "pushes", d.rows(), "waiting")
	d.service.taken()
	d.service.answers(201, nil)
	same(t, "told in the next round", b.bodies(d.tick("2026-12-07 08:02")), ofTheFirst)
}

// A process that ends between claim and answer tells once more, under the same topic, so that the first is replaced.
func TestACrashLosesNothingAndADoubleReplacesTheFirst(t *testing.T) {
	d := newDesk(t)
	b := d.on(d.Partner, phone)
	d.task("Satu")
	d.tick("2026-12-07 07:00")
	now := d.stand("2026-12-07 08:00")
	_, err := d.sender.Flush(context.Background(), now)
	d.must(err)
	if !d.pusher.Die(now) {
		t.Fatal("nothing was claimed")
	}
	if got := d.tick("2026-12-07 08:00"); len(got) != 0 {
		t.Error("what is claimed is sent beside")
	}
	got := d.tick("2026-12-07 08:01")
	same(t, "told after the crash", b.bodies(got), ofTheFirst)
	letter := d.Only("deliveries", "subject", ofTheFirst)
	if got[0].header.Get("Topic") != mail.Key("push", letter.GetString("key")) {
		t.Error("the second would not replace the first")
	}
	// However often it dies, a notice is tried five times at the most.
	d.sql("UPDATE pushes SET state = 'waiting', attempts = 5, next_attempt_at = ''")
	if again := d.tick("2026-12-07 09:00"); len(again) != 0 {
		t.Error("tried a sixth time")
	}
	same(t, "pushes", d.rows(), "failed gave_up")
}

func TestWhatWasToldIsForgottenAfterTwoMonthsAndNotToldAgain(t *testing.T) {
	d := newDesk(t)
	d.on(d.Partner, phone)
	d.task("Satu")
	d.tick("2026-12-07 08:00")
	d.sql("UPDATE tasks SET state = 'done'")
	d.tick("2027-01-20 08:00")
	if n := d.Count("pushes"); n == 0 {
		t.Error("forgotten too early")
	}
	if got := d.tick("2027-02-12 08:00"); len(got) != 0 || d.Count("pushes") != 0 {
		t.Errorf("%d told, %d kept", len(got), d.Count("pushes"))
	}
}

func TestWithoutItsKeyTheHubSaysSo(t *testing.T) {
	d := newDesk(t)
	for key, want := range map[string]string{"": "no key", "AAAA": "no key", "!": "damaged"} {
		d.sql("UPDATE hub_settings SET push_key = '" + key + "'")
		if err := d.pusher.Flush(context.Background(), testkit.Monday); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", key, err)
		}
	}
}
