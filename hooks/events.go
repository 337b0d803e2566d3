package hooks

import (
	"net/http"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"simpul/hooks/access"
	"simpul/hooks/account"
	"simpul/hooks/contributions"
	"simpul/hooks/datastore"
	"simpul/hooks/deliveries"
	"simpul/hooks/devices"
	"simpul/hooks/mail"
	"simpul/hooks/meetings"
	"simpul/hooks/programmes"
	"simpul/hooks/reminders"
	"simpul/hooks/results"
	"simpul/hooks/roster"
	"simpul/hooks/tasks"
)

// Reactions run in this order around a save: slow work on files, the
// transaction, what the activity is to see, the activity, then each room's own,
// then the checks next to the write.
const (
	first     = -100 // PocketBase's own come at -99
	developed = -95
	outermost = -90
	settled   = -85
	recorded  = -80
	planned   = -70
	checked   = 90
)

// bindEvents is the page that says what a save sets off.
func bindEvents(app core.App) {
	bindEveryRecord(app)
	bindAccountEvents(app)
	bindResultsEvents(app)
	bindRemindersEvents(app)
	bindProgrammesEvents(app)
	bindRosterEvents(app)
	bindTasksEvents(app)
	bindMeetingsEvents(app)
	bindContributionsEvents(app)
	bindMailEvents(app)
	bindDevicesEvents(app)
	bindRequests(app)
}

// bindEveryRecord holds what is true of every collection.
func bindEveryRecord(app core.App) {
	app.OnRecordCreate().Bind(at(outermost, "hubTogether", access.Together))
	app.OnRecordUpdate().Bind(at(outermost, "hubTogether", access.Together))
	app.OnRecordDelete().Bind(at(outermost, "hubTogether", access.Together))
	app.OnRecordCreate().Bind(at(recorded, "hubActivity", access.RecordActivity("create")))
	app.OnRecordUpdate().Bind(at(recorded, "hubActivity", access.RecordActivity("update")))
	app.OnRecordDelete().Bind(at(recorded, "hubActivity", access.RecordActivity("delete")))
	app.OnRecordCreate().Bind(at(checked, "hubMarkdown", renderMarkdown))
	app.OnRecordUpdate().Bind(at(checked, "hubMarkdown", renderMarkdown))
	app.OnRecordUpdate("activity").BindFunc(access.KeepActivity)
	app.OnRecordDelete("activity").BindFunc(access.KeepActivity)
	app.OnRecordCreateExecute().Bind(at(first, "hubDate", datastore.Date))
	app.OnRecordUpdateExecute().Bind(at(first, "hubDate", datastore.Date))
	app.OnRecordValidate().Bind(at(checked, "hubSixteenDigits", access.RefuseSixteenDigits))
}

func bindAccountEvents(app core.App) {
	app.OnRecordCreate("users").BindFunc(account.Prepare)
	app.OnRecordUpdate("users").BindFunc(account.EndSessions)
	app.OnRecordRequestOTPRequest("users").BindFunc(account.NoCodeForDisabled)
	app.OnRecordRequestPasswordResetRequest("users").BindFunc(account.NoResetForDisabled)
}

func bindProgrammesEvents(app core.App) {
	app.OnRecordCreate("programmes").BindFunc(programmes.Settle)
	app.OnRecordUpdate("programmes").BindFunc(programmes.Settle)
	app.OnRecordCreate("programmes").BindFunc(programmes.Welcome)
	app.OnRecordUpdate("programmes").BindFunc(programmes.Welcome)
	app.OnRecordCreate("memberships").BindFunc(programmes.CheckRole)
	app.OnRecordUpdate("memberships").BindFunc(programmes.CheckRole)
	app.OnRecordDelete("memberships").BindFunc(programmes.KeepAnInitiator)
	app.OnRecordDelete("memberships").BindFunc(deliveries.Leave)
}

