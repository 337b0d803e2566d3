package push_test

import (
	"errors"
	"strconv"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/notify/digest"
	"simpul/hooks/notify/outbox"
	"simpul/hooks/notify/push"
)

func TestProcessDue_NotEligible_SendsNothing(t *testing.T) {
	for name, arrange := range map[string]func(e *env, task *core.Record){
		"task done":       func(e *env, task *core.Record) { e.change(task, "state", "done") },
		"task moved":      func(e *env, task *core.Record) { e.change(task, "due_on", "2026-12-20") },
		"task deleted":    func(e *env, task *core.Record) { e.must(e.App.Delete(e.Fresh(task))) },
		"kind muted":      func(e *env, _ *core.Record) { e.change(e.Partner, "muted_kinds", []string{"task_due"}) },
		"person paused":   func(e *env, _ *core.Record) { e.change(e.Partner, "paused_until_on", "2026-12-07") },
		"person disabled": func(e *env, _ *core.Record) { e.change(e.Partner, "disabled", true) },
		"organisation left": func(e *env, _ *core.Record) {
			e.change(e.Only("stakeholders", "organisation", e.Puskesmas.Id), "ended_on", "2026-11-20")
		},
		"kind unsubscribed": func(e *env, _ *core.Record) {
			e.Make("suppressions", "email", "partner@example.org", "reason", "unsubscribed", "kind", "task_due")
		},
		"rule inactive": func(e *env, _ *core.Record) {
			for r := e.activeRule(); r != nil; r = e.activeRule() {
				e.change(r, "active", false)
			}
		},
		"day without mail": func(e *env, _ *core.Record) {
			e.Make("holidays", "on", "2026-12-07", "name", "Hari hening", "kind", "national_holiday", "no_mail", true)
		},
		"all mail held":  func(e *env, _ *core.Record) { e.sql("UPDATE hub_settings SET mail_held = TRUE") },
		"no mail server": func(e *env, _ *core.Record) { e.setSMTP(false, 0) },
		"another person's": func(e *env, _ *core.Record) {
			e.sql("UPDATE push_subscriptions SET user = '" + e.OtherPartner.Id + "'")
		},
		"subscription off": func(e *env, _ *core.Record) { e.sql("UPDATE push_subscriptions SET failures = 5") },
		"subscribed too late": func(e *env, _ *core.Record) {
			e.sql("UPDATE push_subscriptions SET created = '2026-12-07 01:00:00.001Z'")
		},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEnv(t)
			e.subscribe(e.Partner, phone)
			arrange(e, e.task("Satu"))
			if got := e.tick("2026-12-07 08:00"); len(got) != 0 {
				t.Errorf("%d requests, want none", len(got))
			}
		})
	}
}

// activeRule is an active rule of task_due, nil if there is none.
func (e *env) activeRule() *core.Record {
	e.Helper()
	found, err := e.App.FindRecordsByFilter("reminder_rules", "kind = 'task_due' && active = true", "created", 1, 0)
	e.must(err)
	if len(found) == 0 {
		return nil
	}
	return found[0]
}

// setSMTP changes the mail server; port 0 leaves the port.
func (e *env) setSMTP(enabled bool, port int) {
	e.Helper()
	settings, err := e.App.Settings().Clone()
	e.must(err)
	settings.SMTP.Enabled = enabled
	if port != 0 {
		settings.SMTP.Port = port
	}
	e.must(e.App.Save(settings))
}

func TestProcessDue_MailFails_StillPushes(t *testing.T) {
	for name, arrange := range map[string]func(e *env){
		"address bounced":  func(e *env) { e.Make("suppressions", "email", "partner@example.org", "reason", "bounced") },
		"server away":      func(e *env) { e.setSMTP(true, 1) },
		"part of a digest": func(e *env) { e.change(e.Partner, "mail_frequency", "daily", "send_at", "16:00") },
	} {
		t.Run(name, func(t *testing.T) {
			e := newEnv(t)
			b := e.subscribe(e.Partner, phone)
			e.task("Satu")
			arrange(e)
			e.wantEqual("bodies", b.bodies(e.tick("2026-12-07 08:00")), satu)
		})
	}
}

// Account codes, test mails, digests and summaries are no reminders.
func TestProcessDue_OtherKinds_SendsNothing(t *testing.T) {
	e := newEnv(t)
	e.subscribe(e.Partner, phone)
	e.setClock("2026-12-07 08:00")
	for _, kind := range []string{"account", "digest", "rule_test", "expired_summary"} {
		fields := []any{"kind", kind, "user", e.Partner.Id, "email", "partner@example.org", "key", kind, "due_at", "2026-12-07 01:00:00.000Z",
			"useful_until_at", "2026-12-09 01:00:00.000Z", "state", "sent", "subject", "123456"}
		if kind == "rule_test" {
			fields = append(fields, "rule", e.activeRule().Id)
		}
		e.Make("deliveries", fields...)
	}
	if got := e.tick("2026-12-07 08:01"); len(got) != 0 {
		t.Errorf("%d requests, want none", len(got))
	}
}

func TestProcessDue_RuleWithOwnText_SendsSubjectOnly(t *testing.T) {
	e := newEnv(t)
	b := e.subscribe(e.Partner, phone)
	e.sql("UPDATE reminder_rules SET subject_id = 'Ingat {title}', body_id = 'Rahasia: bawa obat'")
	e.change(e.activeRule(), "offset_days", -3)
	e.task("Satu")
	e.wantEqual("bodies", b.bodies(e.tick("2026-12-07 08:00")), "Ingat Satu")
}

