package push_test

import (
	"context"
	"net/http"
	"simpul/hooks/notify/push"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"simpul/hooks/notify/outbox"
	"simpul/hooks/testkit"
)

func TestProcessDue_DueInQuietHours_SendsInTheMorning(t *testing.T) {
	e := newEnv(t)
	b := e.subscribe(e.Partner, phone)
	e.task("Satu")
	e.sql("UPDATE deliveries SET due_at = '2026-12-07 14:30:00.000Z' WHERE due_at = '2026-12-07 01:00:00.000Z'")
	if got := e.tick("2026-12-07 21:30"); len(got) != 0 {
		t.Errorf("%d requests at night, want none", len(got))
	}
	e.wantEqual("in the morning", b.bodies(e.tick("2026-12-08 06:00")), satu)
	e.wantMessages("sent")
}

func TestProcessDue_RetryInQuietHours_SendsInTheMorning(t *testing.T) {
	e := newEnv(t)
	b := e.subscribe(e.Partner, phone)
	e.task("Satu")
	e.service.respond(500, nil)
	e.tick("2026-12-07 19:58")
	e.service.respond(201, nil)
	if got := e.tick("2026-12-07 20:10"); len(got) != 0 {
		t.Errorf("%d requests at night, want none", len(got))
	}
	e.wantEqual("in the morning", b.bodies(e.tick("2026-12-08 06:00")), satu)
}

func TestProcessDue_BusyService_RetriesAfter1And5And15And60Minutes(t *testing.T) {
	e := newEnv(t)
	e.subscribe(e.Partner, phone)
	e.task("Satu")
	e.service.respond(http.StatusServiceUnavailable, nil)
	now := e.sendMail("2026-12-07 08:00")
	var minutes []int
	var topics []string
	for minute := range 200 {
		e.must(e.worker.ProcessDue(context.Background(), now.Add(time.Duration(minute)*time.Minute)))
		for _, r := range e.service.received() {
			minutes = append(minutes, minute)
			topics = append(topics, r.header.Get("Topic"))
		}
	}
	delays := []int{1, 5, 15, 60}
	if len(minutes) != len(delays)+1 || minutes[0] != 0 {
		t.Fatalf("requests in minutes %v, want one more than %v", minutes, delays)
	}
	// The clock runs on during a round: a delay ends with its minute or just after it.
	for i, delay := range delays {
		if gap := minutes[i+1] - minutes[i]; gap != delay && gap != delay+1 {
			t.Errorf("requests in minutes %v: delay %d is %d, want %d", minutes, i+1, gap, delay)
		}
	}
	if len(slices.Compact(topics)) != 1 {
		t.Errorf("topics = %q, want one", topics)
	}
	e.wantMessages("failed gave_up")
}

func TestProcessDue_RetryAfter_IsRespected(t *testing.T) {
	for header, c := range map[string]struct{ early, again string }{
		"600": {"08:09", "08:11"}, "30": {"08:00", "08:02"}, "soon": {"08:00", "08:02"}, "-5": {"08:00", "08:02"},
	} {
		t.Run(header, func(t *testing.T) {
			e := newEnv(t)
			b := e.subscribe(e.Partner, phone)
			e.task("Satu")
			e.service.respond(http.StatusTooManyRequests, map[string]string{"Retry-After": header})
			e.tick("2026-12-07 08:00")
			e.service.respond(http.StatusCreated, nil)
			if got := e.tick("2026-12-07 " + c.early); len(got) != 0 {
				t.Errorf("%d requests at %s, want none", len(got), c.early)
			}
			e.wantEqual("at "+c.again, b.bodies(e.tick("2026-12-07 "+c.again)), satu)
		})
	}
}

func TestProcessDue_NotUsefulAtNextRetry_GivesUp(t *testing.T) {
	e := newEnv(t)
	e.subscribe(e.Partner, phone)
	e.task("Satu")
	e.setClock("2026-12-07 08:00")
	e.sql("UPDATE deliveries SET useful_until_at = '2026-12-07 01:03:00.000Z'")
	e.service.respond(http.StatusBadGateway, nil)
	got := e.tick("2026-12-07 08:00")
	if len(got) != 1 {
		t.Fatalf("%d requests, want 1", len(got))
	}
	if ttl, err := strconv.Atoi(got[0].header.Get("TTL")); err != nil || ttl > 180 {
		t.Errorf("TTL = %d, %v", ttl, err)
	}
	e.tick("2026-12-07 08:02") // the next would be at seven past
	e.wantMessages("failed gave_up")
}

