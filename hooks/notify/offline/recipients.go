package offline

import (
	"slices"
	"strconv"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/notify/outbox"
	"simpul/hooks/notify/rules"
	"simpul/hooks/programmes"
)

// person is somebody of a programme whom no mail reaches, with what to tell.
type person struct {
	ID       string // contacts id, users id without a contact
	Language string
	// Bounced says that there is an address and that it does not exist.
	Bounced bool
	Greets  string
	Told    []told // the newest first
	// whole says that all messages are asked about, not only until one is wanted.
	whole bool
}

// told is one thing to tell and the messages that say it.
type told struct {
	sentence
	Letters []string
	subject string
}

// sheet is one page of whom somebody has to tell something in a programme; those
// with the newest message come first.
type sheet struct {
	Number int // from 1
	People []*person
	More   bool // whether others follow
}

// sheetOf gathers a page of people, or the last one if there are not so many.
func sheetOf(d *access.Scope, p *programmes.Programme, number int) (sheet, error) {
	skip := (number - 1) * mostShown
	people, err := waiting(d, p, skip, skip+mostShown)
	if err != nil {
		return sheet{}, err
	}
	if last := max(1, (len(people)+mostShown-1)/mostShown); number > last {
		return sheetOf(d, p, last)
	}
	return sheet{Number: number, People: people[skip:min(len(people), skip+mostShown)], More: len(people) > skip+mostShown}, nil
}

// waiting gathers people up to one more than there are to be. Those from the first
// on are told whole; of the others it asks until one message is wanted, which is
// enough to count them.
func waiting(d *access.Scope, p *programmes.Programme, first, most int) ([]*person, error) {
	messages, err := handsOf(d, p).Waiting(d.App())
	if err != nil {
		return nil, err
	}
	people, place := []*person{}, map[string]*person{}
	for _, l := range messages {
		who := place[recipient(l)]
		if who == nil && len(people) > most || who != nil && !who.whole {
			continue
		}
		if who == nil {
			who = &person{ID: recipient(l), Language: l.Language, Bounced: l.Email != "", whole: len(people) >= first && len(people) < most}
		}
		if err := who.hear(d.App(), l); err != nil {
			// One message that cannot be asked about must not hide all others.
			d.App().Logger().Error("deliveries: ask what to tell", "letter", l.ID, "error", err)
		}
		if place[who.ID] == nil && len(who.Told) > 0 {
			people, place[who.ID] = append(people, who), who
		}
	}
	return people, nil
}

func handsOf(d *access.Scope, p *programmes.Programme) outbox.Offline {
	hands := outbox.Offline{Programme: p.ID(), Now: clock.Now()}
	if !d.Super() {
		hands.Person = d.Person().Id
	}
	return hands
}

func recipient(l outbox.Delivery) string {
	if l.Recipient != "" {
		return l.Recipient
	}
	return l.User
}

// hear adds a message to what a person is to be told, if its kind still wants it.
// An older one about the same thing is told with the newer.
func (who *person) hear(app core.App, l outbox.Delivery) error {
	for i := range who.Told {
		if who.Told[i].subject == l.SubjectID {
			who.Told[i].Letters = append(who.Told[i].Letters, l.ID)
			return nil
		}
	}
	said, reason, err := say(app, l, clock.Now())
	if err != nil || reason != "" {
		return err
	}
	who.Greets = said.Greeting
	who.Told = append(who.Told, told{sentence: said, Letters: []string{l.ID}, subject: l.SubjectID})
	return nil
}

// messages are the ids of all that a text tells.
func messages(all []told) string {
	ids := []string{}
	for _, t := range all {
		ids = append(ids, t.Letters...)
	}
	return strings.Join(ids, ",")
}

// mostShown is how many people a page of those to tell shows.
const mostShown = rules.MostUnreached

// Unreached counts the people of a programme whom the team has to tell over
// WhatsApp: those of the first page that it leads to, and one more if there are
// others.
func Unreached(d *access.Scope, p *programmes.Programme) (int, error) {
	people, err := waiting(d, p, mostShown+1, mostShown)
	return len(people), err
}

// Queue is whom the team of one programme has to tell over WhatsApp.
type Queue struct {
	Name, URL string
	Count     int
	// More says that there are more than the count.
	More bool
}

// ToTell counts them in programmes in whose team the reader is; those with nobody
// to tell are left out.
func ToTell(d *access.Scope, led []*programmes.Programme) (queues []Queue, err error) {
	ids := []string{}
	for _, p := range led {
		ids = append(ids, p.ID())
	}
	waiting, err := outbox.OfflineProgrammes(d.App(), ids, clock.Now())
	if err != nil {
		return nil, err
	}
	for _, p := range led {
		if !slices.Contains(waiting, p.ID()) {
			continue
		}
		n, err := Unreached(d, p)
		if err != nil {
			return nil, err
		}
		if n > 0 {
			queues = append(queues, Queue{Name: p.Name(), URL: byHandURL(p), Count: min(n, mostShown), More: n > mostShown})
		}
	}
	return queues, nil
}

func byHandURL(p *programmes.Programme) string { return p.URL() + "/deliveries/by-hand" }

// sheetURL is one page of whom the team has to tell.
func sheetURL(p *programmes.Programme, number int) string {
	if number <= 1 {
		return byHandURL(p)
	}
	return byHandURL(p) + "?page=" + strconv.Itoa(number)
}
