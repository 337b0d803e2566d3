package clock

import "strings"

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
