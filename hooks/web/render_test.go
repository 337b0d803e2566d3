package web_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/lang"
	"simpul/hooks/testkit"
	"simpul/hooks/testkit/check"
	"simpul/hooks/web"
)

// extra is the project's templates with some more of a test's own.
func extra(t *testing.T, files map[string]string) fs.FS {
	t.Helper()
	dir := t.TempDir()
	check.NoError(t, os.CopyFS(dir, testkit.Templates()))
	for name, body := range files {
		file := filepath.Join(dir, name)
		check.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		check.NoError(t, os.WriteFile(file, []byte(body), 0o644))
	}
	return os.DirFS(dir)
}

type plainPage struct {
	web.Base
	Words string
}

// site opens the templates with some more of a test's own.
func site(t *testing.T, files map[string]string) *web.Site {
	t.Helper()
	loaded := check.Must(web.Load(extra(t, files), testkit.Public()))
	return web.Open(loaded, nil)
}

// showing binds one route that renders a template of a site.
func showing(s *web.Site, name string) func(core.App) {
	return func(app core.App) {
		app.OnServe().BindFunc(func(se *core.ServeEvent) error {
			g := se.Router.Group("/shown")
			g.Bind(web.Headers(), web.Errors(), web.Session())
			g.GET("", func(e *core.RequestEvent) error {
				s.Attach(e)
				return web.Render(e, http.StatusOK, name, plainPage{web.Titled(e, "Uji <b>"), `<i>"kutip"</i>`})
			})
			return se.Next()
		})
	}
}

func TestRender_FaultyTemplate_ErrorPage(t *testing.T) {
	for name, body := range map[string]string{
		"no such field":    `{{define "main"}}<p>first half</p>{{.NoSuchField}}{{end}}`,
		"no such part":     `{{define "main"}}<p>first half</p>{{template "no_such_part" .}}{{end}}`,
		"a function fails": `{{define "main"}}<p>first half</p>{{dict "one"}}{{end}}`,
		"out of range":     `{{define "main"}}<p>first half</p>{{index .Crumbs 7}}{{end}}`,
	} {
		w := testkit.New(t, showing(site(t, map[string]string{"test/faulty.html": body}), "test/faulty"))
		for _, language := range lang.Languages {
			c := w.As(nil)
			c.SetCookie("language", language)
			r := c.Get("/shown").Want(http.StatusInternalServerError)
			isErrorPage(t, r, language, http.StatusInternalServerError)
			check.Lacks(t, name+": half a page is shown", r.Body, "first half")
		}
	}
}

func TestRender_MissingTemplate_InternalError(t *testing.T) {
	w := testkit.New(t, showing(site(t, nil), "test/nowhere"))
	isErrorPage(t, w.As(nil).Get("/shown").Want(http.StatusInternalServerError), "id", http.StatusInternalServerError)
}

func TestRender_Values_Escaped(t *testing.T) {
	body := `{{define "main"}}<p title="{{.Words}}">{{.Words}}</p><a href="/x?q={{.Words}}">x</a>{{end}}`
	w := testkit.New(t, showing(site(t, map[string]string{"test/plain.html": body}), "test/plain"))
	r := w.As(nil).Get("/shown").Want(http.StatusOK)
	check.That(t, r.Doc().Find("main i, title b").Length() == 0 && r.Text("main p") == `<i>"kutip"</i>` && strings.Contains(r.Body, "q=%3ci%3e"), "%s", r.Body)
}

func TestLoad_InvalidTemplate_Fails(t *testing.T) {
	for name, files := range map[string]map[string]string{
		"unclosed":            {"test/bad.html": `{{define "main"}}{{if .Words}}`},
		"no such function":    {"test/bad.html": `{{define "main"}}{{nothing .Words}}{{end}}`},
		"a part of a folder":  {"test/_part.html": `{{define "x"}}{{`, "test/page.html": `{{define "main"}}{{end}}`},
		"a part of all pages": {"_parts/bad.html": `{{define "x"}}{{end`},
		"the frame":           {"layout.html": `{{define "layout"}}{{range}}`},
		"a name taken twice":  {"test/bad.html": `{{define "field"}}{{end}}{{define "main"}}{{end}}`},
	} {
		if _, err := web.Load(extra(t, files), testkit.Public()); err == nil {
			t.Errorf("%s: went unnoticed", name)
		}
	}
	if _, err := web.Load(testkit.Templates(), os.DirFS(t.TempDir())); err == nil {
		t.Error("missing style sheets went unnoticed")
	}
}

