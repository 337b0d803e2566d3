package clock_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"simpul/hooks/clock"
	"simpul/hooks/testkit/check"
)

func TestZone_Offsets_AllYear(t *testing.T) {
	hours := map[string]int{"Asia/Jakarta": 7, "Asia/Makassar": 8, "Asia/Jayapura": 9}
	short := map[string]string{"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
	if len(clock.Zones) != len(hours) {
		t.Fatalf("Zones = %v, want three", clock.Zones)
	}
	for _, zone := range clock.Zones {
		for month := time.January; month <= time.December; month++ {
			at := time.Date(2026, month, 15, 0, 0, 0, 0, clock.Zone(zone))
			name, offset := at.Zone()
			if offset != hours[zone]*3600 || name != short[zone] {
				t.Errorf("%s in %s is %s %+d s, want %s %+d h", zone, month, name, offset, short[zone], hours[zone])
			}
		}
		if got := clock.Abbreviation(zone); got != short[zone] {
			t.Errorf("Abbreviation(%q) = %q, want %q", zone, got, short[zone])
		}
	}
}

func TestZone_Unknown_Jakarta(t *testing.T) {
	for _, name := range []string{"", "WIB", "Europe/Amsterdam", "asia/jakarta", "Local", "../etc/passwd"} {
		if got := clock.Zone(name).String(); got != "Asia/Jakarta" {
			t.Errorf("Zone(%q) = %s, want Asia/Jakarta", name, got)
		}
		if got := clock.Abbreviation(name); got != "WIB" {
			t.Errorf("Abbreviation(%q) = %s, want WIB", name, got)
		}
	}
}

func TestProvinces_ThirtyEight_Distinct(t *testing.T) {
	check.Equal(t, "len", len(clock.Provinces), 38)
	sorted := slices.Sorted(slices.Values(clock.Provinces))
	check.That(t, len(slices.Compact(sorted)) == len(clock.Provinces), "a province is listed twice: %v", sorted)
}

// The zones follow Presidential Decree 41 of 1987; provinces founded later keep the zone of the one they left.
func TestZoneOfProvince_Each_Known(t *testing.T) {
	provinces := map[string][]string{
		"Asia/Jakarta": {
			"Aceh", "Sumatera Utara", "Sumatera Barat", "Riau", "Kepulauan Riau", "Jambi", "Bengkulu",
			"Sumatera Selatan", "Kepulauan Bangka Belitung", "Lampung", "Banten", "DKI Jakarta", "Jawa Barat",
			"Jawa Tengah", "DI Yogyakarta", "Jawa Timur", "Kalimantan Barat", "Kalimantan Tengah",
		},
		"Asia/Makassar": {
			"Bali", "Nusa Tenggara Barat", "Nusa Tenggara Timur", "Kalimantan Selatan", "Kalimantan Timur",
			"Kalimantan Utara", "Sulawesi Utara", "Gorontalo", "Sulawesi Tengah", "Sulawesi Barat",
			"Sulawesi Selatan", "Sulawesi Tenggara",
		},
		"Asia/Jayapura": {
			"Maluku", "Maluku Utara", "Papua Barat", "Papua Barat Daya", "Papua", "Papua Tengah",
			"Papua Pegunungan", "Papua Selatan",
		},
	}
	seen := 0
	for zone, names := range provinces {
		for _, province := range names {
			seen++
			check.That(t, slices.Contains(clock.Provinces, province), "%s is not offered", province)
			if got := clock.ZoneOfProvince(province); got != zone {
				t.Errorf("ZoneOfProvince(%q) = %s, want %s", province, got, zone)
			}
		}
	}
	check.Equal(t, "the table", seen, len(clock.Provinces))
}

func TestZoneOfProvince_Spelling_Ignored(t *testing.T) {
	cases := map[string]string{
		" bali ":              "Asia/Makassar",
		"NUSA TENGGARA TIMUR": "Asia/Makassar",
		"papua tengah":        "Asia/Jayapura",
		"":                    "Asia/Jakarta",
		"Atlantis":            "Asia/Jakarta",
	}
	for province, want := range cases {
		if got := clock.ZoneOfProvince(province); got != want {
			t.Errorf("ZoneOfProvince(%q) = %s, want %s", province, got, want)
		}
	}
}

func TestNow_NotFrozen_MachineTime(t *testing.T) {
	before := time.Now()
	now := clock.Now()
	after := time.Now()
	check.That(t, !now.Before(before.Round(0)) && !now.After(after), "Now() = %v, want between %v and %v", now, before, after)
	check.Equal(t, "Now()", now.Location(), time.UTC)
}

func TestFreeze_Nested_Restored(t *testing.T) {
	jakarta := clock.Zone(clock.Western)
	first := time.Date(2026, 12, 10, 9, 0, 0, 0, jakarta)
	second := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)

	restoreFirst := clock.Freeze(first)
	if now := clock.Now(); !now.Equal(first) || now.Location() != time.UTC {
		t.Errorf("frozen Now() = %v, want %v in UTC", now, first)
	}
	restoreSecond := clock.Freeze(second)
	if now := clock.Now(); !now.Equal(second) {
		t.Errorf("frozen again, Now() = %v, want %v", now, second)
	}
	restoreSecond()
	if now := clock.Now(); !now.Equal(first) {
		t.Errorf("after the inner restore Now() = %v, want %v", now, first)
	}
	restoreFirst()
	if now := clock.Now(); time.Since(now) > time.Minute {
		t.Errorf("after the outer restore Now() = %v, want the machine's time", now)
	}
}

func TestFreeze_Goroutines_SeeIt(t *testing.T) {
	stopped := time.Date(2026, 2, 28, 17, 0, 0, 0, time.UTC)
	defer clock.Freeze(stopped)()
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			if now := clock.Now(); !now.Equal(stopped) {
				t.Errorf("Now() = %v, want %v", now, stopped)
			}
		})
	}
	wait.Wait()
}
