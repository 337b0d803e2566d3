package meetings_test

import (
	"strings"
	"testing"

	"simpul/hooks/testkit/check"
)

func TestAMeetingIsPrintedInItsOwnZoneForEverybody(t *testing.T) {
	w := newWorld(t)
	// Typed by somebody in Semarang for a meeting in Tabanan.
	w.Make("memberships", "programme", w.Rantang.Id, "user", w.Initiator.Id, "role", "coordinator")
	as := w.As(w.Initiator)
	form := as.Get("/programmes/rantang/meetings/new").Want(200)
	if zone, _ := form.Doc().Find("select[name=time_zone] option[selected]").Attr("value"); zone != "Asia/Makassar" {
		t.Errorf("the form begins with %q", zone)
	}
	page := as.Follow(as.Post("/programmes/rantang/meetings", typed("title", "Rapat Tabanan", "time_zone", "Asia/Makassar")...))
	made := w.Only("meetings", "title", "Rapat Tabanan")
	check.Equal(t, "09.00 WITA is stored", made.GetString("starts_at"), "2026-12-10 01:00:00.000Z")
	url := "/meetings/" + made.Id
	w.Make("minutes", "meeting", made.Id, "body", "Isi", "status", "circulated")
	for what, text := range map[string]string{
		"page":         page.Text("main"),
		"list":         as.Get("/programmes/rantang/meetings").Text("main"),
		"partner":      w.As(w.BaliPartner).Get(url).Text("main"),
		"minutes":      w.As(w.BaliPartner).Get(url + "/minutes").Text("main"),
		"home":         w.As(w.BaliInitiator).Get("/").Text("main"),
		"overview":     as.Get("/programmes/rantang").Text("main"),
		"administator": w.As(w.Administrator).Get(url).Text("main"),
	} {
		if !strings.Contains(text, "09.00–11.30 WITA") || strings.Contains(text, "WIB") {
			t.Errorf("%s says %s", what, text)
		}
	}
	edit := as.Get(url + "/edit").Doc()
	for name, want := range map[string]string{"day": "2026-12-10", "starts_at": "09:00", "ends_at": "11:30", "ends_on": ""} {
		if got, _ := edit.Find("input[name=" + name + "]").Attr("value"); got != want {
			t.Errorf("the form shows %s %q, want %q", name, got, want)
		}
	}
	machine, _ := as.Get("/programmes/rantang/meetings").Doc().Find("time").Attr("datetime")
	check.Equal(t, "programs read", machine, "2026-12-10T09:00:00+08:00")
}

func TestAMeetingWithoutAnEndIsOpen(t *testing.T) {
	w := newWorld(t)
	open := w.plan("title", "Sarasehan")
	for _, url := range []string{"/meetings/" + open.Id, "/programmes/kopi/meetings"} {
		has(t, w.As(w.Partner).Get(url).Text("main"), "09.00 WIB s.d. selesai")
	}
}

func TestAMeetingOfSeveralDaysSaysSo(t *testing.T) {
	w := newWorld(t)
	as := w.As(w.Initiator)
	as.Post("/programmes/kopi/meetings", typed("title", "Bimtek", "ends_at", "16.00", "ends_on", "12/12/2026")...).Want(303)
	made := w.Only("meetings", "title", "Bimtek")
	check.Equal(t, "ends_at", made.GetString("ends_at"), "2026-12-12 09:00:00.000Z")
	has(t, as.Get("/meetings/"+made.Id).Text("main"), "Sab, 12 Des 2026, 16.00 WIB")
	if got, _ := as.Get("/meetings/" + made.Id + "/edit").Doc().Find("input[name=ends_on]").Attr("value"); got != "2026-12-12" {
		t.Errorf("the form shows the last day as %q", got)
	}
}

func TestWhatNobodyTypesIsFilledIn(t *testing.T) {
	w := newWorld(t)
	answer := w.As(w.BaliInitiator).API("POST", "/api/collections/meetings/records",
		map[string]any{"programme": w.Papua.Id, "title": "Rapat", "starts_at": "2026-12-01 00:00:00Z"}).Want(200).JSON()
	for field, want := range map[string]any{"time_zone": "Asia/Jayapura", "status": "scheduled", "kind": "coordination", "mode": "in_person", "sequence": 0.0} {
		check.Equal(t, field, answer[field], want)
	}
	if uid, _ := answer["uid"].(string); len(uid) < 20 || !strings.Contains(uid, "@") {
		t.Errorf("its identity in calendars is %q", answer["uid"])
	}
	for want, fields := range map[string][]any{
		"online":    {"link", "https://example.org/r", "place", ""},
		"hybrid":    {"link", "https://example.org/r"},
		"in_person": {},
	} {
		check.Equal(t, "mode", w.plan(fields...).GetString("mode"), want)
	}
	check.Equal(t, "the link", w.plan("link", "example.org/rapat").GetString("link"), "https://example.org/rapat")
}

func TestAProgrammeWithoutAZoneLendsThatOfItsProvince(t *testing.T) {
	w := newWorld(t)
	_, err := w.App.DB().NewQuery("UPDATE programmes SET time_zone = '' WHERE slug = 'rantang'").Execute()
	w.Must(err)
	made := w.Make("meetings", "programme", w.Rantang.Id, "title", "Rapat", "starts_at", "2026-12-01 00:00:00Z")
	check.Equal(t, "the zone", made.GetString("time_zone"), "Asia/Makassar")
}

