package reminders

import "simpul/hooks/clock"

// calendar knows the holidays of one province.
type calendar struct {
	free   map[string]bool // public holiday, joint leave, or the province's own
	silent map[string]bool // a day on which no letter at all leaves
	// weekendOff says that the person wants no letters at the weekend.
	weekendOff bool
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
	off := c.weekendOff && !mandatory
	for i := 0; i < longestHoliday && (closed[day] || off && !clock.IsWorkday(day)); i++ {
		day = clock.AddDays(day, step)
	}
	return day
}
