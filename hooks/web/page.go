// Package web shows pages: who is asking, forms, lists, messages, errors and the
// rendering of templates in the reader's language.
package web

import (
	"html/template"
	"net/http"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
)

// Base is what every page needs; each page's data embeds it.
type Base struct {
	Language string
	Zone     string
	Theme    string
	Title    string
	Nav      string
	Path     string
	Person   *Person
	Flash    *Flash
	Crumbs   []Crumb
	Demo     bool
	HideTabs bool
	// Sends says that a mail server is switched on, so that messages leave.
	Sends bool
	// Unread is what the reader has not read yet; ten stands for more than nine.
	Unread int
}

// Person is the signed-in reader as the frame of a page shows them.
type Person struct {
	ID, Name, Initials string
	Super              bool
	MayStart           bool
	// MayLog says that there is a programme in which they log contributions.
	MayLog bool
}

// Crumb is one step on the way to a page.
type Crumb struct{ Label, URL string }

const (
	scopeKey    = "web.scope"
	languageKey = "web.language"
)

// New begins a page with its title from the catalogue.
func New(e *core.RequestEvent, titleKey string, args ...any) Base {
	language := Language(e)
	return Titled(e, lang.T(language, titleKey, args...))
}

// Titled begins a page with a title that is a name, not a catalogue entry.
func Titled(e *core.RequestEvent, title string) Base {
	b := Base{
		Language: Language(e),
		Zone:     Zone(e),
		Theme:    theme(e),
		Title:    title,
		Path:     e.Request.URL.Path,
		Flash:    takeFlash(e),
		Demo:     IsDemo(e.App),
		Sends:    e.App.Settings().SMTP.Enabled,
	}
	if e.Auth != nil {
		b.Person = person(e.Auth)
		b.Person.MayLog = mayLog(Scope(e))
		b.Unread = countUnread(e)
	}
	return b
}

// At names the menu entry under which a page stands.
func (b Base) At(nav string) Base {
	b.Nav = nav
	return b
}

// Under adds a step to the crumbs.
func (b Base) Under(label, url string) Base {
	b.Crumbs = append(b.Crumbs, Crumb{Label: label, URL: url})
	return b
}

// AsForm hides the phone's tab bar, which would cover the submit button.
func (b Base) AsForm() Base {
	b.HideTabs = true
	return b
}

func person(auth *core.Record) *Person {
	name := auth.GetString("name")
	if name == "" {
		name, _, _ = strings.Cut(auth.Email(), "@")
	}
	return &Person{
		ID:       auth.Id,
		Name:     name,
		Initials: initials(name),
		Super:    auth.IsSuperuser(),
		MayStart: auth.IsSuperuser() || auth.GetBool("may_create_programmes"),
	}
}

// mayLog decides whether the menu offers to log a contribution. If the hub
// cannot tell, it does not offer what may be refused.
func mayLog(d *access.Scope) bool {
	members, err := d.Programmes()
	return err == nil && (d.Super() || slices.ContainsFunc(members, func(m access.Membership) bool { return m.Role != "observer" }))
}

// initials takes the first letters of the first two words.
func initials(name string) string {
	out := []rune{}
	for _, word := range strings.Fields(name) {
		if len(out) < 2 {
			out = append(out, []rune(word)[0])
		}
	}
	return strings.ToUpper(string(out))
}

// Scope returns the scope for who is asking, one for each request.
func Scope(e *core.RequestEvent) *access.Scope {
	if d, ok := e.Get(scopeKey).(*access.Scope); ok {
		return d
	}
	d := access.As(e.App, e.Auth)
	e.Set(scopeKey, d)
	return d
}

// Language returns the reader's language: their setting, else the cookie, else
// the page's own, else what the browser prefers, else Indonesian.
func Language(e *core.RequestEvent) string {
	if e.Auth != nil && known(e.Auth.GetString("language")) {
		return e.Auth.GetString("language")
	}
	if c, err := e.Request.Cookie("language"); err == nil && known(c.Value) {
		return c.Value
	}
	if preset, _ := e.Get(languageKey).(string); known(preset) {
		return preset
	}
	if strings.HasPrefix(strings.ToLower(e.Request.Header.Get("Accept-Language")), "en") {
		return "en"
	}
	return "id"
}

// SetLanguageHint sets the language for a reader who has chosen none, such as that of the
// message that led here.
func SetLanguageHint(e *core.RequestEvent, language string) { e.Set(languageKey, language) }

func known(language string) bool {
	for _, l := range lang.Languages {
		if l == language {
			return true
		}
	}
	return false
}

// Zone returns the reader's own time zone, Asia/Jakarta if they set none.
func Zone(e *core.RequestEvent) string {
	if e.Auth != nil && e.Auth.GetString("time_zone") != "" {
		return e.Auth.GetString("time_zone")
	}
	return clock.Zones[0]
}

func theme(e *core.RequestEvent) string {
	if c, err := e.Request.Cookie("theme"); err == nil && (c.Value == "light" || c.Value == "dark") {
		return c.Value
	}
	return ""
}

// SetPreferenceCookie keeps a reader's choice in a cookie for a year.
func SetPreferenceCookie(e *core.RequestEvent, name, value string) {
	e.SetCookie(&http.Cookie{Name: name, Value: value, Path: "/", MaxAge: 365 * 24 * 3600,
		HttpOnly: true, Secure: secure(e), SameSite: http.SameSiteLaxMode})
}

// Rich returns the rendered duplicate of a markdown field. It was cleaned when it
// was saved; nothing else may be printed unescaped.
func Rich(r *core.Record, field string) template.HTML {
	return template.HTML(r.GetString(field))
}