func TestA16CalendarsAreToldOfTimeAndPlaceAndWhetherItStands(t *testing.T) {
	w := newWorld(t)
	as := w.As(w.Initiator)
	meeting := w.plan()
	uid := meeting.GetString("uid")
	url := "/api/collections/meetings/records/" + meeting.Id
	for _, step := range []struct {
		change map[string]any
		want   int
	}{
		{map[string]any{"title": "Nama lain"}, 0},
		{map[string]any{"agenda": "1. Baru", "chair": ""}, 0},
		{map[string]any{"starts_at": "2026-12-02 02:00:00.000Z"}, 1},
		{map[string]any{"ends_at": "2026-12-02 04:00:00.000Z"}, 2},
		{map[string]any{"place": "Balai desa"}, 3},
		{map[string]any{"place": "Balai desa"}, 3},
		{map[string]any{"mode": "hybrid", "link": "https://example.org/r"}, 4},
		{map[string]any{"time_zone": "Asia/Makassar"}, 5},
		{map[string]any{"sequence": 90, "uid": "lain"}, 5},
		{map[string]any{"status": "postponed"}, 6},
		{map[string]any{"status": "cancelled"}, 6},
		{map[string]any{"status": "scheduled", "starts_at": "2026-12-02 03:00:00.000Z"}, 7},
		{map[string]any{"status": "held"}, 7},
	} {
		as.API("PATCH", url, step.change).Want(200)
		if got := w.Fresh(meeting); got.GetInt("sequence") != step.want || got.GetString("uid") != uid {
			t.Errorf("after %v: sequence %d of %q, want %d of %q", step.change, got.GetInt("sequence"), got.GetString("uid"), step.want, uid)
		}
	}
	if other := w.plan().GetString("uid"); other == uid {
		t.Error("two meetings share an identity")
	}
}

func TestWhatNoMeetingMayBeIsRefusedOverTheAPI(t *testing.T) {
	w := newWorld(t)
	stranger := w.Only("contacts", "organisation", w.Bali.Id)
	elsewhere := w.Make("meetings", "programme", w.Rantang.Id, "title", "Lain", "starts_at", "2026-12-01 00:00:00Z")
	good := map[string]any{"programme": w.Kopi.Id, "title": "Rapat", "starts_at": "2026-12-01 02:00:00Z"}
	for what, bad := range map[string]struct {
		field string
		value any
	}{
		"ends before it starts":       {"ends_at", "2026-12-01 01:00:00Z"},
		"ends as it starts":           {"ends_at", "2026-12-01 02:00:00Z"},
		"a chair of another place":    {"chair", stranger.Id},
		"a writer of another place":   {"taken_by", stranger.Id},
		"a series of another place":   {"series", elsewhere.Id},
		"a link that runs":            {"link", "javascript:alert(1)"},
		"a link that is none":         {"link", "https://"},
		"an agenda without end":       {"agenda", strings.Repeat("a", 20001)},
		"a zone that does not exist":  {"time_zone", "Europe/Amsterdam"},
		"a mode that does not exist":  {"mode", "telepathy"},
		"a title without end":         {"title", strings.Repeat("a", 201)},
		"no title":                    {"title", ""},
		"no beginning":                {"starts_at", ""},
		"an identity number":          {"place", "NIK 3374010101010001"},
		"a programme of others":       {"programme", w.Rantang.Id},
		"a programme that is nowhere": {"programme", "nosuchprogramme"},
	} {
		body := map[string]any{}
		for k, v := range good {
			body[k] = v
		}
		body[bad.field] = bad.value
		answer := w.As(w.Initiator).API("POST", "/api/collections/meetings/records", body)
		check.Equal(t, what, answer.Status, 400)
		lacks(t, strings.ToLower(answer.Body), "sql", "constraint failed")
	}
	body := map[string]any{"mode": "in_person", "link": "https://example.org/r"}
	for k, v := range good {
		body[k] = v
	}
	has(t, w.As(w.Initiator).API("POST", "/api/collections/meetings/records", body).Want(400).Body, "Rapat luring tidak memakai tautan")
	w.As(w.Initiator).API("POST", "/api/collections/meetings/records", good).Want(200)
}

func TestAContactWhoLeavesStaysOnOldMeetings(t *testing.T) {
	w := newWorld(t)
	chair := w.Only("contacts", "organisation", w.Forum.Id)
	meeting := w.plan("chair", chair.Id)
	left := w.Only("stakeholders", "organisation", w.Forum.Id)
	left.Set("ended_on", "2026-11-01")
	w.Must(w.App.Save(left))
	w.As(w.Initiator).API("PATCH", "/api/collections/meetings/records/"+meeting.Id, map[string]any{"title": "Nama baru"}).Want(200)
	form := w.As(w.Initiator).Get("/meetings/" + meeting.Id + "/edit").Want(200).Doc()
	if got, _ := form.Find("select[name=chair] option[selected]").Attr("value"); got != chair.Id {
		t.Errorf("the form has lost the chair: %q", got)
	}
	w.Must(w.App.Delete(chair))
	check.Equal(t, "the chair", w.Fresh(meeting).GetString("chair"), "")
}
