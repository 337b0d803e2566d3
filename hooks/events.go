package hooks

import (
	"net/http"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"simpul/hooks/access"
	"simpul/hooks/account"
	"simpul/hooks/contributions"
	"simpul/hooks/meetings"
	"simpul/hooks/notify/inbox"
	"simpul/hooks/notify/invitations"
	"simpul/hooks/notify/outbox"
	"simpul/hooks/notify/preferences"
	"simpul/hooks/notify/push"
	"simpul/hooks/notify/reminders"
	"simpul/hooks/notify/rules"
	"simpul/hooks/programmes"
	"simpul/hooks/results"
	"simpul/hooks/roster"
	"simpul/hooks/signedlink"
	"simpul/hooks/store"
	"simpul/hooks/tasks"
)

// When something happens on the way of a record.
const (
	create   = "create"
	update   = "update"
	remove   = "delete"
	validate = "validate"
	writeRow = "write"  // the writing of the row itself, new or changed
	commit   = "commit" // after the transaction, whatever of the three it was

	written = create + " " + update
	changed = create + " " + update + " " + remove
)

// The phases of a save, the outer ones first: slow work on files, the
// transaction, defaults that the activity is to see, the activity, what
// reminders note, what a package does with its own records, and last the checks
// and texts that must see the final values.
const (
	first       = -100 // PocketBase's own come at -99
	files       = -95
	transaction = -90
	normalize   = -85
	audit       = -80
	note        = -70
	save        = 0
	last        = 90
)

// event is one line of the table: what is done to records of some collections
// (all of them where none is named), on what, in which phase.
type event struct {
	collections string
	on          string
	phase       int
	do          func(*core.RecordEvent) error
}

// events is the page that says what a save sets off. Lines of one phase run in this order.
func events() []event {
	reminded := strings.Join(reminders.Watched(), " ")
	return []event{
		{"", changed, transaction, access.InTransaction},
		{"", create, audit, access.RecordActivity("create")},
		{"", update, audit, access.RecordActivity("update")},
		{"", remove, audit, access.RecordActivity("delete")},
		{"", written, last, renderMarkdown},
		{"", writeRow, first, store.Date},
		{"", validate, last, access.RefuseSixteenDigits},
		{"activity", update + " " + remove, save, access.KeepActivity},

		{"users", create, save, account.Prepare},
		{"users", update, save, account.EndSessions},
		{"users", update, save, push.RemoveOnSignOut},

		{"programmes", written, save, programmes.Normalize},
		{"programmes", written, save, programmes.Welcome},
		{"programmes", remove, save, contributions.ProtectProgramme},
		{"memberships", written, save, programmes.CheckRole},
		{"memberships", remove, save, programmes.KeepAnInitiator},
		{"memberships", remove, save, inbox.Leave},

		{"organisations", written, save, roster.NormalizeOrganisation},
		{"stakeholders", written, save, roster.NormalizeStakeholder},
		{"contacts", written, save, roster.NormalizeContact},
		{"assessments", create, save, roster.NormalizeAssessment},
		{"memberships", written, save, roster.CheckPartner},
		{"contacts stakeholders", changed, save, roster.KeepMemberships},

		{"tasks", written, save, tasks.Normalize},
		{"comments", create, save, tasks.NormalizeComment},

		{"meetings", written, save, meetings.Normalize},
		{"attendances", written, save, meetings.NormalizeAttendance},
		{"decisions", written, save, meetings.NormalizeDecision},
		{"minutes", written, save, meetings.NormalizeMinutes},
		{"minutes", remove, save, meetings.KeepFinal},
		{"minutes_revisions", update + " " + remove, save, meetings.KeepRevision},

		{"contributions", written, normalize, contributions.Normalize},
		{"contributions", validate, save, contributions.Validate},
		{"contributions", remove, save, contributions.ProtectVerified},
		{"nil_reports", create, save, contributions.NormalizeNilReport},
		{"nil_reports", create, save, contributions.ValidateNilReport},
		{"evidence", written, files, contributions.ProcessPhoto},
		{"evidence", written, save, contributions.NormalizeEvidence},
		{"evidence", validate, save, contributions.ValidateEvidence},

		{"indicators", written, save, results.CheckIndicator},
		{"indicator_values", create, save, results.PrepareValue},

		{"reminder_rules", written, save, rules.CheckRule},
		{"users organisations programmes", written, save, preferences.CheckWishes},
		{"users", update, note, preferences.FollowMuted},
		{"hub_settings", validate, save, outbox.CheckSigning},
		{"attendances meetings programmes", changed, note, invitations.Cancel},
		{reminded, changed, note, reminders.Mark},
		{reminded, commit, save, reminders.ReconcileSaved},
	}
}

