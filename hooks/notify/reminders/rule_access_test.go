package reminders_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"
)

func TestWhoReadsAndWhoChangesRules(t *testing.T) {
	w := testkit.New(t)
	w.As(w.Initiator).Post(rulesPage, typed()...).Want(http.StatusSeeOther)
	own := ownRule(w)
	hub, err := w.App.FindFirstRecordByFilter("reminder_rules", "kind = 'meeting_soon'")
	if err != nil {
		t.Fatal(err)
	}
	foreign := w.Make("reminder_rules", "programme", w.Rantang.Id, "name", "Lain", "kind", "task_due", "offset_days", -1, "audience", []string{"assignee"}, "active", true)
	for _, v := range []struct {
		name         string
		person       *core.Record
		read, change int
	}{
		{"guest", nil, http.StatusSeeOther, http.StatusUnauthorized},
		{"outsider", w.Outsider, http.StatusNotFound, http.StatusNotFound},
		{"partner", w.Partner, http.StatusNotFound, http.StatusNotFound},
		{"observer", w.Observer, http.StatusOK, http.StatusNotFound},
		{"coordinator", w.Coordinator, http.StatusOK, http.StatusNotFound},
		{"another programme's initiator", w.BaliInitiator, http.StatusNotFound, http.StatusNotFound},
	} {
		c := w.As(v.person)
		for _, r := range []*core.Record{own, hub} {
			if got := c.Get(rulesPage + "/" + r.Id); got.Status != v.read || got.Status == http.StatusOK && got.Doc().Find(`main form`).Length() != 0 {
				t.Errorf("%s reads %s: %d with %d forms", v.name, r.GetString("kind"), got.Status, got.Doc().Find("main form").Length())
			}
		}
		for _, path := range []string{"/" + own.Id, "/" + own.Id + "/active", "/" + own.Id + "/delete", "/" + own.Id + "/test", "/" + own.Id + "/preview",
			"/" + hub.Id + "/copy", "/" + hub.Id, "/" + hub.Id + "/delete", "/preview", ""} {
			if got := c.Post(rulesPage+path, typed()...); got.Status != v.change {
				t.Errorf("%s posts to %s: %d, want %d", v.name, path, got.Status, v.change)
			}
		}
		begin := v.change
		if v.person == nil {
			begin = v.read // to be sent to the sign-in and back
		}
		if got := c.Get(rulesPage + "/new"); got.Status != begin {
			t.Errorf("%s begins a rule: %d", v.name, got.Status)
		}
	}
	c := w.As(w.Initiator)
	for _, path := range []string{"/" + foreign.Id, "/" + foreign.Id + "/delete", "/" + hub.Id, "/" + hub.Id + "/delete", "/" + hub.Id + "/active", "/" + own.Id + "/copy"} {
		c.Post(rulesPage+path, typed()...).Want(http.StatusNotFound)
	}
	c.Get(rulesPage + "/" + foreign.Id).Want(http.StatusNotFound)
	if w.Count("reminder_rules") != 16 || !w.Fresh(hub).GetBool("active") {
		t.Error("something changed")
	}
}

func TestTheHubsRulesAreCopiedTogetherToBeChanged(t *testing.T) {
	w := testkit.New(t)
	hub, err := w.App.FindFirstRecordByFilter("reminder_rules", "kind = 'task_due' && offset_days = -1")
	if err != nil {
		t.Fatal(err)
	}
	r := task(w, "2026-12-10")
	before := ledger(w, r)
	c := w.As(w.Initiator)
	if got := c.Get(rulesPage + "/" + hub.Id).Want(http.StatusOK); !strings.Contains(got.Text("main"), "Ubah untuk program ini") {
		t.Errorf("the hub's rule reads %s", got.Text("main"))
	}
	copied := c.Follow(c.Post(rulesPage + "/" + hub.Id + "/copy")).Want(http.StatusOK)
	if got, _ := copied.Doc().Find(`[name="amount"]`).Attr("value"); got != "1" {
		t.Errorf("the copy counts %q days", got)
	}
	// The kind's three rules stay three, so that the programme loses no message.
	live := []string{}
	for _, row := range ledger(w, r) {
		if strings.HasSuffix(row, "planned") {
			live = append(live, row)
		}
	}
	expect(t, live, before...)
	if n := w.Count("reminder_rules"); n != 17 {
		t.Errorf("%d rules", n)
	}
}

func TestATestMessageGoesToWhoeverAsksAndToNobodyElse(t *testing.T) {
	p := newPost(t)
	task(p.World, "2026-12-10")
	rule := p.own("subject_id", "Ingat: {title}", "body_id", "Mohon {title}.", "audience", []string{"focal_point", "initiators"})
	c := p.As(p.Initiator)
	c.SetCookie("__Host-simpul", c.Cookie("simpul")) // the hub has an https address here
	c.Post(rulesPage + "/" + rule.Id + "/test").Want(http.StatusSeeOther)
	got := p.only(p.tick("2026-11-23 09:00"))
	if got.To != "initiator@example.org" || got.Header("Subject") != "[UJI] Ingat: Jadwal home visit" {
		t.Errorf("to %s: %s", got.To, got.Header("Subject"))
	}
	if text := got.Part("text/plain"); !strings.Contains(text, "Mohon Jadwal home visit.") {
		t.Errorf("it reads %s", text)
	}
	if again := p.tick("2026-11-23 09:01"); len(again) != 0 {
		t.Errorf("%d letters left again", len(again))
	}
	row := p.Only("deliveries", "kind", "rule_test")
	if row.GetString("state") != "sent" || row.GetString("rule") != rule.Id {
		t.Errorf("the ledger holds %v", row.FieldsData())
	}
	// A rule about nothing yet is shown by an example; one deleted meanwhile sends nothing.
	quiet := p.own("kind", "milestone_due", "anchor", "milestone.due_on", "audience", []string{"team"})
	p.stand("2026-11-23 09:02")
	c.Post(rulesPage + "/" + quiet.Id + "/test").Want(http.StatusSeeOther)
	if got := p.only(p.tick("2026-11-23 09:02")); !strings.Contains(got.Header("Subject"), "Contoh") {
		t.Errorf("it is called %s", got.Header("Subject"))
	}
	p.stand("2026-11-23 09:03")
	c.Post(rulesPage + "/" + quiet.Id + "/test").Want(http.StatusSeeOther)
	p.remove(quiet)
	if left := p.tick("2026-11-23 09:03"); len(left) != 0 {
		t.Errorf("%d letters of a deleted rule left", len(left))
	}
}
