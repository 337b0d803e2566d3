package reminders

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/mail"
)

const (
	// kindDaily marks the one letter that tells what a person's other letters would.
	kindDaily = "digest"
	// dailyUseful is how long such a letter is worth sending.
	dailyUseful = 24 * time.Hour
	// mostADay is how many letters leave for a person on one day by themselves; further ones are told together.
	mostADay = 3
)

// Sort decides what becomes of the letters whose hour has come: each leaves by
// itself, is told by the person's daily letter, or waits for an hour at which
// the person may be written to. Those that waited together leave together.
func Sort(ctx context.Context, app core.App, now time.Time) error {
	if err := sumUp(app, now); err != nil {
		return err
	}
	for more := true; more; {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := app.RunInTransaction(func(tx core.App) (err error) {
			more, err = sortSome(tx, now)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func sortSome(tx core.App, now time.Time) (more bool, err error) {
	boxes, err := readyLetters(tx, now)
	if err != nil || len(boxes) == 0 {
		return false, err
	}
	book, err := bookOf(tx)
	if err != nil {
		return false, err
	}
	s := sorter{app: tx, now: now, book: book, out: mail.NewSorting(tx, now), calendars: map[string]calendar{}, tellers: map[string]string{}}
	addresses := []string{}
	for _, box := range boxes {
		addresses = append(addresses, box[0].mailbox())
	}
	if s.left, err = s.out.Recent(now.Add(-24*time.Hour), addresses, kindDaily, kindStale, KindTrial, mail.KindAccount); err != nil {
		return false, err
	}
	for _, box := range boxes {
		if err := s.mailbox(box); err != nil {
			return false, err
		}
	}
	return true, nil
}

// sorter sorts some mailboxes in one transaction.
type sorter struct {
	app       core.App
	now       time.Time
	book      *almanac
	out       mail.Sorting
	left      map[string][]time.Time
	calendars map[string]calendar
	tellers   map[string]string // letters that tell others, by key; empty for one that has left
}

// mailbox sorts the letters to one person.
func (s *sorter) mailbox(letters []ready) error {
	if letters[0].Email == "" {
		// The sender writes down that there is no address.
		return s.out.Release(ids(letters)...)
	}
	alone, told, woken := []ready{}, []ready{}, []ready{}
	for _, l := range letters {
		waits, err := s.waits(l)
		switch {
		case err != nil:
			return err
		case waits:
		case l.folds():
			told = append(told, l)
		case l.Reason != "" && !l.apart():
			woken = append(woken, l)
		default:
			alone = append(alone, l)
		}
	}
	if len(woken) > 1 {
		told = append(told, woken...)
	} else {
		alone = append(alone, woken...)
	}
	alone, over := s.capped(alone)
	return errors.Join(s.out.Release(ids(alone)...), s.tell(append(told, over...)), s.fetch(letters))
}

// waits puts a letter off while its person may not be written to, or aside when
// it would come too late then.
func (s *sorter) waits(l ready) (bool, error) {
	if l.Kind == KindTrial {
		return false, nil // its reader waits for it
	}
	cal, err := s.calendar(l)
	if err != nil {
		return false, err
	}
	t := terms{calendar: cal, zone: l.Zone, hour: l.SendAt, mandatory: l.Mandatory, weekendOff: l.WeekendOff}
	opens, reason := t.opening(s.now)
	switch {
	case reason == "":
		return false, nil
	case l.uselessAt(opens):
		return true, errors.Join(s.out.Skip(reason, l.ID), s.out.Unfold(l.ID, opens, reason))
	}
	return true, s.out.Defer(opens, reason, l.ID)
}

// calendar is that of the letter's programme. A daily letter has none: on a
// regional day without mail it waits if the person takes part anywhere there.
func (s *sorter) calendar(l ready) (calendar, error) {
	if l.Kind == kindDaily && s.book.regional(clock.Day(s.now, l.Zone)) {
		provinces, err := provincesOf(s.app, l)
		return s.book.calendar(provinces...), err
	}
	cal, known := s.calendars[l.Province]
	if !known {
		cal = s.book.calendar(l.Province)
		s.calendars[l.Province] = cal
	}
	return cal, nil
}

// provincesOf are those of all programmes the letter's person takes part in.
func provincesOf(app core.App, l ready) (provinces []string, err error) {
	err = app.DB().NewQuery(`SELECT DISTINCT p.province FROM programmes p WHERE p.id IN (
		SELECT m.programme FROM memberships m WHERE m.user = {:user} AND m.user != '' UNION
		SELECT s.programme FROM stakeholders s JOIN contacts c ON c.organisation = s.organisation WHERE c.id = {:contact})`).
		Bind(dbx.Params{"user": l.User, "contact": l.Recipient}).Column(&provinces)
	if err != nil {
		return nil, fmt.Errorf("provinces of a letter: %w", err)
	}
	return provinces, nil
}

// capped parts the letters that may still leave by themselves today from those
// that are too many. What is mandatory and the daily letter do not count.
func (s *sorter) capped(letters []ready) (alone, over []ready) {
	for _, l := range letters {
		if l.apart() {
			alone = append(alone, l)
			continue
		}
		today := clock.Day(s.now, l.Zone)
		n := 0
		for _, at := range s.left[l.mailbox()] {
			if clock.Day(at, l.Zone) == today {
				n++
			}
		}
		if n >= mostADay {
			over = append(over, l)
			continue
		}
		s.left[l.mailbox()] = append(s.left[l.mailbox()], s.now)
		alone = append(alone, l)
	}
	return alone, over
}

func ids(letters []ready) []string {
	out := make([]string, len(letters))
	for i, l := range letters {
		out[i] = l.ID
	}
	return slices.Clip(out)
}