// bindEvents binds the table and what is not about one record's save.
func bindEvents(app core.App) {
	for _, e := range events() {
		for _, on := range strings.Fields(e.on) {
			for _, h := range hooksOf(app, on, strings.Fields(e.collections)) {
				h.Bind(&hook.Handler[*core.RecordEvent]{Priority: e.phase, Func: e.do})
			}
		}
	}
	bindMail(app)
	bindRequests(app)
}

// binder is one of PocketBase's hooks on records.
type binder interface {
	Bind(*hook.Handler[*core.RecordEvent]) string
}

// hooksOf are PocketBase's hooks for a word of the table.
func hooksOf(app core.App, on string, collections []string) []binder {
	switch on {
	case create:
		return []binder{app.OnRecordCreate(collections...)}
	case update:
		return []binder{app.OnRecordUpdate(collections...)}
	case remove:
		return []binder{app.OnRecordDelete(collections...)}
	case validate:
		return []binder{app.OnRecordValidate(collections...)}
	case writeRow:
		return []binder{app.OnRecordCreateExecute(collections...), app.OnRecordUpdateExecute(collections...)}
	case commit:
		return []binder{app.OnRecordAfterCreateSuccess(collections...), app.OnRecordAfterUpdateSuccess(collections...),
			app.OnRecordAfterDeleteSuccess(collections...)}
	}
	panic("events: " + on)
}

// bindMail gives PocketBase's own mails the same way out as all others and keeps
// the secrets of the hub's settings inside.
func bindMail(app core.App) {
	app.OnMailerSend().BindFunc(outbox.TakeOver)
	app.OnMailerRecordOTPSend().BindFunc(outbox.OneTimeCode)
	app.OnRecordRequestOTPRequest("users").BindFunc(account.NoCodeForDisabled)
	app.OnRecordRequestPasswordResetRequest("users").BindFunc(account.NoResetForDisabled)
	app.OnRecordEnrich("hub_settings").BindFunc(signedlink.HideSecret)
	app.OnRecordEnrich("hub_settings").BindFunc(push.HideKey)
}

// bindRequests signs what comes through PocketBase's own API and admin UI, and
// keeps from them what only the hub writes.
func bindRequests(app core.App) {
	app.OnRecordCreateRequest().BindFunc(access.SignRequest)
	app.OnRecordUpdateRequest().BindFunc(access.SignRequest)
	app.OnRecordDeleteRequest().BindFunc(access.SignRequest)
	app.OnRecordCreateRequest().BindFunc(access.RejectDirectWrites(http.MethodPost))
	app.OnRecordUpdateRequest().BindFunc(access.RejectDirectWrites(http.MethodPatch))
	app.OnRecordDeleteRequest().BindFunc(access.RejectDirectWrites(http.MethodDelete))
	app.OnRecordUpdateRequest("hub_settings").BindFunc(access.ProtectFields("link_secret", "push_key", "instance", "mail_rounds", "night_on", "planned_at"))
	app.OnBackupCreate().BindFunc(store.KeepLock)
	app.OnBackupRestore().BindFunc(store.KeepLock)
}