func TestProcessDue_SeveralSubscriptions_SendsToEachOfThePerson(t *testing.T) {
	e := newEnv(t)
	first, second, other := e.subscribe(e.Partner, phone), e.subscribe(e.Partner, laptop), e.subscribe(e.OtherPartner, phone+"-lain")
	e.task("Satu")
	got := e.tick("2026-12-07 08:00")
	e.wantEqual("phone", first.bodies(got), satu)
	e.wantEqual("laptop", second.bodies(got), satu)
	e.wantEqual("another person", other.bodies(got))
}

func TestProcessDue_NotEligibleAtRetry_Skips(t *testing.T) {
	e := newEnv(t)
	e.subscribe(e.Partner, phone)
	task := e.task("Satu")
	e.service.respond(500, nil)
	e.tick("2026-12-07 08:00")
	e.service.respond(201, nil)
	e.change(task, "state", "done")
	if got := e.tick("2026-12-07 08:05"); len(got) != 0 {
		t.Errorf("%d requests, want none", len(got))
	}
	e.wantMessages("skipped done")
}

func TestProcessDue_FourthOfTheDay_SendsSummary(t *testing.T) {
	e := newEnv(t)
	b := e.subscribe(e.Partner, phone)
	for n := range 6 {
		e.task("Tugas " + strconv.Itoa(n))
	}
	got := e.tick("2026-12-07 08:00")
	if len(got) != push.MaxPerDay+1 {
		t.Fatalf("%d requests: %q", len(got), b.bodies(got))
	}
	summary, err := b.decrypt(got[len(got)-1].body)
	e.must(err)
	if summary.Body != "3 pengingat baru lagi" || summary.URL != "/" {
		t.Errorf("summary = %+v", summary)
	}
	// A further one on the day replaces the summary; the next day starts again.
	e.change(e.task("Rapat mendadak"), "due_on", "2026-12-08")
	again := e.tick("2026-12-07 12:00")
	if len(again) != 1 || again[0].header.Get("Topic") != summary.Tag {
		t.Fatalf("%d requests at noon", len(again))
	}
	e.wantEqual("summary", b.bodies(again), "4 pengingat baru lagi")
	if next := e.tick("2026-12-09 08:00"); len(next) != push.MaxPerDay+1 {
		t.Errorf("%d requests on the next day", len(next))
	}
}

func TestProcessDue_SummaryAfterMidnight_Skips(t *testing.T) {
	e := newEnv(t)
	e.subscribe(e.Partner, phone)
	for n := range 4 {
		e.task("Tugas " + strconv.Itoa(n))
	}
	e.service.respond(500, nil)
	e.tick("2026-12-07 19:00")
	e.service.respond(201, nil)
	for _, r := range e.tick("2026-12-08 06:30") {
		if ttl, _ := strconv.Atoi(r.header.Get("TTL")); ttl <= 0 {
			t.Errorf("TTL = %d", ttl)
		}
	}
	e.wantMessages("folded", "sent", "sent", "sent", "skipped stale")
}

func TestProcessDue_QuestionPanics_OthersAreSent(t *testing.T) {
	e := newEnv(t)
	b := e.subscribe(e.Partner, phone)
	bad := e.task("Rusak")
	e.task("Satu")
	wanted := digest.Kinds()["task_due"].Wanted
	calls := 0
	e.worker = push.NewWorker(e.App, outbox.Kinds{"task_due": {Wanted: func(app core.App, d outbox.Delivery, now time.Time) (outbox.Contents, string, error) {
		if d.SubjectID != bad.Id {
			return wanted(app, d, now)
		}
		if calls++; calls == 1 {
			return outbox.Contents{}, "", errors.New("on purpose")
		}
		panic("on purpose")
	}}})
	e.wantEqual("bodies", b.bodies(e.tick("2026-12-07 08:00")), satu)
	for _, at := range []string{"08:02", "08:10", "08:30", "10:00", "12:00"} {
		e.tick("2026-12-07 " + at)
	}
	e.wantMessages("failed gave_up", "sent")
	if calls != push.MaxAttempts {
		t.Errorf("asked %d times, want %d", calls, push.MaxAttempts)
	}
}

func TestProcessDue_UnknownKind_Skips(t *testing.T) {
	e := newEnv(t)
	e.subscribe(e.Partner, phone)
	e.task("Satu")
	e.worker = push.NewWorker(e.App, outbox.Kinds{})
	e.tick("2026-12-07 08:00")
	e.wantMessages("skipped unknown_kind")
}

func TestProcessDue_OldMessages_AreDeletedAndNotRepeated(t *testing.T) {
	e := newEnv(t)
	e.subscribe(e.Partner, phone)
	e.task("Satu")
	e.tick("2026-12-07 08:00")
	e.sql("UPDATE tasks SET state = 'done'")
	e.tick("2027-01-20 08:00")
	if e.Count("push_messages") == 0 {
		t.Error("messages are deleted within 60 days")
	}
	if got := e.tick("2027-02-12 08:00"); len(got) != 0 || e.Count("push_messages") != 0 {
		t.Errorf("%d requests, %d messages left", len(got), e.Count("push_messages"))
	}
}
