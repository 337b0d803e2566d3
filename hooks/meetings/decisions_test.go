package meetings_test

import (
	"testing"

	"simpul/hooks/testkit/check"
)

func TestDecisionsAreKeptOnce(t *testing.T) {
	w := newWorld(t)
	for range 3 {
		w.save("KEPUTUSAN: posko buka setiap Senin\n\n- Decision: next meeting in January").Want(303)
	}
	check.Same(t, "decisions", w.decisions(), []string{"posko buka setiap Senin", "next meeting in January"})
}

func TestACorrectedDecisionReplacesTheOneOfTheDraft(t *testing.T) {
	w := newWorld(t)
	w.save("KEPUTUSAN: posko buka stiap Senin\n\nKEPUTUSAN: ditinjau")
	reviewed := w.Only("decisions", "text", "ditinjau")
	reviewed.Set("review_on", "2027-01-05")
	w.Must(w.App.Save(reviewed))
	w.save("KEPUTUSAN: posko buka setiap Senin")
	check.Same(t, "decisions", w.decisions(), []string{"ditinjau", "posko buka setiap Senin"})
}

func TestACirculatedDecisionStaysWhenItsLineGoes(t *testing.T) {
	w := newWorld(t)
	w.save("KEPUTUSAN: posko buka setiap Senin")
	w.As(w.Initiator).Post(w.minutesURL() + "/circulate").Want(303)
	w.save("Tidak ada keputusan.")
	check.Same(t, "decisions", w.decisions(), []string{"posko buka setiap Senin"})
}
