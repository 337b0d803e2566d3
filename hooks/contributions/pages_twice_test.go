package contributions_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"
)

func TestAButtonPressedTwiceIsNoMistake(t *testing.T) {
	w := testkit.New(t)
	for name, c := range map[string]struct {
		step   string
		fields []string
		by     *core.Record
		// stranger may not take the step, nor is told that it was taken.
		stranger *core.Record
		says     string
	}{
		"verify":   {"verify", nil, w.Initiator, w.Coordinator, "terverifikasi"},
		"return":   {"return", []string{"return_reason", "proof", "return_note", "Mohon foto"}, w.Coordinator, w.Partner, "dikembalikan"},
		"reject":   {"reject", []string{"reject_note", "Bukan untuk program ini"}, w.Initiator, w.Observer, "ditolak"},
		"withdraw": {"withdraw", nil, w.Partner, w.OtherPartner, "ditarik"},
	} {
		r := inState(w, "submitted")
		path := "/contributions/" + r.Id + "/" + c.step
		w.As(c.by).Post(path, c.fields...).Want(http.StatusSeeOther)
		after := w.Fresh(r).GetString("updated")
		person := w.As(c.by)
		if said := person.Follow(person.Post(path, c.fields...)).Want(http.StatusOK).Text(".flash"); !strings.Contains(said, c.says) {
			t.Errorf("%s twice says %q", name, said)
		}
		w.As(c.stranger).Post(path, c.fields...).Want(http.StatusNotFound)
		if again := w.Fresh(r).GetString("updated"); again != after {
			t.Errorf("%s twice changed the contribution at %s and %s", name, after, again)
		}
	}
}

func TestTheSamePhotoSentTwiceIsKeptOnce(t *testing.T) {
	w := testkit.New(t)
	r := inState(w, "submitted")
	path, photo := "/contributions/"+r.Id+"/evidence", snapshot(t, 40, 40)
	for range 2 {
		upload(w.As(w.Partner), path, "photo", photo, "people_in_it", "none").Want(http.StatusSeeOther)
	}
	if n := w.Count("evidence"); n != 1 {
		t.Errorf("%d pieces of evidence, want 1", n)
	}
	upload(w.As(w.Partner), path, "photo", photo, "people_in_it", "none", "caption", "Serah terima").Want(http.StatusSeeOther)
	if n := w.Count("evidence"); n != 2 {
		t.Errorf("another caption is lost: %d pieces of evidence, want 2", n)
	}
}
