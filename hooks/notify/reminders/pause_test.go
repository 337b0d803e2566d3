package reminders_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/testkit"
)

// The partner's day is 23 November 2026 from 00:00 to 24:00 in Jakarta, whatever the day is in UTC.
func TestAPauseThatHasEndedIsRefusedWhenItIsSet(t *testing.T) {
	w := testkit.New(t)
	t.Cleanup(clock.Freeze(time.Date(2026, 11, 22, 17, 30, 0, 0, time.UTC)))
	path, api := wishesLink(w, w.Partner.Id, ""), "/api/collections/users/records/"+w.Partner.Id
	got := w.As(nil).Post(path, "paused_until_on", "22/11/2026").Want(http.StatusUnprocessableEntity)
	if !strings.HasSuffix(got.Text("#paused_until_on-error"), lang.T("id", "reminders.problem_paused")) {
		t.Errorf("the field says %q", got.Text("#paused_until_on-error"))
	}
	refused := w.As(w.Partner).API(http.MethodPatch, api, map[string]any{"paused_until_on": "2026-11-22"}).Want(http.StatusBadRequest)
	if !strings.Contains(refused.Body, lang.T("en", "reminders.problem_paused")) {
		t.Errorf("the interface says %s", refused.Body)
	}
	for _, day := range []string{"2026-11-23", "2027-01-31"} {
		w.As(nil).Post(path, "paused_until_on", day).Want(http.StatusSeeOther)
		if kept := w.Fresh(w.Partner).GetString("paused_until_on"); kept != day {
			t.Errorf("kept is %q", kept)
		}
	}
}

func TestAPauseThatGrewOldStaysWhereItStands(t *testing.T) {
	w := testkit.New(t)
	w.Partner.Set("paused_until_on", "2026-11-30")
	if err := w.App.Save(w.Partner); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(clock.Freeze(time.Date(2026, 12, 7, 1, 0, 0, 0, time.UTC)))
	path := wishesLink(w, w.Partner.Id, "")
	w.As(nil).Post(path, "paused_until_on", "30/11/2026", "send_at", "09.30").Want(http.StatusSeeOther)
	if after := w.Fresh(w.Partner); after.GetString("send_at") != "09:30" || after.GetString("paused_until_on") != "2026-11-30" {
		t.Errorf("kept are %q and %q", after.GetString("send_at"), after.GetString("paused_until_on"))
	}
	w.As(nil).Post(path, "paused_until_on", "").Want(http.StatusSeeOther)
	if after := w.Fresh(w.Partner); after.GetString("paused_until_on") != "" {
		t.Errorf("the pause stays until %q", after.GetString("paused_until_on"))
	}
}
