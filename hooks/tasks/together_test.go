package tasks_test

import (
	"net/http"
	"strconv"
	"sync"
	"testing"

	"simpul/hooks/testkit/check"
)

func TestEightPeopleWritingAtOnceAllSucceed(t *testing.T) {
	w := newWorld(t)
	before := w.Count("tasks")
	const writers, each = 8, 5
	var wait sync.WaitGroup
	answers := make(chan int, writers*each)
	for writer := range writers {
		client := w.As(w.Coordinator)
		wait.Go(func() {
			for n := range each {
				once := "penulis-" + strconv.Itoa(writer) + "-" + strconv.Itoa(n)
				answers <- client.Post(newTasks, complete(w, "once", once, "title", "Tugas "+once)...).Status
			}
		})
	}
	wait.Wait()
	close(answers)
	for status := range answers {
		check.Equal(t, "one of them", status, http.StatusSeeOther)
	}
	check.Equal(t, "value", w.Count("tasks")-before, writers*each)
	w.As(w.Coordinator).Get(newTasks + "?state=all&page=2").Want(http.StatusOK)
}

func TestEightTicksAtOnceAreOne(t *testing.T) {
	w := newWorld(t)
	var wait sync.WaitGroup
	answers := make(chan int, 8)
	for range 8 {
		client := w.As(w.Partner)
		wait.Go(func() { answers <- client.Post(w.url()+"/state", "state", "done").Status })
	}
	wait.Wait()
	close(answers)
	for status := range answers {
		check.Equal(t, "one of them", status, http.StatusSeeOther)
	}
	if task := w.Fresh(w.task); task.GetString("state") != "done" || task.GetString("done_by") != w.Partner.Id {
		t.Errorf("it is %s, by %s", task.GetString("state"), task.GetString("done_by"))
	}
}
