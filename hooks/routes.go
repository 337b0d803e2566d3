package hooks

import (
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"simpul/hooks/access"
	"simpul/hooks/account"
	"simpul/hooks/contributions"
	"simpul/hooks/demo"
	"simpul/hooks/health"
	"simpul/hooks/home"
	"simpul/hooks/meetings"
	"simpul/hooks/notify/admin"
	"simpul/hooks/notify/inbox"
	"simpul/hooks/notify/offline"
	"simpul/hooks/notify/outbox"
	"simpul/hooks/notify/preferences"
	"simpul/hooks/notify/push"
	"simpul/hooks/notify/reminders"
	"simpul/hooks/notify/replies"
	"simpul/hooks/notify/rules"
	"simpul/hooks/programmes"
	"simpul/hooks/results"
	"simpul/hooks/roster"
	"simpul/hooks/tasks"
	"simpul/hooks/web"
)

type group = router.RouterGroup[*core.RequestEvent]

// maxForm is the largest body of a form without a file.
const maxForm = 1 << 20

// maxUpload is the largest body of a form with a file. It leaves room above the
// largest file taken, so that a larger one gets a sentence at its field.
const maxUpload = 20 << 20

// oneClick is where mail programs stop messages for their readers.
const oneClick = "POST " + outbox.StopPath + "{token}"

// bindRoutes is the site map: every address of the hub and what answers there.
// Addresses under /api and /_ are PocketBase's own.
func bindRoutes(r *router.Router[*core.RequestEvent]) {
	r.BindFunc(access.RejectTruncate)
	// Public files are kept compressed already.
	r.GET("/assets/{hash}/{path...}", web.Asset).Bind(web.Headers(), web.Errors())
	r.GET("/sw.js", web.Worker).Bind(web.Headers(), web.Errors())

	open := r.Group("")
	open.Bind(web.Headers(), web.Errors(), web.SameOrigin(oneClick), web.Session(), apis.BodyLimit(maxForm), apis.Gzip())
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
	r.Any("/api/{path...}", web.Missing)
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
	g.GET("/mailbox", admin.Mailbox).BindFunc(account.SignedInOrDemo)
	g.Any("/", web.Missing)
}

// bindLinks holds what messages lead to. Who has the address needs no sign-in, so
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
	links.GET("/unsubscribe/{token}", preferences.AskUnsubscribe)
	links.POST("/unsubscribe/{token}", preferences.Unsubscribe)
	links.POST("/unsubscribe/{token}/undo", preferences.Resubscribe)
	links.GET("/reminders/wishes/{token}", preferences.Wishes)
	links.POST("/reminders/wishes/{token}", preferences.SaveWishes)
	links.GET("/reminders/answer/{token}", replies.Answer)
	links.POST("/reminders/answer/{token}", replies.GiveAnswer)
	links.POST("/reminders/answer/{token}/undo", replies.TakeAnswerBack)
}

// bindTransitions offers the steps of the work, and how the hub fares, to other
// programs, which sign in with PocketBase's own header token; pages call the
// same functions.
func bindTransitions(g *group) {
	g.GET("/health", health.Health).Bind(apis.RequireSuperuserAuth())
	g.POST("/contributions/{id}/{step}", contributions.StepAPI).Bind(apis.RequireAuth())
	g.POST("/minutes/{id}/circulate", meetings.CirculateAPI).Bind(apis.RequireAuth())
	g.POST("/minutes/{id}/finalise", meetings.FinaliseAPI).Bind(apis.RequireAuth())
}

// Each function below binds the addresses of one package, for people who are signed in.

func bindHome(g *group) {
	g.GET("/{$}", home.Work)
	g.GET("/programmes/{slug}", home.Dashboard)
	g.POST("/example/remove", demo.RemoveAll)
}

func bindProgrammes(g *group) {
	g.GET("/programmes", programmes.Index)
	g.POST("/programmes", web.PostForm(programmes.NewProgramme))
	g.GET("/programmes/new", web.GetForm(programmes.NewProgramme))
	g.GET("/programmes/{slug}/edit", web.GetForm(programmes.StoredProgramme))
	g.POST("/programmes/{slug}/edit", web.PostForm(programmes.StoredProgramme))
	g.GET("/programmes/{slug}/team", programmes.Team)
	g.POST("/programmes/{slug}/team", programmes.AddMember)
	g.POST("/programmes/{slug}/team/{id}/remove", programmes.RemoveMember)
}

