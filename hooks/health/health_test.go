package health_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/store"
	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

func TestHealthIsForAdministratorsOnly(t *testing.T) {
	w := testkit.New(t)
	for person, want := range map[*core.Record]int{nil: http.StatusUnauthorized, w.Initiator: http.StatusForbidden,
		w.Partner: http.StatusForbidden, w.Administrator: http.StatusOK} {
		w.As(person).API(http.MethodGet, "/api/hub/health", nil).Want(want)
	}
}

func TestHealthTellsHowSendingStands(t *testing.T) {
	w := testkit.New(t)
	due := testkit.Monday.Add(-2 * time.Hour)
	w.Make("deliveries", "kind", "task_due", "key", "a", "state", "retry", "due_at", due)
	w.Make("deliveries", "kind", "task_due", "key", "b", "state", "failed", "due_at", due)
	check.NoError(t, store.Tick(w.App, testkit.Monday))
	var got struct {
		LastTick, OldestDue *time.Time
		States              map[string]int
		Held, Schema        string
		Channel             map[string]any
	}
	body := w.As(w.Administrator).API(http.MethodGet, "/api/hub/health", nil).Body
	check.NoError(t, json.Unmarshal([]byte(body), &got))
	if got.LastTick == nil || !got.LastTick.Equal(testkit.Monday) || got.OldestDue == nil || !got.OldestDue.Equal(due) {
		t.Errorf("times: %s", body)
	}
	if got.States["retry"] != 1 || got.States["failed"] != 1 || got.Held != "smtp_off" || got.Channel["reason"] != "" || len(got.Schema) < 8 {
		t.Errorf("figures: %s", body)
	}
}

func TestHealthOfAFreshHubHasNoTimes(t *testing.T) {
	w := testkit.New(t)
	var got map[string]any
	check.NoError(t, json.Unmarshal([]byte(w.As(w.Administrator).API(http.MethodGet, "/api/hub/health", nil).Body), &got))
	for _, name := range []string{"lastTick", "oldestDue"} {
		if value, there := got[name]; !there || value != nil {
			t.Errorf("%s is %v", name, value)
		}
	}
}
