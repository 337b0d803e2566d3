package contributions_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/testkit"
)

// asker is somebody of the world by what they are.
type asker struct {
	name   string
	record *core.Record
}

func askers(w *testkit.World) []asker {
	return []asker{
		{"guest", nil}, {"outsider", w.Outsider}, {"disabled", w.Disabled}, {"bali-partner", w.BaliPartner},
		{"other-partner", w.OtherPartner}, {"partner", w.Partner}, {"observer", w.Observer},
		{"coordinator", w.Coordinator}, {"initiator", w.Initiator}, {"administrator", w.Administrator},
	}
}

// sembako is the usual contribution: 20 packages from Puskesmas to Kopi.
func sembako(w *testkit.World, more ...any) *core.Record {
	w.Helper()
	fields := []any{"programme", w.Kopi.Id, "contributor", w.Puskesmas.Id, "kind", "goods", "item", "sembako",
		"quantity", 20, "unit", "package", "given_on", "2026-11-20", "logged_by", w.Partner.Id}
	return w.Make("contributions", append(fields, more...)...)
}

// inState makes one in a status of the review.
func inState(w *testkit.World, status string, more ...any) *core.Record {
	w.Helper()
	r := sembako(w, append([]any{"review_status", status}, more...)...)
	if r.GetString("review_status") != status {
		w.Fatalf("made %s, want %s", r.GetString("review_status"), status)
	}
	return r
}

// form is what a partner's browser sends; a later pair replaces an earlier one.
func form(w *testkit.World, changes ...string) []string {
	fields := []string{"once", "k-" + w.Name(), "programme", w.Kopi.Id, "contributor", w.Puskesmas.Id,
		"kind", "goods", "item", "sembako", "quantity", "20", "unit", "package"}
	return with(fields, changes...)
}

func with(fields []string, changes ...string) []string {
	out := append([]string{}, fields...)
	for i := 0; i+1 < len(changes); i += 2 {
		at := -1
		for j := 0; j+1 < len(out); j += 2 {
			if out[j] == changes[i] {
				at = j
			}
		}
		if at < 0 {
			out = append(out, changes[i], changes[i+1])
			continue
		}
		out[at+1] = changes[i+1]
	}
	return out
}

// hidden returns what a form carries without being typed.
func hidden(doc *goquery.Document) []string {
	fields := []string{}
	doc.Find("main form input[type=hidden]").Each(func(_ int, s *goquery.Selection) {
		name, _ := s.Attr("name")
		value, _ := s.Attr("value")
		fields = append(fields, name, value)
	})
	return fields
}

// only returns the single contribution there is.
func only(w *testkit.World) *core.Record {
	w.Helper()
	return w.Only("contributions", "programme", w.Kopi.Id)
}

// wantFields compares fields with pairs of a name and a text.
func wantFields(t *testing.T, r *core.Record, pairs ...string) {
	t.Helper()
	for i := 0; i+1 < len(pairs); i += 2 {
		if got := r.GetString(pairs[i]); got != pairs[i+1] {
			t.Errorf("%s is %q, want %q", pairs[i], got, pairs[i+1])
		}
	}
}

func wantCount(t *testing.T, w *testkit.World, collection string, want int64) {
	t.Helper()
	if got := w.Count(collection); got != want {
		t.Errorf("%d %s, want %d", got, collection, want)
	}
}

// inBali makes a contribution to the programme in the next time zone.
func inBali(w *testkit.World, more ...any) *core.Record {
	w.Helper()
	return w.Make("contributions", append([]any{"programme", w.Rantang.Id, "contributor", w.Bali.Id, "kind", "goods", "item", "rantang",
		"quantity", 5, "unit", "unit"}, more...)...)
}

// later sets the clock to an instant in UTC until the test ends.
func later(t *testing.T, at string) {
	t.Helper()
	moment, err := time.Parse("2006-01-02 15:04", at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(clock.Freeze(moment))
}

// englishReader is the initiator who reads English.
func englishReader(w *testkit.World) *testkit.Client {
	w.Initiator.Set("language", "en")
	if err := w.App.Save(w.Initiator); err != nil {
		w.Fatal(err)
	}
	return w.As(w.Initiator)
}

const secret = "GPS -6.9932,110.4203 rumah warga"

// snapshot is a JPEG with a comment of the camera in it.
func snapshot(t testing.TB, w, h int) []byte {
	t.Helper()
	picture := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range picture.Pix {
		picture.Pix[i] = byte(i * 7)
	}
	picture.SetRGBA(0, 0, color.RGBA{A: 255})
	var out bytes.Buffer
	if err := jpeg.Encode(&out, picture, nil); err != nil {
		t.Fatal(err)
	}
	segment := append([]byte{0xFF, 0xE1, 0, byte(len(secret) + 8)}, "Exif\x00\x00"+secret...)
	raw := out.Bytes()
	return append(append(append([]byte{}, raw[:2]...), segment...), raw[2:]...)
}

const pdf = "%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"

// upload sends a form with a file, over a page or the API.
func upload(c *testkit.Client, path, input string, file []byte, fields ...string) *testkit.Response {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for i := 0; i+1 < len(fields); i += 2 {
		if err := w.WriteField(fields[i], fields[i+1]); err != nil {
			panic(err)
		}
	}
	if file != nil {
		head := textproto.MIMEHeader{"Content-Disposition": {`form-data; name="` + input + `"; filename="IMG 0001.jpeg"`},
			"Content-Type": {"image/jpeg"}}
		part, err := w.CreatePart(head)
		if err != nil {
			panic(err)
		}
		if _, err := part.Write(file); err != nil {
			panic(err)
		}
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	req := httptest.NewRequest(http.MethodPost, path, &body)
	req.Header.Set("Content-Type", w.FormDataContentType())
	return c.Do(req)
}

// stored returns every byte that the hub keeps in files.
func stored(t *testing.T, w *testkit.World) []byte {
	t.Helper()
	var all bytes.Buffer
	err := filepath.WalkDir(filepath.Join(w.App.DataDir(), "storage"), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		all.Write(raw)
		return err
	})
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return all.Bytes()
}
