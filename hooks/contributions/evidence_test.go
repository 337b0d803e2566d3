package contributions_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"image/jpeg"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"
)

func TestCreate_WithPhoto_StoredOnceWithoutMetadata(t *testing.T) {
	w := testkit.New(t)
	sent := form(w, "people_in_it", "staff_only", "caption", "Serah terima")
	for range 2 { // a lost answer makes people send again
		upload(w.As(w.Partner), "/contributions", "photo", snapshot(t, 1700, 340), sent...).Want(http.StatusSeeOther)
	}
	proof := w.Only("evidence", "contribution", only(w).Id)
	wantFields(t, proof, "programme", w.Kopi.Id, "kind", "photo", "visibility", "team", "people_in_it", "staff_only",
		"uploaded_by", w.Partner.Id, "caption", "Serah terima")
	kept := stored(t, w)
	if bytes.Contains(kept, []byte("GPS")) || bytes.Contains(kept, []byte("Exif")) || len(kept) == 0 {
		t.Errorf("%d bytes kept, with what the camera wrote", len(kept))
	}
	photo, err := os.ReadFile(filepath.Join(w.App.DataDir(), "storage", proof.BaseFilesPath(), proof.GetString("file")))
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(photo)
	wantFields(t, proof, "sha256", hex.EncodeToString(sum[:]))
	if about, err := jpeg.DecodeConfig(bytes.NewReader(photo)); err != nil || about.Width != 1600 || about.Height != 320 {
		t.Errorf("kept at %d × %d: %v", about.Width, about.Height, err)
	}
}

func TestCreate_UnusablePhoto_NothingStored(t *testing.T) {
	w := testkit.New(t)
	photo := snapshot(t, 40, 40)
	for name, c := range map[string]struct {
		file   []byte
		people string
		says   string
	}{
		"nothing said of people":         {photo, "", "Pilih siapa yang terlihat"},
		"beneficiaries without consent":  {photo, "beneficiaries_no_consent", "tanpa izin tidak disimpan"},
		"an answer that is none":         {photo, "crowd", "dari daftar"},
		"a text that says it is a photo": {[]byte("halo"), "none", "Pilih foto (JPEG, PNG) atau PDF."},
		"a page that says it is a photo": {[]byte("<html><script>alert(1)</script>"), "none", "Pilih foto (JPEG, PNG) atau PDF."},
		"half a photo":                   {photo[:len(photo)/2], "none", "Jenis berkas"},
		"more than eight megabytes":      {append(bytes.Clone(photo), make([]byte, 8<<20)...), "none", "terlalu besar"},
	} {
		answer := upload(w.As(w.Partner), "/contributions", "photo", c.file, form(w, "people_in_it", c.people)...)
		if answer.Status != http.StatusUnprocessableEntity || !strings.Contains(answer.Text(".problems"), c.says) {
			t.Errorf("%s: status %d, said %q", name, answer.Status, answer.Text(".problems"))
		}
		if answer.Doc().Find("#photo-error, #people_in_it-error").Length() == 0 {
			t.Errorf("%s: nothing is said at a field", name)
		}
	}
	wrong := upload(w.As(w.Partner), "/contributions", "photo", photo, form(w, "people_in_it", "none", "quantity", "banyak")...)
	if wrong.Want(http.StatusUnprocessableEntity).Doc().Find("#photo-error").Length() == 0 {
		t.Error("nobody says that the photo must be chosen again")
	}
	if w.Count("contributions")+w.Count("evidence") != 0 || len(stored(t, w)) != 0 {
		t.Error("something was kept")
	}
}

func TestAddEvidence_ByRole_TeamAndContributorOnly(t *testing.T) {
	w := testkit.New(t)
	r := inState(w, "verified")
	for _, a := range askers(w) {
		before := w.Count("evidence")
		answer := upload(w.As(a.record), "/contributions/"+r.Id+"/evidence", "photo", snapshot(t, 40, 40), "people_in_it", "none")
		may := strings.Contains(" partner coordinator initiator administrator ", " "+a.name+" ")
		if (w.Count("evidence") == before+1) != may || may != (answer.Header.Get("Location") == "/contributions/"+r.Id+"#evidence") {
			t.Errorf("%s: status %d to %q", a.name, answer.Status, answer.Header.Get("Location"))
		}
	}
	partner := w.As(w.Partner)
	nothing := upload(partner, "/contributions/"+r.Id+"/evidence", "photo", nil, "people_in_it", "none").Want(http.StatusUnprocessableEntity)
	if !strings.Contains(nothing.Text("#evidence"), "Pilih foto atau PDF.") {
		t.Errorf("said %q", nothing.Text("#evidence"))
	}
	upload(partner, "/contributions/"+r.Id+"/evidence", "photo", []byte(pdf)).Want(http.StatusSeeOther)
	paper := w.Only("evidence", "kind", "other_document")
	sum := sha256.Sum256([]byte(pdf))
	wantFields(t, paper, "sha256", hex.EncodeToString(sum[:]))
	if !bytes.Contains(stored(t, w), []byte(pdf)) {
		t.Error("the PDF was not kept as it is")
	}
}