func bindRoster(g *group) {
	g.GET("/programmes/{slug}/stakeholders", roster.Stakeholders)
	g.POST("/programmes/{slug}/stakeholders", web.PostForm(roster.NewStakeholder))
	g.GET("/programmes/{slug}/stakeholders/new", web.GetForm(roster.NewStakeholder))
	g.GET("/stakeholders/{id}/edit", web.GetForm(roster.StoredStakeholder))
	g.POST("/stakeholders/{id}/edit", web.PostForm(roster.StoredStakeholder))
	g.POST("/stakeholders/{id}/end", roster.EndStakeholder)
	g.POST("/stakeholders/{id}/resume", roster.ResumeStakeholder)
	g.GET("/organisations", roster.Organisations)
	g.POST("/organisations", web.PostForm(roster.NewOrganisation))
	g.GET("/organisations/new", web.GetForm(roster.NewOrganisation))
	g.GET("/organisations/{id}", roster.ShowOrganisation)
	g.GET("/organisations/{id}/edit", web.GetForm(roster.StoredOrganisation))
	g.POST("/organisations/{id}/edit", web.PostForm(roster.StoredOrganisation))
	g.GET("/organisations/{id}/contacts/new", web.GetForm(roster.NewContact))
	g.POST("/organisations/{id}/contacts/new", web.PostForm(roster.NewContact))
	g.GET("/contacts/{id}/edit", web.GetForm(roster.StoredContact))
	g.POST("/contacts/{id}/edit", web.PostForm(roster.StoredContact))
	g.POST("/contacts/{id}/end", roster.EndContact)
}

func bindTasks(g *group) {
	p := tasks.Page{Outlook: reminders.EscalationPreview}
	g.GET("/tasks", tasks.Own)
	g.GET("/programmes/{slug}/tasks", tasks.List)
	g.GET("/programmes/{slug}/tasks/new", web.GetForm(tasks.NewTask))
	g.POST("/programmes/{slug}/tasks", web.PostForm(tasks.NewTask))
	g.GET("/tasks/{id}", p.Show)
	g.GET("/tasks/{id}/edit", web.GetForm(tasks.StoredTask))
	g.POST("/tasks/{id}", web.PostForm(tasks.StoredTask))
	g.POST("/tasks/{id}/state", tasks.SetState)
	g.POST("/tasks/{id}/reply", p.SetReply)
	g.POST("/tasks/{id}/comments", p.AddComment)
}

func bindMeetings(g *group) {
	g.GET("/programmes/{slug}/meetings", meetings.List)
	g.GET("/programmes/{slug}/meetings/new", web.GetForm(meetings.NewMeeting))
	g.POST("/programmes/{slug}/meetings", web.PostForm(meetings.NewMeeting))
	g.GET("/meetings/{id}", meetings.Show)
	g.GET("/meetings/{id}/calendar.ics", meetings.CalendarFile)
	g.GET("/meetings/{id}/edit", web.GetForm(meetings.StoredMeeting))
	g.POST("/meetings/{id}", web.PostForm(meetings.StoredMeeting))
	g.POST("/meetings/{id}/status", meetings.SetStatus)
	g.GET("/meetings/{id}/attendances", meetings.Attendance)
	g.POST("/meetings/{id}/attendances", meetings.SaveAttendance)
	g.POST("/meetings/{id}/guests", meetings.AddGuest)
	g.GET("/meetings/{id}/minutes", meetings.ReadMinutes)
	g.POST("/meetings/{id}/minutes", meetings.SaveMinutes)
	g.GET("/meetings/{id}/minutes/edit", meetings.WriteMinutes)
	g.POST("/meetings/{id}/minutes/preview", meetings.PreviewMinutes)
	g.POST("/meetings/{id}/minutes/circulate", meetings.CirculateMinutes)
	g.POST("/meetings/{id}/minutes/finalise", meetings.FinaliseMinutes)
}

