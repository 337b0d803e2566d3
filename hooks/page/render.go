package page

import (
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/lang"
)

const (
	siteKey = "page.site"
	demoKey = "page.demo"
)

// look is everything needed to show pages: our files, and per language every
// page parsed once with that language's words bound to it.
type look struct {
	assets *assets
	pages  map[string]map[string]*template.Template
}

// Open parses all templates and reads all public files, so that a mistake in
// one stops the start rather than a reader.
func Open(app core.App, templates, public fs.FS) error {
	files, err := loadAssets(public)
	if err != nil {
		return fmt.Errorf("page: %w", err)
	}
	s := &look{assets: files, pages: map[string]map[string]*template.Template{}}
	for _, language := range lang.Languages {
		if s.pages[language], err = parse(templates, functions(language, files)); err != nil {
			return fmt.Errorf("page: %w", err)
		}
	}
	app.Store().Set(siteKey, s)
	return nil
}

// Demonstrate marks the app as the demonstration, whose mailbox is open.
func Demonstrate(app core.App) { app.Store().Set(demoKey, true) }

// IsDemo reports whether this is the demonstration.
func IsDemo(app core.App) bool {
	demo, _ := app.Store().Get(demoKey).(bool)
	return demo
}

func site(app core.App) *look {
	s, _ := app.Store().Get(siteKey).(*look)
	return s
}

// parse reads layout and parts once and gives every page its own copy.
func parse(templates fs.FS, fns template.FuncMap) (map[string]*template.Template, error) {
	frame, err := template.New("frame").Funcs(fns).ParseFS(templates, "layout.html", "_parts/*.html")
	if err != nil {
		return nil, err
	}
	pages := map[string]*template.Template{}
	err = fs.WalkDir(templates, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !isPage(name) {
			return err
		}
		own, err := frame.Clone()
		if err != nil {
			return err
		}
		// A room's own parts (files starting with _) are known to its pages only.
		if parts, _ := fs.Glob(templates, path.Dir(name)+"/_*.html"); len(parts) > 0 {
			if own, err = own.ParseFS(templates, parts...); err != nil {
				return err
			}
		}
		if own, err = own.ParseFS(templates, name); err != nil {
			return err
		}
		pages[strings.TrimSuffix(name, ".html")] = own
		return nil
	})
	return pages, err
}

func isPage(name string) bool {
	return strings.HasSuffix(name, ".html") && name != "layout.html" &&
		!strings.HasPrefix(path.Base(name), "_") && !strings.HasPrefix(name, "_parts/") && !strings.HasPrefix(name, "mail/")
}

// Render shows a page. It is made whole before the first byte goes out, so a
// fault shows the error page, never half a page.
func Render(e *core.RequestEvent, status int, name string, data any) error {
	out, err := execute(e, name, "layout", data)
	if err != nil {
		return err
	}
	return e.HTML(status, out)
}

// Fragment shows one named part of a page without its frame.
func Fragment(e *core.RequestEvent, name, part string, data any) error {
	out, err := execute(e, name, part, data)
	if err != nil {
		return err
	}
	return e.HTML(http.StatusOK, out)
}

func execute(e *core.RequestEvent, name, part string, data any) (string, error) {
	t := site(e.App).pages[Language(e)][name]
	if t == nil {
		return "", fmt.Errorf("page: no template %s", name)
	}
	var out strings.Builder
	if err := t.ExecuteTemplate(&out, part, data); err != nil {
		return "", fmt.Errorf("page: %s: %w", name, err)
	}
	return out.String(), nil
}
