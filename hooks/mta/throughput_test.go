//go:build mta

package mta_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/tools/mailer"
	gomail "github.com/wneessen/go-mail"

	"simpul/hooks/notify/outbox"
)

// bare is a loop around the library, as simple as can be: so many messages of
// about the same weight over one connection.
func (h *hub) bare(s *exim, n int) time.Duration {
	h.Helper()
	client, err := gomail.NewClient("127.0.0.1", gomail.WithPort(s.port), gomail.WithSMTPAuth(gomail.SMTPAuthPlain), gomail.WithUsername(username),
		gomail.WithPassword(password), gomail.WithoutNoop(), gomail.WithoutRset(), gomail.WithoutSMTPUTF8())
	h.check(err)
	begin := time.Now()
	h.check(client.DialWithContext(context.Background()))
	for i := range n {
		msg := gomail.NewMsg()
		h.check(msg.FromFormat("Simpul Lima", "hub@hub.example.org"))
		h.check(msg.To(fmt.Sprintf("mitra%d@example.org", i)))
		msg.Subject("Tenggat Kamis, 10 Desember 2026")
		msg.SetMessageID()
		msg.SetDate()
		msg.SetBodyString(gomail.TypeTextPlain, strings.Repeat("Tugas “Jadwal kunjungan” perlu selesai. ", 25))
		msg.AddAlternativeString(gomail.TypeTextHTML, strings.Repeat("<p>Tugas “Jadwal kunjungan” perlu selesai.</p>", 60))
		h.check(client.Send(msg))
	}
	h.check(client.Close())
	return time.Since(begin)
}

// rounds is how often the two take turns: whatever else the machine does then
// slows both.
const rounds = 4

// TestA12ThroughputIsNearThatOfTheBareLibrary asserts only that all arrive: how
// fast a machine is says nothing about the code. The ratio is printed.
func TestA12ThroughputIsNearThatOfTheBareLibrary(t *testing.T) {
	h, s := newHub(t), newExim(t, trusted)
	h.connect(s, mailer.SMTPAuthPlain, password)
	const each = many / rounds
	var bare, ours time.Duration
	for round := range rounds {
		bare += h.bare(s, each)
		h.queue(round*each, each)
		tally, took := h.flush(time.Duration(round) * time.Minute)
		ours += took
		if tally[outbox.StateSent] != each {
			t.Errorf("%v, want %d sent", tally, each)
		}
	}
	if n := len(s.messages()); n != 2*many {
		t.Errorf("%d letters arrived, want %d", n, 2*many)
	}
	fmt.Printf("letters a second over STARTTLS and AUTH: %.0f by the hub, %.0f by the bare library: ratio %.2f, target 0.80\n",
		many/ours.Seconds(), many/bare.Seconds(), bare.Seconds()/ours.Seconds())
}
