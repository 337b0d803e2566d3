package meetings_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit/check"
)

// sealed makes the meeting's minutes final in the initiator's name.
func (w *world) sealed(body string) *core.Record {
	w.Helper()
	w.save(body).Want(303)
	w.As(w.Initiator).Post(w.minutesURL() + "/finalise").Want(303)
	return w.Only("minutes", "meeting", w.meeting.Id)
}

func TestFinalMinutesStayAsTheyAreForEverybody(t *testing.T) {
	w := newWorld(t)
	minutes := w.sealed("Isi yang sah")
	before := w.rows()
	url := "/api/collections/minutes/records/" + minutes.Id
	for _, change := range []map[string]any{
		{"body": "Lain"}, {"status": "draft"}, {"status": "circulated"}, {"finalised_at": ""}, {"finalised_by": ""}, {"body": line},
	} {
		w.As(w.Initiator).API("PATCH", url, change).Want(404)
		has(t, w.As(w.Administrator).API("PATCH", url, change).Want(400).Body, "sudah disahkan")
	}
	w.As(w.Administrator).API("DELETE", url, nil).Want(400)
	w.As(w.Initiator).API("DELETE", url, nil).Want(403)
	w.save("Lain").Want(409)
	now := w.Fresh(minutes)
	now.Set("body", "Lain")
	if err := w.App.Save(now); err == nil {
		t.Error("the hub itself changed final minutes")
	}
	w.unchanged(before)
	if got := w.Fresh(minutes); got.GetString("body") != "Isi yang sah" || got.GetString("status") != "final" {
		t.Errorf("they are %s: %s", got.GetString("status"), got.GetString("body"))
	}
}

func TestFinalMinutesSayWhoAndWhen(t *testing.T) {
	w := newWorld(t)
	minutes := w.sealed("Isi")
	if minutes.GetString("finalised_by") != w.Initiator.Id || minutes.GetDateTime("finalised_at").IsZero() {
		t.Errorf("final by %q at %q", minutes.GetString("finalised_by"), minutes.GetString("finalised_at"))
	}
	page := w.As(w.Partner).Get(w.minutesURL()).Want(200)
	check.Equal(t, "badge", page.Text(".page-head .badge"), "Disahkan")
	lacks(t, page.Body, "/minutes/edit", "/minutes/finalise", "/minutes/circulate")
	lacks(t, w.As(w.Initiator).Get(w.minutesURL()).Body, "/minutes/edit", "/minutes/finalise")
	check.Equal(t, "editing", w.As(w.Initiator).Get(w.minutesURL()+"/edit").Want(303).Header.Get("Location"), w.minutesURL())
}

func TestFinalMinutesOutliveTheirAuthorAndDieWithTheirMeeting(t *testing.T) {
	w := newWorld(t)
	w.As(w.Initiator)
	another := w.Make("users", "email", "second@example.org", "password", "kata-sandi-kedua", "name", "Kedua")
	w.Make("memberships", "programme", w.Kopi.Id, "user", another.Id, "role", "initiator")
	w.save("Isi")
	w.As(another).Post(w.minutesURL() + "/finalise").Want(303)
	w.Must(w.App.Delete(another))
	minutes := w.Only("minutes", "meeting", w.meeting.Id)
	if minutes.GetString("status") != "final" || minutes.GetString("finalised_by") != "" {
		t.Errorf("they are %s by %q", minutes.GetString("status"), minutes.GetString("finalised_by"))
	}
	w.Must(w.App.Delete(w.Fresh(w.meeting)))
	check.Equal(t, "rows of minutes_revisions", w.Count("minutes")+w.Count("minutes_revisions"), 0)
}

func TestWhoMayCirculateAndFinalise(t *testing.T) {
	w := newWorld(t)
	people := map[string]*core.Record{
		"initiator": w.Initiator, "coordinator": w.Coordinator, "observer": w.Observer, "partner": w.Partner,
		"initiator elsewhere": w.BaliInitiator, "outsider": w.Outsider, "disabled": w.Disabled, "administrator": w.Administrator,
	}
	may := map[string][2]bool{"initiator": {true, true}, "coordinator": {true, false}, "administrator": {true, true}}
	for who, person := range people {
		for i, step := range []string{"circulate", "finalise"} {
			meeting := w.plan()
			minutes := w.Make("minutes", "meeting", meeting.Id, "body", "Isi")
			answer := w.As(person).API("POST", "/api/hub/minutes/"+minutes.Id+"/"+step, nil)
			if got := answer.Status == 200; got != may[who][i] || !got && answer.Status != 404 && answer.Status != 401 {
				t.Errorf("%s %s over the API: %d", who, step, answer.Status)
			}
			meeting = w.plan()
			w.Make("minutes", "meeting", meeting.Id, "body", "Isi")
			if got := w.As(person).Post("/meetings/" + meeting.Id + "/minutes/" + step).Status; (got == 303) != may[who][i] && who != "disabled" {
				t.Errorf("%s %s on the page: %d", who, step, got)
			}
		}
	}
	guest := w.As(nil)
	minutes := w.write("Isi")
	guest.API("POST", "/api/hub/minutes/"+minutes.Id+"/circulate", nil).Want(401)
	guest.Post(w.minutesURL() + "/circulate").Want(401)
	check.Equal(t, "the minutes", w.Fresh(minutes).GetString("status"), "draft")
}

func TestAStepThatWasTakenIsNoMistakeOnThePageAndNoneOverTheAPI(t *testing.T) {
	w := newWorld(t)
	minutes := w.write("Isi")
	for range 2 {
		w.As(w.Initiator).Post(w.minutesURL() + "/circulate").Want(303)
	}
	w.As(w.Initiator).API("POST", "/api/hub/minutes/"+minutes.Id+"/circulate", nil).Want(404)
	for range 2 {
		w.As(w.Initiator).Post(w.minutesURL() + "/finalise").Want(303)
	}
	answer := w.As(w.Administrator).API("POST", "/api/hub/minutes/"+minutes.Id+"/finalise", nil)
	if answer.Status == 200 && w.Fresh(minutes).GetString("finalised_by") != w.Initiator.Id {
		t.Error("an administrator made final minutes final again")
	}
	w.As(w.Initiator).Post(w.minutesURL() + "/circulate").Want(404)
	w.As(w.Initiator).API("POST", "/api/hub/minutes/nosuchminutes00/finalise", nil).Want(404)
}

func TestTheAPIAnswersAStepWithTheRecord(t *testing.T) {
	w := newWorld(t)
	minutes := w.write("Isi")
	made := w.As(w.Initiator).API("POST", "/api/hub/minutes/"+minutes.Id+"/finalise", nil).Want(200).JSON()
	if made["status"] != "final" || made["finalised_by"] != w.Initiator.Id || made["id"] != minutes.Id {
		t.Errorf("the answer is %v", made)
	}
	if _, shown := made["body_html"]; shown {
		t.Error("the answer shows a hidden field")
	}
}

func TestAStepTakesTheTextThatWasSavedMeanwhileAlong(t *testing.T) {
	w := newWorld(t)
	w.save("Satu")
	w.save("Dua")
	w.As(w.Initiator).Post(w.minutesURL() + "/finalise").Want(303)
	check.Equal(t, "the final text", w.Only("minutes", "meeting", w.meeting.Id).GetString("body"), "Dua")
}
