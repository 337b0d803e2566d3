package reminders

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"

	"simpul/hooks/clock"
	"simpul/hooks/mail"
)

// tell folds letters to one person into the letter that tells them.
func (s *sorter) tell(letters []ready) error {
	told := map[string][]string{}
	for _, l := range letters {
		into, err := s.teller(l)
		if err != nil {
			return err
		}
		told[into] = append(told[into], l.ID)
	}
	for into, ids := range told {
		if err := s.out.Fold(into, ids...); err != nil {
			return err
		}
	}
	return nil
}

// teller finds or plans the letter that tells another: the next daily or weekly
// one if it comes in time, else one more within the hour.
func (s *sorter) teller(l ready) (id string, err error) {
	today := clock.Day(s.now, l.Zone)
	days := []string{today, clock.AddDays(today, 1)}
	if l.Frequency == weekly {
		days = slices.Insert(days, 0, monday(today), monday(days[1]))
	}
	for _, day := range days {
		letter := l.letterOn(day)
		if l.uselessAt(latest(letter.DueAt, s.now)) {
			continue
		}
		if id, err := s.open(letter); err != nil || id != "" {
			return id, err
		}
	}
	hour := s.now.In(clock.Zone(l.Zone)).Format("15")
	for n := 0; ; n++ {
		extra := l.collecting(fmt.Sprintf("%sT%s.%d", today, hour, n), s.now)
		if id, err := s.open(extra); err != nil || id != "" {
			return id, err
		}
	}
}

// open plans a collecting letter unless it is there, and returns its id while
// it has not left. Nothing leaves while letters are sorted, so that it is looked
// up once.
func (s *sorter) open(letter mail.Letter) (string, error) {
	if id, known := s.tellers[letter.Key]; known {
		return id, nil
	}
	id, err := s.plan(letter)
	s.tellers[letter.Key] = id
	return id, err
}

func (s *sorter) plan(letter mail.Letter) (string, error) {
	var row struct {
		ID    string `db:"id"`
		State string `db:"state"`
	}
	find := s.app.DB().Select("id", "state").From("deliveries").Where(dbx.HashExp{"key": letter.Key})
	err := find.One(&row)
	if errors.Is(err, sql.ErrNoRows) {
		if _, err := s.out.Queue(letter); err != nil {
			return "", err
		}
		err = find.One(&row)
	}
	if err != nil {
		return "", fmt.Errorf("daily letter: %w", err)
	}
	if !slices.Contains([]string{mail.StatePlanned, mail.StateQueued, mail.StateHeld}, row.State) {
		return "", nil
	}
	return row.ID, nil
}

// fetch brings into a weekly letter that is about to leave what would come due
// before the next one.
func (s *sorter) fetch(letters []ready) error {
	for _, l := range letters {
		if l.Kind != kindDaily || l.Frequency != weekly {
			continue
		}
		today := clock.Day(s.now, l.Zone)
		var ids []string
		err := s.app.DB().NewQuery(`SELECT d.id FROM deliveries d LEFT JOIN reminder_rules r ON r.id = d.rule
			WHERE d.state = 'planned' AND LOWER(d.email) = {:mailbox} AND d.due_at > {:now} AND d.due_at < {:next}
			AND d.kind != '` + kindDaily + `' AND COALESCE(r.mandatory, FALSE) = FALSE`).
			Bind(dbx.Params{"mailbox": l.mailbox(), "now": stamp(s.now), "next": stamp(l.letterOn(clock.AddDays(today, 7)).DueAt)}).Column(&ids)
		if err != nil {
			return fmt.Errorf("letters of the week: %w", err)
		}
		if err := s.out.Fold(l.ID, ids...); err != nil {
			return err
		}
	}
	return nil
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
