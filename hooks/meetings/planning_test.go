package meetings_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit/check"
)

// typed is a filled form for a new meeting; more pairs replace what is in it.
func typed(more ...string) []string {
	fields := []string{"title", "Rapat koordinasi", "kind", "coordination", "day", "10/12/2026", "starts_at", "09.00", "ends_at", "11:30",
		"time_zone", "Asia/Jakarta", "mode", "in_person", "place", "Aula", "status", "scheduled"}
	for i := 0; i+1 < len(more); i += 2 {
		at := slices.Index(fields, more[i])
		if at >= 0 && at%2 == 0 {
			fields[at+1] = more[i+1]
			continue
		}
		fields = append(fields, more[i], more[i+1])
	}
	return fields
}

func TestTheTeamPlansAMeeting(t *testing.T) {
	w := newWorld(t)
	chair := w.Only("contacts", "organisation", w.Puskesmas.Id)
	as := w.As(w.Coordinator)
	page := as.Follow(as.Post("/programmes/kopi/meetings", typed("title", "Rapat Desember", "kind", "fgd", "mode", "hybrid",
		"link", "meet.example.org/abc", "chair", chair.Id, "taken_by", chair.Id, "agenda", "1. Laporan\n2. Rencana")...))
	has(t, page.Text(".flash"), "Rapat tersimpan.")
	has(t, page.Text("main"), "Rapat Desember", "FGD", "Kamis, 10 Desember 2026", "09.00–11.30 WIB", "Aula · Daring",
		"https://meet.example.org/abc", "Pimpinan rapat Kepala Puskesmas, Puskesmas Tambakaji", "Laporan", "Rencana")
	made := w.Only("meetings", "title", "Rapat Desember")
	if made.GetString("programme") != w.Kopi.Id || made.GetString("status") != "scheduled" {
		t.Errorf("it is %v", made.PublicExport())
	}
	if href, _ := page.Doc().Find(".actions a[data-share]").Attr("data-text"); !strings.Contains(href, "Kam, 10 Des 2026, 09.00–11.30 WIB") {
		t.Errorf("what is passed on says %q", href)
	}
}

func TestOneFormSentTwiceIsOneMeeting(t *testing.T) {
	w := newWorld(t)
	first := w.As(w.Initiator).Post("/programmes/kopi/meetings", typed("title", "Sekali", "once", "kunci-1")...).Want(303)
	again := w.As(w.Initiator).Post("/programmes/kopi/meetings", typed("title", "Sekali", "once", "kunci-1")...).Want(303)
	check.Equal(t, "the second sending leads elsewhere", first.Header.Get("Location"), again.Header.Get("Location"))
	w.Only("meetings", "title", "Sekali")
}

func TestEveryWrongFieldGetsASentenceAndNothingIsLost(t *testing.T) {
	w := newWorld(t)
	stranger := w.Only("contacts", "organisation", w.Bali.Id)
	before := w.rows()
	meeting := w.Fresh(w.meeting)
	for what, c := range map[string]struct{ field, value, want string }{
		"no title":             {"title", "", "Isi “Nama rapat” dulu."},
		"long title":           {"title", strings.Repeat("a", 201), "terlalu panjang"},
		"no day":               {"day", "", "Isi “Hari dan tanggal” dulu."},
		"no such day":          {"day", "31/02/2026", "Tulis tanggal"},
		"no start":             {"starts_at", "", "Isi “Mulai” dulu."},
		"no such hour":         {"starts_at", "25.00", "Tulis jam"},
		"end before start":     {"ends_at", "08.00", "Jam selesai harus sesudah jam mulai."},
		"end at start":         {"ends_at", "09.00", "Jam selesai harus sesudah jam mulai."},
		"last day before":      {"ends_on", "09/12/2026", "Jam selesai harus sesudah jam mulai."},
		"kind unknown":         {"kind", "party", "dari daftar"},
		"mode unknown":         {"mode", "telepathy", "dari daftar"},
		"zone unknown":         {"time_zone", "Europe/Amsterdam", "dari daftar"},
		"status unknown":       {"status", "over", "dari daftar"},
		"long place":           {"place", strings.Repeat("a", 301), "terlalu panjang"},
		"link that runs":       {"link", "javascript:alert(1)", "Tulis alamat web lengkap"},
		"link in person":       {"link", "https://example.org/r", "Rapat luring tidak memakai tautan."},
		"chair from elsewhere": {"chair", stranger.Id, "Pilih “Pimpinan rapat” dari daftar."},
		"long agenda":          {"agenda", strings.Repeat("a", 20001), "terlalu panjang"},
		"identity number":      {"agenda", "3374010101010001", "16 angka"},
		"unreadable":           {"title", "a\x00b", "tidak terbaca"},
	} {
		fields := typed("agenda", "Agenda yang diketik", c.field, c.value)
		for url, page := range map[string]string{
			"new":  "/programmes/kopi/meetings",
			"edit": "/meetings/" + meeting.Id,
		} {
			answer := w.As(w.Initiator).Post(page, append(fields, "seen", meeting.GetString("updated"))...).Want(422)
			shown := answer.Text(".field.wrong .error") + answer.Text(".problems")
			if !strings.Contains(shown, c.want) {
				t.Errorf("%s, %s: %q does not say %q", what, url, shown, c.want)
			}
			if c.field != "agenda" {
				has(t, answer.Text("textarea[name=agenda]"), "Agenda yang diketik")
			}
			lacks(t, answer.Body, "⟦", "SQL")
		}
	}
	w.As(w.Initiator).Post("/programmes/kopi/meetings", typed("ends_at", "", "ends_on", "12/12/2026")...).Want(422)
	w.As(w.Initiator).Post("/programmes/kopi/meetings").Want(422)
	w.unchanged(before)
}

