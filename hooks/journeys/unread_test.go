package journeys_test

import (
	"strings"
	"testing"

	"simpul/hooks/testkit/check"
)

// rowsOfButtons counts, for each reminder on the page, the rows in which its buttons stand.
const rowsOfButtons = `() => [...document.querySelectorAll('main .rows .actions')]
	.map((all) => new Set([...all.querySelectorAll('button')].map((one) => Math.round(one.getBoundingClientRect().top))).size)`

func TestAReminderTakesLittleRoomOnASmallPhone(t *testing.T) {
	for _, language := range languages {
		w := newTown(t)
		task := w.Make("tasks", "programme", w.Kopi.Id, "title", "Jadwalkan kunjungan", "organisation", w.Puskesmas.Id,
			"accountable", w.Initiator.Id, "due_on", "2026-12-10", "state", "todo")
		w.Make("deliveries", "kind", "task_due", "user", w.Partner.Id, "email", "partner@example.org", "key", "a", "programme", w.Kopi.Id, "language", "id",
			"subject_collection", "tasks", "subject_id", task.Id, "due_at", "2026-11-23 01:00:00.000Z", "state", "sent", "url", "/tasks/"+task.Id)
		person := w.Fresh(w.Partner)
		person.Set("language", language)
		check.NoError(t, w.App.Save(person))
		v := w.come(person)
		v.cookie("language", language)
		v.open("/deliveries")
		check.Same(t, language+": the buttons stand", eval[[]int](v, rowsOfButtons), []int{1})
		says := eval[string](v, `() => document.querySelector('main .rows .cluster').innerText`)
		if want := map[string]string{"id": "Belum dibaca", "en": "Unread"}[language]; !strings.HasPrefix(says, want) || !strings.Contains(says, "KOPI REHAT") {
			t.Errorf("%s: under the title stands %q", language, says)
		}
		v.clean("deliveries")
	}
}
