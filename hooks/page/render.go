package page

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"regexp"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/lang"
)

const (
	siteKey = "page.site"
	demoKey = "page.demo"
)

// look is everything needed to show pages: our files, and per language all
// templates parsed once with that language's words bound to them.
type look struct {
	assets *assets
	words  map[string]*template.Template
}

// Open parses all templates and reads all public files, so that a mistake in
// one stops the start rather than a reader.
func Open(app core.App, templates, public fs.FS) error {
	files, err := loadAssets(public)
	if err != nil {
		return fmt.Errorf("page: %w", err)
	}
	s := &look{assets: files, words: map[string]*template.Template{}}
	for _, language := range lang.Languages {
		if s.words[language], err = parse(templates, functions(language, files)); err != nil {
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

// Every page file defines "main". So that all can stand in one set, which costs
// a fraction of a set for each, the name is completed by the page's own.
const (
	mainBlock  = `{{define "main"}}`
	mainPrefix = "main:"
)

var defined = regexp.MustCompile(`{{define "([^"]+)"}}`)

// parse reads all templates into one set. A name that is defined twice is a
// mistake: the second would silently replace the first.
func parse(templates fs.FS, fns template.FuncMap) (*template.Template, error) {
	set := template.New("").Funcs(fns)
	taken := map[string]string{}
	err := fs.WalkDir(templates, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".html") || strings.HasPrefix(name, "mail/") {
			return err
		}
		raw, err := fs.ReadFile(templates, name)
		if err != nil {
			return err
		}
		own := `{{define "` + mainPrefix + strings.TrimSuffix(name, ".html") + `"}}`
		source := strings.Replace(string(raw), mainBlock, own, 1)
		for _, found := range defined.FindAllStringSubmatch(source, -1) {
			if before, twice := taken[found[1]]; twice {
				return fmt.Errorf("%s and %s both define %q", before, name, found[1])
			}
			taken[found[1]] = name
		}
		_, err = set.New(name).Parse(source)
		return err
	})
	return set, err
}

// framed is what the layout shows: the frame's own data and the finished page.
type framed struct {
	Base
	Main template.HTML
}

// based is any page's data, which embeds Base.
type based interface{ base() Base }

func (b Base) base() Base { return b }

// usualSize and frameSize are room for most pages and for all frames, in bytes:
// making room once is cheaper than growing again and again.
const (
	usualSize = 32 << 10
	frameSize = 10 << 10
)

// Render shows a page. It is made whole before the first byte goes out, so a
// fault shows the error page, never half a page.
func Render(e *core.RequestEvent, status int, name string, data based) error {
	set := site(e.App).words[Language(e)]
	var main strings.Builder
	main.Grow(usualSize)
	if err := set.ExecuteTemplate(&main, mainPrefix+name, data); err != nil {
		return fmt.Errorf("page: %s: %w", name, err)
	}
	var page bytes.Buffer
	page.Grow(main.Len() + frameSize)
	if err := set.ExecuteTemplate(&page, "layout", framed{data.base(), template.HTML(main.String())}); err != nil {
		return fmt.Errorf("page: %s: %w", name, err)
	}
	return e.Blob(status, "text/html; charset=utf-8", page.Bytes())
}
