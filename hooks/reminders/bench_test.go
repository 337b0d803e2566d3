package reminders_test

import (
	"testing"

	"simpul/hooks/testkit"
)

// BenchmarkPlan is what saving a task costs with its eleven letters: a new one,
// one that is moved a day, and one whose change concerns no letter.
func BenchmarkPlan(b *testing.B) {
	b.Run("new", func(b *testing.B) {
		w := testkit.New(b)
		for b.Loop() {
			task(w, "2026-12-10")
		}
	})
	b.Run("new without a due day", func(b *testing.B) {
		w := testkit.New(b)
		for b.Loop() {
			task(w, "")
		}
	})
	b.Run("moved", func(b *testing.B) {
		w := testkit.New(b)
		r := task(w, "2026-12-10")
		days := []string{"2026-12-11", "2026-12-10"}
		for i := 0; b.Loop(); i++ {
			move(w, r, "due_on", days[i%2])
		}
	})
	b.Run("renamed", func(b *testing.B) {
		w := testkit.New(b)
		r := task(w, "2026-12-10")
		titles := []string{"Satu", "Dua"}
		for i := 0; b.Loop(); i++ {
			move(w, r, "title", titles[i%2])
		}
	})
}
