package reminders

import (
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/notify/outbox"
)

// escalations are the steps after the last repeat, each so many workdays later, if
// nothing happened until then. What was written down after that day gets its
// workdays all the same.
func (r *Rule) escalations(s Subject, cal Calendar) (steps []slot) {
	wait, offsets := r.GetInt("escalate_after_workdays"), r.offsets()
	if wait == 0 || s.Anchor == "" {
		return nil
	}
	day := max(cal.count(s.Anchor, offsets[len(offsets)-1], r.GetBool("workdays")), s.born())
	for i, word := range r.Ladder() {
		day = cal.count(day, wait, true)
		steps = append(steps, slot{day: day, origin: outbox.OriginEscalation, step: i + 1, word: word})
	}
	return steps
}

// onStep finds the people of a step. Nobody of another partner is told what an
// organisation left undone, whoever was once named in the task.
func (p *planner) onStep(word string, s Subject) ([]Person, error) {
	if word == "accountable" {
		word = "accountable_in_team"
	}
	found, err := p.find(word, s)
	return slices.DeleteFunc(slices.Clone(found), func(person Person) bool {
		return person.Organisation != "" && person.Organisation != s.Record.GetString("organisation")
	}), err
}

// nextStep says to whom a message escalates next, and when; "" if it does not.
func (a *Candidate) nextStep(language string) string {
	today := clock.Day(a.Message.DueAt.Time(), a.Subject.Zone)
	for _, step := range a.Rule.escalations(a.Subject, a.calendar) {
		if step.day > today && (a.Message.Origin != outbox.OriginEscalation || step.step > a.Message.Step) {
			return step.words(language)
		}
	}
	return ""
}

func (t slot) words(language string) string {
	return lang.T(language, "reminders.escalates", "day", lang.DayLong(language, t.day), "who", Spoken(language, t.word))
}

// EscalationPreview says, one sentence a step, to whom messages about an open task climb
// if it stays undone.
func EscalationPreview(app core.App, task *core.Record, language string) (sentences []string, err error) {
	src, _ := SourceFor("task_overdue")
	p := newPlanner(app, clock.Now())
	s, err := p.subject(src, task)
	if err != nil || s.Closed != "" {
		return nil, err
	}
	rules, err := p.inForce(s.Programme.ID, src)
	if err != nil {
		return nil, err
	}
	cal, err := p.calendar(s.Programme.Province)
	steps := []slot{}
	for _, rule := range rules {
		for _, s.anchorAt = range s.marksFor(rule) {
			steps = append(steps, rule.escalations(s, cal)...)
		}
	}
	for _, step := range steps {
		if step.day >= s.today() {
			sentences = append(sentences, step.words(language))
		}
	}
	return sentences, err
}

var accountableInTeam = query(ofTeam + "('initiator', 'coordinator', 'member') AND u.id = {:id}")

// owners are the focal points of the organisations that have open tasks from a meeting.
func owners(app core.App, about dbx.Params) (found []Person, err error) {
	var organisations []string
	err = app.DB().NewQuery(`SELECT DISTINCT organisation FROM tasks WHERE meeting = {:id} AND state NOT IN ('done', 'cancelled')
		AND organisation != '' ORDER BY organisation`).Bind(about).Column(&organisations)
	if err != nil {
		return nil, err
	}
	for _, id := range organisations {
		about["id"] = id
		people, err := focalPoints(app, about)
		if err != nil {
			return nil, err
		}
		found = append(found, people...)
	}
	return found, nil
}

// Spoken is who a word of an audience means, in the middle of a sentence.
func Spoken(language, word string) string {
	return lang.T(language, "reminders.who."+word)
}
