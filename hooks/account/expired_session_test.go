package account_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"simpul/hooks/testkit"
	"simpul/hooks/testkit/check"
)

const newTask = "/programmes/kopi/tasks"

// typed is a task as somebody typed it, with signs that pages must escape.
func typed(w *testkit.World) []string {
	return []string{"once", "kunci-tugas-ini", "title", `Jadwal "home visit" <besok>`, "details", "Baris satu\r\nBaris dua",
		"organisation", w.Puskesmas.Id, "accountable", w.Initiator.Id, "due_on", "2026-12-10", "urgency", "normal"}
}

// ended is a browser whose session has ended, with the answer to a form that it
// sent from a page of ours.
func ended(w *testkit.World, path, from string, fields ...string) (*testkit.Client, *testkit.Response) {
	w.Helper()
	c := w.As(nil)
	c.Header.Set("Referer", from)
	return c, c.Post(path, fields...).Want(http.StatusUnauthorized)
}

// hidden reads the hidden fields of the form that is sent to an address.
func hidden(r *testkit.Response, action string) []string {
	out := []string{}
	r.Doc().Find(`form[action="` + action + `"] input[type=hidden]`).Each(func(_ int, input *goquery.Selection) {
		out = append(out, input.AttrOr("name", ""), input.AttrOr("value", ""))
	})
	return out
}

func TestExpiredSession_Form_OfferedAgain(t *testing.T) {
	ways := map[string]func(w *testkit.World, c *testkit.Client, r *testkit.Response) *testkit.Response{
		"by password": func(_ *testkit.World, c *testkit.Client, r *testkit.Response) *testkit.Response {
			return c.Post("/sign-in", append(hidden(r, "/sign-in"), "email", "initiator@example.org", "password", testkit.Password)...)
		},
		"after a wrong password": func(_ *testkit.World, c *testkit.Client, r *testkit.Response) *testkit.Response {
			r = c.Post("/sign-in", append(hidden(r, "/sign-in"), "email", "initiator@example.org", "password", "salah")...).Want(422)
			check.That(t, r.Text(".callout h2") != "", "after a wrong password nothing is said of the entry")
			return c.Post("/sign-in", append(hidden(r, "/sign-in"), "email", "initiator@example.org", "password", testkit.Password)...)
		},
		"by code": func(w *testkit.World, c *testkit.Client, r *testkit.Response) *testkit.Response {
			r = c.Post("/sign-in", append(hidden(r, "/sign-in"), "email", "initiator@example.org")...).Want(200)
			r = c.Post("/sign-in/code", append(hidden(r, "/sign-in/code"), "code", "000000x")...).Want(422)
			r = c.Post("/sign-in", hidden(r, "/sign-in")...).Want(200) // a new code
			return c.Post("/sign-in/code", append(hidden(r, "/sign-in/code"), "code", code(w, "initiator@example.org", 2))...)
		},
	}
	for name, way := range ways {
		w := testkit.New(t)
		c, r := ended(w, newTask, "http://example.com"+newTask+"/new", typed(w)...)
		says(t, r, ".callout.warn p", "account.ended_kept")
		offered := way(w, c, r).Want(http.StatusOK)
		isSomebody(t, c, "initiator@example.org")
		if w.Count("tasks") != 0 {
			t.Fatalf("%s: the form was sent without being asked", name)
		}
		if shown := offered.Text("main"); !strings.Contains(shown, `Jadwal "home visit" <besok>`) || strings.Contains(shown, "kunci-tugas") {
			t.Errorf("%s: the page shows %q", name, shown)
		}
		check.Equal(t, name+": leads back", offered.Doc().Find("a.button.quiet").AttrOr("href", ""), newTask+"/new")
		c.Post(newTask, hidden(offered, newTask)...).Want(http.StatusSeeOther)
		made := w.Only("tasks", "once", "kunci-tugas-ini")
		check.Same(t, name, []string{made.GetString("title"), made.GetString("details")}, []string{`Jadwal "home visit" <besok>`, "Baris satu\nBaris dua"})
	}
}

