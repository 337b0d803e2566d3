package reminders

import (
	"fmt"
	"slices"
	"sync"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
)

// Calendar knows the holidays of one province.
type Calendar struct {
	free   map[string]bool // public holiday, joint leave, or the province's own
	silent map[string]bool // a day on which no message at all leaves
	// WeekendOff says that the person wants no messages at the weekend.
	weekendOff bool
}

// count goes n days from a day; of workdays only those count that are neither
// weekend nor holiday.
func (c Calendar) count(day string, n int, workdays bool) string {
	if !workdays {
		return clock.AddDays(day, n)
	}
	step := 1
	if n < 0 {
		step = -1
	}
	for left := n * step; left > 0; {
		day = clock.AddDays(day, step)
		if clock.IsWorkday(day) && !c.free[day] {
			left--
		}
	}
	return day
}

// longestHoliday bounds the search for an open day.
const longestHoliday = 30

// open moves a day off holidays: a message that looks ahead goes earlier, one
// that looks back later, so that both still help. What is mandatory only
// avoids days without any messages.
func (c Calendar) open(day string, ahead, mandatory bool) string {
	closed := c.free
	if mandatory {
		closed = c.silent
	}
	step := 1
	if ahead {
		step = -1
	}
	off := c.weekendOff && !mandatory
	for i := 0; i < longestHoliday && (closed[day] || off && !clock.IsWorkday(day)); i++ {
		day = clock.AddDays(day, step)
	}
	return day
}

// RuleSet is what every planning asks and what hardly ever changes: the rules
// that are switched on, in order of time, and all holidays.
type RuleSet struct {
	rules    []*Rule
	holidays []holiday
}

type holiday struct {
	On       string `db:"on"`
	Province string `db:"province"`
	NoMail   bool   `db:"no_mail"`
}

func readRules(app core.App) (*RuleSet, error) {
	book := &RuleSet{}
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

// InForce returns the rules of some kinds that hold in a programme.
func (b *RuleSet) InForce(programme string, kinds []string) []*Rule {
	rules := []*Rule{}
	for _, r := range b.rules {
		of := r.GetString("programme")
		if (of == "" || of == programme) && slices.Contains(kinds, r.Kind()) {
			rules = append(rules, r)
		}
	}
	return inForce(rules)
}

// Regional reports whether a day is a holiday of some province only.
func (b *RuleSet) Regional(day string) bool {
	return slices.ContainsFunc(b.holidays, func(h holiday) bool { return h.On == day && h.Province != "" })
}

// Calendar gathers the holidays that hold in any of some provinces.
func (b *RuleSet) Calendar(provinces ...string) Calendar {
	c := Calendar{free: map[string]bool{}, silent: map[string]bool{}}
	for _, h := range b.holidays {
		if h.Province == "" || slices.Contains(provinces, h.Province) {
			c.free[h.On] = true
			c.silent[h.On] = c.silent[h.On] || h.NoMail
		}
	}
	return c
}

// ruleCache keeps an app's rules between saves. Transactions that write stand in
// line, so what one of them read holds for the next, unless it changed it: while
// such a transaction is open nothing is taken from the shelf or put on it.
type ruleCache struct {
	mu       sync.Mutex
	book     *RuleSet
	changing int
}

func ruleCacheOf(app core.App) *ruleCache {
	s, _ := app.Store().GetOrSet("reminders.almanac", func() any { return &ruleCache{} }).(*ruleCache)
	return s
}

// Rules returns the rules as the app's transaction sees it.
func Rules(app core.App) (*RuleSet, error) {
	s := ruleCacheOf(app)
	s.mu.Lock()
	kept := s.book
	s.mu.Unlock()
	if kept != nil {
		return kept, nil
	}
	book, err := readRules(app)
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
func (s *ruleCache) outdate(app core.App) {
	s.change(1)
	whenDone(app, func() { s.change(-1) })
}

func (s *ruleCache) change(by int) {
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
