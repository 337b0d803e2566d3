package hooks

import (
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"simpul/hooks/access"
	"simpul/hooks/account"
	"simpul/hooks/contributions"
	"simpul/hooks/doctor"
	"simpul/hooks/mail"
	"simpul/hooks/meetings"
	"simpul/hooks/page"
	"simpul/hooks/reminders"
)

type group = router.RouterGroup[*core.RequestEvent]

// maxForm is the largest body of a form without a file.
const maxForm = 1 << 20

// maxUpload is the largest body of a form with a file. It leaves room above the
// largest file taken, so that a larger one gets a sentence at its field.
const maxUpload = 20 << 20

// oneClick is where mail programs stop letters for their readers.
const oneClick = "POST " + mail.StopPath + "{token}"

// bindRoutes is the site map: every address of the hub and what answers there.
// Addresses under /api and /_ are PocketBase's own.
func bindRoutes(r *router.Router[*core.RequestEvent]) {
	r.BindFunc(access.KeepRows)
	// Public files are kept compressed already.
	r.GET("/assets/{hash}/{path...}", page.Asset).Bind(page.Headers(), page.Errors())
	r.GET("/sw.js", page.Worker).Bind(page.Headers(), page.Errors())

	open := r.Group("")
	open.Bind(page.Headers(), page.Errors(), page.SameOrigin(oneClick), page.Session(), apis.BodyLimit(maxForm), apis.Gzip())
	bindOpen(open)

	pages := open.Group("")
	pages.BindFunc(account.SignedIn)
	bindHome(pages)
	bindProgrammes(pages)
	bindRoster(pages)
	bindTasks(pages)
	bindMeetings(pages)
	bindContributions(pages)
	bindResults(pages)
	bindReminders(pages)
	bindDeliveries(pages)
	bindAccount(pages)
	bindPush(pages)

	bindTransitions(r.Group("/api/hub"))
	r.Any("/api/{path...}", page.Missing)
}

// bindOpen holds what needs no sign-in.
func bindOpen(g *group) {
	g.GET("/sign-in", account.ShowSignIn)
	g.POST("/sign-in", account.SignIn)
	g.GET("/sign-in/code", account.ShowCode)
	g.POST("/sign-in/code", account.EnterCode)
	g.GET("/sign-in/reset", account.AskReset)
	g.POST("/sign-in/reset", account.SendReset)
	bindLinks(g)
	g.POST("/sign-out", account.SignOut)
	g.POST("/me/language", account.SetLanguage)
	g.POST("/me/theme", account.SetTheme)
	g.GET("/mailbox", reminders.Mailbox).BindFunc(account.SignedInOrDemo)
	g.Any("/", page.Missing)
}

// bindLinks holds what letters lead to. Who has the address needs no sign-in, so
// they are kept out of the log.
func bindLinks(g *group) {
	links := g.Group("")
	links.Bind(apis.SkipSuccessActivityLog())
	links.GET("/sign-in/reset/{token}", account.ShowReset)
	links.POST("/sign-in/reset/{token}", account.Reset)
	links.GET("/sign-in/verify/{token}", account.ShowVerify)
	links.POST("/sign-in/verify/{token}", account.Verify)
	links.GET("/sign-in/new-address/{token}", account.ShowNewAddress)
	links.POST("/sign-in/new-address/{token}", account.TakeNewAddress)
	links.GET("/unsubscribe/{token}", reminders.AskUnsubscribe)
	links.POST("/unsubscribe/{token}", reminders.Unsubscribe)
	links.POST("/unsubscribe/{token}/undo", reminders.Resubscribe)
	links.GET("/reminders/wishes/{token}", reminders.Wishes)
	links.POST("/reminders/wishes/{token}", reminders.SaveWishes)
	links.GET("/reminders/answer/{token}", reminders.Answer)
	links.POST("/reminders/answer/{token}", reminders.GiveAnswer)
	links.POST("/reminders/answer/{token}/undo", reminders.TakeAnswerBack)
}

// bindTransitions offers the steps of the work, and how the hub fares, to other
// programs, which sign in with PocketBase's own header token; pages call the
// same functions.
func bindTransitions(g *group) {
	g.GET("/health", doctor.Health).Bind(apis.RequireSuperuserAuth())
	g.POST("/contributions/{id}/{step}", contributions.Take).Bind(apis.RequireAuth())
	g.POST("/minutes/{id}/circulate", meetings.CirculateAPI).Bind(apis.RequireAuth())
	g.POST("/minutes/{id}/finalise", meetings.FinaliseAPI).Bind(apis.RequireAuth())
}
