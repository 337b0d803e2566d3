package digest

import (
	"errors"
	"fmt"
	"html"
	"slices"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/meetings"
	"simpul/hooks/notify/outbox"
	"simpul/hooks/notify/reminders"
)

// digest is one daily message at the moment it is to leave.
type digest struct {
	app    core.App
	letter outbox.Delivery
	now    time.Time
	person *core.Record  // user or contact, nil when neither is there any more
	user   *core.Record  // nil without an account
	scope  *access.Scope // nil without an account
	yours  []*item
	others []*item
	news   []*item
	out    map[string]string
}

// dailyDigest is asked when a message that tells others is to leave: which of
// them still hold at this moment, and what is new. With nothing to say it stays.
func dailyDigest(app core.App, d outbox.Delivery, now time.Time) (outbox.Contents, string, error) {
	i := &digest{app: app, letter: d, now: now, out: map[string]string{}}
	reason, err := i.recipient()
	if err = errors.Join(err, i.gather()); err != nil || reason != "" {
		return outbox.Contents{Without: i.out}, reason, err
	}
	if err := i.read(); err != nil {
		return outbox.Contents{}, "", err
	}
	c := i.contents()
	c.Without = i.out
	if len(i.yours)+len(i.others)+len(i.news) == 0 {
		return c, outbox.ReasonNothingToSay, nil
	}
	c.NotBefore, c.Because = i.notBefore()
	return c, "", nil
}

// recipient finds who reads the message, or why nobody does.
func (i *digest) recipient() (reason string, err error) {
	if i.letter.User != "" {
		if i.user, err = reminders.Maybe(i.app, "users", i.letter.User); err != nil {
			return "", err
		}
		if i.user == nil || i.user.GetBool("disabled") {
			return outbox.ReasonDisabled, nil
		}
		if i.user.GetString("paused_until_on") >= clock.Day(i.now, i.user.GetString("time_zone")) {
			return outbox.ReasonPaused, nil
		}
		i.person, i.scope = i.user, access.As(i.app, i.user)
		return "", nil
	}
	if i.person, err = reminders.Maybe(i.app, "contacts", i.letter.Recipient); err != nil {
		return "", err
	}
	if i.person == nil {
		return outbox.ReasonNoAccess, nil
	}
	return "", nil
}

