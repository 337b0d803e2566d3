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

	"simpul/hooks/testkit"
)

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
