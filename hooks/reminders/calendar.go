package reminders

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
)

// calendar knows the holidays of one province.
type calendar struct {
	free   map[string]bool // public holiday, joint leave, or the province's own
	silent map[string]bool // a day on which no letter at all leaves
}

// calendarOf reads the holidays that hold in a province.
func calendarOf(app core.App, province string) (calendar, error) {
	c := calendar{free: map[string]bool{}, silent: map[string]bool{}}
	var days []struct {
		On     string `db:"on"`
		NoMail bool   `db:"no_mail"`
	}
	err := app.DB().Select("on", "no_mail").From("holidays").Where(dbx.In("province", "", province)).All(&days)
	if err != nil {
		return c, fmt.Errorf("holidays: %w", err)
	}
	for _, d := range days {
		c.free[d.On] = true
		c.silent[d.On] = c.silent[d.On] || d.NoMail
	}
	return c, nil
}

// count goes n days from a day; of workdays only those count that are neither
// weekend nor holiday.
func (c calendar) count(day string, n int, workdays bool) string {
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

// open moves a day off holidays: a letter that looks ahead goes earlier, one
// that looks back later, so that both still help. What is mandatory only
// avoids days without any letters.
func (c calendar) open(day string, ahead, mandatory bool) string {
	closed := c.free
	if mandatory {
		closed = c.silent
	}
	step := 1
	if ahead {
		step = -1
	}
	for i := 0; i < longestHoliday && closed[day]; i++ {
		day = clock.AddDays(day, step)
	}
	return day
}

// isHoliday reports whether a day is any holiday in a province; it spares the
// reading of all of them.
func isHoliday(app core.App, day, province string) (bool, error) {
	var n int
	err := app.DB().Select("COUNT(*)").From("holidays").Where(dbx.HashExp{"on": day}).
		AndWhere(dbx.In("province", "", province)).Row(&n)
	if err != nil {
		return false, fmt.Errorf("holidays: %w", err)
	}
	return n > 0, nil
}
