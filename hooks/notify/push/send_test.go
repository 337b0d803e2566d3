package push_test

import (
	"strings"
	"testing"
	"time"

	"simpul/hooks/testkit"
)

func TestProcessDue_Reminder_SendsEncryptedSubjectOnce(t *testing.T) {
	e := newEnv(t)
	b := e.subscribe(e.Partner, phone)
	task := e.task("Jadwal home visit")
	if early := e.tick("2026-12-07 07:59"); len(early) != 0 {
		t.Fatalf("%d requests before the hour", len(early))
	}
	got := e.tick("2026-12-07 08:00")
	if len(got) != 1 || got[0].endpoint != phone {
		t.Fatalf("%d requests, want one to the phone", len(got))
	}
	delivery := e.Only("deliveries", "due_at", stored(e.setClock("2026-12-07 08:00")))
	topic := got[0].header.Get("Topic")
	p, err := b.decrypt(got[0].body)
	e.must(err)
	want := payload{Title: "Simpul Lima", Body: delivery.GetString("subject"), URL: "/tasks/" + task.Id, Tag: topic}
	if p != want || p.Body != "Tenggat Kamis, 10 Desember 2026: Jadwal home visit" {
		t.Errorf("payload = %+v, want %+v", p, want)
	}
	if len(topic) == 0 || len(topic) > 32 || strings.Contains(topic, delivery.Id) {
		t.Errorf("Topic = %q", topic)
	}
	for name, want := range map[string]string{"Content-Encoding": "aes128gcm", "Urgency": "normal", "TTL": "86399"} {
		// A moment passes between the claim and the request.
		if got := got[0].header.Get(name); got != want && !(name == "TTL" && got >= "86390" && got <= "86400") {
			t.Errorf("%s = %s, want %s", name, got, want)
		}
	}
	if strings.Contains(string(got[0].body), "home visit") {
		t.Error("the request holds the subject in clear")
	}
	if _, err := newBrowser(t, phone).decrypt(got[0].body); err == nil {
		t.Error("another browser can decrypt the message")
	}
	e.wantMessages("sent")
	e.wantEqual("a minute later", b.bodies(e.tick("2026-12-07 08:01")))
}

func TestProcessDue_TwoServices_SignsForEachOrigin(t *testing.T) {
	e := newEnv(t)
	e.subscribe(e.Partner, phone)
	e.subscribe(e.Partner, laptop)
	e.task("Satu")
	got := e.tick("2026-12-07 08:00")
	if len(got) != 2 {
		t.Fatalf("%d requests, want 2", len(got))
	}
	for _, r := range got {
		claims, err := r.claims(publicKey(e.client(e.Partner)))
		e.must(err)
		if host, _, _ := strings.Cut(strings.TrimPrefix(r.endpoint, "https://"), "/"); claims.Aud != "https://"+host {
			t.Errorf("aud = %s at %s", claims.Aud, r.endpoint)
		}
		if left := time.Until(time.Unix(claims.Exp, 0)); left <= 0 || left > 24*time.Hour {
			t.Errorf("exp is in %s", left)
		}
		if claims.Sub != testkit.HubURL {
			t.Errorf("sub = %s, want %s", claims.Sub, testkit.HubURL)
		}
	}
}

func publicKey(c *testkit.Client) string {
	return c.Get("/devices").Doc().Find("[data-push]").AttrOr("data-push", "")
}

func TestProcessDue_NoHTTPSAddress_SignsWithSenderAddress(t *testing.T) {
	e := newEnv(t)
	e.subscribe(e.Partner, phone)
	settings, err := e.App.Settings().Clone()
	e.must(err)
	settings.Meta.AppURL = "http://localhost:8090"
	e.must(e.App.Save(settings))
	e.task("Satu")
	public := publicKey(e.As(e.Partner))
	claims, err := e.tick("2026-12-07 08:00")[0].claims(public)
	if err != nil || claims.Sub != "mailto:hub@hub.example.org" {
		t.Errorf("sub = %s, %v", claims.Sub, err)
	}
}

func TestProcessDue_Response_DecidesMessageAndSubscription(t *testing.T) {
	for name, c := range map[string]struct {
		status    int
		header    map[string]string
		message   string // of push_messages
		failures  int
		lastError string
	}{
		"created":        {status: 201, message: "sent"},
		"ok":             {status: 200, message: "sent"},
		"accepted":       {status: 202, message: "sent"},
		"too many":       {status: 429, message: "waiting", lastError: "429"},
		"internal error": {status: 500, message: "waiting", lastError: "500"},
		"unavailable":    {status: 503, message: "waiting", lastError: "503"},
		"forbidden":      {status: 403, message: "failed refused", failures: 1, lastError: "403"},
		"too large":      {status: 413, message: "failed refused", failures: 1, lastError: "413"},
		"redirect":       {status: 307, header: map[string]string{"Location": phone + "2"}, message: "failed refused", failures: 1, lastError: "307"},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEnv(t)
			b := e.subscribe(e.Partner, phone)
			e.task("Satu")
			e.service.respond(c.status, c.header)
			if got := e.tick("2026-12-07 08:00"); len(got) != 1 {
				t.Fatalf("%d requests, want 1", len(got))
			}
			e.wantMessages(c.message)
			s := e.subscription(b)
			if s.GetInt("failures") != c.failures || s.GetString("last_error") != c.lastError {
				t.Errorf("failures = %d, last_error = %q", s.GetInt("failures"), s.GetString("last_error"))
			}
			if ok := !s.GetDateTime("last_ok_at").IsZero(); ok != (c.message == "sent") {
				t.Errorf("last_ok_at is set: %v", ok)
			}
		})
	}
}

func TestProcessDue_GoneSubscription_IsRemovedWithItsMessages(t *testing.T) {
	for _, status := range []int{404, 410} {
		e := newEnv(t)
		e.subscribe(e.Partner, phone)
		kept := e.subscribe(e.Partner, laptop)
		e.task("Satu")
		e.task("Dua")
		e.service.answer = func(endpoint string) (int, map[string]string) {
			if endpoint == phone {
				return status, nil
			}
			return 201, nil
		}
		e.tick("2026-12-07 08:00")
		e.wantCount(1)
		if e.subscription(kept).GetString("endpoint") != laptop {
			t.Errorf("%d: the other subscription was removed", status)
		}
		e.wantMessages("sent", "sent")
		if again := e.tick("2026-12-09 08:00"); len(again) != 2 || again[0].endpoint != laptop {
			t.Errorf("%d: %d requests afterwards, want 2 to the laptop", status, len(again))
		}
	}
}
