package clock

import (
	"time"

	// The zone data travels inside the program, so a machine without a zone database counts the same days.
	_ "time/tzdata"
)

// Western, Central and Eastern are the three time zones of Indonesia. None of them has summer time.
const (
	Western = "Asia/Jakarta"
	Central = "Asia/Makassar"
	Eastern = "Asia/Jayapura"
)

// Zones names the three time zones from west to east, as they are offered in a form.
var Zones = []string{Western, Central, Eastern}

var locations = map[string]*time.Location{
	Western: mustLoad(Western),
	Central: mustLoad(Central),
	Eastern: mustLoad(Eastern),
}

var abbreviations = map[string]string{
	Western: "WIB",
	Central: "WITA",
	Eastern: "WIT",
}

func mustLoad(name string) *time.Location {
	location, err := time.LoadLocation(name)
	if err != nil {
		panic("clock: the zone data in the program lacks " + name + ": " + err.Error())
	}
	return location
}

// Zone returns the location of one of Zones. Any other name, also an empty one, is answered with Asia/Jakarta,
// because a page must show some time and most readers live there.
func Zone(name string) *time.Location {
	if location, known := locations[name]; known {
		return location
	}
	return locations[Western]
}

// Abbreviation returns what people write behind a time: WIB, WITA or WIT. Unknown names are answered as by Zone.
func Abbreviation(name string) string {
	if short, known := abbreviations[name]; known {
		return short
	}
	return abbreviations[Western]
}
