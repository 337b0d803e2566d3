package reminders_test

import (
	"syscall"
	"testing"

	"simpul/hooks/testkit"
)

// cpu runs a benchmark and reports what it costs the processors, which a busy
// machine distorts less than the clock.
func cpu(b *testing.B, run func(i int)) {
	b.Helper()
	begin := spent(b)
	i := 0
	for ; b.Loop(); i++ {
		run(i)
	}
	b.ReportMetric((spent(b)-begin)*1000/float64(i), "cpu-ms/op")
}

// spent is the processor time of this process, in seconds.
func spent(b *testing.B) float64 {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return float64(used.Utime.Nano()+used.Stime.Nano()) / 1e9
}

// BenchmarkPlan is what saving a task costs with its eleven messages: a new one,
// one that is moved a day, and one whose change concerns no message.
func BenchmarkPlan(b *testing.B) {
	days, titles := []string{"2026-12-11", "2026-12-10"}, []string{"Satu", "Dua"}
	b.Run("new", func(b *testing.B) {
		w := testkit.New(b)
		cpu(b, func(int) { task(w, "2026-12-10") })
	})
	b.Run("new without a due day", func(b *testing.B) {
		w := testkit.New(b)
		cpu(b, func(int) { task(w, "") })
	})
	b.Run("moved", func(b *testing.B) {
		w := testkit.New(b)
		r := task(w, "2026-12-10")
		cpu(b, func(i int) { move(w, r, "due_on", days[i%2]) })
	})
	b.Run("renamed", func(b *testing.B) {
		w := testkit.New(b)
		r := task(w, "2026-12-10")
		cpu(b, func(i int) { move(w, r, "title", titles[i%2]) })
	})
}
