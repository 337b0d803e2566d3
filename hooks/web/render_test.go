package web_test

import (
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/lang"
	"simpul/hooks/testkit"
	"simpul/hooks/web"
)

// extra is the project's templates with some more of a test's own.
func extra(t *testing.T, files map[string]string) fs.FS {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, testkit.Templates()); err != nil {
		t.Fatal(err)
	}
	for name, body := range files {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(body), 0o644); err != nil {
			t.Fatal(err)
		}
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
	s, err := web.Open(extra(t, files), testkit.Public(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
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

func TestAFaultyTemplateShowsTheErrorPageNeverHalfAPage(t *testing.T) {
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
			if strings.Contains(r.Body, "first half") {
				t.Errorf("%s: half a page is shown", name)
			}
		}
	}
}

func TestAMissingTemplateIsAFaultOfOurs(t *testing.T) {
	w := testkit.New(t, showing(site(t, nil), "test/nowhere"))
	isErrorPage(t, w.As(nil).Get("/shown").Want(http.StatusInternalServerError), "id", http.StatusInternalServerError)
}

func TestWhatIsPrintedIsEscaped(t *testing.T) {
	body := `{{define "main"}}<p title="{{.Words}}">{{.Words}}</p><a href="/x?q={{.Words}}">x</a>{{end}}`
	w := testkit.New(t, showing(site(t, map[string]string{"test/plain.html": body}), "test/plain"))
	r := w.As(nil).Get("/shown").Want(http.StatusOK)
	if r.Doc().Find("main i, title b").Length() > 0 || r.Text("main p") != `<i>"kutip"</i>` || !strings.Contains(r.Body, "q=%3ci%3e") {
		t.Errorf("%s", r.Body)
	}
}

func TestAMistakeInATemplateStopsTheStart(t *testing.T) {
	for name, files := range map[string]map[string]string{
		"unclosed":            {"test/bad.html": `{{define "main"}}{{if .Words}}`},
		"no such function":    {"test/bad.html": `{{define "main"}}{{nothing .Words}}{{end}}`},
		"a part of a folder":  {"test/_part.html": `{{define "x"}}{{`, "test/page.html": `{{define "main"}}{{end}}`},
		"a part of all pages": {"_parts/bad.html": `{{define "x"}}{{end`},
		"the frame":           {"layout.html": `{{define "layout"}}{{range}}`},
		"a name taken twice":  {"test/bad.html": `{{define "field"}}{{end}}{{define "main"}}{{end}}`},
	} {
		if _, err := web.Open(extra(t, files), testkit.Public(), nil); err == nil {
			t.Errorf("%s: went unnoticed", name)
		}
	}
	if _, err := web.Open(testkit.Templates(), os.DirFS(t.TempDir()), nil); err == nil {
		t.Error("missing style sheets went unnoticed")
	}
}
