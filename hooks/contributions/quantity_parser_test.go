package contributions

import (
	"testing"
)

func TestParseQuantity_WholeLine_Parsed(t *testing.T) {
	cases := []struct {
		kind, typed string
		quantity    float64
		unit, item  string
	}{
		{"goods", "20 paket sembako", 20, "package", "sembako"},
		{"goods", "  20  PAKET  sembako ", 20, "package", "sembako"},
		{"goods", "20 packages of staple food", 20, "package", "of staple food"},
		{"goods", "2,5 kg beras", 2.5, "kg", "beras"},
		{"goods", "20kg beras", 20, "kg", "beras"},
		{"goods", "1.500 buku tulis", 1500, "", "buku tulis"},
		{"goods", "2 ribu masker", 2000, "", "masker"},
		{"goods", "5 m kabel", 5, "", "m kabel"},
		{"goods", "5 buah kursi roda", 5, "unit", "kursi roda"},
		{"goods", "20 paket", 20, "package", ""},
		{"goods", "5 dus air", 5, "unit", "dus air"},
		{"goods", "3 Karung beras", 3, "unit", "Karung beras"},
		{"service", "5 dus air", 5, "", "dus air"},
		{"goods", "0 paket sembako", 0, "package", "sembako"},
		{"hours", "3 jam pendampingan", 3, "person_hour", "pendampingan"},
		{"hours", "3 orang-jam pendampingan", 3, "person_hour", "pendampingan"},
		{"labour", "4 hari kerja bakti", 4, "person_day", "kerja bakti"},
		{"venue", "2 hari aula", 2, "day", "aula"},
		{"equipment_loan", "2 hari ambulans", 2, "unit_day", "ambulans"},
		{"service", "40 orang dilayani pemeriksaan", 40, "person_served", "pemeriksaan"},
		{"service", "40 orang cukur gratis", 40, "person_served", "cukur gratis"},
		{"training", "30 peserta barista", 30, "participant", "barista"},
		{"goods", "3 sesi konseling", 3, "", "sesi konseling"},
		{kindMoney, "Rp 1.500.000 uang transport", 1500000, unitRupiah, "uang transport"},
		{kindMoney, "Rp500.000 donasi", 500000, unitRupiah, "donasi"},
		{kindMoney, "1,5 juta donasi", 1500000, unitRupiah, "donasi"},
		{kindMoney, "1.500", 1500, unitRupiah, ""},
	}
	for _, c := range cases {
		got := parseQuantity(c.kind, c.typed)
		want := parsedQuantity{quantity: c.quantity, unit: c.unit, item: c.item, found: true}
		if got != want {
			t.Errorf("%s %q: got %+v, want %+v", c.kind, c.typed, got, want)
		}
	}
}

func TestParseQuantity_NoQuantity_NotFound(t *testing.T) {
	for kind, lines := range map[string][]string{
		"goods":   {"sembako", "", "20", "paket 20", "-3 paket sembako", "seratus paket", "2.000.000.000.000.000.000 paket sembako"},
		kindMoney: {"", "donasi", "0", "-5000 donasi", "1,234 rupiah donasi lagi"},
	} {
		for _, line := range lines {
			if got := parseQuantity(kind, line); got.found {
				t.Errorf("%s %q was read as %+v", kind, line, got)
			}
		}
	}
}

func TestFindUnit_EveryLabel_Found(t *testing.T) {
	for kind, list := range units {
		for _, unit := range list {
			for _, language := range []string{"id", "en"} {
				if kind == kindMoney || unit == "other" {
					continue
				}
				if got := findUnit(kind, unitLabel(language, unit, 2)); got != unit {
					t.Errorf("%s: %q means %q, want %q", kind, unitLabel(language, unit, 2), got, unit)
				}
			}
		}
	}
}
