package meetings_test

import (
	"testing"

	"simpul/hooks/testkit"
)

func TestAMeetingSentTwiceIsSavedOnceAndNotTakenForAConflict(t *testing.T) {
	w := testkit.New(t)
	m := w.Make("meetings", "programme", w.Kopi.Id, "kind", "coordination", "title", "Rapat koordinasi", "starts_at", "2026-12-01 02:00:00.000Z",
		"time_zone", "Asia/Jakarta", "mode", "in_person", "place", "Aula", "status", "scheduled")
	client, path := w.As(w.Initiator), "/meetings/"+m.Id
	opened := client.Get(path + "/edit").Want(200).Seen()
	typed := []string{"title", "Rapat koordinasi", "kind", "coordination", "day", "2/12/2026", "starts_at", "09.00", "time_zone", "Asia/Jakarta",
		"mode", "in_person", "place", "Balai desa", "status", "scheduled", "seen", opened}
	client.Post(path, typed...).Want(303)
	client.Post(path, typed...).Want(303)
	now := w.Fresh(m)
	if now.GetString("place") != "Balai desa" || now.GetDateTime("starts_at").String() != "2026-12-02 02:00:00.000Z" {
		t.Errorf("stored at %s in %s", now.GetString("starts_at"), now.GetString("place"))
	}
	client.Post(path, append(typed, "agenda", "1. Pembukaan")...).Want(422)
}