const forever = "public, max-age=31536000, immutable"

// sheet is the address of the style sheet as pages give it.
func sheet(t *testing.T, path string, w *testkit.World) string {
	t.Helper()
	href, ok := w.As(nil).Get(path).Want(http.StatusOK).Doc().Find(`link[rel="stylesheet"]`).Attr("href")
	if !ok || !regexp.MustCompile(`^/assets/[0-9a-f]{12}/css/app\.css$`).MatchString(href) {
		t.Fatalf("the style sheet is at %q", href)
	}
	return href
}

func asked(w *testkit.World, path, encoding string) *testkit.Response {
	req := httptest.NewRequest(http.MethodGet, path, nil)
	if encoding != "" {
		req.Header.Set("Accept-Encoding", encoding)
	}
	return w.As(w.Partner).Do(req)
}

func TestAsset_EveryFile_Immutable(t *testing.T) {
	w := world(t)
	base := strings.TrimSuffix(sheet(t, "/sign-in", w), "css/app.css")
	kinds := map[string]string{".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".png": "image/png", ".webmanifest": "application/manifest+json"}
	seen := 0
	root := filepath.Join(testkit.Root(), "pb_public")
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		seen++
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		stored, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		r := asked(w, base+filepath.ToSlash(name), "")
		check.That(t, r.Status == http.StatusOK && r.Body == string(stored), "%s: status %d, %d bytes of %d", name, r.Status, len(r.Body), len(stored))
		check.Equal(t, name+": kept", r.Header.Get("Cache-Control"), forever)
		if got := r.Header.Get("Content-Type"); !strings.HasPrefix(got, kinds[filepath.Ext(name)]) || got == "" {
			t.Errorf("%s: sent as %q", name, got)
		}
		if cookies := r.Header["Set-Cookie"]; len(cookies) > 0 {
			t.Errorf("%s: a file that anybody may keep sets %v", name, cookies)
		}
		return nil
	})
	check.That(t, err == nil && seen >= 12, "%d files seen, %v", seen, err)
}

func TestAsset_Gzip_WhereShorter(t *testing.T) {
	w := world(t)
	css := sheet(t, "/sign-in", w)
	plain, zipped := asked(w, css, ""), asked(w, css, "br, gzip")
	if plain.Header.Get("Content-Encoding") != "" || zipped.Header.Get("Content-Encoding") != "gzip" {
		t.Fatalf("sent as %q and %q", plain.Header.Get("Content-Encoding"), zipped.Header.Get("Content-Encoding"))
	}
	check.That(t, len(zipped.Body)*2 <= len(plain.Body), "%d bytes become %d", len(plain.Body), len(zipped.Body))
	r, err := gzip.NewReader(bytes.NewReader([]byte(zipped.Body)))
	if err != nil {
		t.Fatal(err)
	}
	unpacked, err := io.ReadAll(r)
	check.That(t, err == nil && string(unpacked) == plain.Body, "unpacks to something else, %v", err)
	for _, r := range []*testkit.Response{plain, zipped} {
		check.Equal(t, "varies", r.Header.Get("Vary"), "Accept-Encoding")
	}
	png := strings.Replace(css, "css/app.css", "img/icon-512.png", 1)
	if got := asked(w, png, "gzip"); got.Header.Get("Content-Encoding") != "" && len(got.Body) >= len(asked(w, png, "").Body) {
		t.Error("a picture is sent longer than it is")
	}
}

