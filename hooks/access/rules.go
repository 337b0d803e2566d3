package access

import (
	"simpul/hooks/fields"
)

// rule holds who may list and view, create, update and delete in a collection.
type rule struct {
	collection                   string
	read, create, update, remove string
}

// Paths to the programme from records that hang on another record.
const (
	ofMeeting   = "meeting.programme"
	ofMinutes   = "minutes.meeting.programme"
	ofIndicator = "indicator.programme"
)

// byGiver is who may change and send a gift: the giver, or the team for it.
var byGiver = part("programme", asVoice("contributor"), all(asTeam, "on_behalf = true"))

// teamOfIts is the team of the programme by way of the record's relation, for
// rules that also let in people without a membership.
const teamOfIts = `(programme.memberships_via_programme.user ?= @request.auth.id && programme.memberships_via_programme.role ?!= "partner"` +
	` && programme.memberships_via_programme.role ?!= "observer")`

// Team work on what belongs to a programme: it never moves to another one.
var (
	byTeam      = all(signedIn, team("programme"))
	byTeamThere = all(signedIn, team("programme"), kept("programme"))
	byInitiator = all(signedIn, initiator("programme"))
)

// ownTask is what a partner may change of its organisation's task.
var ownTask = all(asVoice("organisation"), writable(fields.Tasks, fields.Partner))

// Paths that begin with the caller's own membership and lead on by relations:
// they touch only the programmes the caller takes part in, however many there are.
const (
	takesPart = mine + ".programme.stakeholders_via_programme.organisation"
	theirs    = "memberships_via_user"
	beside    = "memberships_via_user.programme.memberships_via_programme"
)

// teamAround is the team of a programme in which the organisation at path takes part.
func teamAround(path string) string {
	return "(" + mine + ".user ?= @request.auth.id && " + asTeam + " && " + takesPart + " ?= " + path + ")"
}

// seesContacts is that team, or the organisation itself.
func seesContacts(path string) string {
	return signedIn + " && " + mine + ".user ?= @request.auth.id && ((" + asVoice(path) + ") || (" +
		asTeam + " && " + takesPart + " ?= " + path + "))"
}

const (
	// sharesProgramme goes by way of the user's own memberships; one of the two is of the team.
	sharesProgramme = "(" + beside + ".user ?= @request.auth.id && ((" +
		theirs + `.role ?!= "partner" && ` + theirs + `.role ?!= "observer") || (` +
		beside + `.role ?!= "partner" && ` + beside + `.role ?!= "observer")))`
	teamSomewhere = `(@collection.memberships:any.user ?= @request.auth.id && @collection.memberships:any.role ?!= "partner"` +
		` && @collection.memberships:any.role ?!= "observer")`
	mayStart   = `@request.auth.may_create_programmes = true`
	themselves = `id = @request.auth.id`
	editable   = `(review_status = "draft" || review_status = "needs_revision")`
)

