package outbox

import (
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/mails"

	"simpul/hooks/notify/smtp"
)

func TestMailbox_Held_IsRendered(t *testing.T) {
	w, user := withAccounts(t)
	w.queue(letter(1))
	w.flush(monday)
	check(t, mails.SendRecordOTP(w, user, "otp1", "48151623"))
	posts, err := Mailbox(w, Page{Size: 10})
	check(t, err)
	if len(posts) != 2 {
		t.Fatalf("%d letters", len(posts))
	}
	for _, p := range posts {
		expected := "Jadwal kunjungan rumah"
		if p.Kind == KindAccount {
			expected = "48151623"
		}
		if p.State != StateHeld || p.Reason != ReasonSMTPOff || p.To == "" || p.Subject == "" {
			t.Errorf("%+v", p)
		}
		if !strings.Contains(p.Text, expected) || !strings.Contains(p.HTML, expected) {
			t.Errorf("%s shows %q", p.Kind, p.Text)
		}
	}
}

func TestMailbox_NotWanted_SaysWhy(t *testing.T) {
	w := newWorld(t)
	w.queue(letter(1))
	w.whyNot = ReasonDone
	posts, err := Mailbox(w, Page{State: StatePlanned, Size: 10})
	check(t, err)
	if posts[0].Reason != ReasonDone || posts[0].Text != "" || posts[0].State != StatePlanned {
		t.Errorf("%+v", posts[0])
	}
}

func TestMailbox_Sent_KeepsTheReplyAndNoBody(t *testing.T) {
	w := newWorld(t)
	p := newPeer(t, script{})
	w.connectTo("127.0.0.1", p.port)
	for i := range 3 {
		w.queue(letter(i))
	}
	w.flush(monday)
	posts, err := Mailbox(w, Page{Size: 2})
	check(t, err)
	if len(posts) != 2 {
		t.Fatalf("%d letters, asked for 2", len(posts))
	}
	for _, p := range posts {
		if p.State != StateSent || p.Text+p.HTML != "" || p.Subject != "Tenggat besok" || !strings.Contains(p.ServerReply, "queued as 1A2B3C") {
			t.Errorf("%+v", p)
		}
		if !p.SentAt.Equal(monday) && p.SentAt.Sub(monday) > time.Second || p.Attempts != 1 {
			t.Errorf("sent at %v after %d attempts", p.SentAt, p.Attempts)
		}
	}
}

// What may have arrived is shown as it left, also when the message would be another one now.
func TestMailbox_UncertainDelivery_ShowsTheMessageThatLeft(t *testing.T) {
	for _, calendar := range []string{"", object("REQUEST")} {
		w := newWorld(t)
		p := newPeer(t, script{".": drop})
		w.connectTo("127.0.0.1", p.port)
		w.said.Lines, w.said.Calendar = []string{"Évaluasi: " + strings.Repeat("a=b ", 40)}, calendar
		w.queue(letter(1))
		w.flush(monday)
		lines := w.said.Lines[0]
		w.said.Lines = nil
		posts, err := Mailbox(w, Page{State: StateUncertain, Size: 10})
		check(t, err)
		if len(posts) != 1 || !strings.Contains(posts[0].Text, lines[:100]) || !strings.Contains(posts[0].HTML, "<p ") {
			t.Errorf("calendar %v: %+v", calendar != "", posts)
		}
	}
}

func TestReport_States_AreCounted(t *testing.T) {
	w := newWorld(t)
	late := letter(1)
	late.DueAt = monday.Add(-time.Hour)
	ahead := letter(2)
	ahead.DueAt = monday.Add(time.Hour)
	w.queue(late, ahead)
	h, err := Report(w, monday)
	check(t, err)
	if h.Held != ReasonSMTPOff || h.States[StatePlanned] != 2 || !h.OldestDue.Equal(late.DueAt) || h.Channel.Reason != "" {
		t.Errorf("%+v", h)
	}
	w.connectTo("127.0.0.1", 1)
	w.flush(monday)
	if h, err = Report(w, monday); err != nil || h.Held != "" || h.Channel.Reason != smtp.FaultRefused || h.States[StateRetry] != 1 {
		t.Errorf("%+v, %v", h, err)
	}
	o := newOffice(t)
	w.connectTo("127.0.0.1", o.port)
	w.flush(monday)
	if h, err = Report(w, monday); err != nil || h.Channel.Reason != "" || !h.OldestDue.IsZero() || h.States[StateSent] != 1 {
		t.Errorf("%+v, %v", h, err)
	}
}
