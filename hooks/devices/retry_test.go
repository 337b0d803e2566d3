package devices_test

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"simpul/hooks/devices"
)

func TestABusyServiceIsAskedAgainAfterOneFiveFifteenAndSixtyMinutes(t *testing.T) {
	d := newDesk(t)
	d.on(d.Partner, phone)
	d.task("Satu")
	d.service.answers(http.StatusServiceUnavailable, nil)
	now, asked := d.stand("2026-12-07 08:00"), []int{}
	topics := []string{}
	_, err := d.sender.Flush(context.Background(), now)
	d.must(err)
	for minute := range 200 {
		d.must(d.pusher.Flush(context.Background(), now.Add(time.Duration(minute)*time.Minute)))
		for _, r := range d.service.taken() {
			asked = append(asked, minute)
			topics = append(topics, r.header.Get("Topic"))
		}
	}
	waits := []int{1, 5, 15, 60}
	if len(asked) != len(waits)+1 || asked[0] != 0 {
		t.Fatalf("asked in the minutes %v, want one more than %v", asked, waits)
	}
	// The clock runs on during a round: a wait ends with its minute or just after it.
	for i, wait := range waits {
		if gap := asked[i+1] - asked[i]; gap != wait && gap != wait+1 {
			t.Errorf("asked in the minutes %v: the wait %d is %d, want %d", asked, i+1, gap, wait)
		}
	}
	if len(slices.Compact(topics)) != 1 {
		t.Error("the attempts do not replace each other")
	}
	same(t, "pushes", d.rows(), "failed gave_up")
}

func TestAServiceMaySayHowLongToWait(t *testing.T) {
	for header, again := range map[string]string{"600": "08:11", "30": "08:02", "soon": "08:02", "-5": "08:02"} {
		d := newDesk(t)
		b := d.on(d.Partner, phone)
		d.task("Satu")
		d.service.answers(http.StatusTooManyRequests, map[string]string{"Retry-After": header})
		d.tick("2026-12-07 08:00")
		d.service.answers(http.StatusCreated, nil)
		before := map[string]string{"08:11": "08:09", "08:02": "08:00"}[again]
		if early := d.tick("2026-12-07 " + before); len(early) != 0 {
			t.Errorf("after %q: asked again at %s", header, before)
		}
		same(t, "told at "+again, b.bodies(d.tick("2026-12-07 "+again)), "Tenggat Kamis, 10 Desember 2026: Satu")
	}
}

func TestANoticeIsGivenUpWhenItsUseEnds(t *testing.T) {
	d := newDesk(t)
	d.on(d.Partner, phone)
	d.task("Satu")
	d.stand("2026-12-07 08:00")
	d.sql("UPDATE deliveries SET useful_until_at = '2026-12-07 01:03:00.000Z'")
	d.service.answers(http.StatusBadGateway, nil)
	if got := d.tick("2026-12-07 08:00"); len(got) != 1 || got[0].header.Get("TTL") > "180" {
		t.Fatalf("%d messages", len(got))
	}
	d.tick("2026-12-07 08:02") // the next would be at seven past
	same(t, "pushes", d.rows(), "failed gave_up")
}

func TestFiveRefusalsInARowSwitchADeviceOff(t *testing.T) {
	d := newDesk(t)
	b := d.on(d.Partner, phone)
	d.task("Satu")
	d.service.answers(http.StatusForbidden, nil)
	d.sql("UPDATE devices SET failures = 4")
	if got := d.tick("2026-12-07 08:00"); len(got) != 1 {
		t.Fatalf("asked %d times", len(got))
	}
	d.service.answers(http.StatusCreated, nil)
	if got := d.tick("2026-12-09 08:00"); len(got) != 0 {
		t.Errorf("a device that is off was told %d times", len(got))
	}
	if n := d.Fresh(d.Only("devices", "id", b.id)).GetInt("failures"); n != devices.MostFailures {
		t.Errorf("%d failures", n)
	}
	page := d.visitor(d.Partner).Get("/devices").Want(http.StatusOK)
	if text := page.Text("main"); !strings.Contains(text, "berkali-kali menolak") || !strings.Contains(text, "Hapus dari daftar") ||
		page.Doc().Find(`form[action$="/test"]`).Length() != 0 {
		t.Errorf("the page says %s", text)
	}
}

func TestOneSuccessForgivesEarlierRefusals(t *testing.T) {
	d := newDesk(t)
	b := d.on(d.Partner, phone)
	d.task("Satu")
	d.sql("UPDATE devices SET failures = 4, last_error = 'refused 403'")
	d.tick("2026-12-07 08:00")
	if r := d.Only("devices", "id", b.id); r.GetInt("failures") != 0 || r.GetString("last_error") != "" {
		t.Errorf("%d failures, last %q", r.GetInt("failures"), r.GetString("last_error"))
	}
}

func TestAServiceThatCannotBeReachedIsTriedOnceARound(t *testing.T) {
	d := newDesk(t)
	for n := range 6 {
		d.on(d.Partner, phone+strconv.Itoa(n))
	}
	d.task("Satu")
	d.service.down = true
	d.tick("2026-12-07 08:00")
	// Two are asked at once, so that two may be on their way to the same service.
	if d.service.dialled < 1 || d.service.dialled > 2 {
		t.Errorf("tried %d times", d.service.dialled)
	}
	for _, r := range d.rows() {
		if r != "waiting" {
			t.Errorf("a notice is %s", r)
		}
	}
	text := d.visitor(d.Partner).Get("/devices").Text("main")
	if !strings.Contains(text, "tidak bisa dihubungi") {
		t.Errorf("the page says %s", text)
	}
	d.service.down = false
	if got := d.tick("2026-12-07 08:02"); len(got) != 6 {
		t.Errorf("%d devices are told once the service is back", len(got))
	}
}

func TestTwoPushServicesAreAskedAtOnceAndNoMore(t *testing.T) {
	d := newDesk(t)
	for n := range 8 {
		d.on(d.Partner, phone+strconv.Itoa(n))
	}
	d.task("Satu")
	d.service.answer = func(string) (int, map[string]string) {
		time.Sleep(20 * time.Millisecond)
		return http.StatusCreated, nil
	}
	if got := d.tick("2026-12-07 08:00"); len(got) != 8 || d.service.top != 2 {
		t.Errorf("%d messages, %d at once", len(got), d.service.top)
	}
}