func TestProcessPhoto_OverREST_ReencodedAndChecked(t *testing.T) {
	w := testkit.New(t)
	r := sembako(w)
	send := func(person *core.Record, fields ...string) *testkit.Response {
		token, err := person.NewAuthToken()
		if err != nil {
			t.Fatal(err)
		}
		c := w.As(nil)
		c.Header.Set("Authorization", token)
		return upload(c, "/api/collections/evidence/records", "file", snapshot(t, 40, 40),
			append([]string{"programme", w.Kopi.Id, "contribution", r.Id}, fields...)...)
	}
	send(w.Partner).Want(http.StatusBadRequest)
	send(w.Administrator).Want(http.StatusBadRequest)
	send(w.Partner, "people_in_it", "beneficiaries_no_consent").Want(http.StatusBadRequest)
	send(w.Partner, "people_in_it", "none", "sha256", "0").Want(http.StatusBadRequest)
	send(w.OtherPartner, "people_in_it", "none").Want(http.StatusBadRequest)
	send(w.Administrator, "people_in_it", "none", "programme", w.Rantang.Id).Want(http.StatusBadRequest)
	send(w.Administrator, "people_in_it", "none", "milestone", w.Make("milestones", "programme", w.Kopi.Id, "title", "A", "horizon", "short", "state", "planned").Id).
		Want(http.StatusBadRequest)
	answer := send(w.Partner, "people_in_it", "none").Want(http.StatusOK).JSON()
	if answer["uploaded_by"] != w.Partner.Id || answer["visibility"] != "team" || len(answer["sha256"].(string)) != 64 {
		t.Errorf("answer: %v", answer)
	}
	if bytes.Contains(stored(t, w), []byte("GPS")) {
		t.Error("where the photo was taken survived")
	}
}

func TestEvidenceFile_ByVisibility_ServedToThoseWhoMaySeeIt(t *testing.T) {
	w := testkit.New(t)
	r := inState(w, "verified")
	upload(w.As(w.Partner), "/contributions/"+r.Id+"/evidence", "photo", snapshot(t, 900, 600), "people_in_it", "none").Want(http.StatusSeeOther)
	proof := w.Only("evidence", "contribution", r.Id)
	path := "/evidence/" + proof.Id + "/file"
	for visibility, may := range map[string]string{
		"team":     " partner coordinator initiator administrator ",
		"partners": " partner other-partner observer coordinator initiator administrator ",
	} {
		proof.Set("visibility", visibility)
		if err := w.App.Save(proof); err != nil {
			t.Fatal(err)
		}
		for _, a := range askers(w) {
			want := http.StatusNotFound
			if strings.Contains(may, " "+a.name+" ") {
				want = http.StatusOK
			}
			if a.name == "guest" || a.name == "disabled" {
				want = http.StatusSeeOther
			}
			if got := w.As(a.record).Get(path).Status; got != want {
				t.Errorf("%s file for %s: %d, want %d", visibility, a.name, got, want)
			}
		}
	}
	answer := w.As(w.Partner).Get(path)
	for name, want := range map[string]string{"Content-Type": "image/jpeg", "X-Content-Type-Options": "nosniff",
		"Cache-Control": "private, max-age=3600"} {
		if got := answer.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if policy := answer.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "sandbox") {
		t.Errorf("policy: %q", policy)
	}
	for range 2 { // the second time it is ready
		small := w.As(w.Partner).Get(path + "?small=1").Want(http.StatusOK)
		if about, err := jpeg.DecodeConfig(strings.NewReader(small.Body)); err != nil || about.Width != 480 {
			t.Errorf("small: %d wide, %v", about.Width, err)
		}
	}
	w.As(w.Partner).Get("/evidence/missing/file").Want(http.StatusNotFound)
	w.As(nil).API(http.MethodGet, "/api/files/evidence/"+proof.Id+"/"+proof.GetString("file"), nil).Want(http.StatusNotFound)
}

func TestRemoveEvidence_ByRole_UploaderAndTeamOnly(t *testing.T) {
	w := testkit.New(t)
	for status, may := range map[string]string{
		"submitted": " partner coordinator initiator administrator ", "verified": " coordinator initiator administrator ",
	} {
		r := inState(w, status)
		for _, a := range askers(w) {
			proof := w.Make("evidence", "programme", w.Kopi.Id, "contribution", r.Id, "kind", "news_link",
				"url", "https://example.org/berita", "uploaded_by", w.Partner.Id)
			w.As(a.record).Post("/evidence/" + proof.Id + "/delete")
			_, err := w.App.FindRecordById("evidence", proof.Id)
			if gone := err != nil; gone != strings.Contains(may, " "+a.name+" ") {
				t.Errorf("evidence of a %s gift for %s: gone %v", status, a.name, gone)
			}
		}
	}
}

func TestValidateEvidence_WithoutSubjectOrContent_Refused(t *testing.T) {
	w := testkit.New(t)
	r := sembako(w)
	for name, fields := range map[string]map[string]any{
		"nothing":          {"programme": w.Kopi.Id, "contribution": r.Id, "kind": "photo"},
		"of nothing":       {"programme": w.Kopi.Id, "kind": "news_link", "url": "https://example.org"},
		"of another place": {"programme": w.Rantang.Id, "contribution": r.Id, "kind": "news_link", "url": "https://example.org"},
	} {
		answer := w.As(w.Administrator).API(http.MethodPost, "/api/collections/evidence/records", fields)
		if answer.Status != http.StatusBadRequest {
			t.Errorf("%s: %d", name, answer.Status)
		}
	}
}
