package meetings_test

import (
	"fmt"
	"strings"
	"testing"

	"simpul/hooks/testkit/check"
)

func TestActionItems_SavedAgainByPage_OneTask(t *testing.T) {
	w := newWorld(t)
	for range 3 {
		w.save(line + "\n").Want(303)
	}
	task := w.onlyTask()
	for field, want := range map[string]string{
		"title": "jadwal home visit", "organisation": w.Puskesmas.Id, "programme": w.Kopi.Id, "meeting": w.meeting.Id,
		"due_on": "2026-12-10", "state": "todo", "accountable": w.Initiator.Id,
	} {
		check.Equal(t, field, task.GetString(field), want)
	}
	check.That(t, task.GetString("source_key") != "", "the task does not remember its line")
	check.Equal(t, "rows of minutes_revisions", w.Count("minutes_revisions"), 3)
	minutes := w.Only("minutes", "meeting", w.meeting.Id)
	check.Contains(t, "the minutes do not keep the line", minutes.GetString("body"), line)
}

func TestActionItems_SavedAgainByAPI_OneTask(t *testing.T) {
	w := newWorld(t)
	as := w.As(w.Coordinator)
	made := as.API("POST", "/api/collections/minutes/records", map[string]any{"meeting": w.meeting.Id, "body": line}).Want(200).JSON()
	for i := range 3 {
		as.API("PATCH", fmt.Sprint("/api/collections/minutes/records/", made["id"]),
			map[string]any{"body": line + strings.Repeat("\n", i)}).Want(200)
	}
	if task := w.onlyTask(); task.GetString("accountable") != w.Coordinator.Id || task.GetString("organisation") != w.Puskesmas.Id {
		t.Errorf("the task is %v", task.PublicExport())
	}
	check.Equal(t, "rows of minutes_revisions", w.Count("minutes_revisions"), 4)
}

func TestActionItems_EveryEntrance_OneTask(t *testing.T) {
	w := newWorld(t)
	w.save(line).Want(303)
	minutes := w.Only("minutes", "meeting", w.meeting.Id)
	url := "/api/collections/minutes/records/" + minutes.Id
	w.As(w.Coordinator).API("PATCH", url, map[string]any{"body": line + "\n\nLagi."}).Want(200)
	w.As(w.Administrator).API("PATCH", url, map[string]any{"body": "Pembuka.\n\n" + line}).Want(200)
	w.onlyTask()
}

func TestActionItems_ByAdministrator_InitiatorAccountable(t *testing.T) {
	w := newWorld(t)
	w.As(w.Administrator).API("POST", "/api/collections/minutes/records", map[string]any{"meeting": w.meeting.Id, "body": line}).Want(200)
	check.Equal(t, "accountable", w.onlyTask().GetString("accountable"), w.Initiator.Id)
}

func TestActionItems_SpellingChanged_SameTask(t *testing.T) {
	w := newWorld(t)
	w.save(line)
	for _, same := range []string{
		"- [x] @Puskesmas Tambakaji: jadwal home visit (10/12/2026)",
		"* [ ]   @Puskesmas  Tambakaji:  jadwal  home visit   (10 Desember 2026)",
		"- [ ] @PUSKESMAS tambakaji: Jadwal Home Visit. (10-12-2026)",
		"## Tindak lanjut\n\nKata pengantar.\n\n" + line,
	} {
		w.save(same).Want(303)
	}
	check.Equal(t, "a tick in the minutes made the task", w.onlyTask().GetString("state"), "todo")
}

func TestActionItems_SameLineTwice_TwoTasks(t *testing.T) {
	w := newWorld(t)
	w.save(line + "\n" + line)
	w.save(line + "\n" + line)
	check.Equal(t, "value", len(w.tasks()), 2)
}

func TestActionItems_LineRemoved_TaskStays(t *testing.T) {
	w := newWorld(t)
	w.save(line)
	task := w.onlyTask()
	w.save("Tidak ada tindak lanjut.").Want(303)
	if got := w.Fresh(task); got.GetString("title") != "jadwal home visit" || got.GetString("meeting") != w.meeting.Id {
		t.Errorf("the task became %v", got.PublicExport())
	}
}

func TestActionItems_TaskChanged_NotOverwritten(t *testing.T) {
	w := newWorld(t)
	w.save(line)
	task := w.onlyTask()
	w.As(w.Partner).Post("/tasks/"+task.Id+"/state", "state", "done").Want(303)
	w.save(line + "\n\nCatatan tambahan.").Want(303)
	if got := w.onlyTask(); got.GetString("state") != "done" || got.GetString("done_by") != w.Partner.Id {
		t.Errorf("the task became %s by %s", got.GetString("state"), got.GetString("done_by"))
	}
}

