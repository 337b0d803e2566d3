package demo

import (
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"simpul/hooks/clock"

	"simpul/hooks/testkit/check"
)

func TestRecentContributionsWaitInDifferentStatesSinceTheDayTheyWereGiven(t *testing.T) {
	app := loadedApp(t)
	states := map[string]int{}
	recent, err := app.FindRecordsByFilter("contributions", "given_on >= '2026-01-01'", "", 0, 0)
	must(t, err)
	for _, c := range recent {
		state := c.GetString("review_status")
		states[state]++
		if local(t, c, "submitted_at", "Asia/Jakarta")[:10] != c.GetString("given_on") || local(t, c, "created", "Asia/Jakarta")[:10] != c.GetString("given_on") {
			t.Errorf("%s was submitted %s, given %s", c.GetString("item"), c.GetString("submitted_at"), c.GetString("given_on"))
		}
		if state != "verified" && c.GetFloat("verified_quantity")+c.GetFloat("received_quantity") != 0 {
			t.Errorf("%s is %s and has verified quantities", c.GetString("item"), state)
		}
		if state == "needs_revision" && c.GetString("review_note") == "" {
			t.Errorf("%s was sent back without a reason", c.GetString("item"))
		}
	}
	check.Same(t, "states", states, map[string]int{"submitted": 3, "verified": 1, "needs_revision": 1})
}

func TestPresentWorkIsLateDueSoonWaitingAndDone(t *testing.T) {
	app := loadedApp(t)
	tasks, err := app.FindAllRecords("tasks", dbx.HashExp{"programme": idOf("programmes", "kopi-rehat")})
	must(t, err)
	today := clock.Day(loadDay, "Asia/Jakarta")
	found := map[string]int{}
	for _, task := range tasks {
		days := clock.DaysBetween(today, task.GetString("due_on"))
		state := task.GetString("state")
		switch {
		case state == "done" || state == "waiting":
			found[state]++
		case days < 0:
			found["late"]++
		case days <= 3:
			found["soon"]++
		default:
			found["later"]++
		}
	}
	check.Same(t, "tasks", found, map[string]int{"late": 2, "soon": 2, "later": 2, "waiting": 1, "done": 1})
	past, coming := find(t, app, "meetings", "koordinasi-lalu"), find(t, app, "meetings", "koordinasi-nanti")
	if !past.GetDateTime("starts_at").Time().Before(loadDay) || !coming.GetDateTime("starts_at").Time().After(loadDay) {
		t.Errorf("meetings at %s and %s", past.GetString("starts_at"), coming.GetString("starts_at"))
	}
	if coming.GetString("agenda") == "" || coming.GetString("status") != "scheduled" {
		t.Error("the coming meeting has no agenda or is not scheduled")
	}
}

func TestCirculatedMinutesHoldDecisionsAndDatedActionLines(t *testing.T) {
	app := loadedApp(t)
	minutes := find(t, app, "minutes", "koordinasi-lalu")
	body := minutes.GetString("body")
	// Three days after Wednesday 18 November is a Saturday, so Monday it is.
	for _, want := range []string{"KEPUTUSAN: ", "- [ ] @Puskesmas Tambakaji: jadwal kunjungan rumah bersama (23/11/2026)"} {
		check.Contains(t, "body", body, want)
	}
	if strings.Contains(body, "{") || minutes.GetString("status") != "circulated" {
		t.Errorf("minutes are %s: %s", minutes.GetString("status"), body)
	}
	for _, line := range strings.Split(body, "\n") {
		_, said, isAction := strings.Cut(line, "- [ ] @")
		name, _, _ := strings.Cut(said, ":")
		if isAction && count(t, app, "organisations", dbx.HashExp{"name": name}) != 1 {
			t.Errorf("no organisation is called %q", name)
		}
	}
}

func TestLoadingOnAnyWeekdayKeepsThePlanInOrder(t *testing.T) {
	for i := range 7 {
		now := loadDay.AddDate(0, 0, i)
		l := loader{all: all(t), now: now}
		for _, e := range l.all["tasks"] {
			day, err := l.day(e.text("due_on"), "Asia/Jakarta")
			must(t, err)
			wantLate := strings.HasPrefix(e.text("due_on"), "-")
			if late := day < clock.Day(now, "Asia/Jakarta"); late != wantLate || !clock.IsWorkday(day) {
				t.Errorf("loaded on %s, %s is due %s", now.Weekday(), e.key(), day)
			}
		}
	}
}

func TestMadeUpFiguresSaySo(t *testing.T) {
	app := loadedApp(t)
	facts := dbx.NewExp("[[on]] < '2026-01-01'")
	check.Equal(t, "count", count(t, app, "indicator_values", facts, dbx.HashExp{"source": "Angka contoh"}), 0)
	check.Equal(t, "value", count(t, app, "indicator_values", dbx.Not(facts), dbx.NewExp("[[source]] != 'Angka contoh'")), 0)
	check.Equal(t, "the waiting list", count(t, app, "indicator_values", dbx.HashExp{"indicator": idOf("indicators", "kr-daftar-tunggu")}), 4)
}

func TestComingMeetingsHavePeopleToRemind(t *testing.T) {
	app := loadedApp(t)
	for _, key := range []string{"koordinasi-nanti", "rantang-nanti"} {
		invited, err := app.FindAllRecords("attendances", dbx.HashExp{"meeting": idOf("meetings", key)})
		must(t, err)
		if len(invited) < 3 {
			t.Errorf("%s has %d people invited", key, len(invited))
		}
		for _, a := range invited {
			contact, err := app.FindRecordById("contacts", a.GetString("contact"))
			must(t, err)
			if contact.GetString("email") == "" && contact.GetString("phone") == "" {
				t.Errorf("%s cannot be reached", contact.GetString("name"))
			}
		}
	}
}

func TestAttendancesJoinAMeetingAStakeholderAndAContactThatBelongTogether(t *testing.T) {
	app := loadedApp(t)
	attendances, err := app.FindAllRecords("attendances")
	must(t, err)
	for _, a := range attendances {
		meeting, err := app.FindRecordById("meetings", a.GetString("meeting"))
		must(t, err)
		stakeholder, err := app.FindRecordById("stakeholders", a.GetString("stakeholder"))
		must(t, err)
		check.Equal(t, a.GetString("name")+" attends a meeting of another programme", meeting.GetString("programme"), stakeholder.GetString("programme"))
		if a.GetString("contact") == "" {
			continue
		}
		contact, err := app.FindRecordById("contacts", a.GetString("contact"))
		must(t, err)
		check.Equal(t, a.GetString("name")+" attends for another organisation", contact.GetString("organisation"), stakeholder.GetString("organisation"))
	}
}