func TestEditingKeepsTheMeeting(t *testing.T) {
	w := newWorld(t)
	as := w.As(w.Initiator)
	meeting := w.Fresh(w.meeting)
	page := as.Follow(as.Post(w.url(), typed("title", "Nama baru", "time_zone", "Asia/Jayapura", "seen", meeting.GetString("updated"))...))
	has(t, page.Text("main"), "Perubahan rapat tersimpan.", "Nama baru", "09.00–11.30 WIT")
	if got := w.Fresh(meeting); got.GetString("starts_at") != "2026-12-10 00:00:00.000Z" || got.GetInt("sequence") != 1 {
		t.Errorf("it starts at %s, sequence %d", got.GetString("starts_at"), got.GetInt("sequence"))
	}
}

func TestAnEditOfWhatSomebodyElseChangedIsHeldBack(t *testing.T) {
	w := newWorld(t)
	seen := w.Fresh(w.meeting).GetString("updated")
	changed := w.Fresh(w.meeting)
	changed.Set("place", "Balai desa")
	w.Must(w.App.Save(changed))
	page := w.As(w.Initiator).Post(w.url(), typed("title", "Punya saya", "seen", seen)...).Want(422)
	has(t, page.Text(".problems"), "Orang lain baru saja mengubahnya.")
	fresh, _ := page.Doc().Find("input[name=seen]").Attr("value")
	if title, _ := page.Doc().Find("input[name=title]").Attr("value"); title != "Punya saya" {
		t.Errorf("the title became %q", title)
	}
	w.As(w.Initiator).Post(w.url(), typed("title", "Punya saya", "seen", fresh)...).Want(303)
}

func TestOnlyTheTeamPlans(t *testing.T) {
	w := newWorld(t)
	before := w.rows()
	seen := w.Fresh(w.meeting).GetString("updated")
	for who, person := range map[string]*core.Record{
		"observer": w.Observer, "partner": w.Partner, "initiator elsewhere": w.BaliInitiator, "outsider": w.Outsider,
	} {
		as := w.As(person)
		for what, status := range map[string]int{
			"form":   as.Get("/programmes/kopi/meetings/new").Status,
			"create": as.Post("/programmes/kopi/meetings", typed()...).Status,
			"edit":   as.Get(w.url() + "/edit").Status,
			"save":   as.Post(w.url(), typed("seen", seen)...).Status,
			"status": as.Post(w.url()+"/status", "status", "cancelled").Status,
			"list":   as.Get(w.url() + "/attendances").Status,
			"attend": as.Post(w.url() + "/attendances").Status,
			"guest":  as.Post(w.url()+"/guests", "name", "X", "state", "invited").Status,
		} {
			if status != 404 {
				t.Errorf("%s, %s: %d", who, what, status)
			}
		}
	}
	for _, path := range []string{"/programmes/kopi/meetings/new", w.url() + "/edit", w.url() + "/attendances"} {
		if to := w.As(nil).Get(path).Want(303).Header.Get("Location"); !strings.HasPrefix(to, "/sign-in") {
			t.Errorf("a guest is sent to %s", to)
		}
	}
	w.unchanged(before)
}
