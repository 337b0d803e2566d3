package clock

import (
	"strings"
	"sync/atomic"
	"time"
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

// Provinces lists the 38 provinces from west to east, as they are offered in a form.
var Provinces = []string{
	"Aceh", "Sumatera Utara", "Sumatera Barat", "Riau", "Kepulauan Riau", "Jambi", "Bengkulu",
	"Sumatera Selatan", "Kepulauan Bangka Belitung", "Lampung",
	"Banten", "DKI Jakarta", "Jawa Barat", "Jawa Tengah", "DI Yogyakarta", "Jawa Timur",
	"Kalimantan Barat", "Kalimantan Tengah",
	"Bali", "Nusa Tenggara Barat", "Nusa Tenggara Timur",
	"Kalimantan Selatan", "Kalimantan Timur", "Kalimantan Utara",
	"Sulawesi Utara", "Gorontalo", "Sulawesi Tengah", "Sulawesi Barat", "Sulawesi Selatan", "Sulawesi Tenggara",
	"Maluku", "Maluku Utara",
	"Papua Barat", "Papua Barat Daya", "Papua", "Papua Tengah", "Papua Pegunungan", "Papua Selatan",
}

// The provinces stand from west to east, so two of them mark where the next zone begins.
const (
	firstCentral = "Bali"
	firstEastern = "Maluku"
)

var zoneByProvince = zonesInOrder()

func zonesInOrder() map[string]string {
	byName := make(map[string]string, len(Provinces))
	zone := Western
	for _, province := range Provinces {
		switch province {
		case firstCentral:
			zone = Central
		case firstEastern:
			zone = Eastern
		}
		byName[strings.ToLower(province)] = zone
	}
	return byName
}

// ZoneOfProvince returns the time zone of a province, however its name is capitalised. A name that is not in
// Provinces is answered with Asia/Jakarta.
func ZoneOfProvince(province string) string {
	if zone, known := zoneByProvince[strings.ToLower(strings.TrimSpace(province))]; known {
		return zone
	}
	return Western
}

var frozen atomic.Pointer[time.Time]

// Now returns the present instant in UTC, or the instant given to Freeze while the clock stands still.
func Now() time.Time {
	if t := frozen.Load(); t != nil {
		return *t
	}
	return time.Now().UTC()
}

// Freeze makes the clock stand still at t, for tests and rehearsals, and returns the function that restores what
// was in force before. Every goroutine sees the frozen clock, so tests that freeze must not run in parallel.
func Freeze(t time.Time) (restore func()) {
	stopped := t.UTC()
	before := frozen.Swap(&stopped)
	return func() { frozen.Store(before) }
}
