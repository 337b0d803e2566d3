package devices_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

const ofTheFirst = "Tenggat Kamis, 10 Desember 2026: Satu"

// What keeps a letter from its reader keeps the notice away too.
func TestADeviceIsSilentWhereLettersAre(t *testing.T) {
	for name, happens := range map[string]func(d *desk, task *core.Record){
		"the task is done":      func(d *desk, task *core.Record) { d.change(task, "state", "done") },
		"its day moves":         func(d *desk, task *core.Record) { d.change(task, "due_on", "2026-12-20") },
		"the task is deleted":   func(d *desk, task *core.Record) { d.must(d.App.Delete(d.Fresh(task))) },
		"the kind is muted":     func(d *desk, _ *core.Record) { d.change(d.Partner, "muted_kinds", []string{"task_due"}) },
		"the person pauses":     func(d *desk, _ *core.Record) { d.change(d.Partner, "paused_until_on", "2026-12-07") },
		"the account is closed": func(d *desk, _ *core.Record) { d.change(d.Partner, "disabled", true) },
		"the organisation leaves": func(d *desk, _ *core.Record) {
			d.change(d.Only("stakeholders", "organisation", d.Puskesmas.Id), "ended_on", "2026-11-20")
		},
		"the rule rests": func(d *desk, _ *core.Record) {
			for n := d.anyRule(); n != nil; n = d.anyRule() {
				d.change(n, "active", false)
			}
		},
		"a day without mail": func(d *desk, _ *core.Record) {
			d.Make("holidays", "on", "2026-12-07", "name", "Hari hening", "kind", "national_holiday", "no_mail", true)
		},
		"all letters are held":   func(d *desk, _ *core.Record) { d.sql("UPDATE hub_settings SET mail_held = TRUE") },
		"no mail server":         func(d *desk, _ *core.Record) { d.noMailServer() },
		"somebody else's device": func(d *desk, _ *core.Record) { d.sql("UPDATE devices SET user = '" + d.OtherPartner.Id + "'") },
		"the device is off":      func(d *desk, _ *core.Record) { d.sql("UPDATE devices SET failures = 5") },
		"the device came later":  func(d *desk, _ *core.Record) { d.sql("UPDATE devices SET created = '2026-12-07 01:00:00.001Z'") },
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.on(d.Partner, phone)
			task := d.task("Satu")
			happens(d, task)
			if got := d.tick("2026-12-07 08:00"); len(got) != 0 {
				t.Errorf("told %d times", len(got))
			}
		})
	}
}

func (d *desk) noMailServer() {
	d.Helper()
	settings, err := d.App.Settings().Clone()
	d.must(err)
	settings.SMTP.Enabled = false
	d.must(d.App.Save(settings))
}

// Access and wishes are those of the moment at which the notice leaves, also at a later attempt.
func TestWhatHappensBetweenTwoAttemptsCounts(t *testing.T) {
	d := newDesk(t)
	d.on(d.Partner, phone)
	task := d.task("Satu")
	d.service.answers(500, nil)
	d.tick("2026-12-07 08:00")
	d.service.answers(201, nil)
	d.change(task, "state", "done")
	if got := d.tick("2026-12-07 08:05"); len(got) != 0 {
		t.Error("told of a task that is done")
	}
	same(t, "pushes", d.rows(), "skipped done")
}

// That mail fails is no reason to be silent.
func TestADeviceIsToldWhereTheAddressFails(t *testing.T) {
	for name, happens := range map[string]func(d *desk){
		"the address bounced":            func(d *desk) { d.Make("suppressions", "email", "partner@example.org", "reason", "bounced") },
		"the mail server is away":        func(d *desk) { d.mailServerAt(1) },
		"the letter is told with others": func(d *desk) { d.change(d.Partner, "mail_frequency", "daily", "send_at", "16:00") },
	} {
		d := newDesk(t)
		b := d.on(d.Partner, phone)
		d.task("Satu")
		happens(d)
		if got := b.bodies(d.tick("2026-12-07 08:00")); len(got) != 1 || got[0] != ofTheFirst {
			t.Errorf("%s: told %q; letters are %v", name, got, d.states())
		}
	}
}

func (d *desk) mailServerAt(port int) {
	d.Helper()
	settings, err := d.App.Settings().Clone()
	d.must(err)
	settings.SMTP.Port = port
	d.must(d.App.Save(settings))
}

