package reminders

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/lang"
)

// escalationStep is one step of a ladder: whom a message reaches on which day if nothing
// happened until then.
type escalationStep struct {
	Word string
	Day  string
	n    int
}

// suffix marks the step's messages among those of the rule.
func (g escalationStep) suffix() string { return fmt.Sprintf("^%d", g.n) }

// rungs are the steps after the last repeat, each so many workdays later. What
// was written down after that day gets its workdays all the same.
func (r *Rule) rungs(s Subject, cal Calendar) (out []escalationStep) {
	wait, offsets := r.GetInt("escalate_after_workdays"), r.offsets()
	if wait == 0 || s.Anchor == "" {
		return nil
	}
	day := cal.count(s.Anchor, offsets[len(offsets)-1], r.GetBool("workdays"))
	if born := s.born(); born > day {
		day = born
	}
	for i, word := range r.Ladder() {
		day = cal.count(day, wait, true)
		out = append(out, escalationStep{word, day, i + 1})
	}
	return out
}

// climb adds the messages of the ladder about the subject's mark.
func (p *planner) climb(rule *Rule, s Subject, cal Calendar) (messages []planned, err error) {
	for _, step := range rule.rungs(s, cal) {
		times := p.near(rule, []slot{{day: step.Day, suffix: step.suffix(), back: true, climbed: true}})
		if len(times) == 0 {
			break
		}
		to, err := p.onRung(step.Word, s)
		if err != nil {
			return nil, fmt.Errorf("rule %s: climb to %s: %w", rule.Id, step.Word, err)
		}
		for _, person := range to {
			messages = append(messages, ruleMessages(rule, s, person, times)...)
		}
	}
	return messages, nil
}

// onRung finds the people of a step. Nobody of another partner is told what an
// organisation left undone, whoever was once named in the task.
func (p *planner) onRung(word string, s Subject) ([]Person, error) {
	if word == "accountable" {
		word = "accountable_in_team"
	}
	found, err := p.find(word, s)
	return slices.DeleteFunc(slices.Clone(found), func(person Person) bool {
		return person.Organisation != "" && person.Organisation != s.Record.GetString("organisation")
	}), err
}

// ahead says to whom a message climbs next, and when; "" if it does not.
func (a *Candidate) ahead(language string) string {
	_, n, climbed := strings.Cut(a.Message.Occurrence, "^")
	today := clock.Day(a.Message.DueAt.Time(), a.Subject.Zone)
	for _, step := range a.Rule.rungs(a.Subject, a.book.Calendar(a.Subject.Programme.Province)) {
		if climbed && step.suffix() <= "^"+n || step.Day <= today {
			continue
		}
		return step.words(language)
	}
	return ""
}

func (g escalationStep) words(language string) string {
	return lang.T(language, "reminders.escalates", "day", lang.DayLong(language, g.Day), "who", spoken(language, g.Word))
}

// EscalationPreview says, one sentence a step, to whom messages about an open task climb
// if it stays undone.
func EscalationPreview(app core.App, task *core.Record, language string) (sentences []string, err error) {
	src, _ := SourceFor("task_overdue")
	s, err := src.Subject(app, task, clock.Now())
	if err != nil || s.Closed != "" {
		return nil, err
	}
	book, err := Rules(app)
	if err != nil {
		return nil, err
	}
	for _, rule := range book.InForce(s.Programme.ID, src.Kinds) {
		for _, m := range s.marksFor(rule) {
			s.anchorAt = m
			sentences = append(sentences, rule.outlook(s, book, language)...)
		}
	}
	return sentences, nil
}

// outlook says the steps still ahead of the subject's mark.
func (r *Rule) outlook(s Subject, book *RuleSet, language string) (sentences []string) {
	for _, step := range r.rungs(s, book.Calendar(s.Programme.Province)) {
		if step.Day >= s.today() {
			sentences = append(sentences, step.words(language))
		}
	}
	return sentences
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
