package web_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/testkit"
	"simpul/hooks/testkit/check"
	"simpul/hooks/web"
)

func asking(headers ...string) *core.RequestEvent {
	e := &core.RequestEvent{}
	e.Request = httptest.NewRequest(http.MethodGet, "/somewhere?x=1", nil)
	e.Response = httptest.NewRecorder()
	for i := 0; i+1 < len(headers); i += 2 {
		e.Request.Header.Add(headers[i], headers[i+1])
	}
	shared.Attach(e)
	return e
}

// shared is the site of requests that come through no router.
var shared = web.Open(testkit.Files(), nil)

func TestLanguage_EachSource_Order(t *testing.T) {
	w := testkit.New(t)
	english := w.Fresh(w.Partner)
	english.Set("language", "en")
	for name, of := range map[string]struct {
		headers []string
		person  *core.Record
		want    string
	}{
		"nothing known":                   {nil, nil, "id"},
		"an English browser":              {[]string{"Accept-Language", "en-GB,en;q=0.9,id;q=0.8"}, nil, "en"},
		"an Indonesian browser":           {[]string{"Accept-Language", "id-ID,id;q=0.9,en;q=0.8"}, nil, "id"},
		"a French browser":                {[]string{"Accept-Language", "fr"}, nil, "id"},
		"a choice in this browser":        {[]string{"Cookie", "language=id", "Accept-Language", "en"}, nil, "id"},
		"a language that is none of ours": {[]string{"Cookie", "language=xx"}, nil, "id"},
		"a setting, against the browser":  {[]string{"Cookie", "language=id", "Accept-Language", "id"}, english, "en"},
		"an administrator has no setting": {[]string{"Cookie", "language=en"}, w.Administrator, "en"},
	} {
		e := asking(of.headers...)
		e.Auth = of.person
		check.Equal(t, name, web.Language(e), of.want)
	}
}

func TestZone_Reader_Own(t *testing.T) {
	w := testkit.New(t)
	for zone, person := range map[string]*core.Record{"Asia/Jakarta": nil, "Asia/Makassar": w.BaliInitiator} {
		e := asking()
		e.Auth = person
		check.Equal(t, "Zone", web.Zone(e), zone)
	}
	e := asking()
	e.Auth = w.Administrator
	check.Equal(t, "an administrator", web.Zone(e), "Asia/Jakarta")
}

func TestNew_Page_ReaderAndPlace(t *testing.T) {
	w := testkit.New(t)
	e := asking("Cookie", "theme=dark")
	e.App, e.Auth = w.App, w.Initiator
	b := web.New(e, "users.me").At("me").AsForm().Under("Program", "/programmes").Under("KOPI", "/programmes/kopi")
	check.That(t, b.Title == lang.T("id", "users.me") && b.Nav == "me" && b.HideTabs && b.Path == "/somewhere" && b.Theme == "dark" && !b.Demo, "%+v", b)
	check.That(t, len(b.Crumbs) == 2 && b.Crumbs[1] == (web.Crumb{Label: "KOPI", URL: "/programmes/kopi"}), "%+v", b.Crumbs)
	want := web.Person{ID: w.Initiator.Id, Name: "Kepala Panti", Initials: "KP", MayStart: true, MayLog: true}
	check.That(t, b.Person != nil && *b.Person == want, "%+v, want %+v", b.Person, want)
	e.Auth = w.Administrator
	if p := web.Titled(e, "x").Person; p.Name != "admin" || p.Initials != "A" || !p.Super || !p.MayStart {
		t.Errorf("%+v", p)
	}
	e.Auth = nil
	check.That(t, web.Titled(e, "x").Person == nil, "a guest is somebody")
	web.Demonstrate(w.App)
	check.That(t, web.Titled(e, "x").Demo, "the demonstration does not show")
}

func TestScope_OneRequest_Shared(t *testing.T) {
	w := testkit.New(t)
	e := asking()
	e.App, e.Auth = w.App, w.Partner
	if d := web.Scope(e); d != web.Scope(e) || d.Person() != w.Partner {
		t.Error("two scopes in one request")
	}
}

func TestTheme_Unknown_Empty(t *testing.T) {
	w := testkit.New(t)
	for value, want := range map[string]string{"light": "light", "dark": "dark", "auto": "", "\"><script>": "", "": ""} {
		e := asking()
		e.App = w.App
		e.Request.AddCookie(&http.Cookie{Name: "theme", Value: value})
		if got := web.Titled(e, "x").Theme; got != want {
			t.Errorf("%q gives %q, want %q", value, got, want)
		}
	}
}

func TestUntil_Session_EndOfToken(t *testing.T) {
	w := testkit.New(t)
	token := check.Must(w.Partner.NewStaticAuthToken(time.Hour))
	e := asking("Cookie", "simpul="+token)
	e.App = w.App
	if left := time.Until(web.Until(e)); left < 59*time.Minute || left > time.Hour {
		t.Errorf("ends in %s", left)
	}
	none := asking()
	none.App = w.App
	check.That(t, web.Until(none).IsZero(), "a guest's session ends some day")
}

// smallBody is the largest body that the routes of these tests take, in bytes.
const smallBody = 1 << 10

// faulty binds routes that go wrong in every way behind the middlewares of all pages.
func faulty(app core.App) {
	app.OnServe().BindFunc(func(se *core.ServeEvent) error {
		g := se.Router.Group("/test")
		g.Bind(web.Headers(), web.Errors(), web.SameOrigin(), web.Session(), apis.BodyLimit(smallBody))
		g.GET("/fall", func(*core.RequestEvent) error { panic("SELECT * FROM secrets") })
		g.GET("/driver", func(e *core.RequestEvent) error {
			_, err := e.App.DB().NewQuery("SELECT nothing FROM nowhere").Execute()
			return err
		})
		g.GET("/refused", func(*core.RequestEvent) error { return access.ErrRefused })
		g.GET("/problems", func(*core.RequestEvent) error {
			var problems lang.Problems
			problems.Add("title", "problem.needed")
			return problems.Err()
		})
		g.GET("/invalid", func(*core.RequestEvent) error { return access.Invalid("title", "problem.needed") })
		g.GET("/teapot", func(e *core.RequestEvent) error { return e.Error(http.StatusTeapot, "", nil) })
		g.GET("/unknown", func(*core.RequestEvent) error { return errors.New("disk on fire at /var/lib") })
		g.GET("/written", func(e *core.RequestEvent) error {
			if err := e.String(http.StatusOK, "whole"); err != nil {
				return err
			}
			return errors.New("too late")
		})
		g.GET("/who", who)
		g.POST("/who", who)
		g.POST("/form", func(e *core.RequestEvent) error {
			form := web.NewForm(e, "account", web.Text("email"))
			if err := form.Read(e); err != nil {
				return err
			}
			return e.String(http.StatusOK, form.Value("email"))
		})
		g.GET("/flash", func(e *core.RequestEvent) error { return web.RedirectWithFlash(e, "/sign-in", "account.signed_out") })
		return se.Next()
	})
}

// who answers with the id of who is asking.
func who(e *core.RequestEvent) error {
	if e.Auth == nil {
		return e.String(http.StatusOK, "guest")
	}
	return e.String(http.StatusOK, e.Auth.Id)
}

func world(t testing.TB) *testkit.World {
	t.Helper()
	return testkit.New(t, faulty)
}