// states are those of the letters that are due.
func (d *desk) states() (out []string) {
	d.Helper()
	d.must(d.App.DB().NewQuery("SELECT kind || ' ' || state || ' ' || reason FROM deliveries WHERE state != 'planned'").Column(&out))
	return out
}

func TestARefusedKindIsNotPushed(t *testing.T) {
	d := newDesk(t)
	d.on(d.Partner, phone)
	d.Make("suppressions", "email", "partner@example.org", "reason", "unsubscribed", "kind", "task_due")
	d.task("Satu")
	if got := d.tick("2026-12-07 08:00"); len(got) != 0 {
		t.Errorf("told %d times of what was refused", len(got))
	}
}

// Letters that wait for the morning have devices wait with them.
func TestNothingIsToldAtNight(t *testing.T) {
	d := newDesk(t)
	b := d.on(d.Partner, phone)
	d.task("Satu")
	d.sql("UPDATE deliveries SET due_at = '2026-12-07 14:30:00.000Z' WHERE due_at = '2026-12-07 01:00:00.000Z'")
	if got := d.tick("2026-12-07 21:30"); len(got) != 0 {
		t.Error("told at night")
	}
	same(t, "in the morning", b.bodies(d.tick("2026-12-08 06:00")), ofTheFirst)
	same(t, "pushes", d.rows(), "sent")
}

// A notice that is late itself asks again whether the hour suits.
func TestALateAttemptWaitsForTheMorningToo(t *testing.T) {
	d := newDesk(t)
	b := d.on(d.Partner, phone)
	d.task("Satu")
	d.service.answers(500, nil)
	d.tick("2026-12-07 19:58")
	d.service.answers(201, nil)
	if got := d.tick("2026-12-07 20:10"); len(got) != 0 {
		t.Error("told at night")
	}
	same(t, "in the morning", b.bodies(d.tick("2026-12-08 06:00")), ofTheFirst)
}

func TestEveryDeviceOfAPersonIsTold(t *testing.T) {
	d := newDesk(t)
	one, two, other := d.on(d.Partner, phone), d.on(d.Partner, laptop), d.on(d.OtherPartner, phone+"-lain")
	d.task("Satu")
	got := d.tick("2026-12-07 08:00")
	same(t, "the phone", one.bodies(got), ofTheFirst)
	same(t, "the laptop", two.bodies(got), ofTheFirst)
	same(t, "somebody else", other.bodies(got))
}

// Codes, test letters, daily letters and summaries are no reminders.
func TestOnlyRemindersAreTold(t *testing.T) {
	d := newDesk(t)
	d.on(d.Partner, phone)
	d.stand("2026-12-07 08:00")
	for _, kind := range []string{"account", "digest", "rule_test", "stale_summary"} {
		fields := []any{"kind", kind, "user", d.Partner.Id, "email", "partner@example.org", "key", kind, "due_at", "2026-12-07 01:00:00.000Z",
			"useful_until_at", "2026-12-09 01:00:00.000Z", "state", "sent", "subject", "123456"}
		if kind == "rule_test" {
			fields = append(fields, "rule", d.anyRule().Id)
		}
		d.Make("deliveries", fields...)
	}
	if got := d.tick("2026-12-07 08:01"); len(got) != 0 {
		t.Errorf("told %d times", len(got))
	}
}

// anyRule is one about what is due that is in force, nil if none is.
func (d *desk) anyRule() *core.Record {
	d.Helper()
	found, err := d.App.FindRecordsByFilter("reminder_rules", "kind = 'task_due' && active = true", "created", 1, 0)
	d.must(err)
	if len(found) == 0 {
		return nil
	}
	return found[0]
}

func TestOfALetterWithOwnWordsOnlyTheSubjectIsTold(t *testing.T) {
	d := newDesk(t)
	b := d.on(d.Partner, phone)
	d.sql("UPDATE reminder_rules SET subject_id = 'Ingat {title}', body_id = 'Rahasia: bawa obat'")
	d.change(d.anyRule(), "offset_days", -3)
	d.task("Satu")
	got := d.tick("2026-12-07 08:00")
	same(t, "told", b.bodies(got), "Ingat Satu")
}
