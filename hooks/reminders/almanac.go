package reminders

import (
	"fmt"
	"slices"
	"sync"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// almanac is what every planning asks and what hardly ever changes: the rules
// that are switched on, in order of time, and all holidays.
type almanac struct {
	rules    []*Rule
	holidays []holiday
}

type holiday struct {
	On       string `db:"on"`
	Province string `db:"province"`
	NoMail   bool   `db:"no_mail"`
}

func readAlmanac(app core.App) (*almanac, error) {
	book := &almanac{}
	found, err := app.FindAllRecords("reminder_rules", dbx.HashExp{"active": true})
	if err != nil {
		return nil, fmt.Errorf("reminder rules: %w", err)
	}
	for _, r := range found {
		book.rules = append(book.rules, wrap(r))
	}
	slices.SortStableFunc(book.rules, func(a, b *Rule) int { return a.Offset() - b.Offset() })
	if err := app.DB().Select("on", "province", "no_mail").From("holidays").All(&book.holidays); err != nil {
		return nil, fmt.Errorf("holidays: %w", err)
	}
	return book, nil
}

// inForce returns the rules of some kinds that hold in a programme.
func (b *almanac) inForce(programme string, kinds []string) []*Rule {
	rules := []*Rule{}
	for _, r := range b.rules {
		of := r.GetString("programme")
		if (of == "" || of == programme) && slices.Contains(kinds, r.Kind()) {
			rules = append(rules, r)
		}
	}
	return inForce(rules)
}

// regional reports whether a day is a holiday of some province only.
func (b *almanac) regional(day string) bool {
	return slices.ContainsFunc(b.holidays, func(h holiday) bool { return h.On == day && h.Province != "" })
}

// calendar gathers the holidays that hold in any of some provinces.
func (b *almanac) calendar(provinces ...string) calendar {
	c := calendar{free: map[string]bool{}, silent: map[string]bool{}}
	for _, h := range b.holidays {
		if h.Province == "" || slices.Contains(provinces, h.Province) {
			c.free[h.On] = true
			c.silent[h.On] = c.silent[h.On] || h.NoMail
		}
	}
	return c
}

// shelf keeps an app's almanac between saves. Transactions that write stand in
// line, so what one of them read holds for the next, unless it changed it: while
// such a transaction is open nothing is taken from the shelf or put on it.
type shelf struct {
	mu       sync.Mutex
	book     *almanac
	changing int
}

func shelfOf(app core.App) *shelf {
	s, _ := app.Store().GetOrSet("reminders.almanac", func() any { return &shelf{} }).(*shelf)
	return s
}

// bookOf returns the almanac as the app's transaction sees it.
func bookOf(app core.App) (*almanac, error) {
	s := shelfOf(app)
	s.mu.Lock()
	kept := s.book
	s.mu.Unlock()
	if kept != nil {
		return kept, nil
	}
	book, err := readAlmanac(app)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.changing == 0 && app.IsTransactional() {
		s.book = book
	}
	return book, nil
}

// outdate clears the shelf now and again when the transaction of the change ends.
func (s *shelf) outdate(app core.App) {
	s.change(1)
	whenDone(app, func() { s.change(-1) })
}

func (s *shelf) change(by int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.book = nil
	s.changing += by
}

// whenDone calls back after the transaction, whichever way it ends.
func whenDone(app core.App, call func()) {
	if tx := app.TxInfo(); tx != nil {
		tx.OnComplete(func(error) error { call(); return nil })
		return
	}
	call()
}
