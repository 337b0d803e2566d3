package hooks

import (
	"github.com/pocketbase/pocketbase/apis"

	"simpul/hooks/account"
	"simpul/hooks/contributions"
	"simpul/hooks/deliveries"
	"simpul/hooks/example"
	"simpul/hooks/home"
	"simpul/hooks/meetings"
	"simpul/hooks/notify/push"
	"simpul/hooks/programmes"
	"simpul/hooks/reminders"
	"simpul/hooks/results"
	"simpul/hooks/roster"
	"simpul/hooks/tasks"
)

// Each function below binds the addresses of one room, for people who are signed in.

func bindHome(g *group) {
	g.GET("/{$}", home.Work)
	g.GET("/programmes/{slug}", home.Dashboard)
	g.POST("/example/remove", example.RemoveAll)
}

func bindProgrammes(g *group) {
	g.GET("/programmes", programmes.Index)
	g.POST("/programmes", programmes.Create)
	g.GET("/programmes/new", programmes.New)
	g.GET("/programmes/{slug}/edit", programmes.Edit)
	g.POST("/programmes/{slug}/edit", programmes.Update)
	g.GET("/programmes/{slug}/team", programmes.Team)
	g.POST("/programmes/{slug}/team", programmes.AddMember)
	g.POST("/programmes/{slug}/team/{id}/remove", programmes.RemoveMember)
}

func bindRoster(g *group) {
	g.GET("/programmes/{slug}/stakeholders", roster.Stakeholders)
	g.POST("/programmes/{slug}/stakeholders", roster.CreateStakeholder)
	g.GET("/programmes/{slug}/stakeholders/new", roster.NewStakeholder)
	g.GET("/stakeholders/{id}/edit", roster.EditStakeholder)
	g.POST("/stakeholders/{id}/edit", roster.UpdateStakeholder)
	g.POST("/stakeholders/{id}/end", roster.EndStakeholder)
	g.POST("/stakeholders/{id}/resume", roster.ResumeStakeholder)
	g.GET("/organisations", roster.Organisations)
	g.POST("/organisations", roster.CreateOrganisation)
	g.GET("/organisations/new", roster.NewOrganisation)
	g.GET("/organisations/{id}", roster.ShowOrganisation)
	g.GET("/organisations/{id}/edit", roster.EditOrganisation)
	g.POST("/organisations/{id}/edit", roster.UpdateOrganisation)
	g.GET("/organisations/{id}/contacts/new", roster.NewContact)
	g.POST("/organisations/{id}/contacts/new", roster.CreateContact)
	g.GET("/contacts/{id}/edit", roster.EditContact)
	g.POST("/contacts/{id}/edit", roster.UpdateContact)
	g.POST("/contacts/{id}/end", roster.EndContact)
}

func bindTasks(g *group) {
	g.GET("/tasks", tasks.Own)
	g.GET("/programmes/{slug}/tasks", tasks.List)
	g.GET("/programmes/{slug}/tasks/new", tasks.Add)
	g.POST("/programmes/{slug}/tasks", tasks.Create)
	g.GET("/tasks/{id}", tasks.Show)
	g.GET("/tasks/{id}/edit", tasks.Edit)
	g.POST("/tasks/{id}", tasks.Save)
	g.POST("/tasks/{id}/state", tasks.SetState)
	g.POST("/tasks/{id}/reply", tasks.SetReply)
	g.POST("/tasks/{id}/comments", tasks.AddComment)
}

func bindMeetings(g *group) {
	g.GET("/programmes/{slug}/meetings", meetings.List)
	g.GET("/programmes/{slug}/meetings/new", meetings.New)
	g.POST("/programmes/{slug}/meetings", meetings.Create)
	g.GET("/meetings/{id}", meetings.Show)
	g.GET("/meetings/{id}/calendar.ics", meetings.CalendarFile)
	g.GET("/meetings/{id}/edit", meetings.Edit)
	g.POST("/meetings/{id}", meetings.Save)
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
	g.POST("/programmes/{slug}/nil-reports", contributions.SayNothingPage)
	g.POST("/nil-reports/{id}/delete", contributions.UnsayNothing)
	g.GET("/contributions/new", contributions.New)
	g.POST("/contributions", contributions.Create).Bind(apis.BodyLimit(maxUpload))
	g.GET("/contributions/{id}", contributions.Show)
	g.GET("/contributions/{id}/edit", contributions.Edit)
	g.POST("/contributions/{id}", contributions.Save)
	g.POST("/contributions/{id}/verify", contributions.VerifyPage)
	g.POST("/contributions/{id}/return", contributions.ReturnPage)
	g.POST("/contributions/{id}/reject", contributions.RejectPage)
	g.POST("/contributions/{id}/withdraw", contributions.WithdrawPage)
	g.POST("/contributions/{id}/evidence", contributions.AddEvidence).Bind(apis.BodyLimit(maxUpload))
	g.GET("/evidence/{id}/file", contributions.File)
	g.POST("/evidence/{id}/delete", contributions.RemoveEvidence)
}

func bindResults(g *group) {
	g.GET("/programmes/{slug}/indicators", results.List)
	g.GET("/programmes/{slug}/indicators/new", results.New)
	g.POST("/programmes/{slug}/indicators", results.Create)
	g.GET("/indicators/{id}/values/new", results.NewValue)
	g.POST("/indicators/{id}/values", results.CreateValue)
}

func bindReminders(g *group) {
	g.GET("/tasks/{id}/reminders", reminders.WhyTask)
	g.GET("/meetings/{id}/reminders", reminders.WhyMeeting)
	g.GET("/contributions/{id}/reminders", reminders.WhyContribution)
	g.GET("/programmes/{slug}/reminders", reminders.Overview)
	g.POST("/programmes/{slug}/reminders", reminders.CreateRule)
	g.GET("/programmes/{slug}/reminders/new", reminders.NewRule)
	g.POST("/programmes/{slug}/reminders/preview", reminders.PreviewRule)
	g.GET("/programmes/{slug}/reminders/people", reminders.People)
	g.POST("/programmes/{slug}/reminders/people/lift", reminders.Lift)
	g.GET("/programmes/{slug}/reminders/{id}", reminders.ShowRule)
	g.POST("/programmes/{slug}/reminders/{id}", reminders.SaveRule)
	g.POST("/programmes/{slug}/reminders/{id}/preview", reminders.PreviewRule)
	g.POST("/programmes/{slug}/reminders/{id}/copy", reminders.CopyRule)
	g.POST("/programmes/{slug}/reminders/{id}/active", reminders.SwitchRule)
	g.POST("/programmes/{slug}/reminders/{id}/delete", reminders.DeleteRule)
	g.POST("/programmes/{slug}/reminders/{id}/test", reminders.TryRule)
	g.POST("/mailbox/release-all", reminders.ReleaseAll)
	g.POST("/mailbox/lift", reminders.LiftOf)
	g.POST("/mailbox/{step}", reminders.TakeStep)
}

func bindDeliveries(g *group) {
	g.GET("/deliveries", deliveries.Own)
	g.POST("/deliveries/read", deliveries.ReadAll)
	g.POST("/deliveries/{id}/read", deliveries.Read)
	g.POST("/deliveries/{id}/open", deliveries.Open)
	g.GET("/programmes/{slug}/deliveries/by-hand", deliveries.ByHand)
	g.POST("/programmes/{slug}/deliveries/by-hand/told", deliveries.Tell)
	g.POST("/programmes/{slug}/deliveries/by-hand/undo", deliveries.Untell)
	g.POST("/programmes/{slug}/deliveries/by-hand/drop", deliveries.Drop)
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
