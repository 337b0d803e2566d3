package reminders

import (
	"testing"
	"time"

	"simpul/hooks/clock"
)

func TestNobodyIsWrittenToAtNightDuringPrayerOrOnADayOff(t *testing.T) {
	cal := Calendar{free: map[string]bool{"2026-12-25": true, "2026-12-14": true}, silent: map[string]bool{"2026-12-14": true}}
	for _, c := range []struct {
		at, zone              string
		mandatory, weekendOff bool
		opens, reason         string
	}{
		{"2026-12-10 05:59", clock.Western, false, false, "2026-12-10 06:00", "quiet"},
		{"2026-12-10 06:00", clock.Western, false, false, "2026-12-10 06:00", ""},
		{"2026-12-10 19:59", clock.Eastern, false, false, "2026-12-10 19:59", ""},
		{"2026-12-10 20:00", clock.Eastern, false, false, "2026-12-11 06:00", "quiet"},
		{"2026-12-10 23:00", clock.Central, true, false, "2026-12-10 23:00", ""},
		{"2026-12-11 11:29", clock.Central, false, false, "2026-12-11 11:29", ""},
		{"2026-12-11 11:30", clock.Central, false, false, "2026-12-11 13:00", "quiet"},
		{"2026-12-11 13:00", clock.Central, false, false, "2026-12-11 13:00", ""},
		{"2026-12-10 11:45", clock.Central, false, false, "2026-12-10 11:45", ""},
		{"2026-12-12 09:00", clock.Western, false, false, "2026-12-12 09:00", ""},
		{"2026-12-19 09:00", clock.Western, false, true, "2026-12-21 09:30", "weekend"},
		{"2026-12-19 09:00", clock.Western, true, true, "2026-12-19 09:00", ""},
		// The weekend leads into a day without any messages.
		{"2026-12-12 09:00", clock.Western, false, true, "2026-12-15 09:30", "holiday"},
		{"2026-12-14 10:00", clock.Central, true, false, "2026-12-15 09:30", "holiday"},
		{"2026-12-25 10:00", clock.Western, false, false, "2026-12-26 09:30", "holiday"},
		{"2026-12-25 10:00", clock.Western, true, false, "2026-12-25 10:00", ""},
		{"2026-12-31 22:00", clock.Eastern, false, false, "2027-01-01 06:00", "quiet"},
	} {
		w := SendWindow{Calendar: cal, Zone: c.zone, Hour: "09:30", Mandatory: c.mandatory, WeekendOff: c.weekendOff}
		opens, reason := w.Opening(instant(t, c.at, c.zone))
		if want := instant(t, c.opens, c.zone); !opens.Equal(want) || reason != c.reason {
			t.Errorf("%s in %s opens %s (%s), want %s (%s)", c.at, c.zone, opens.In(clock.Zone(c.zone)), reason, c.opens, c.reason)
		}
	}
}

func instant(t *testing.T, text, zone string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", text, clock.Zone(zone))
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestTheWeeklyMessageIsThatOfMonday(t *testing.T) {
	for day, want := range map[string]string{"2026-12-07": "2026-12-07", "2026-12-08": "2026-12-14", "2026-12-13": "2026-12-14", "2026-12-12": "2026-12-14"} {
		if got := Monday(day); got != want {
			t.Errorf("from %s on the next Monday is %s, want %s", day, got, want)
		}
	}
}

// A claim reads its own instant a little before the room is asked: an open hour must not look like one that lies ahead.
func TestAMessageThatMayLeaveNowWaitsForNothing(t *testing.T) {
	open, err := clock.At("2026-12-10", "09:00", clock.Western)
	if err != nil {
		t.Fatal(err)
	}
	if until, reason := (SendWindow{Zone: clock.Western}).NotBefore(open); !until.IsZero() || reason != "" {
		t.Errorf("it waits until %s because of %q", until, reason)
	}
	night := open.Add(-6 * time.Hour)
	if until, reason := (SendWindow{Zone: clock.Western}).NotBefore(night); !until.After(night) || reason == "" {
		t.Errorf("at night it waits until %s because of %q", until, reason)
	}
}
