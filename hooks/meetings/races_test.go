package meetings_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit/check"
)

const writers = 8

// atOnce runs a function for each of eight writers at the same time and counts
// what they answer.
func atOnce(answer func(writer int) int) map[int]int {
	var all sync.WaitGroup
	var guard sync.Mutex
	answers := map[int]int{}
	start := make(chan struct{})
	for i := range writers {
		all.Go(func() {
			<-start
			got := answer(i)
			guard.Lock()
			defer guard.Unlock()
			answers[got]++
		})
	}
	close(start)
	all.Wait()
	return answers
}

func TestOfEightWhoSaveAtOnceOneWinsAndSevenKeepTheirText(t *testing.T) {
	w := newWorld(t)
	for round := range 3 {
		revision := w.revision()
		answers := atOnce(func(writer int) int {
			body := fmt.Sprintf("Teks %d dari %d\n\n%s", round, writer, line)
			page := w.As(w.Initiator).Post(w.minutesURL(), "body", body, "revision", revision)
			if page.Status == 409 && !strings.Contains(page.Body, fmt.Sprintf("Teks %d dari %d", round, writer)) {
				t.Errorf("writer %d has lost the text", writer)
			}
			return page.Status
		})
		if answers[303] != 1 || answers[409] != writers-1 {
			t.Errorf("round %d: %v", round, answers)
		}
	}
	w.onlyTask()
	check.Equal(t, "rows of minutes_revisions", w.Count("minutes_revisions"), 3)
}

func TestEightSavesOverTheAPILeaveOneTaskAndAWholeHistory(t *testing.T) {
	w := newWorld(t)
	minutes := w.write("Dasar")
	answers := atOnce(func(writer int) int {
		return w.As(w.Coordinator).API("PATCH", "/api/collections/minutes/records/"+minutes.Id,
			map[string]any{"body": fmt.Sprintf("Dari %d\n\n%s", writer, line)}).Status
	})
	if answers[200] == 0 || answers[200]+answers[400] != writers {
		t.Errorf("answers %v", answers)
	}
	w.onlyTask()
	now := w.Fresh(minutes)
	if got, want := now.GetInt("revision"), 1+answers[200]; got != want {
		t.Errorf("revision %d after %d accepted saves", got, answers[200])
	}
	last := w.Only("minutes_revisions", "revision", now.GetInt("revision"))
	if last.GetString("body") != now.GetString("body") || w.Count("minutes_revisions") != int64(now.GetInt("revision")) {
		t.Errorf("%d revisions; the last says %q, the minutes %q", w.Count("minutes_revisions"), last.GetString("body"), now.GetString("body"))
	}
}

func TestEightWhoFinaliseAtOnceFinaliseOnce(t *testing.T) {
	w := newWorld(t)
	minutes := w.write("Isi")
	people := []*core.Record{w.Initiator, w.Administrator}
	atOnce(func(writer int) int {
		return w.As(people[writer%2]).API("POST", "/api/hub/minutes/"+minutes.Id+"/finalise", nil).Status
	})
	trail, err := w.App.FindRecordsByFilter("activity", "record = '"+minutes.Id+"' && action = 'update' && changes ~ 'final'", "", 0, 0)
	w.Must(err)
	if got := w.Fresh(minutes); got.GetString("status") != "final" || len(trail) != 1 {
		t.Errorf("they are %s, made so %d times", got.GetString("status"), len(trail))
	}
}

func TestEightFormsWithOneKeyAreOneMeetingAndOneGuest(t *testing.T) {
	w := newWorld(t)
	answers := atOnce(func(int) int {
		return w.As(w.Initiator).Post("/programmes/kopi/meetings", typed("title", "Sekali", "once", "kunci-8")...).Status
	})
	if answers[303] != writers {
		t.Errorf("answers %v", answers)
	}
	w.Only("meetings", "title", "Sekali")
	answers = atOnce(func(int) int {
		return w.As(w.Initiator).Post(w.url()+"/guests", "name", "Pak Lurah", "state", "invited", "once", "kunci-9").Status
	})
	if answers[303] != writers {
		t.Errorf("answers %v", answers)
	}
	w.Only("attendances", "name", "Pak Lurah")
}