func bindRosterEvents(app core.App) {
	app.OnRecordCreate("organisations").BindFunc(roster.SettleOrganisation)
	app.OnRecordUpdate("organisations").BindFunc(roster.SettleOrganisation)
	app.OnRecordCreate("stakeholders").BindFunc(roster.SettleStakeholder)
	app.OnRecordUpdate("stakeholders").BindFunc(roster.SettleStakeholder)
	app.OnRecordCreate("contacts").BindFunc(roster.SettleContact)
	app.OnRecordUpdate("contacts").BindFunc(roster.SettleContact)
	app.OnRecordCreate("assessments").BindFunc(roster.SettleAssessment)
	app.OnRecordCreate("memberships").BindFunc(roster.CheckPartner)
	app.OnRecordUpdate("memberships").BindFunc(roster.CheckPartner)
	for _, collection := range []string{"contacts", "stakeholders"} {
		app.OnRecordCreate(collection).BindFunc(roster.KeepMemberships)
		app.OnRecordUpdate(collection).BindFunc(roster.KeepMemberships)
		app.OnRecordDelete(collection).BindFunc(roster.KeepMemberships)
	}
}

func bindTasksEvents(app core.App) {
	app.OnRecordCreate("tasks").BindFunc(tasks.Settle)
	app.OnRecordUpdate("tasks").BindFunc(tasks.Settle)
	app.OnRecordCreate("comments").BindFunc(tasks.SettleComment)
}

func bindMeetingsEvents(app core.App) {
	app.OnRecordCreate("meetings").BindFunc(meetings.Settle)
	app.OnRecordUpdate("meetings").BindFunc(meetings.Settle)
	app.OnRecordCreate("attendances").BindFunc(meetings.SettleAttendance)
	app.OnRecordUpdate("attendances").BindFunc(meetings.SettleAttendance)
	app.OnRecordCreate("decisions").BindFunc(meetings.SettleDecision)
	app.OnRecordUpdate("decisions").BindFunc(meetings.SettleDecision)
	app.OnRecordCreate("minutes").BindFunc(meetings.SettleMinutes)
	app.OnRecordUpdate("minutes").BindFunc(meetings.SettleMinutes)
	app.OnRecordDelete("minutes").BindFunc(meetings.KeepFinal)
	app.OnRecordUpdate("minutes_revisions").BindFunc(meetings.KeepRevision)
	app.OnRecordDelete("minutes_revisions").BindFunc(meetings.KeepRevision)
}

func bindResultsEvents(app core.App) {
	app.OnRecordCreate("indicators").BindFunc(results.CheckIndicator)
	app.OnRecordUpdate("indicators").BindFunc(results.CheckIndicator)
	app.OnRecordCreate("indicator_values").BindFunc(results.PrepareValue)
}

// bindRemindersEvents plans letters in the transaction of what calls for them.
func bindRemindersEvents(app core.App) {
	for _, collection := range []string{"tasks", "meetings", "contributions", "minutes", "stakeholders", "indicators", "milestones", "programmes"} {
		app.OnRecordCreate(collection).Bind(at(planned, "", reminders.Follow))
		app.OnRecordUpdate(collection).Bind(at(planned, "", reminders.Follow))
		app.OnRecordDelete(collection).Bind(at(planned, "", reminders.Withdraw))
	}
	app.OnRecordCreate("reminder_rules").BindFunc(reminders.CheckRule)
	app.OnRecordUpdate("reminder_rules").BindFunc(reminders.CheckRule)
	app.OnRecordCreate("reminder_rules").Bind(at(planned, "", reminders.FollowRule))
	app.OnRecordUpdate("reminder_rules").Bind(at(planned, "", reminders.FollowRule))
	app.OnRecordDelete("reminder_rules").Bind(at(planned, "", reminders.FollowRule))
	for _, collection := range []string{"users", "organisations", "programmes"} {
		app.OnRecordCreate(collection).BindFunc(reminders.CheckWishes)
		app.OnRecordUpdate(collection).BindFunc(reminders.CheckWishes)
	}
	app.OnRecordCreate("holidays").Bind(at(planned, "", reminders.FollowHoliday))
	app.OnRecordUpdate("holidays").Bind(at(planned, "", reminders.FollowHoliday))
	app.OnRecordDelete("holidays").Bind(at(planned, "", reminders.FollowHoliday))
	app.OnRecordCreate("attendances").Bind(at(planned, "", reminders.FollowInvitation))
	app.OnRecordUpdate("attendances").Bind(at(planned, "", reminders.FollowInvitation))
	app.OnRecordDelete("attendances").Bind(at(planned, "", reminders.FollowInvitation))
	app.OnRecordUpdate("meetings").Bind(at(planned, "", reminders.FollowSchedule))
	app.OnRecordDelete("meetings").Bind(at(planned, "", reminders.CallOff))
	app.OnRecordDelete("programmes").Bind(at(planned, "", reminders.CallOff))
	app.OnRecordCreate("contributions").Bind(at(planned, "", reminders.FollowGift))
	app.OnRecordUpdate("contributions").Bind(at(planned, "", reminders.FollowGift))
	app.OnRecordDelete("contributions").Bind(at(planned, "", reminders.FollowGift))
	app.OnRecordCreate("nil_reports").Bind(at(planned, "", reminders.FollowNothing))
	app.OnRecordDelete("nil_reports").Bind(at(planned, "", reminders.FollowNothing))
	app.OnRecordCreate("indicator_values").Bind(at(planned, "", reminders.FollowValue))
	app.OnRecordCreate("contacts").Bind(at(planned, "", reminders.FollowPerson))
	app.OnRecordUpdate("contacts").Bind(at(planned, "", reminders.FollowPerson))
	app.OnRecordDelete("contacts").Bind(at(planned, "", reminders.FollowPerson))
	app.OnRecordUpdate("users").Bind(at(planned, "", reminders.FollowUser))
	app.OnRecordUpdate("users").Bind(at(planned, "", reminders.FollowMuted))
	app.OnRecordUpdate("organisations").Bind(at(planned, "", reminders.FollowOrganisation))
	app.OnRecordUpdate("programmes").Bind(at(planned, "", reminders.FollowProgramme))
	app.OnRecordValidate("hub_settings").BindFunc(reminders.CheckSigning)
}

