package faults_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"

	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

// visitor is a person with a browser. The cookie outlives the process it came from.
type visitor struct {
	*hub
	client *http.Client
}

// answer is what came back.
type answer struct {
	status   int
	location string
	body     string
}

func (h *hub) visitor() *visitor {
	h.Helper()
	jar := check.Must(cookiejar.New(nil))
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &visitor{h, &http.Client{Jar: jar, CheckRedirect: stay, Timeout: 30 * time.Second}}
}

// signedIn is somebody of the small world who gave the password once.
func (h *hub) signedIn(email string) *visitor {
	h.Helper()
	v := h.visitor()
	v.signIn(email, testkit.Password)
	return v
}

func (v *visitor) signIn(email, password string) {
	v.Helper()
	got, err := v.post("/sign-in", "email", email, "password", password)
	if err != nil || got.status != http.StatusSeeOther {
		v.Fatalf("%s cannot sign in: %d %v %.400s", email, got.status, err, got.body)
	}
}

func (v *visitor) get(path string) (answer, error) {
	return read(v.client.Get("http://" + v.address + path))
}

// post sends a form; fields are name, value pairs. An error means that no answer came.
func (v *visitor) post(path string, fields ...string) (answer, error) {
	form := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	return read(v.client.PostForm("http://"+v.address+path, form))
}

func read(got *http.Response, err error) (answer, error) {
	if err != nil {
		return answer{}, err
	}
	defer got.Body.Close()
	body, err := io.ReadAll(got.Body)
	return answer{got.StatusCode, got.Header.Get("Location"), string(body)}, err
}

// doc parses a page.
func (v *visitor) doc(path string) *goquery.Document {
	v.Helper()
	got, err := v.get(path)
	if err != nil || got.status != http.StatusOK {
		v.Fatalf("%s: %d, %v %.300s", path, got.status, err, got.body)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(got.body))
	if err != nil {
		v.Fatal(err)
	}
	return doc
}

// write is one form that a visitor sends, known by its own key.
type write struct {
	table, once, path string
	fields            []string
}

// newTask is a task of an organisation, due in a fortnight.
func newTask(once, organisation string) write {
	due := time.Now().AddDate(0, 0, 14).Format(time.DateOnly)
	return write{"tasks", once, "/programmes/kopi/tasks", []string{"title", "Tugas " + once, "organisation", organisation, "due_on", due, "once", once}}
}

// newGift is a contribution of an organisation.
func newGift(once, organisation, programme string) write {
	return write{"contributions", once, "/contributions", []string{"programme", programme, "contributor", organisation, "kind", "goods",
		"item", "Sembako " + once, "quantity", "20", "unit", "package", "once", once}}
}

// send reports whether the hub said that it has what was sent.
func (v *visitor) send(w write) error {
	got, err := v.post(w.path, w.fields...)
	if err != nil {
		return err
	}
	if got.status != http.StatusSeeOther || strings.HasPrefix(got.location, "/sign-in") {
		return fmt.Errorf("%s %s: %d %s %.300s", w.path, w.once, got.status, got.location, got.body)
	}
	return nil
}
