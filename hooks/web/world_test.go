package web_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/testkit"
	"simpul/hooks/web"
)

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
