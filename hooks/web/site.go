package web

import (
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"sync"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/security"

	"simpul/hooks/access"
)

// Site is what all pages need, made once: our files, the parsed templates of each
// language, and what packages above this one answer.
type Site struct {
	assets    *assets
	templates map[string]*template.Template
	unread    Count
	// secret signs what browsers carry for us; it lives as long as the process.
	secret string
	// api builds PocketBase's own routes for Post.
	api func() (http.Handler, error)
}

// Count counts what the reader has not read yet, up to a number at which nobody
// counts on.
type Count func(d *access.Scope) (int, error)

// Open parses all templates and reads all public files, so that a mistake in one
// stops the start rather than a reader. Without unread, pages show no count.
func Open(templates, public fs.FS, unread Count) (*Site, error) {
	files, err := loadAssets(public)
	if err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	sets, err := parseTemplates(templates, files)
	if err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	return &Site{assets: files, templates: sets, unread: unread, secret: security.RandomString(32)}, nil
}

const siteKey = "web.site"

// Bind attaches the site to every request, before anything that may show an error
// page. The API's mux is built on first use because routes are still being bound.
func (s *Site) Bind(se *core.ServeEvent) {
	s.api = sync.OnceValues(func() (http.Handler, error) { return se.Router.BuildMux() })
	se.Router.Bind(&hook.Handler[*core.RequestEvent]{
		Id:       "webSite",
		Priority: apis.DefaultPanicRecoverMiddlewarePriority - 100,
		Func: func(e *core.RequestEvent) error {
			s.Attach(e)
			return e.Next()
		},
	})
}

// Attach makes the site known to one request.
func (s *Site) Attach(e *core.RequestEvent) { e.Set(siteKey, s) }

func site(e *core.RequestEvent) *Site {
	s, _ := e.Get(siteKey).(*Site)
	return s
}

// countUnread is the number beside the menu. A page is worth more than its count:
// if counting fails, there is none.
func countUnread(e *core.RequestEvent) int {
	d, count := Scope(e), site(e).unread
	if count == nil || d.Super() {
		return 0
	}
	n, err := count(d)
	if err != nil {
		e.App.Logger().Error("web: unread", "error", err)
		return 0
	}
	return n
}

const demoKey = "web.demo"

// Demonstrate marks the app as the demonstration, whose mailbox is open.
func Demonstrate(app core.App) { app.Store().Set(demoKey, true) }

// IsDemo reports whether this is the demonstration.
func IsDemo(app core.App) bool { return app.Store().Has(demoKey) }
