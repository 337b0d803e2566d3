package programmes

import (
	"github.com/pocketbase/dbx"

	"simpul/hooks/clock"
)

// TodayThere is, in a query, the present day where the programme p runs; the
// query must bind Days.
const TodayThere = "CASE p.time_zone WHEN 'Asia/Jayapura' THEN {:eastern} WHEN 'Asia/Makassar' THEN {:central} ELSE {:western} END"

// Days are the present days that TodayThere chooses from.
func Days() dbx.Params {
	return dbx.Params{
		"western": clock.Today(clock.Western),
		"central": clock.Today(clock.Central),
		"eastern": clock.Today(clock.Eastern),
	}
}
