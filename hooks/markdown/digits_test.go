package markdown_test

import (
	"testing"

	"simpul/hooks/markdown"
)

func TestSixteenDigitsFindsPersonalNumbers(t *testing.T) {
	personal := []string{
		"3374011205800001", "NIK 3374011205800001.", "NIK:3374011205800001", "a3374011205800001b",
		"(3374011205800001)", "KK no. 3374011205800001, RT 02\n", "baris\n3374011205800001\nbaris",
		"3374 0112 0580 0001", "3374-0112-0580-0001", "3374.0112.0580.0001", "33.74.01.120580.0001",
		"33 74 01 120580 0001", "337401.120580.0001", "337401-120580-0001", "1 3374011205800001",
		"3374011205800001/3374011205800002",
	}
	for _, s := range personal {
		if !markdown.SixteenDigits(s) {
			t.Errorf("SixteenDigits(%q) is false", s)
		}
	}
}

func TestSixteenDigitsLeavesOtherNumbersAlone(t *testing.T) {
	other := []string{
		"", "337401120580000", "33740112058000012", "198005122005011003", // one short, one long, an official's NIP
		"19800512 200501 1 003", "Rp5.000.000.000.000", "0812-3456-7890", "+62 812 3456 7890 0813 3456 7890",
		"10/12/2026 09.00–11.30", "005/1234/III/2024", "2026-12-10 2026-12-11", "3374 0112 0580",
		"1.500.000 2.500.000 20", "https://berita.example/2026/12/10/kopi-rehat",
	}
	for _, s := range other {
		if markdown.SixteenDigits(s) {
			t.Errorf("SixteenDigits(%q) is true", s)
		}
	}
}
