package meetings_test

import (
	"net/http"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

func TestA16TheFileOfAMeetingForOnesOwnCalendar(t *testing.T) {
	w := newWorld(t)
	r := w.plan("title", "Rapat Koordinasi: Évaluasi", "status", "scheduled")
	w.Make("attendances", "meeting", r.Id, "stakeholder", w.Only("stakeholders", "organisation", w.Puskesmas.Id).Id)
	for who, person := range map[string]*core.Record{"initiator": w.Initiator, "partner": w.Partner, "observer": w.Observer} {
		answer := w.As(person).Get("/meetings/" + r.Id + "/calendar.ics").Want(http.StatusOK)
		for name, want := range map[string]string{"Content-Type": "text/calendar; charset=utf-8", "Cache-Control": "private, no-store",
			"Content-Disposition": "attachment; filename=rapat-koordinasi-evaluasi.ics"} {
			if got := answer.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q", who, name, got)
			}
		}
		got := testkit.ReadCalendar(t, answer.Body)
		if got.Method != "PUBLISH" || len(got.Attendees) != 0 || got.UID != r.GetString("uid") || got.Programme != w.Kopi.GetString("name") {
			t.Errorf("%s reads %+v", who, got)
		}
		check.Lacks(t, who+": the file names an address of somebody:\n", answer.Body, "@example.org")
		link, _ := w.As(person).Get("/meetings/" + r.Id).Doc().Find(`a[href$="/calendar.ics"]`).Attr("href")
		check.Equal(t, who+": the page", link, "/meetings/"+r.Id+"/calendar.ics")
	}
}

func TestA16TheFileOpensForWhomThePageOpens(t *testing.T) {
	w := newWorld(t)
	plain, draft := w.plan(), w.plan("status", "draft")
	page := w.As(w.Partner).Get("/meetings/" + draft.Id).Status
	for _, of := range []struct {
		who     string
		person  *core.Record
		meeting *core.Record
		status  int
	}{
		{"guest", nil, plain, http.StatusSeeOther},
		{"outsider", w.Outsider, plain, http.StatusNotFound},
		{"initiator elsewhere", w.BaliInitiator, plain, http.StatusNotFound},
		{"partner before it is called", w.Partner, draft, page},
		{"initiator before it is called", w.Initiator, draft, http.StatusOK},
		{"partner", w.Partner, plain, http.StatusOK},
	} {
		for _, path := range []string{"/meetings/" + of.meeting.Id, "/meetings/" + of.meeting.Id + "/calendar.ics"} {
			if got := w.As(of.person).Get(path).Status; got != of.status {
				t.Errorf("%s: %s answers %d, want %d", of.who, path, got, of.status)
			}
		}
	}
	w.As(w.Initiator).Get("/meetings/nowhere00000000/calendar.ics").Want(http.StatusNotFound)
}

func TestA16TheFileOfWhatIsCalledOffSaysSo(t *testing.T) {
	w := newWorld(t)
	r := w.plan("status", "scheduled")
	as := w.As(w.Initiator)
	as.Post("/meetings/"+r.Id+"/status", "status", "cancelled").Want(http.StatusSeeOther)
	got := testkit.ReadCalendar(t, w.As(w.Partner).Get("/meetings/"+r.Id+"/calendar.ics").Want(http.StatusOK).Body)
	if got.Status != "CANCELLED" || got.Method != "PUBLISH" || got.Sequence != "1" {
		t.Errorf("it reads %+v", got)
	}
}