func TestProcessDue_FifthRefusal_StopsSubscription(t *testing.T) {
	e := newEnv(t)
	b := e.subscribe(e.Partner, phone)
	e.task("Satu")
	e.service.respond(http.StatusForbidden, nil)
	e.sql("UPDATE push_subscriptions SET failures = 4")
	if got := e.tick("2026-12-07 08:00"); len(got) != 1 {
		t.Fatalf("%d requests, want 1", len(got))
	}
	e.service.respond(http.StatusCreated, nil)
	if got := e.tick("2026-12-09 08:00"); len(got) != 0 {
		t.Errorf("%d requests afterwards, want none", len(got))
	}
	if n := e.subscription(b).GetInt("failures"); n != push.MaxFailures {
		t.Errorf("failures = %d, want %d", n, push.MaxFailures)
	}
	page := e.client(e.Partner).Get("/devices").Want(http.StatusOK)
	if text := page.Text("main"); !strings.Contains(text, "berkali-kali menolak") || !strings.Contains(text, "Hapus dari daftar") ||
		page.Text(".badge.bad") != "Mati" || page.Doc().Find(`form[action$="/test"]`).Length() != 0 {
		t.Errorf("page = %s", text)
	}
}

func TestProcessDue_Success_ResetsFailures(t *testing.T) {
	e := newEnv(t)
	b := e.subscribe(e.Partner, phone)
	e.task("Satu")
	e.sql("UPDATE push_subscriptions SET failures = 4, last_error = '403'")
	e.tick("2026-12-07 08:00")
	if s := e.subscription(b); s.GetInt("failures") != 0 || s.GetString("last_error") != "" {
		t.Errorf("failures = %d, last_error = %q", s.GetInt("failures"), s.GetString("last_error"))
	}
}

func TestProcessDue_UnreachableService_IsTriedOncePerRun(t *testing.T) {
	e := newEnv(t)
	for n := range 6 {
		e.subscribe(e.Partner, phone+strconv.Itoa(n))
	}
	e.task("Satu")
	e.service.down = true
	e.tick("2026-12-07 08:00")
	// Two requests run at once, so that two may be on their way to the same host.
	if e.service.dialAttempts < 1 || e.service.dialAttempts > 2 {
		t.Errorf("%d connections tried", e.service.dialAttempts)
	}
	e.wantMessages(slices.Repeat([]string{"waiting"}, 6)...)
	if text := e.client(e.Partner).Get("/devices").Text("main"); !strings.Contains(text, "tidak bisa dihubungi") {
		t.Errorf("page = %s", text)
	}
	e.service.down = false
	if got := e.tick("2026-12-07 08:02"); len(got) != 6 {
		t.Errorf("%d requests once the service is back, want 6", len(got))
	}
}

func TestProcessDue_ManyMessages_KeepsTwoRequestsOpen(t *testing.T) {
	e := newEnv(t)
	for n := range 8 {
		e.subscribe(e.Partner, phone+strconv.Itoa(n))
	}
	e.task("Satu")
	e.service.answer = func(string) (int, map[string]string) {
		time.Sleep(20 * time.Millisecond)
		return http.StatusCreated, nil
	}
	if got := e.tick("2026-12-07 08:00"); len(got) != 8 || e.service.peak != 2 {
		t.Errorf("%d requests, %d at once", len(got), e.service.peak)
	}
}

func TestProcessDue_ContextEnds_SendsInNextRun(t *testing.T) {
	e := newEnv(t)
	b := e.subscribe(e.Partner, phone)
	e.task("Satu")
	now := e.sendMail("2026-12-07 08:00")
	ctx, cancel := context.WithCancel(context.Background())
	e.service.answer = func(string) (int, map[string]string) { cancel(); return 201, nil }
	e.must(e.worker.ProcessDue(ctx, now))
	e.wantMessages("waiting")
	e.service.received()
	e.service.respond(201, nil)
	e.wantEqual("in the next run", b.bodies(e.tick("2026-12-07 08:02")), satu)
}

func TestClaim_Crash_RepeatsUnderSameTopic(t *testing.T) {
	e := newEnv(t)
	b := e.subscribe(e.Partner, phone)
	e.task("Satu")
	e.must(e.worker.Claim(e.sendMail("2026-12-07 08:00")))
	if got := e.tick("2026-12-07 08:00"); len(got) != 0 {
		t.Errorf("%d requests for a leased message, want none", len(got))
	}
	got := e.tick("2026-12-07 08:01")
	e.wantEqual("after the lease", b.bodies(got), satu)
	key := e.Only("deliveries", "subject", satu).GetString("key")
	if topic := got[0].header.Get("Topic"); topic != outbox.Key("push", key) {
		t.Errorf("Topic = %q, want that of the first attempt", topic)
	}
	// However often the process dies, a message has five attempts at most.
	e.sql("UPDATE push_messages SET state = 'waiting', attempts = 5, next_attempt_at = ''")
	if again := e.tick("2026-12-07 09:00"); len(again) != 0 {
		t.Errorf("%d requests after the last attempt, want none", len(again))
	}
	e.wantMessages("failed gave_up")
}

func TestProcessDue_NoVAPIDKey_Fails(t *testing.T) {
	e := newEnv(t)
	for _, key := range []string{"", "AAAA", "!"} {
		e.sql("UPDATE hub_settings SET push_key = '" + key + "'")
		if err := e.worker.ProcessDue(context.Background(), testkit.Monday); err == nil || !strings.Contains(err.Error(), "VAPID key") {
			t.Errorf("key %q: err = %v", key, err)
		}
	}
}
