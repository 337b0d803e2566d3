package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"regexp"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/lang"
)

// parseTemplates parses all templates once for each language.
func parseTemplates(templates fs.FS, files *assets) (map[string]*template.Template, error) {
	sets := map[string]*template.Template{}
	for _, language := range lang.Languages {
		set, err := parse(templates, functions(language, files), folder(language, files))
		if err != nil {
			return nil, err
		}
		sets[language] = set
	}
	return sets, nil
}

// Every page file defines "main". So that all can stand in one set, which costs
// a fraction of a set for each, the name is completed by the page's own.
const (
	mainBlock  = `{{define "main"}}`
	mainPrefix = "main:"
)

var defined = regexp.MustCompile(`{{define "([^"]+)"}}`)

var constant = regexp.MustCompile(`{{(t|icon|asset) "([^"]+)"}}`)

// folder returns a function that replaces calls with a constant argument by what
// they return in a language, which saves a sixth of the time of a list of tasks.
func folder(language string, files *assets) func(string) string {
	return func(source string) string {
		return constant.ReplaceAllStringFunc(source, func(call string) string {
			found := constant.FindStringSubmatch(call)
			switch found[1] {
			case "icon":
				return string(icon(files, found[2]))
			case "asset":
				return template.HTMLEscapeString(files.url(found[2]))
			}
			return template.HTMLEscapeString(lang.T(language, found[2]))
		})
	}
}

// parse reads all templates into one set. A name that is defined twice is a
// mistake: the second would silently replace the first.
func parse(templates fs.FS, fns template.FuncMap, fold func(string) string) (*template.Template, error) {
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
		_, err = set.New(name).Parse(fold(source))
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
	set := site(e).templates[Language(e)]
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

// functions are what templates may call, bound to one language.
func functions(language string, files *assets) template.FuncMap {
	return template.FuncMap{
		"t":        func(key string, args ...any) string { return lang.T(language, key, args...) },
		"code":     func(field, code string) string { return label(language, field, code) },
		"has":      lang.Has,
		"number":   func(n any) string { return lang.Number(language, float(n)) },
		"money":    func(n any) string { return lang.Money(language, int64(float(n))) },
		"day":      func(day string) string { return lang.Day(language, day) },
		"dayLong":  func(day string) string { return lang.DayLong(language, day) },
		"dayShort": func(day string) string { return lang.DayShort(language, day) },
		"moment":   func(t time.Time, zone string) string { return lang.Moment(language, t, zone) },
		"span":     func(from, to time.Time, zone string) string { return lang.Span(language, from, to, zone) },
		"icon":     func(name string) template.HTML { return icon(files, name) },
		"asset":    files.url,
		"dict":     dict,
		"list":     func(values ...any) []any { return values },
	}
}

// label is the reader's word for a stored code, empty for no code.
func label(language, field, code string) string {
	if code == "" {
		return ""
	}
	return lang.T(language, field+"."+code)
}

func icon(files *assets, name string) template.HTML {
	return template.HTML(`<svg class="icon" aria-hidden="true"><use href="` + files.url("img/icons.svg") + "#" +
		template.HTMLEscapeString(name) + `"></use></svg>`)
}

// dict gathers named values for a part: {{template "empty" dict "Title" … }}.
func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("dict: a name without a value")
	}
	out := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict: %v is not a name", pairs[i])
		}
		out[name] = pairs[i+1]
	}
	return out, nil
}

func float(n any) float64 {
	switch v := n.(type) {
	case float64:
		return v
	case int:
		return float64(v)
	case int64:
		return float64(v)
	}
	return 0
}

// styles are the concerns of the style sheet in the order they are laid on.
var styles = []string{"tokens", "reset", "base", "layout", "parts", "utilities", "print"}

const bundle = "css/app.css"

// assets holds our own files in memory under a hash of them all, so that
// browsers may keep them for ever and still never see an old one.
type assets struct {
	hash  string
	files map[string]asset
}

type asset struct {
	kind          string
	plain, zipped []byte
}

func loadAssets(public fs.FS) (*assets, error) {
	a := &assets{files: map[string]asset{}}
	sum := sha256.New()
	err := fs.WalkDir(public, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := fs.ReadFile(public, name)
		if err != nil {
			return err
		}
		fmt.Fprintf(sum, "%s %d ", name, len(raw))
		sum.Write(raw)
		return a.add(name, raw)
	})
	if err != nil {
		return nil, err
	}
	if err := a.bundleStyles(public); err != nil {
		return nil, err
	}
	a.hash = hex.EncodeToString(sum.Sum(nil))[:12]
	return a, nil
}

// bundleStyles makes one sheet of all: one request on a slow line, not seven.
func (a *assets) bundleStyles(public fs.FS) error {
	var all bytes.Buffer
	for _, name := range styles {
		raw, err := fs.ReadFile(public, "css/"+name+".css")
		if err != nil {
			return err
		}
		all.Write(raw)
		all.WriteByte('\n')
	}
	return a.add(bundle, all.Bytes())
}

func (a *assets) add(name string, raw []byte) error {
	kind := mime.TypeByExtension(path.Ext(name))
	if strings.HasSuffix(name, ".webmanifest") {
		kind = "application/manifest+json"
	}
	var zipped bytes.Buffer
	w, err := gzip.NewWriterLevel(&zipped, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := w.Write(raw); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	a.files[name] = asset{kind: kind, plain: raw, zipped: zipped.Bytes()}
	return nil
}

// url is where a file of pb_public is found.
func (a *assets) url(name string) string { return "/assets/" + a.hash + "/" + name }

// Asset serves a file of pb_public. Its URL holds the hash of all files, so an
// answer stays true for ever; an old hash still finds the present file but must
// not be kept.
func Asset(e *core.RequestEvent) error {
	a := site(e).assets
	file, ok := a.files[e.Request.PathValue("path")]
	if !ok {
		return e.NotFoundError("", nil)
	}
	h := e.Response.Header()
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	if e.Request.PathValue("hash") != a.hash {
		h.Set("Cache-Control", "no-cache")
	}
	return file.send(e)
}

// Worker serves the service worker. It stands at the root of the site, or it could not speak for all of it, and
// browsers ask each time whether it is still the same.
func Worker(e *core.RequestEvent) error {
	e.Response.Header().Set("Cache-Control", "no-cache")
	return site(e).assets.files["js/sw.js"].send(e)
}

// send answers with the file, compressed where that is shorter.
func (a asset) send(e *core.RequestEvent) error {
	h := e.Response.Header()
	h.Set("Vary", "Accept-Encoding")
	body := a.plain
	if strings.Contains(e.Request.Header.Get("Accept-Encoding"), "gzip") && len(a.zipped) < len(a.plain) {
		h.Set("Content-Encoding", "gzip")
		body = a.zipped
	}
	return e.Blob(http.StatusOK, a.kind, body)
}

// Missing answers every address that leads nowhere, whatever is asked of it.
func Missing(e *core.RequestEvent) error { return e.NotFoundError("", nil) }
