package reminders

import (
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/mail"
	"simpul/hooks/meetings"
)

// place are the words that say where a meeting is; none where it has no place.
func (a *asked) place() []string {
	if a.subject.Place == "" || a.rule.Kind() == "minutes_followup" {
		return nil
	}
	return []string{lang.T(a.letter.Language, "reminders.place", "place", a.subject.Place)}
}

// joined is the address of an online meeting as a letter names it, to who is to
// come; without a URL to anybody else.
func (a *asked) joined() mail.Link {
	return mail.Link{Label: lang.T(a.letter.Language, "meetings.link"), URL: a.link}
}

// admit finds the address at which the reader of a letter joins a meeting. Whoever
// has it can enter the room, so that only those get it who are invited or lead the
// meeting at this moment, not everybody who is told that it takes place.
func (a *asked) admit() error {
	link := meetings.Wrap(a.subject.meeting).Link()
	if !meetings.OnTheWeb(link) {
		return nil
	}
	about := dbx.Params{"id": a.subject.meeting.Id, "today": clock.Day(a.now, a.subject.Zone)}
	for _, find := range []func(core.App, dbx.Params) ([]Person, error){invited, leading} {
		found, err := find(a.app, about)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(found, a.reads) {
			a.link = link
		}
	}
	return nil
}

// reads reports whether a person is the one to whom the letter goes.
func (a *asked) reads(p Person) bool {
	return p.Contact != "" && p.Contact == a.letter.Recipient || p.User != "" && p.User == a.letter.User
}
