package reminders

import (
	"errors"
	"slices"
	"time"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/mail"
)

// What a reader can answer by a link in a letter, as the ledger keeps it.
const (
	answerDone    = "done"     // the task is done
	answerLater   = "later"    // remind me again in two days
	answerNotMine = "not_mine" // the task is not for us, and its letters not for me
	answerNothing = "nothing"  // nothing to report for the month
)

// answersTo are the answers that a kind of letter offers.
var answersTo = map[string][]string{
	"task_due":            {answerDone, answerLater, answerNotMine},
	"task_overdue":        {answerDone, answerLater, answerNotMine},
	"contribution_prompt": {answerNothing},
}

// longestRest is for how many days past the due day letters may still be put
// off: later it is the answer on the task's page that helps, not one more letter.
const longestRest = 14

// answers are the links of the letter that answer it. They act in the name of an
// account, so a contact without one gets none: whoever holds a forwarded letter
// must not change work for somebody the hub cannot even name.
func (a *asked) answers() (links []mail.Link, err error) {
	if a.user == nil {
		return nil, nil
	}
	may := answerer{a.subject, access.Open(a.app, a.user), a.now}
	for _, answer := range answersTo[a.letter.Kind] {
		if !may.give(answer) {
			continue
		}
		url, tokenErr := mail.AnswerURL(a.app, a.letter, answer)
		err = errors.Join(err, tokenErr)
		links = append(links, mail.Link{Label: lang.T(a.letter.Language, "reminders.answer."+answer+".link"), URL: url})
	}
	return links, err
}

// answerer is a person before a subject that they may answer about. What it
// offers is asked again by the rules when the answer is given.
type answerer struct {
	subject Subject
	door    *access.Door
	now     time.Time
}

// give reports whether an answer is the person's to give at this moment.
func (r answerer) give(answer string) bool {
	roles := r.door.Roles(r.subject.Programme.ID)
	owns := slices.Contains(roles.Organisations, r.subject.Record.GetString("organisation"))
	switch answer {
	case answerLater:
		return (owns || roles.Team) && r.helps()
	case answerNotMine, answerNothing:
		// The team would answer for a partner here.
		return owns
	}
	return owns || roles.Team
}

// helps reports whether one more letter after a rest is of any use.
func (r answerer) helps() bool {
	day, end := clock.AddDays(clock.Day(r.now, r.subject.Zone), restDays), r.subject.Programme.EndsOn
	due := r.subject.Record.GetString("due_on")
	return due != "" && day <= clock.AddDays(due, longestRest) && (end == "" || day <= end)
}
