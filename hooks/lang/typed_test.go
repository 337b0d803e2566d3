package lang_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"simpul/hooks/lang"

	"simpul/hooks/testkit/check"
)

func TestParseMoney_Typed_Parsed(t *testing.T) {
	cases := map[string]int64{
		"0":                   0,
		"1500":                1500,
		"1.500":               1500,
		"5000000":             5000000,
		"5.000.000":           5000000,
		"5,000,000":           5000000,
		"Rp5.000.000":         5000000,
		"Rp 5.000.000":        5000000,
		"rp. 5.000.000":       5000000,
		"IDR 5.000.000":       5000000,
		"Rp5.000.000,00":      5000000,
		"Rp5.000.000,-":       5000000,
		"5,000,000.00":        5000000,
		"5 juta":              5000000,
		"5juta":               5000000,
		"5 JT":                5000000,
		"1,5 juta":            1500000,
		"1.5 juta":            1500000,
		"2,125 juta":          2125000,
		"1.500 juta":          1500000000,
		"28,4 juta":           28400000,
		"500 ribu":            500000,
		"500rb":               500000,
		"1,2 miliar":          1200000000,
		"1,2 milyar":          1200000000,
		"2 M":                 2000000000,
		"1 triliun":           1000000000000,
		"1.5 million":         1500000,
		"0,5 juta":            500000,
		"007":                 7,
		" 1.000 ":             1000,
		"999.999.999.999.999": 999999999999999,
	}
	for typed, want := range cases {
		if got, err := lang.ParseMoney(typed); err != nil || got != want {
			t.Errorf("ParseMoney(%q) = %d, %v, want %d", typed, got, err, want)
		}
	}
}

func TestParseMoney_Invalid_Refused(t *testing.T) {
	typed := []string{
		"", " ", "Rp", "juta", "lima juta", "-5000", "5000-", "+5000", "1,5", "1,500", "1500,50", "1.5", "0.500",
		"1.50.000", "1.500.00", "1.500.25", "1,500,25", "1..500", "1.500.", ".500", ",5 juta", "1,2,3", "1.2.3",
		"5 jutaan", "5 juta juta", "5 juta 200 ribu", "1 500", "0x10", "1e6", "½", "５０００", "$5000", "5000 USD",
		"1,2345678 juta", "1.000.000.000.000.000", "9999999999999999999999", "5\x00000", "NaN", "Inf",
	}
	for _, text := range typed {
		if got, err := lang.ParseMoney(text); !errors.Is(err, lang.ErrNotMoney) || got != 0 {
			t.Errorf("ParseMoney(%q) = %d, %v, want ErrNotMoney", text, got, err)
		}
	}
}

func TestParseQuantity_Typed_Parsed(t *testing.T) {
	cases := map[string]float64{
		"20": 20, "0": 0, "2,5": 2.5, "2.5": 2.5, "0,25": 0.25, "0.500": 0.5, "1.500": 1500, "5.317": 5317,
		"1.500,25": 1500.25, "1,500.25": 1500.25, "1,500,000": 1500000, "12.345.678": 12345678, "2 ribu": 2000,
		"1,5 juta": 1500000, " 7 ": 7, "2,500": 2.5, "10,0": 10,
	}
	for typed, want := range cases {
		if got, err := lang.ParseQuantity(typed); err != nil || got != want {
			t.Errorf("ParseQuantity(%q) = %v, %v, want %v", typed, got, err, want)
		}
	}
}

func TestParseQuantity_Invalid_Refused(t *testing.T) {
	typed := []string{
		"", "dua", "20 paket", "-3", "1.500.25", "1,2,3", "1.", ".5", ",5", "1..5", "1,,5", "NaN", "Infinity", "1e9",
		"0x1p4", "1/2", "20%", "1234567890123456", "0,1234567890123456",
	}
	for _, text := range typed {
		if got, err := lang.ParseQuantity(text); !errors.Is(err, lang.ErrNotANumber) || got != 0 {
			t.Errorf("ParseQuantity(%q) = %v, %v, want ErrNotANumber", text, got, err)
		}
	}
}

// Whoever edits a record gets the stored value written into the field, and must be able to save it unchanged.
func TestAmounts_Written_ParsedBack(t *testing.T) {
	for _, rupiah := range []int64{0, 1, 999, 1000, 1500, 999999, 1000000, 28400000, 312400000, 999999999999999} {
		check.Equal(t, lang.Money("id", rupiah)+" is read", check.Must(lang.ParseMoney(lang.Money("id", rupiah))), rupiah)
	}
	for _, value := range []float64{0, 1, 2.5, 0.25, 1500, 1500.75, 5317, 123456.5} {
		check.Equal(t, lang.Number("id", value)+" is read", check.Must(lang.ParseQuantity(lang.Number("id", value))), value)
	}
}

func FuzzParseMoney(f *testing.F) {
	for _, seed := range []string{"Rp 1.500.000", "1,5 juta", "1.500", "5.000.000,-", "0,5 m", "1,500", "-1", "9e9", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		rupiah, err := lang.ParseMoney(typed)
		if err != nil {
			check.That(t, rupiah == 0, "ParseMoney(%q) gives %d beside an error", typed, rupiah)
			return
		}
		check.That(t, rupiah >= 0 && len(strconv.FormatInt(rupiah, 10)) <= 15, "ParseMoney(%q) = %d", typed, rupiah)
		if again, err := lang.ParseMoney(lang.Money("id", rupiah)); err != nil || again != rupiah {
			t.Errorf("ParseMoney(%q) = %d, but written out it is read as %d, %v", typed, rupiah, again, err)
		}
	})
}

func FuzzParseQuantity(f *testing.F) {
	for _, seed := range []string{"20", "2,5", "1.500", "1.500,25", "2 ribu", "1.", ",5", "1,2,3", "NaN", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		value, err := lang.ParseQuantity(typed)
		if err != nil {
			check.That(t, value == 0, "ParseQuantity(%q) gives %v beside an error", typed, value)
			return
		}
		check.That(t, (value >= 0 && value < 1e15), "ParseQuantity(%q) = %v", typed, value)
		written := strings.ReplaceAll(strconv.FormatFloat(value, 'f', -1, 64), ".", ",")
		if again, err := lang.ParseQuantity(written); err != nil || again != value {
			t.Errorf("ParseQuantity(%q) = %v, but %q is read as %v, %v", typed, value, written, again, err)
		}
	})
}
