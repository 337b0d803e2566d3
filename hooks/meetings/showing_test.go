package meetings_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit/check"
)

func TestTheMeetingsPageHoldsEverythingAboutIt(t *testing.T) {
	w := newWorld(t)
	w.meeting.Set("agenda", "1. Laporan\n2. <script>alert(1)</script>")
	w.meeting.Set("quorum_note", "Separuh mitra hadir.")
	w.Must(w.App.Save(w.meeting))
	w.save(line + "\n\nKEPUTUSAN: posko buka")
	w.attend(w.Puskesmas, "present_in_person", "name", "Bu Rina")
	page := w.As(w.Initiator).Get(w.url()).Want(200)
	has(t, page.Text("main"), "Rapat koordinasi", "Terlaksana", "Jumat, 20 November 2026", "09.00–11.30 WIB", "Aula", "Laporan",
		"Separuh mitra hadir.", "Pemerintah 1 hadir dari 1", "Puskesmas Tambakaji", "Bu Rina", "Keputusan posko buka", "jadwal home visit")
	check.Equal(t, "the leaf of the calendar", page.Text(".day-tile"), "Nov20Jumat")
	check.Equal(t, "the agenda runs a script", page.Doc().Find("main script").Length(), 0)
	for _, way := range []string{w.url() + "/edit", w.url() + "/attendances", w.minutesURL()} {
		if page.Doc().Find("a[href='"+way+"']").Length() == 0 {
			t.Errorf("nothing leads to %s", way)
		}
	}
	check.Equal(t, "number of elements", page.Doc().Find(".button.primary").Length(), 1)
}

func TestReadersSeeNoButtonsOfTheTeam(t *testing.T) {
	w := newWorld(t)
	w.save(line)
	for _, person := range []*core.Record{w.Observer, w.Partner, w.OtherPartner} {
		page := w.As(person).Get(w.url()).Want(200)
		lacks(t, page.Body, w.url()+"/edit", w.url()+"/status", w.url()+"/attendances", w.minutesURL()+"/edit")
	}
	owner := w.As(w.Partner).Get(w.url()).Doc().Find("form[data-tick]").Length()
	other := w.As(w.OtherPartner).Get(w.url()).Doc().Find("form[data-tick]").Length()
	if owner != 1 || other != 0 {
		t.Errorf("the owner can tick %d tasks, another partner %d", owner, other)
	}
}

func TestAMeetingMovesOnAndBack(t *testing.T) {
	w := newWorld(t)
	as := w.As(w.Coordinator)
	meeting := w.plan("title", "Nanti")
	url := "/meetings/" + meeting.Id
	for _, step := range []struct{ status, says string }{
		{"postponed", "Rapat ditunda."}, {"scheduled", "Rapat dijadwalkan."}, {"cancelled", "Rapat dibatalkan."},
		{"cancelled", "Rapat dibatalkan."}, {"scheduled", "Rapat dijadwalkan."}, {"held", "Rapat tercatat terlaksana."},
	} {
		page := as.Follow(as.Post(url+"/status", "status", step.status))
		has(t, page.Text(".flash"), step.says)
		check.Equal(t, "status", w.Fresh(meeting).GetString("status"), step.status)
	}
	check.Equal(t, "it was called off and called", w.Fresh(meeting).GetInt("sequence"), 4)
	page := as.Follow(as.Post(url+"/status", "status", "scheduled"))
	undo := page.Doc().Find(".flash form")
	if to, _ := undo.Attr("action"); to != url+"/status" || undo.Find("input[name=status][value=held]").Length() != 1 {
		t.Error("the step cannot be taken back")
	}
	for _, wrong := range []string{"", "over", "HELD"} {
		as.Post(url+"/status", "status", wrong).Want(422)
	}
}

func TestWhatHasNotBegunCannotBeMarkedAsHeld(t *testing.T) {
	w := newWorld(t)
	meeting := w.plan()
	page := w.As(w.Initiator).Get("/meetings/" + meeting.Id).Want(200)
	check.Equal(t, "a coming meeting offers to be marked as held", page.Doc().Find("input[name=status][value=held]").Length(), 0)
	begun := w.plan("starts_at", "2026-11-23 01:00:00.000Z")
	page = w.As(w.Initiator).Get("/meetings/" + begun.Id).Want(200)
	for status, want := range map[string]int{"held": 1, "postponed": 1, "cancelled": 1, "scheduled": 0} {
		if n := page.Doc().Find("input[name=status][value=" + status + "]").Length(); n != want {
			t.Errorf("%d buttons lead to %s, want %d", n, status, want)
		}
	}
}

func TestACancelledMeetingAsksForNoMinutes(t *testing.T) {
	w := newWorld(t)
	meeting := w.plan("status", "cancelled")
	lacks(t, w.As(w.Initiator).Get("/meetings/"+meeting.Id).Want(200).Text("main"), "Tulis notulen")
}

func TestADecisionStandsUntilAnotherTakesItsPlace(t *testing.T) {
	w := newWorld(t)
	old := w.Make("decisions", "meeting", w.meeting.Id, "text", "Posko buka Senin")
	check.Equal(t, "a new decision", old.GetString("state"), "standing")
	fresh := w.Make("decisions", "meeting", w.plan().Id, "text", "Posko buka Selasa")
	foreign := w.Make("decisions", "meeting", w.Make("meetings", "programme", w.Rantang.Id, "title", "Lain", "starts_at", "2026-12-01 02:00:00Z").Id, "text", "Lain")
	url := "/api/collections/decisions/records/" + old.Id
	as := w.As(w.Coordinator)
	as.API("PATCH", url, map[string]any{"state": "superseded", "superseded_by": foreign.Id}).Want(400)
	as.API("PATCH", url, map[string]any{"state": "superseded", "superseded_by": fresh.Id}).Want(200)
	as.API("PATCH", url, map[string]any{"source_key": "x"}).Want(404)
	has(t, as.Get(w.url()).Text("main"), "Posko buka Senin Diganti")
}
