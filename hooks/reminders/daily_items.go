package reminders

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/lang"
	"simpul/hooks/mail"
	"simpul/hooks/meetings"
)

// gather puts every folded letter that still holds under its heading. Several
// about one thing are told once.
func (i *issue) gather() error {
	members, err := mail.Members(i.app, i.letter.ID)
	if err != nil {
		return err
	}
	told := map[string]*piece{}
	for _, m := range members {
		a := &asked{app: i.app, letter: m, now: i.now}
		a.letter.Language = i.letter.Language // whatever it was written down in, it is told in this letter
		reason, err := a.untold()
		if err != nil {
			return fmt.Errorf("letter %s of the daily one: %w", m.ID, err)
		}
		if reason != "" {
			i.out[m.ID] = reason
			continue
		}
		thing := a.subject.URL + " " + a.subject.Title
		if told[thing] == nil {
			if told[thing], err = i.tell(a); err != nil {
				return fmt.Errorf("letter %s of the daily one: %w", m.ID, err)
			}
		}
		told[thing].enter(a)
	}
	return nil
}

// untold is objection for a letter that another tells.
func (a *asked) untold() (reason string, err error) {
	if reason, err = a.objection(); err != nil || reason != "" {
		return reason, err
	}
	return mail.Suppressed(a.app, a.letter, a.rule.Mandatory())
}

// piece is one thing that the daily letter tells, with what it puts into a
// calendar: the meeting, once, to which the reader is invited.
type piece struct {
	mail.Item
	entries []meetings.Told
}

// tell adds what a folded letter is about to the pieces under its heading.
func (i *issue) tell(a *asked) (p *piece, err error) {
	p = &piece{Item: a.item()}
	if !i.owns(a) {
		i.others = append(i.others, p)
		return p, nil
	}
	if len(i.yours) < mostListed {
		p.Links, err = i.answers(a)
	}
	if a.link != "" {
		p.Links = append(p.Links, a.joined())
	}
	i.yours = append(i.yours, p)
	return p, err
}

// enter adds what a folded letter puts into a calendar.
func (p *piece) enter(a *asked) {
	if entry, invites := a.entry(); invites {
		p.entries = []meetings.Told{entry}
	}
}

// answers are the links by which a folded letter would be answered by itself.
// They act in the name of an account: only in that of the one the letter greets.
func (i *issue) answers(a *asked) ([]mail.Link, error) {
	if a.letter.User != i.letter.User {
		return nil, nil
	}
	return a.answers()
}

// owns reports whether it is the reader who has something to do. The team is
// told of tasks that others have to do.
func (i *issue) owns(a *asked) bool {
	if a.subject.Collection != "tasks" || i.door == nil {
		return true
	}
	return slices.Contains(i.door.Speaks(), a.subject.Record.GetString("organisation"))
}

// item is one folded letter in a line.
func (a *asked) item() mail.Item {
	language, words := a.letter.Language, map[string]string{}
	for pairs := range slices.Chunk(a.words(language), 2) {
		words[fmt.Sprint(pairs[0])] = fmt.Sprint(pairs[1])
	}
	note := strings.Join([]string{lang.T(language, "reminder_rules.kind."+a.letter.Kind), words["when"], words["programme"]}, " · ")
	return mail.Item{Link: mail.Link{Label: a.subject.Title, URL: home(a.app) + a.subject.URL}, Note: note}
}

// home is the hub's address without a slash at its end.
func home(app core.App) string { return strings.TrimRight(app.Settings().Meta.AppURL, "/") }