func TestActionItems_TickedAtFirst_DoneTask(t *testing.T) {
	w := newWorld(t)
	w.save(strings.Replace(line, "[ ]", "[x]", 1))
	task := w.onlyTask()
	if task.GetString("state") != "done" || task.GetDateTime("done_at").IsZero() || task.GetString("done_by") != w.Initiator.Id {
		t.Errorf("the task is %s, done at %s by %s", task.GetString("state"), task.GetString("done_at"), task.GetString("done_by"))
	}
}

func TestActionItems_InCodeOrQuote_Text(t *testing.T) {
	w := newWorld(t)
	for _, body := range []string{
		"```\n" + line + "\nKEPUTUSAN: jangan\n```",
		"~~~markdown\n" + line + "\n~~~",
		"Contoh:\n\n    " + line + "\n    KEPUTUSAN: jangan",
		"Tulis `" + line + "` begitu.",
		"> " + line,
		"- ~~" + line[2:] + "~~",
		"- @Puskesmas Tambakaji: tanpa kotak (10/12/2026)",
	} {
		w.save(body).Want(303)
		if n := len(w.tasks()); n != 0 {
			t.Errorf("%q made %d tasks", body, n)
		}
		if found := w.decisions(); len(found) != 0 {
			t.Errorf("%q made decisions %v", body, found)
		}
	}
}

func TestActionItems_ShortNames_FindOrganisation(t *testing.T) {
	w := newWorld(t)
	w.Campus.Set("short_name", "UIN WS")
	w.Must(w.App.Save(w.Campus))
	office := w.Only("stakeholders", "organisation", w.Agency.Id)
	office.Set("position", "Kepala Bidang Rehabilitasi Sosial")
	w.Must(w.App.Save(office))
	for who, want := range map[string]string{
		"Puskesmas Tambakaji": w.Puskesmas.Id, "puskesmas tambakaji": w.Puskesmas.Id, "PUSKESMAS  TAMBAKAJI": w.Puskesmas.Id,
		"Puskesmas": w.Puskesmas.Id, "uin walisongo": w.Campus.Id, "UIN WS": w.Campus.Id, "uin-ws": w.Campus.Id,
		"Dinsos Kota Semarang": w.Agency.Id, "Kepala Bidang Rehabilitasi Sosial": w.Agency.Id, "Warung": w.Shop.Id,
	} {
		t.Run(who, func(t *testing.T) {
			meeting := w.plan()
			w.Make("minutes", "meeting", meeting.Id, "body", "- [ ] @"+who+": satu hal")
			if got := w.Only("tasks", "meeting", meeting.Id).GetString("organisation"); got != want {
				t.Errorf("@%s means %s, want %s", who, got, want)
			}
		})
	}
}

func TestActionItems_UnknownOrganisation_Text(t *testing.T) {
	w := newWorld(t)
	w.Make("stakeholders", "programme", w.Kopi.Id, "organisation",
		w.Make("organisations", "name", "Puskesmas Ngaliyan", "helix", "government").Id)
	left := w.Only("stakeholders", "organisation", w.Shop.Id)
	left.Set("ended_on", "2026-11-01")
	w.Must(w.App.Save(left))
	for what, body := range map[string]string{
		"nobody is named":            "- [ ] jadwal home visit (10/12/2026)",
		"unknown":                    "- [ ] @Kantor Pos: antar surat",
		"of another programme":       "- [ ] @K3S Tabanan: antar surat",
		"two could be meant":         "- [ ] @Puskesmas: antar surat",
		"it takes part no more":      "- [ ] @Warung Kopi Banaran: antar kopi",
		"too few letters":            "- [ ] @U: antar surat",
		"only marks":                 "- [ ] @…: antar surat",
		"too long for a task's name": "- [ ] @UIN Walisongo: " + strings.Repeat("panjang ", 30),
	} {
		w.save(body).Want(303)
		if n := len(w.tasks()); n != 0 {
			t.Fatalf("%s: %d tasks", what, n)
		}
		page := w.As(w.Initiator).Get(w.minutesURL()).Want(200)
		check.Equal(t, what+": the page", page.Text(".callout h2"), "1 baris belum menjadi tugas")
		lacks(t, w.As(w.Observer).Get(w.minutesURL()).Want(200).Text("main"), "belum menjadi tugas")
	}
}

func TestActionItems_OrganisationJoins_TaskMade(t *testing.T) {
	w := newWorld(t)
	body := "- [ ] @K3S Tabanan: berbagi pengalaman"
	w.save(body)
	w.Make("stakeholders", "programme", w.Kopi.Id, "organisation", w.Bali.Id)
	w.save(body)
	check.Equal(t, "the task belongs", w.onlyTask().GetString("organisation"), w.Bali.Id)
}
