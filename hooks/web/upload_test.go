package web_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/web"

	"simpul/hooks/testkit/check"
)

// uploaded is a request that sends a form with one file, none for no name.
func uploaded(t *testing.T, name string, content []byte) *core.RequestEvent {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	check.NoError(t, w.WriteField("email", "a@example.org"))
	part := check.Must(w.CreateFormFile("photo", name))
	check.Must(part.Write(content))
	check.NoError(t, w.Close())
	e := &core.RequestEvent{}
	e.Request = httptest.NewRequest(http.MethodPost, "/", &body)
	e.Request.Header.Set("Content-Type", w.FormDataContentType())
	e.Response = httptest.NewRecorder()
	return e
}

func TestAnUploadIsReadBesideTheOtherInputs(t *testing.T) {
	e := uploaded(t, "foto rapat.jpg", []byte("isi foto"))
	form := web.NewForm(e, "account", web.Email("email").Need(), web.File("photo").Need())
	if err := form.Read(e); err != nil || !form.OK() {
		t.Fatal(err, form.Problems)
	}
	file := form.Upload("photo")
	if file == nil || file.OriginalName != "foto rapat.jpg" || file.Size != 8 {
		t.Fatalf("%+v", file)
	}
	r, err := file.Reader.Open()
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(r)
	if err != nil || string(content) != "isi foto" || r.Close() != nil {
		t.Errorf("%q, %v", content, err)
	}
	if form.Value("email") != "a@example.org" || form.Upload("email") != nil {
		t.Error("the other input was not read")
	}
}

func TestAnEmptyUploadIsNone(t *testing.T) {
	for _, need := range []bool{true, false} {
		input := web.File("photo")
		if need {
			input.Need()
		}
		e := uploaded(t, "foto.jpg", nil) // what browsers send when nothing was chosen
		form := web.NewForm(e, "account", web.Email("email"), input)
		check.NoError(t, form.Read(e))
		if form.OK() == need || form.Upload("photo") != nil {
			t.Errorf("needed %v: %v, %v", need, form.Problems, form.Upload("photo"))
		}
	}
}
