package devices_test

import (
	"strconv"
	"testing"

	"simpul/hooks/devices"
)

func TestThreeLettersADayAndThenANumber(t *testing.T) {
	d := newDesk(t)
	b := d.on(d.Partner, phone)
	for n := range 6 {
		d.task("Tugas " + strconv.Itoa(n))
	}
	got := d.tick("2026-12-07 08:00")
	if len(got) != devices.MostADay+1 {
		t.Fatalf("%d messages: %q", len(got), b.bodies(got))
	}
	last, err := b.read(got[len(got)-1].body)
	d.must(err)
	if last.Body != "3 pengingat baru lagi" || last.URL != "/" {
		t.Errorf("the last one is %+v", last)
	}
	// A further one that day takes the place of the number; the next day begins anew.
	more := d.task("Rapat mendadak")
	d.change(more, "due_on", "2026-12-08")
	again := d.tick("2026-12-07 12:00")
	if len(again) != 1 || again[0].header.Get("Topic") != last.Tag {
		t.Fatalf("%d messages then", len(again))
	}
	same(t, "the number", b.bodies(again), "4 pengingat baru lagi")
	if next := d.tick("2026-12-09 08:00"); len(next) != devices.MostADay+1 {
		t.Errorf("%d messages on the next day", len(next))
	}
}

func TestTheNumberLosesItsUseAtMidnight(t *testing.T) {
	d := newDesk(t)
	d.on(d.Partner, phone)
	for n := range 4 {
		d.task("Tugas " + strconv.Itoa(n))
	}
	d.service.answers(500, nil)
	d.tick("2026-12-07 19:00")
	d.service.answers(201, nil)
	for _, r := range d.tick("2026-12-08 06:30") {
		if ttl, _ := strconv.Atoi(r.header.Get("TTL")); ttl <= 0 {
			t.Errorf("kept for %d seconds", ttl)
		}
	}
	same(t, "pushes", d.rows(), "folded", "sent", "sent", "sent", "skipped stale")
}