func TestExpiredSession_Upload_KeepsText(t *testing.T) {
	w := testkit.New(t)
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for _, field := range [][2]string{{"programme", w.Kopi.Id}, {"item", "20 paket sembako"}, {"item", "dua"}} {
		check.NoError(t, form.WriteField(field[0], field[1]))
	}
	photo := check.Must(form.CreateFormFile("photo", "foto.jpg"))
	check.Must(photo.Write(bytes.Repeat([]byte("x"), 200<<10)))
	check.NoError(t, form.Close())
	req := httptest.NewRequest(http.MethodPost, "/contributions", &body)
	req.Header.Set("Content-Type", form.FormDataContentType())
	c := w.As(nil)
	r := c.Do(req).Want(http.StatusUnauthorized)
	offered := c.Post("/sign-in", append(hidden(r, "/sign-in"), "email", partner, "password", testkit.Password)...).Want(200)
	says(t, offered, ".callout.warn p", "account.unsent_files")
	want := "item 20 paket sembako item dua programme " + w.Kopi.Id
	check.Equal(t, "sends", strings.Join(hidden(offered, "/contributions"), " "), want)
}

func TestExpiredSession_ForeignPage_NotFollowed(t *testing.T) {
	w := testkit.New(t)
	for from, want := range map[string]string{
		"http://example.com/programmes/kopi/tasks/new?x=1": "/programmes/kopi/tasks/new?x=1",
		"http://evil.example/programmes":                   "/",
		"http://example.com//evil.example/x":               "/",
		"http://example.com/" + strings.Repeat("x", 2000):  "/",
		"":           "/",
		"%%%":        "/",
		"javascript": "/",
	} {
		_, r := ended(w, newTask, from, "title", "Satu")
		check.Equal(t, from+": leads back", r.Doc().Find("input[name=next]").AttrOr("value", ""), want)
	}
}

func TestExpiredSession_LongOrSecret_NotKept(t *testing.T) {
	w := testkit.New(t)
	_, long := ended(w, newTask, "", "details", strings.Repeat("x", 65<<10))
	says(t, long, ".callout.warn p", "account.ended_lost")
	check.Equal(t, "a body that is too long", len(hidden(long, "/sign-in")), 2)
	c, r := ended(w, newTask, "", "title", "Satu", "oldPassword", "rahasia sekali")
	offered := c.Post("/sign-in", append(hidden(r, "/sign-in"), "email", partner, "password", testkit.Password)...).Want(200)
	check.Lacks(t, "a password is kept, or the rest", offered.Body, "rahasia")
	check.Contains(t, "a password is kept, or the rest", offered.Body, "Satu")
}

func TestExpiredSession_Forged_NotOffered(t *testing.T) {
	w := testkit.New(t)
	c, r := ended(w, newTask, "", "title", "Satu")
	good := r.Doc().Find("input[name=kept]").AttrOr("value", "")
	value, seal, _ := strings.Cut(good, ".")
	flash := w.As(w.Partner)
	flash.Post("/me", "name", "Puskesmas", "language", "id", "time_zone", "Asia/Jakarta", "send_at", "08:00").Want(http.StatusSeeOther)
	for name, kept := range map[string]string{
		"no seal": value, "another's seal": value[:len(value)-2] + "." + seal, "noise": "x.y", "a flash": flash.Cookie("flash"),
	} {
		to := c.Post("/sign-in", "email", partner, "password", testkit.Password, "next", "/programmes", "kept", kept)
		check.That(t, to.Status == http.StatusSeeOther && to.Header.Get("Location") == "/programmes", "%s: status %d, %.300s", name, to.Status, to.Body)
	}
}

func TestExpiredSession_OtherSite_RefusedAndNotKept(t *testing.T) {
	w := testkit.New(t)
	for path, fields := range map[string]url.Values{newTask: {"title": {"Satu"}}, "/sign-in": {"kept": {"x.y"}, "email": {partner}, "password": {testkit.Password}}} {
		req := httptest.NewRequest(http.MethodPost, path, strings.NewReader(fields.Encode()))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Sec-Fetch-Site", "cross-site")
		check.Lacks(t, path+": a foreign form is kept", w.As(nil).Do(req).Want(http.StatusForbidden).Body, "kept")
	}
}
