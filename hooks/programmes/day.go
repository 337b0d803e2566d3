package programmes

import (
	"time"

	"github.com/pocketbase/dbx"

	"simpul/hooks/clock"
)

// TodayThere is, in a query, the day where the programme p runs; the
// query must bind Days.
var TodayThere = TodayIn("p")

// TodayIn is TodayThere for the programme of another table or alias.
func TodayIn(table string) string {
	return "CASE " + table + ".time_zone WHEN 'Asia/Jayapura' THEN {:eastern} WHEN 'Asia/Makassar' THEN {:central} ELSE {:western} END"
}

// Days are the days of a moment that TodayThere chooses from.
func Days(now time.Time) dbx.Params {
	return dbx.Params{
		"western": clock.Day(now, clock.Western),
		"central": clock.Day(now, clock.Central),
		"eastern": clock.Day(now, clock.Eastern),
	}
}