func bindContributions(g *group) {
	g.GET("/programmes/{slug}/contributions", contributions.List)
	g.POST("/programmes/{slug}/nil-reports", contributions.CreateNilReport)
	g.POST("/nil-reports/{id}/delete", contributions.DeleteNilReport)
	g.GET("/contributions/new", contributions.New)
	g.POST("/contributions", contributions.Create).Bind(apis.BodyLimit(maxUpload))
	g.GET("/contributions/{id}", contributions.Show)
	g.GET("/contributions/{id}/edit", contributions.Edit)
	g.POST("/contributions/{id}", contributions.Save)
	g.POST("/contributions/{id}/verify", contributions.ReviewPage)
	g.POST("/contributions/{id}/return", contributions.ReviewPage)
	g.POST("/contributions/{id}/reject", contributions.ReviewPage)
	g.POST("/contributions/{id}/withdraw", contributions.WithdrawPage)
	g.POST("/contributions/{id}/evidence", contributions.AddEvidence).Bind(apis.BodyLimit(maxUpload))
	g.GET("/evidence/{id}/file", contributions.EvidenceFile)
	g.POST("/evidence/{id}/delete", contributions.RemoveEvidence)
}

func bindResults(g *group) {
	g.GET("/programmes/{slug}/indicators", results.List)
	g.GET("/programmes/{slug}/indicators/new", web.GetForm(results.NewIndicator))
	g.POST("/programmes/{slug}/indicators", web.PostForm(results.NewIndicator))
	g.GET("/indicators/{id}/values/new", web.GetForm(results.NewValue))
	g.POST("/indicators/{id}/values", web.PostForm(results.NewValue))
}

func bindReminders(g *group) {
	g.GET("/tasks/{id}/reminders", admin.WhyTask)
	g.GET("/meetings/{id}/reminders", admin.WhyMeeting)
	g.GET("/contributions/{id}/reminders", admin.WhyContribution)
	g.GET("/programmes/{slug}/reminders", rules.Overview(offline.Unreached))
	g.POST("/programmes/{slug}/reminders", rules.CreateRule)
	g.GET("/programmes/{slug}/reminders/new", rules.NewRule)
	g.POST("/programmes/{slug}/reminders/preview", rules.PreviewRule)
	g.GET("/programmes/{slug}/reminders/people", admin.People)
	g.POST("/programmes/{slug}/reminders/people/lift", admin.Lift)
	g.GET("/programmes/{slug}/reminders/{id}", rules.ShowRule)
	g.POST("/programmes/{slug}/reminders/{id}", rules.SaveRule)
	g.POST("/programmes/{slug}/reminders/{id}/preview", rules.PreviewRule)
	g.POST("/programmes/{slug}/reminders/{id}/copy", rules.CopyRule)
	g.POST("/programmes/{slug}/reminders/{id}/active", rules.SwitchRule)
	g.POST("/programmes/{slug}/reminders/{id}/delete", rules.DeleteRule)
	g.POST("/programmes/{slug}/reminders/{id}/test", rules.TryRule)
	g.POST("/mailbox/release-all", admin.ReleaseAll)
	g.POST("/mailbox/lift", admin.LiftOf)
	g.POST("/mailbox/{step}", admin.TakeStep)
}

func bindDeliveries(g *group) {
	g.GET("/deliveries", inbox.Own)
	g.POST("/deliveries/read", inbox.ReadAll)
	g.POST("/deliveries/{id}/read", inbox.Read)
	g.POST("/deliveries/{id}/open", inbox.Open)
	g.GET("/programmes/{slug}/deliveries/by-hand", offline.ByHand)
	g.POST("/programmes/{slug}/deliveries/by-hand/told", offline.Tell)
	g.POST("/programmes/{slug}/deliveries/by-hand/undo", offline.Untell)
	g.POST("/programmes/{slug}/deliveries/by-hand/drop", offline.Drop)
}

func bindAccount(g *group) {
	g.GET("/me", account.Me)
	g.POST("/me", account.SaveMe)
	g.POST("/me/sign-out-everywhere", account.SignOutEverywhere)
}

func bindPush(g *group) {
	own := g.Group("")
	own.BindFunc(push.RequireMember)
	own.GET("/devices", push.Show)
	own.POST("/devices", push.Subscribe)
	own.POST("/devices/{id}/off", push.Unsubscribe)
	own.POST("/devices/{id}/test", push.SendTest)
}