func TestAsset_OldHash_NotCached(t *testing.T) {
	w := world(t)
	css := sheet(t, "/sign-in", w)
	old := regexp.MustCompile(`/[0-9a-f]{12}/`).ReplaceAllString(css, "/000000000000/")
	r := asked(w, old, "")
	if r.Status != http.StatusOK || r.Body != asked(w, css, "").Body || r.Header.Get("Cache-Control") != "no-cache" {
		t.Errorf("status %d, kept as %q", r.Status, r.Header.Get("Cache-Control"))
	}
}

func TestAsset_OtherPath_NotFound(t *testing.T) {
	w := world(t)
	base := strings.TrimSuffix(sheet(t, "/sign-in", w), "css/app.css")
	for _, name := range []string{"css/none.css", "", "css", "css/", "../templates/layout.html", "..%2f..%2fgo.mod", "%2e%2e/go.mod", "css/app.css/", "CSS/app.css"} {
		if r := asked(w, base+name, ""); r.Status == http.StatusOK {
			t.Errorf("%q is served: %.80s", name, r.Body)
		}
	}
	missing := asked(w, base+"css/none.css", "")
	if missing.Status != http.StatusNotFound || missing.Header.Get("Cache-Control") == forever {
		t.Errorf("status %d, kept as %q", missing.Status, missing.Header.Get("Cache-Control"))
	}
}

// The sheets build on each other: what stands later wins.
func TestAsset_StyleSheet_Order(t *testing.T) {
	w := world(t)
	css := asked(w, sheet(t, "/sign-in", w), "").Body
	at := -1
	for _, name := range []string{"tokens", "reset", "base", "layout", "parts", "utilities", "print"} {
		part := check.Must(os.ReadFile(filepath.Join(testkit.Root(), "pb_public", "css", name+".css")))
		found := strings.Index(css, string(part))
		check.That(t, found > at, "%s stands at %d, after %d", name, found, at)
		at = found
	}
	entries, err := os.ReadDir(filepath.Join(testkit.Root(), "pb_public", "css"))
	check.That(t, err == nil && len(entries) == 7, "%d style sheets, %v: a new one must be laid too", len(entries), err)
}

func TestAsset_FileChanged_NewHash(t *testing.T) {
	before := sheet(t, "/sign-in", world(t))
	dir := t.TempDir()
	check.NoError(t, os.CopyFS(dir, testkit.Public()))
	check.NoError(t, os.WriteFile(filepath.Join(dir, "js", "app.js"), []byte("// another"), 0o644))
	changed := check.Must(web.Load(extra(t, map[string]string{"test/plain.html": `{{define "main"}}{{.Words}}{{end}}`}), os.DirFS(dir)))
	if after := sheet(t, "/shown", testkit.New(t, showing(web.Open(changed, nil), "test/plain"))); after == before {
		t.Error("browsers would keep the old script")
	}
}

// telling are words that only the inside of the hub would use.
var telling = regexp.MustCompile(`SELECT|SQL|nowhere|secrets|no such table|goroutine|/var/lib|\.go:\d|panic`)

func TestErrors_Page_InReadersLanguage(t *testing.T) {
	w := world(t)
	for path, status := range map[string]int{
		"/no/such/page":              http.StatusNotFound,
		"/test/refused":              http.StatusNotFound,
		"/test/problems":             http.StatusUnprocessableEntity,
		"/test/invalid":              http.StatusUnprocessableEntity,
		"/test/fall":                 http.StatusInternalServerError,
		"/test/driver":               http.StatusInternalServerError,
		"/test/unknown":              http.StatusInternalServerError,
		"/assets/0123456789ab/no.js": http.StatusNotFound,
	} {
		for _, language := range lang.Languages {
			c := w.As(nil)
			c.SetCookie("language", language)
			isErrorPage(t, c.Get(path).Want(status), language, status)
		}
	}
}

