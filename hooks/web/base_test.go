package web_test

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/lang"
	"simpul/hooks/testkit"
	"simpul/hooks/web"
)

func asking(headers ...string) *core.RequestEvent {
	e := &core.RequestEvent{}
	e.Request = httptest.NewRequest(http.MethodGet, "/somewhere?x=1", nil)
	e.Response = httptest.NewRecorder()
	for i := 0; i+1 < len(headers); i += 2 {
		e.Request.Header.Add(headers[i], headers[i+1])
	}
	shared().Attach(e)
	return e
}

// shared is the site of requests that come through no router.
var shared = sync.OnceValue(func() *web.Site {
	s, err := web.Open(testkit.Templates(), testkit.Public(), nil)
	if err != nil {
		panic(err)
	}
	return s
})

func TestTheLanguageIsTheReadersOwn(t *testing.T) {
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
		if got := web.Language(e); got != of.want {
			t.Errorf("%s: %s, want %s", name, got, of.want)
		}
	}
}

func TestTheZoneIsTheReadersOwn(t *testing.T) {
	w := testkit.New(t)
	for zone, person := range map[string]*core.Record{"Asia/Jakarta": nil, "Asia/Makassar": w.BaliInitiator} {
		e := asking()
		e.Auth = person
		if got := web.Zone(e); got != zone {
			t.Errorf("%s, want %s", got, zone)
		}
	}
	e := asking()
	e.Auth = w.Administrator
	if got := web.Zone(e); got != "Asia/Jakarta" {
		t.Errorf("an administrator stands in %s", got)
	}
}

func TestAPageKnowsItsReaderAndItsPlace(t *testing.T) {
	w := testkit.New(t)
	e := asking("Cookie", "theme=dark")
	e.App, e.Auth = w.App, w.Initiator
	b := web.New(e, "users.me").At("me").AsForm().Under("Program", "/programmes").Under("KOPI", "/programmes/kopi")
	if b.Title != lang.T("id", "users.me") || b.Nav != "me" || !b.HideTabs || b.Path != "/somewhere" || b.Theme != "dark" || b.Demo {
		t.Errorf("%+v", b)
	}
	if len(b.Crumbs) != 2 || b.Crumbs[1] != (web.Crumb{Label: "KOPI", URL: "/programmes/kopi"}) {
		t.Errorf("%+v", b.Crumbs)
	}
	want := web.Person{ID: w.Initiator.Id, Name: "Kepala Panti", Initials: "KP", MayStart: true, MayLog: true}
	if b.Person == nil || *b.Person != want {
		t.Errorf("%+v, want %+v", b.Person, want)
	}
	e.Auth = w.Administrator
	if p := web.Titled(e, "x").Person; p.Name != "admin" || p.Initials != "A" || !p.Super || !p.MayStart {
		t.Errorf("%+v", p)
	}
	e.Auth = nil
	if web.Titled(e, "x").Person != nil {
		t.Error("a guest is somebody")
	}
	web.Demonstrate(w.App)
	if !web.Titled(e, "x").Demo {
		t.Error("the demonstration does not show")
	}
}

func TestOneScopeServesAWholeRequest(t *testing.T) {
	w := testkit.New(t)
	e := asking()
	e.App, e.Auth = w.App, w.Partner
	if d := web.Scope(e); d != web.Scope(e) || d.Person() != w.Partner {
		t.Error("two doors in one request")
	}
}

func TestAThemeThatIsNoneOfOursIsNone(t *testing.T) {
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

func TestUntilTellsWhenTheSessionEnds(t *testing.T) {
	w := testkit.New(t)
	token, err := w.Partner.NewStaticAuthToken(time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	e := asking("Cookie", "simpul="+token)
	e.App = w.App
	if left := time.Until(web.Until(e)); left < 59*time.Minute || left > time.Hour {
		t.Errorf("ends in %s", left)
	}
	none := asking()
	none.App = w.App
	if !web.Until(none).IsZero() {
		t.Error("a guest's session ends some day")
	}
}
