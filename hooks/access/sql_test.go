package access_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"
)

// telling are words by which the database or its driver would be known.
var telling = regexp.MustCompile(`SQL|SELECT |INSERT INTO|UPDATE .* SET|no such (column|table)|constraint failed|syntax error|goroutine|panic:|\.go:[0-9]|database is`)

// TestNoAnswerShowsTheDatabase asks in ways that make the database complain.
func TestNoAnswerShowsTheDatabase(t *testing.T) {
	w := testkit.New(t)
	r := task(w)
	long := strings.Repeat("x", 5000)
	bad := []string{"'", `"`, "') OR 1=1 --", "\x00", "%00", "{{", "`", long, "🌧", "..", "NULL"}
	answers := 0
	see := func(what string, answer *testkit.Response) {
		answers++
		if answer.Status >= http.StatusInternalServerError {
			t.Errorf("%.80s: status %d", what, answer.Status)
		}
		if found := telling.FindString(answer.Body); found != "" {
			t.Errorf("%.80s: the answer says %q: %.200s", what, found, answer.Body)
		}
	}
	for _, person := range []*core.Record{w.Partner, w.Initiator} {
		c := w.As(person)
		for _, b := range bad {
			q := url.QueryEscape(b)
			for _, part := range []string{"filter=", "sort=", "expand=", "fields=", "page=", "perPage=", "filter=title~"} {
				see(part+b, c.API(http.MethodGet, records("tasks")+"?"+part+q, nil))
			}
			see("record "+b, c.API(http.MethodGet, records("tasks")+"/"+url.PathEscape(b), nil))
			see("page "+b, c.Get("/tasks/"+url.PathEscape(b)))
			see("slug "+b, c.Get("/programmes/"+url.PathEscape(b)+"/tasks"))
			see("list "+b, c.Get("/programmes/kopi/tasks?state="+q+"&organisation="+q+"&page="+q))
			for _, field := range []string{"programme", "organisation", "state", "due_on", "position", "id"} {
				body := fields{"programme": w.Kopi.Id, "title": "Satu", "organisation": w.Puskesmas.Id, "accountable": w.Initiator.Id}
				body[field] = b
				see("new "+field+b, c.API(http.MethodPost, records("tasks"), body))
				see("change "+field+b, c.API(http.MethodPatch, records("tasks")+"/"+r.Id, fields{field: b}))
			}
		}
	}
	if answers < 400 {
		t.Errorf("only %d answers seen", answers)
	}
}

func TestATakenKeyIsToldAtTheFieldAndNotByTheDatabase(t *testing.T) {
	w := testkit.New(t)
	for name, of := range map[string]struct {
		collection string
		body       fields
		field      string
	}{
		"slug":    {"programmes", fields{"name": "Kopi dua", "slug": "kopi", "owner": w.Agency.Id, "province": "Jawa Tengah", "time_zone": "Asia/Jakarta", "kind": "service", "status": "draft"}, "slug"},
		"address": {"users", fields{"email": "partner@example.org", "password": testkit.Password, "passwordConfirm": testkit.Password, "name": "Kembar"}, "email"},
	} {
		answer := w.As(w.Administrator).API(http.MethodPost, records(of.collection), of.body).Want(http.StatusBadRequest)
		data, _ := answer.JSON()["data"].(map[string]any)
		if data[of.field] == nil || telling.MatchString(answer.Body) {
			t.Errorf("%s: %s", name, answer.Body)
		}
	}
}
