package reminders

import (
	"errors"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/mail"
	"simpul/hooks/meetings"
)

// issue is one daily letter at the moment it is to leave.
type issue struct {
	app    core.App
	letter mail.Delivery
	now    time.Time
	person *core.Record // user or contact, nil when neither is there any more
	user   *core.Record // nil without an account
	door   *access.Door // nil without an account
	yours  []*piece
	others []*piece
	news   []*piece
	out    map[string]string
}

// dailyLetter is asked when a letter that tells others is to leave: which of
// them still hold at this moment, and what is new. With nothing to say it stays.
func dailyLetter(app core.App, d mail.Delivery, now time.Time) (mail.Contents, string, error) {
	i := &issue{app: app, letter: d, now: now, out: map[string]string{}}
	reason, err := i.recipient()
	if err = errors.Join(err, i.gather()); err != nil || reason != "" {
		return mail.Contents{Without: i.out}, reason, err
	}
	if err := i.read(); err != nil {
		return mail.Contents{}, "", err
	}
	c := i.contents()
	c.Without = i.out
	if len(i.yours)+len(i.others)+len(i.news) == 0 {
		return c, mail.ReasonNothingToSay, nil
	}
	c.NotBefore, c.Because = i.notBefore()
	return c, "", nil
}

// recipient finds who reads the letter, or why nobody does.
func (i *issue) recipient() (reason string, err error) {
	if i.letter.User != "" {
		if i.user, err = maybe(i.app, "users", i.letter.User); err != nil {
			return "", err
		}
		if i.user == nil || i.user.GetBool("disabled") {
			return mail.ReasonDisabled, nil
		}
		if i.user.GetString("paused_until_on") >= clock.Day(i.now, i.user.GetString("time_zone")) {
			return mail.ReasonPaused, nil
		}
		i.person, i.door = i.user, access.Open(i.app, i.user)
		return "", nil
	}
	if i.person, err = maybe(i.app, "contacts", i.letter.Recipient); err != nil {
		return "", err
	}
	if i.person == nil {
		return mail.ReasonNoAccess, nil
	}
	return "", nil
}

func (i *issue) contents() mail.Contents {
	language, host := i.letter.Language, home(i.app)
	say := func(key string, args ...any) string { return lang.T(language, "reminders.daily."+key, args...) }
	c := mail.Contents{Email: i.person.GetString("email"), Greeting: greeting(language, i.person), Why: say("why")}
	switch {
	case len(i.yours) > 0:
		c.Subject = say("subject", "n", len(i.yours))
	case len(i.others) > 0:
		c.Subject = say("subject_others", "n", len(i.others))
	default:
		c.Subject = say("subject_news", "n", len(i.news))
	}
	room, entries := mostBytes, []meetings.Told{}
	for _, part := range []struct {
		key    string
		pieces []*piece
	}{{"yours", i.yours}, {"others", i.others}, {"news", i.news}} {
		if len(part.pieces) > 0 {
			section, listed := mail.Section{Title: say(part.key)}, fitting(part.pieces, &room)
			for _, p := range listed {
				section.Items, entries = append(section.Items, p.Item), append(entries, p.entries...)
			}
			if left := len(part.pieces) - len(listed); left > 0 {
				section.More = say("more", "n", left)
			}
			c.Sections = append(c.Sections, section)
		}
	}
	c.Calendar = meetings.Published(entries...)
	if i.user != nil {
		c.Button = mail.Link{Label: say("button"), URL: host + "/"}
	}
	return c
}

// notBefore keeps a letter that comes late from leaving at night.
func (i *issue) notBefore() (time.Time, string) {
	book, err := bookOf(i.app)
	if err != nil {
		return time.Time{}, ""
	}
	zone := i.person.GetString("time_zone")
	t := terms{calendar: book.calendar(), zone: zone, hour: usualHour, weekendOff: i.person.GetBool("weekend_off")}
	return t.notBefore(i.now)
}