// isErrorPage checks that an answer is a whole page with the right words.
func isErrorPage(t *testing.T, r *testkit.Response, language string, status int) {
	t.Helper()
	key := map[int]string{http.StatusNotFound: "404", http.StatusForbidden: "403", http.StatusRequestEntityTooLarge: "413",
		http.StatusUnprocessableEntity: "422", http.StatusTooManyRequests: "429", http.StatusInternalServerError: "500", http.StatusBadRequest: "400"}[status]
	if got, want := r.Text("h1"), lang.T(language, "page.error_"+key+"_title"); got != want {
		t.Errorf("%d in %s is titled %q, want %q", status, language, got, want)
	}
	check.That(t, strings.Contains(r.Text("main"), lang.T(language, "page.error_"+key+"_text")), "%d in %s does not say what to do: %s", status, language, r.Text("main"))
	if got, _ := r.Doc().Find("html").Attr("lang"); got != language {
		t.Errorf("%d is in %q, want %q", status, got, language)
	}
	if kind := r.Header.Get("Content-Type"); !strings.HasPrefix(kind, "text/html") {
		t.Errorf("%d is sent as %s", status, kind)
	}
	if found := telling.FindString(r.Body); found != "" {
		t.Errorf("%d says %q", status, found)
	}
	check.That(t, strings.HasSuffix(strings.TrimSpace(r.Body), "</html>"), "%d is half a page", status)
}

func TestErrors_Unknown_InternalError(t *testing.T) {
	r := world(t).As(nil).Get("/test/teapot").Want(http.StatusTeapot)
	if got, want := r.Text("h1"), lang.T("id", "page.error_500_title"); got != want {
		t.Errorf("titled %q, want %q", got, want)
	}
}

func TestErrors_AfterResponse_Untouched(t *testing.T) {
	r := world(t).As(nil).Get("/test/written").Want(http.StatusOK)
	check.Equal(t, "the answer", r.Body, "whole")
}

func TestErrors_BodyTooLarge_Page(t *testing.T) {
	w := world(t)
	body := "email=" + strings.Repeat("x", 2*smallBody)
	for name, hide := range map[string]bool{"with its length": false, "without its length": true} {
		for _, language := range lang.Languages {
			c := w.As(nil)
			c.SetCookie("language", language)
			req := httptest.NewRequest(http.MethodPost, "/test/form", strings.NewReader(body))
			if hide {
				req = httptest.NewRequest(http.MethodPost, "/test/form", bufio.NewReader(strings.NewReader(body)))
			}
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			answer := c.Do(req)
			if answer.Status != http.StatusRequestEntityTooLarge {
				t.Errorf("%s: status %d, want 413", name, answer.Status)
				continue
			}
			isErrorPage(t, answer, language, http.StatusRequestEntityTooLarge)
		}
	}
}

func TestErrors_InvalidBody_Page(t *testing.T) {
	w := world(t)
	for name, of := range map[string][2]string{
		"a bad escape":   {"application/x-www-form-urlencoded", "email=%zz"},
		"no boundary":    {"multipart/form-data", "--x"},
		"half an upload": {"multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\nhal"},
	} {
		req := httptest.NewRequest(http.MethodPost, "/test/form", strings.NewReader(of[1]))
		req.Header.Set("Content-Type", of[0])
		answer := w.As(nil).Do(req)
		if answer.Status != http.StatusBadRequest {
			t.Errorf("%s: status %d, want 400", name, answer.Status)
			continue
		}
		isErrorPage(t, answer, "id", http.StatusBadRequest)
	}
}

func TestErrors_API_JSON(t *testing.T) {
	w := world(t)
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodDelete} {
		answer := w.As(nil).API(method, "/api/no/such/thing", nil).Want(http.StatusNotFound)
		if kind := answer.Header.Get("Content-Type"); !strings.HasPrefix(kind, "application/json") {
			t.Errorf("%s is answered as %s", method, kind)
		}
	}
}

func TestErrors_WrongMethod_NotFound(t *testing.T) {
	w := world(t)
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodPatch} {
		for _, path := range []string{"/no/such/page", "/sign-in/code/again"} {
			isErrorPage(t, w.As(nil).Do(httptest.NewRequest(method, path, nil)).Want(http.StatusNotFound), "id", http.StatusNotFound)
		}
	}
}
