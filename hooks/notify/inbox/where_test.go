package inbox_test

import (
	"strings"
	"testing"
)

func TestATextAboutAMeetingSaysWhereItIs(t *testing.T) {
	f := newField(t)
	f.save(f.chore, "state", "done")
	meeting := f.Make("meetings", "programme", f.Kopi.Id, "kind", "coordination", "title", "Rapat warung", "starts_at", "2026-12-01 02:00:00.000Z",
		"time_zone", "Asia/Jakarta", "mode", "hybrid", "place", "Aula", "link", "https://rapat.example.net/j/1", "status", "scheduled")
	attendance := f.Make("attendances", "meeting", meeting.Id, "contact", f.owner.Id, "state", "invited")
	text, _ := f.text(f.Coordinator)
	for _, want := range []string{"Rapat warung", "\nTempat: Aula.\nTautan rapat daring: https://rapat.example.net/j/1\nhttp", "/meetings/" + meeting.Id + "\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing from %q", want, text)
		}
	}
	f.save(meeting, "mode", "in_person", "link", "")
	if text, _ := f.text(f.Coordinator); !strings.Contains(text, "Tempat: Aula.\nhttp") || strings.Contains(text, "rapat.example.net") {
		t.Errorf("in one place it reads %q", text)
	}
	f.save(attendance, "state", "excused")
	if text, _ := f.text(f.Coordinator); strings.Contains(text, "rapat.example.net") {
		t.Errorf("who cannot come reads %q", text)
	}
}
