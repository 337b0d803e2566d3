package inbox_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

// called is a meeting to which the owner of the shop was invited over WhatsApp.
func called(f *field) *core.Record {
	f.Helper()
	meeting := f.Make("meetings", "programme", f.Kopi.Id, "kind", "coordination", "title", "Rapat warung", "starts_at", "2026-12-01 02:00:00.000Z",
		"time_zone", "Asia/Jakarta", "mode", "in_person", "place", "Aula", "status", "scheduled")
	f.Make("attendances", "meeting", meeting.Id, "contact", f.owner.Id, "state", "invited")
	text, ids := f.text(f.Coordinator)
	if !strings.Contains(text, "Rapat warung") {
		f.Fatalf("the invitation is not offered: %q", text)
	}
	f.As(f.Coordinator).Post(byHand+"/told", "letters", ids).Want(http.StatusSeeOther)
	return meeting
}

func TestAMeetingCalledOffIsPassedOnToWhoWasInvitedByHand(t *testing.T) {
	for name, off := range map[string]func(f *field, meeting *core.Record){
		"cancelled": func(f *field, m *core.Record) { f.save(m, "status", "cancelled") },
		"postponed": func(f *field, m *core.Record) { f.save(m, "status", "postponed") },
		"deleted": func(f *field, m *core.Record) {
			if err := f.App.Delete(f.Fresh(m)); err != nil {
				f.Fatal(err)
			}
		},
	} {
		for _, sent := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				f := newField(t)
				off(f, called(f))
				if sent {
					f.missed() // the sender has seen that there is no address
				}
				text, ids := f.text(f.Coordinator)
				if !strings.Contains(text, "Rapat warung") || strings.Contains(text, "\n\n\n") {
					t.Errorf("the text reads %q", text)
				}
				f.As(f.Initiator).Get("/").Want(http.StatusOK)
				f.As(f.Initiator).Get("/programmes/kopi/reminders").Want(http.StatusOK)
				f.As(f.Coordinator).Post(byHand+"/told", "letters", ids).Want(http.StatusSeeOther)
				if text, _ := f.text(f.Coordinator); strings.Contains(text, "Rapat warung") {
					t.Errorf("it is offered again: %q", text)
				}
			})
		}
	}
}

func TestOneMessageThatCannotBeAskedAboutHidesNoOther(t *testing.T) {
	f := newField(t)
	for _, kind := range []string{"meeting_cancelled", "expired_summary", "report_ready"} {
		f.queue.letter("kind", kind, "user", "", "recipient", f.owner.Id, "email", "", "state", "skipped", "reason", "no_address")
	}
	if text, _ := f.text(f.Coordinator); !strings.Contains(text, "Sediakan kopi") {
		t.Errorf("the text reads %q", text)
	}
	f.As(f.Initiator).Get("/").Want(http.StatusOK)
}

func TestAMeetingCalledOffIsReadOnOnesOwnPage(t *testing.T) {
	d := newQueue(t)
	meeting := d.Make("meetings", "programme", d.Kopi.Id, "kind", "coordination", "title", "Rapat warung", "starts_at", "2026-12-01 02:00:00.000Z",
		"time_zone", "Asia/Jakarta", "mode", "in_person", "place", "Aula", "status", "cancelled")
	d.letter("kind", "meeting_cancelled", "subject_collection", "attendances", "subject_id", "nosuchrow000000", "url", "/meetings/"+meeting.Id)
	if got := d.As(d.Partner).Get("/deliveries").Want(http.StatusOK).Text("main .rows"); !strings.Contains(got, "Rapat warung") {
		t.Errorf("the page reads %q", got)
	}
	if err := d.App.Delete(d.Fresh(meeting)); err != nil {
		t.Fatal(err)
	}
	if got := d.As(d.Partner).Get("/deliveries").Want(http.StatusOK).Text("main .rows"); strings.Contains(got, "Rapat warung") {
		t.Errorf("once deleted the page reads %q", got)
	}
}