// rules is the page that says who may do what. A collection that is missing
// here stops the start.
var rules = []rule{
	{"users", one(themselves, sharesProgramme), nobody, all(signedIn, themselves, kept("disabled", "may_create_programmes", "emailVisibility")), nobody},
	{"organisations", signedIn, one(mayStart, teamSomewhere) + " && " + hubUnset(fields.Organisations),
		all(signedIn, teamAround("id"), writable(fields.Organisations, fields.Team)), nobody},
	{"contacts", seesContacts("organisation"), all(signedIn, teamAround("organisation"), hubUnset(fields.Contacts)),
		all(signedIn, teamAround("organisation"), writable(fields.Contacts, fields.Team)), nobody},

	{"programmes", all(signedIn, inside("id")), all(signedIn, mayStart, hubUnset(fields.Programmes)),
		all(signedIn, team("id"), writable(fields.Programmes, fields.Team)), all(signedIn, initiator("id"), `status = "draft"`)},
	{"memberships", part("programme", "user = @request.auth.id", asTeam, asObserver),
		all(byInitiator, `role != "partner"`),
		all(byInitiator, `role != "partner"`, `@request.body.role != "partner"`, kept("programme", "user", "organisation")),
		all(byInitiator, `role != "partner"`)},
	{"stages", insideIts, byTeam, byTeamThere, byInitiator},
	{"milestones", insideIts, byTeam, byTeamThere, byInitiator},
	{"stakeholders", insideIts, byTeam, all(byTeam, writable(fields.Stakeholders, fields.Team)), nobody},
	{"assessments", all(signedIn, team("stakeholder.programme")), all(signedIn, team("stakeholder.programme"), unset("assessor")), nobody, nobody},

	{"tasks", insideIts, all(byTeam, hubUnset(fields.Tasks)),
		all(part("programme", asTeam, ownTask), writable(fields.Tasks, fields.Team)), byInitiator},
	{"comments", commentsRead, commentsCreate, nobody, nobody},

	{"meetings", insideIts, all(byTeam, hubUnset(fields.Meetings)), all(byTeam, writable(fields.Meetings, fields.Team)),
		all(byInitiator, `status = "draft"`)},
	{"minutes", part(ofMeeting, asTeam, asObserver, `status != "draft"`),
		all(signedIn, team(ofMeeting), unset("status", "revision", "finalised_at", "finalised_by")),
		all(signedIn, team(ofMeeting), `status != "final"`, kept("meeting", "status", "revision", "finalised_at", "finalised_by")), nobody},
	{"minutes_revisions", part(ofMinutes, asTeam, asObserver), nobody, nobody, nobody},
	{"decisions", part(ofMeeting, asTeam, asObserver, `meeting.minutes_via_meeting.status ?!= "draft"`),
		all(signedIn, team(ofMeeting), unset("source_key")), all(signedIn, team(ofMeeting), kept("meeting", "source_key")), nobody},
	{"attendances", part(ofMeeting, asTeam, asObserver, asVoice("stakeholder.organisation")),
		all(signedIn, team(ofMeeting)), all(signedIn, team(ofMeeting), kept("meeting", "once")), all(signedIn, team(ofMeeting))},

	{"contributions", part("programme", asTeam, asVoice("contributor"), all(asObserver, `review_status = "verified"`)),
		all(part("programme", asTeam, asVoice("contributor")), hubUnset(fields.Contributions)),
		all(byGiver, editable, writable(fields.Contributions, fields.Partner)), nobody},
	{"nil_reports", part("programme", asTeam, asObserver, asVoice("organisation")),
		all(part("programme", asTeam, asVoice("organisation")), hubUnset(fields.NilReports)), nobody, part("programme", asTeam, asVoice("organisation"))},
	{"verified_contributions", insideIts, nobody, nobody, nobody},
	{"evidence", evidenceRead, evidenceCreate, nobody, evidenceDelete},

	{"indicators", insideIts, byTeam, all(byTeam, writable(fields.Indicators, fields.Team)), byInitiator},
	{"indicator_values", all(signedIn, inside(ofIndicator)), all(signedIn, team(ofIndicator), hubUnset(fields.IndicatorValues)), nobody, nobody},

	{"reminder_rules", all(signedIn, mine+".user ?= @request.auth.id", "("+asTeam+" || "+asObserver+")", `(programme = "" || `+mine+".programme ?= programme)"), byInitiator,
		all(byInitiator, kept("programme")), byInitiator},
	{"deliveries", one("user = @request.auth.id", teamOfIts), nobody, nobody, nobody},
	{"push_subscriptions", one("user = @request.auth.id"), nobody, nobody, one("user = @request.auth.id")},
	{"push_messages", nobody, nobody, nobody, nobody},
	{"holidays", signedIn, nobody, nobody, nobody},
	{"suppressions", nobody, nobody, nobody, nobody},
	{"activity", byTeam, nobody, nobody, nobody},
	{"hub_settings", nobody, nobody, nobody, nobody},
}

// Rules of what hangs on one of several records: a comment or a piece of
// evidence names its programme too, and both must agree.
var (
	ownContribution = asVoice("contribution.contributor")
	ownTaskSubject  = asVoice("task.organisation")

	subjectAgrees = `((task != "" && task.programme = programme) || (meeting != "" && meeting.programme = programme)` +
		` || (contribution != "" && contribution.programme = programme))`

	commentsRead = part("programme", asTeam, all(`visibility = "partners"`, `(contribution = "" || (`+ownContribution+"))"))

	commentsCreate = all(part("programme", asTeam, all(`visibility = "partners"`, "(("+ownTaskSubject+") || ("+ownContribution+"))")),
		subjectAgrees, hubUnset(fields.Comments))

	evidenceAgrees = `((task != "" && task.programme = programme) || (meeting != "" && meeting.programme = programme)` +
		` || (contribution != "" && contribution.programme = programme) || (milestone != "" && milestone.programme = programme))`

	evidenceRead = part("programme", asTeam, "uploaded_by = @request.auth.id", ownContribution, `visibility != "team"`)

	evidenceCreate = all(part("programme", asTeam, ownTaskSubject, ownContribution), evidenceAgrees, hubUnset(fields.Evidence))

	evidenceDelete = part("programme", asTeam, all("uploaded_by = @request.auth.id", `contribution.review_status != "verified"`))
)

// The named transitions: what only a step of the work may write.
var (
	MayReview    = Rule(all(signedIn, team("programme"), `review_status = "submitted"`, "logged_by != @request.auth.id"))
	MaySubmit    = Rule(all(byGiver, editable))
	MayWithdraw  = Rule(all(byGiver, `(review_status = "submitted" || `+editable+`)`))
	MayDropProof = Rule(evidenceDelete)
	MayCirculate = Rule(all(signedIn, team(ofMeeting), `status = "draft"`))
	MayFinalise  = Rule(all(signedIn, initiator(ofMeeting), `status != "final"`))
	MayEdit      = Rule(all(signedIn, team("programme")))
	MayAnswer    = Rule(part("programme", asTeam, asVoice("organisation")))
	MayRun       = Rule(all(signedIn, team("id")))
	MayLead      = Rule(all(signedIn, initiator("id")))
	MayWriteUp   = Rule(all(signedIn, team(ofMeeting), `status != "final"`))
	MayKeepSelf  = Rule(all(signedIn, themselves))
	MayMarkRead  = Rule(all(signedIn, "user = @request.auth.id"))
	MayTendTo    = Rule(all(signedIn, teamAround("id")))
)
