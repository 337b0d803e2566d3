package reminders

import "simpul/hooks/lang"

// Totals says in a sentence what becomes of letters. A daily letter is no letter
// of its own here but what tells others, so that the sum holds for the letters
// of one programme too, which share daily letters with those of others.
func Totals(language string, letters []Simulated) string {
	counts, daily := map[string]int{}, map[string]bool{}
	for _, l := range letters {
		counts[l.Fate]++
		if l.Fate == FateTold {
			daily[l.Digest] = true
		}
	}
	n := func(count int) string { return lang.Number(language, float64(count)) }
	return lang.T(language, "reminders.simulated.total", "n", len(letters)-counts[FateDaily], "alone", n(counts[FateAlone]),
		"told", n(counts[FateTold]), "daily", n(len(daily)), "waits", n(counts[FateWaits]), "not", n(counts[FateNot]))
}
