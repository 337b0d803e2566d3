package meetings

import (
	"time"

	ical "github.com/arran4/golang-ical"

	"simpul/hooks/clock"
)

// timezone describes one of the country's zones for calendars that do not know it by name. None has had another hour
// since 1970, so one rule is all there is.
func timezone(name string) *ical.VTimezone {
	begin := time.Date(1970, 1, 1, 0, 0, 0, 0, clock.Zone(name))
	offset := begin.Format("-0700")
	zone := ical.NewTimezone(name)
	standard := zone.AddStandard()
	standard.SetProperty(ical.ComponentPropertyDtStart, "19700101T000000")
	standard.SetProperty(ical.ComponentProperty(ical.PropertyTzoffsetfrom), offset)
	standard.SetProperty(ical.ComponentProperty(ical.PropertyTzoffsetto), offset)
	standard.SetProperty(ical.ComponentProperty(ical.PropertyTzname), clock.Abbreviation(name))
	return zone
}