func (i *digest) contents() outbox.Contents {
	language, host := i.letter.Language, reminders.Home(i.app)
	say := func(key string, args ...any) string { return lang.T(language, "reminders.daily."+key, args...) }
	c := outbox.Contents{Email: i.person.GetString("email"), Greeting: reminders.Greeting(language, i.person), Why: say("why")}
	switch {
	case len(i.yours) > 0:
		c.Subject = say("subject", "n", len(i.yours))
	case len(i.others) > 0:
		c.Subject = say("subject_others", "n", len(i.others))
	default:
		c.Subject = say("subject_news", "n", len(i.news))
	}
	room, entries := mostBytes, []meetings.CalendarEntry{}
	for _, part := range []struct {
		key    string
		pieces []*item
	}{{"yours", i.yours}, {"others", i.others}, {"news", i.news}} {
		if len(part.pieces) > 0 {
			section, listed := outbox.Section{Title: say(part.key)}, fitting(part.pieces, &room)
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
		c.Button = outbox.Link{Label: say("button"), URL: host + "/"}
	}
	return c
}

// NotBefore keeps a message that comes late from leaving at night.
func (i *digest) notBefore() (time.Time, string) {
	cal, err := reminders.LoadCalendar(i.app)
	if err != nil {
		return time.Time{}, ""
	}
	zone := i.person.GetString("time_zone")
	t := reminders.SendWindow{Calendar: cal, Zone: zone, Hour: reminders.UsualHour, WeekendOff: i.person.GetBool("weekend_off")}
	return t.NotBefore(i.now)
}

// gather puts every folded message that still holds under its heading. Several
// about one thing are told once.
func (i *digest) gather() error {
	members, err := outbox.Members(i.app, i.letter.ID)
	if err != nil {
		return err
	}
	told := map[string]*item{}
	for _, m := range members {
		a := &reminders.Candidate{App: i.app, Message: m, Now: i.now}
		a.Message.Language = i.letter.Language // whatever it was written down in, it is told in this message
		reason, err := a.Untold()
		if err != nil {
			return fmt.Errorf("letter %s of the daily one: %w", m.ID, err)
		}
		if reason != "" {
			i.out[m.ID] = reason
			continue
		}
		thing := a.Subject.URL + " " + a.Subject.Title
		if told[thing] == nil {
			if told[thing], err = i.tell(a); err != nil {
				return fmt.Errorf("letter %s of the daily one: %w", m.ID, err)
			}
		}
		told[thing].enter(a)
	}
	return nil
}

// item is one thing that the daily message tells, with what it puts into a
// Calendar: the meeting, once, to which the reader is invited.
type item struct {
	outbox.Item
	entries []meetings.CalendarEntry
}

// tell adds what a folded message is about to the pieces under its heading.
func (i *digest) tell(a *reminders.Candidate) (p *item, err error) {
	p = &item{Item: a.Item()}
	if !i.owns(a) {
		i.others = append(i.others, p)
		return p, nil
	}
	if len(i.yours) < mostListed {
		p.Links, err = i.answers(a)
	}
	if a.Link != "" {
		p.Links = append(p.Links, a.Joined())
	}
	i.yours = append(i.yours, p)
	return p, err
}

// enter adds what a folded message puts into a calendar.
func (p *item) enter(a *reminders.Candidate) {
	if entry, invites := a.Entry(); invites {
		p.entries = []meetings.CalendarEntry{entry}
	}
}

// Answers are the links by which a folded message would be answered by itself.
// They act in the name of an account: only in that of the one the message greets.
func (i *digest) answers(a *reminders.Candidate) ([]outbox.Link, error) {
	if a.Message.User != i.letter.User {
		return nil, nil
	}
	return a.Answers()
}

// owns reports whether it is the reader who has something to do. The team is
// told of tasks that others have to do.
func (i *digest) owns(a *reminders.Candidate) bool {
	if a.Subject.Collection != "tasks" || i.scope == nil {
		return true
	}
	return slices.Contains(i.scope.Speaks(), a.Subject.Record.GetString("organisation"))
}

const (
	// mostListed is how many things a section of the daily message names.
	mostListed = 20
	// mostBytes is what the things it names may weigh together as they are sent,
	// so that the whole message stays below 60 kB: mail services cut off what is
	// longer, and a phone on a bad line waits for it.
	mostBytes = 48_000
)

// What a piece of the daily message and one of its links weigh besides their words.
const (
	pieceMarkup = 250
	linkMarkup  = 80
)

// fitting are the first of some pieces, as many as there is room for, which they
// take: what comes first in a message matters most.
func fitting(pieces []*item, room *int) []*item {
	for n, p := range pieces {
		weight := p.weight()
		if n == mostListed || weight > *room {
			return pieces[:n]
		}
		*room -= weight
	}
	return pieces
}

// weight is about how many bytes a piece takes: as text and once more as HTML, and
// what it puts into a calendar as a part and once more as a file.
func (p *item) weight() int {
	n := pieceMarkup + twice(p.Label) + twice(p.Note) + twice(p.URL)
	for _, link := range p.Links {
		n += linkMarkup + twice(link.Label) + twice(link.URL)
	}
	object := meetings.Published(p.entries...)
	return n + quoted(object) + len(object)*3/2
}

func twice(text string) int { return quoted(text) + quoted(html.EscapeString(text)) }

// quoted is how many bytes a text takes as quoted-printable, which writes three
// for one of what is not ASCII and three more to break each line.
func quoted(text string) (n int) {
	for _, b := range []byte(text) {
		if n++; b == '=' || b > '~' {
			n += 2
		}
	}
	return n + n/24
}
