package lang_test

import (
	"math"
	"testing"

	"simpul/hooks/lang"
)

func TestMoneyIsWrittenWithoutASpace(t *testing.T) {
	cases := []struct {
		rupiah int64
		id, en string
	}{
		{0, "Rp0", "Rp0"},
		{7, "Rp7", "Rp7"},
		{999, "Rp999", "Rp999"},
		{1000, "Rp1.000", "Rp1,000"},
		{5000000, "Rp5.000.000", "Rp5,000,000"},
		{123456789, "Rp123.456.789", "Rp123,456,789"},
		{-1500000, "-Rp1.500.000", "-Rp1,500,000"},
		{-999, "-Rp999", "-Rp999"},
		{math.MaxInt64, "Rp9.223.372.036.854.775.807", "Rp9,223,372,036,854,775,807"},
		{math.MinInt64, "-Rp9.223.372.036.854.775.808", "-Rp9,223,372,036,854,775,808"},
	}
	for _, c := range cases {
		if got := lang.Money("id", c.rupiah); got != c.id {
			t.Errorf("Money(id, %d) = %q, want %q", c.rupiah, got, c.id)
		}
		if got := lang.Money("en", c.rupiah); got != c.en {
			t.Errorf("Money(en, %d) = %q, want %q", c.rupiah, got, c.en)
		}
	}
}

func TestNumberUsesTheMarksOfTheLanguage(t *testing.T) {
	cases := []struct {
		value  float64
		id, en string
	}{
		{0, "0", "0"},
		{20, "20", "20"},
		{5317, "5.317", "5,317"},
		{312400000, "312.400.000", "312,400,000"},
		{2.5, "2,5", "2.5"},
		{0.25, "0,25", "0.25"},
		{33.33333, "33,33", "33.33"},
		{99.999, "100", "100"},
		{1234.5, "1.234,5", "1,234.5"},
		{-1234.5, "-1.234,5", "-1,234.5"},
		{-0.001, "0", "0"},
		{-0.5, "-0,5", "-0.5"},
		{-100, "-100", "-100"},
		{math.NaN(), "–", "–"},
		{math.Inf(1), "–", "–"},
		{math.Inf(-1), "–", "–"},
	}
	for _, c := range cases {
		if got := lang.Number("id", c.value); got != c.id {
			t.Errorf("Number(id, %v) = %q, want %q", c.value, got, c.id)
		}
		if got := lang.Number("en", c.value); got != c.en {
			t.Errorf("Number(en, %v) = %q, want %q", c.value, got, c.en)
		}
	}
}
