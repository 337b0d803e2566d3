package access

// Rules of what hangs on one of several records: a comment or a piece of
// evidence names its programme too, and both must agree.
var (
	ownContribution = speaks("programme", "contribution.contributor")
	ownTaskSubject  = speaks("programme", "task.organisation")

	subjectAgrees = `((task != "" && task.programme = programme) || (meeting != "" && meeting.programme = programme)` +
		` || (contribution != "" && contribution.programme = programme))`

	commentsRead = one(team("programme"), all(`visibility = "partners"`, "("+
		all(`contribution = ""`, inside("programme"))+" || "+ownContribution+")"))

	commentsCreate = all(one(team("programme"), all(`visibility = "partners"`, "("+ownTaskSubject+" || "+ownContribution+")")),
		subjectAgrees, unset("author"))

	evidenceAgrees = `((task != "" && task.programme = programme) || (meeting != "" && meeting.programme = programme)` +
		` || (contribution != "" && contribution.programme = programme) || (milestone != "" && milestone.programme = programme))`

	evidenceRead = one(team("programme"), "uploaded_by = @request.auth.id", ownContribution,
		all(inside("programme"), `visibility != "team"`))

	evidenceCreate = all(one(team("programme"), ownTaskSubject, ownContribution), evidenceAgrees, unset("uploaded_by", "sha256"))

	evidenceDelete = one(team("programme"), all("uploaded_by = @request.auth.id", `contribution.review_status != "verified"`))
)

// The named transitions: what only a step of the work may write.
var (
	MayReview    = Sentence(all(signedIn, team("programme"), `review_status = "submitted"`, "logged_by != @request.auth.id"))
	MaySubmit    = Sentence(all(one(speaks("programme", "contributor"), all(team("programme"), "on_behalf = true")), editable))
	MayWithdraw  = Sentence(all(one(speaks("programme", "contributor"), all(team("programme"), "on_behalf = true")), `(review_status = "submitted" || `+editable+`)`))
	MayDropProof = Sentence(evidenceDelete)
	MayCirculate = Sentence(all(signedIn, team(ofMeeting), `status = "draft"`))
	MayFinalise  = Sentence(all(signedIn, initiator(ofMeeting), `status != "final"`))
	MayEdit      = Sentence(all(signedIn, team("programme")))
	MayAnswer    = Sentence(one(team("programme"), speaks("programme", "organisation")))
	MayRun       = Sentence(all(signedIn, team("id")))
	MayLead      = Sentence(all(signedIn, initiator("id")))
	MayWriteUp   = Sentence(all(signedIn, team(ofMeeting), `status != "final"`))
	MayKeepSelf  = Sentence(all(signedIn, themselves))
	MayTendTo    = Sentence(all(signedIn, teamAround("id")))
)