func bindContributionsEvents(app core.App) {
	// The number must be there when the activity looks.
	app.OnRecordCreate("contributions").Bind(at(settled, "contributionsSettle", contributions.Settle))
	app.OnRecordUpdate("contributions").Bind(at(settled, "contributionsSettle", contributions.Settle))
	app.OnRecordValidate("contributions").BindFunc(contributions.Check)
	app.OnRecordDelete("contributions").BindFunc(contributions.KeepVerified)
	app.OnRecordCreate("nil_reports").BindFunc(contributions.SettleNothing)
	app.OnRecordDelete("programmes").BindFunc(contributions.KeepProgramme)
	app.OnRecordCreate("evidence").Bind(at(developed, "contributionsDevelop", contributions.Develop))
	app.OnRecordUpdate("evidence").Bind(at(developed, "contributionsDevelop", contributions.Develop))
	app.OnRecordCreate("evidence").BindFunc(contributions.SettleEvidence)
	app.OnRecordUpdate("evidence").BindFunc(contributions.SettleEvidence)
	app.OnRecordValidate("evidence").BindFunc(contributions.CheckEvidence)
}

// bindMailEvents gives PocketBase's own letters the same way out as all others.
func bindMailEvents(app core.App) {
	app.OnMailerSend().BindFunc(mail.TakeOver)
	app.OnMailerRecordOTPSend().BindFunc(mail.OneTimeCode)
	app.OnRecordEnrich("hub_settings").BindFunc(mail.KeepSecret)
}

func bindDevicesEvents(app core.App) {
	app.OnRecordUpdate("users").BindFunc(devices.Forget)
	app.OnRecordEnrich("hub_settings").BindFunc(devices.KeepKey)
}

// bindRequests signs what comes through PocketBase's own API and admin UI, and
// keeps from them what only the hub writes.
func bindRequests(app core.App) {
	app.OnRecordCreateRequest().BindFunc(access.SignRequest)
	app.OnRecordUpdateRequest().BindFunc(access.SignRequest)
	app.OnRecordDeleteRequest().BindFunc(access.SignRequest)
	app.OnRecordCreateRequest().BindFunc(access.HandsOff(http.MethodPost))
	app.OnRecordUpdateRequest().BindFunc(access.HandsOff(http.MethodPatch))
	app.OnRecordDeleteRequest().BindFunc(access.HandsOff(http.MethodDelete))
	app.OnRecordUpdateRequest("hub_settings").BindFunc(access.KeepFields("link_secret", "push_key", "instance", "mail_rounds", "planned_at"))
	app.OnBackupCreate().BindFunc(datastore.KeepLock)
	app.OnBackupRestore().BindFunc(datastore.KeepLock)
}

// at places a reaction in the order. Two reactions of one id replace each other,
// even on different collections; an empty id is made up.
func at(priority int, id string, reaction func(*core.RecordEvent) error) *hook.Handler[*core.RecordEvent] {
	return &hook.Handler[*core.RecordEvent]{Id: id, Priority: priority, Func: reaction}
}
