package access

import "simpul/hooks/fields"

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
	MayReview    = Sentence(all(signedIn, team("programme"), `review_status = "submitted"`, "logged_by != @request.auth.id"))
	MaySubmit    = Sentence(all(byGiver, editable))
	MayWithdraw  = Sentence(all(byGiver, `(review_status = "submitted" || `+editable+`)`))
	MayDropProof = Sentence(evidenceDelete)
	MayCirculate = Sentence(all(signedIn, team(ofMeeting), `status = "draft"`))
	MayFinalise  = Sentence(all(signedIn, initiator(ofMeeting), `status != "final"`))
	MayEdit      = Sentence(all(signedIn, team("programme")))
	MayAnswer    = Sentence(part("programme", asTeam, asVoice("organisation")))
	MayRun       = Sentence(all(signedIn, team("id")))
	MayLead      = Sentence(all(signedIn, initiator("id")))
	MayWriteUp   = Sentence(all(signedIn, team(ofMeeting), `status != "final"`))
	MayKeepSelf  = Sentence(all(signedIn, themselves))
	MayMarkRead  = Sentence(all(signedIn, "user = @request.auth.id"))
	MayTendTo    = Sentence(all(signedIn, teamAround("id")))
)
