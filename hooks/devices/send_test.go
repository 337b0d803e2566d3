package devices_test

import (
	"strings"
	"testing"
	"time"

	"simpul/hooks/testkit"
)

const (
	phone  = "https://fcm.googleapis.com/fcm/send/phone"
	laptop = "https://updates.push.services.mozilla.com/wpush/v2/laptop"
)

func TestADeviceIsToldOfAReminderInASealedMessage(t *testing.T) {
	d := newDesk(t)
	b := d.on(d.Partner, phone)
	task := d.task("Jadwal home visit")
	if early := d.tick("2026-12-07 07:59"); len(early) != 0 {
		t.Fatalf("told %d times before the hour", len(early))
	}
	got := d.tick("2026-12-07 08:00")
	if len(got) != 1 || got[0].endpoint != phone {
		t.Fatalf("%d messages", len(got))
	}
	letter := d.Only("deliveries", "due_at", d.stored(d.stand("2026-12-07 08:00")))
	n, err := b.read(got[0].body)
	if err != nil {
		t.Fatal(err)
	}
	want := shown{Title: "Simpul Lima", Body: letter.GetString("subject"), URL: "/tasks/" + task.Id, Tag: got[0].header.Get("Topic")}
	if n != want || n.Body != "Tenggat Kamis, 10 Desember 2026: Jadwal home visit" {
		t.Errorf("the device shows %+v, want %+v", n, want)
	}
	if topic := got[0].header.Get("Topic"); len(topic) == 0 || len(topic) > 32 || strings.Contains(topic, letter.Id) {
		t.Errorf("the topic is %q", topic)
	}
	for name, want := range map[string]string{"Content-Encoding": "aes128gcm", "Urgency": "normal", "TTL": "86399"} {
		// A moment passes between the claim and the request.
		if got := got[0].header.Get(name); got != want && !(name == "TTL" && got >= "86390" && got <= "86400") {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	if strings.Contains(string(got[0].body), "home visit") {
		t.Error("the subject can be read on the way")
	}
	if _, err := newBrowser(t, phone).read(got[0].body); err == nil {
		t.Error("another browser can read the message")
	}
	same(t, "pushes", d.rows(), "sent")
	same(t, "told again", b.bodies(d.tick("2026-12-07 08:01")))
}

func TestThePushServiceCanTellWhoSendsAndOnlyForIt(t *testing.T) {
	d := newDesk(t)
	d.on(d.Partner, phone)
	d.on(d.Partner, laptop)
	d.task("Satu")
	public := d.visitor(d.Partner).Get("/devices").Doc().Find("[data-push]").AttrOr("data-push", "")
	got := d.tick("2026-12-07 08:00")
	if len(got) != 2 {
		t.Fatalf("%d messages", len(got))
	}
	for _, r := range got {
		claims, err := r.claims(public)
		if err != nil {
			t.Fatal(err)
		}
		if origin, _, _ := strings.Cut(strings.TrimPrefix(r.endpoint, "https://"), "/"); claims.Aud != "https://"+origin {
			t.Errorf("%s is asked in the name of %s", r.endpoint, claims.Aud)
		}
		if left := time.Until(time.Unix(claims.Exp, 0)); left <= 0 || left > 24*time.Hour {
			t.Errorf("the signature holds for %s", left)
		}
		if claims.Sub != testkit.HubURL {
			t.Errorf("the sender is %s", claims.Sub)
		}
	}
}

func TestWithoutAnHTTPSAddressTheSenderIsThatOfLetters(t *testing.T) {
	d := newDesk(t)
	d.on(d.Partner, phone)
	settings, err := d.App.Settings().Clone()
	d.must(err)
	settings.Meta.AppURL = "http://localhost:8090"
	d.must(d.App.Save(settings))
	d.task("Satu")
	public := d.As(d.Partner).Get("/devices").Doc().Find("[data-push]").AttrOr("data-push", "")
	claims, err := d.tick("2026-12-07 08:00")[0].claims(public)
	if err != nil || claims.Sub != "mailto:hub@hub.example.org" {
		t.Errorf("the sender is %s, %v", claims.Sub, err)
	}
}

// What a push service answers, and what becomes of the notice and the device.
func TestWhatBecomesOfANotice(t *testing.T) {
	for name, of := range map[string]struct {
		status  int
		header  map[string]string
		row     string // of pushes
		failing int
		trouble string
	}{
		"taken":             {status: 201, row: "sent"},
		"taken, old answer": {status: 200, row: "sent"},
		"accepted":          {status: 202, row: "sent"},
		"not there":         {status: 404, row: "waiting", failing: 5, trouble: "gone"},
		"gone":              {status: 410, row: "waiting", failing: 5, trouble: "gone"},
		"too many":          {status: 429, row: "waiting", trouble: "busy 429"},
		"a fault":           {status: 500, row: "waiting", trouble: "busy 500"},
		"resting":           {status: 503, row: "waiting", trouble: "busy 503"},
		"a wrong key":       {status: 403, row: "failed refused", failing: 1, trouble: "refused 403"},
		"too large":         {status: 413, row: "failed refused", failing: 1, trouble: "refused 413"},
		"sent elsewhere": {status: 307, header: map[string]string{"Location": "https://fcm.googleapis.com/elsewhere"},
			row: "failed refused", failing: 1, trouble: "refused 307"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			b := d.on(d.Partner, phone)
			d.task("Satu")
			d.service.answers(of.status, of.header)
			if got := d.tick("2026-12-07 08:00"); len(got) != 1 {
				t.Fatalf("asked %d times", len(got))
			}
			same(t, "pushes", d.rows(), of.row)
			device, err := d.App.FindRecordById("devices", b.id)
			d.must(err)
			if device.GetInt("failures") != of.failing || device.GetString("last_error") != of.trouble {
				t.Errorf("the device has failed %d times, last %q", device.GetInt("failures"), device.GetString("last_error"))
			}
			if told := !device.GetDateTime("last_ok_at").IsZero(); told != (of.row == "sent") {
				t.Errorf("the device was told: %v", told)
			}
		})
	}
}
