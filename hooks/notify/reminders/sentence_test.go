package reminders_test

import (
	"net/http"
	"simpul/hooks/notify/reminders"
	"simpul/hooks/notify/rules"
	"strings"
	"testing"
)

func TestEveryRuleIsOneSentenceInBothLanguages(t *testing.T) {
	p := unconnected(t)
	for name, of := range map[string]struct {
		fields []any
		id, en string
	}{
		"workdays, repeats and a ladder": {
			[]any{"kind", "task_overdue", "offset_days", 1, "workdays", true, "audience", []string{"assignee", "focal_point", "accountable"},
				"repeat_every_days", 2, "repeat_max", 4, "escalate_to", []string{"accountable", "initiators"}, "escalate_after_workdays", 3},
			"Kirim 1 hari kerja sesudah tenggat tugas pukul 08.00 waktu penerima kepada pelaksana tugas, narahubung utama dan penanggung jawab, " +
				"ulang tiap 2 hari sampai selesai, paling banyak 4 kali lagi, bila tidak ada hasil, tiap 3 hari kerja naik ke penanggung jawab, kemudian inisiator program.",
			"Send 1 workday after the task's due date at 08:00 in the recipient's time to the assignee, the main contact and the person accountable, " +
				"again every 2 days until done, at most 4 more times, without result, escalates after every 3 workdays to the person accountable, then the programme's initiators.",
		},
		"every day, once again": {
			[]any{"kind", "task_due", "offset_days", -2, "at", "16:30", "audience", []string{"organisation"}, "repeat_every_days", 1, "repeat_max", 1},
			"Kirim 2 hari sebelum tenggat tugas pukul 16.30 waktu penerima kepada semua narahubung organisasinya, ulang tiap hari sampai selesai, paling banyak 1 kali lagi.",
			"Send 2 days before the task's due date at 16:30 in the recipient's time to all contacts of the organisation, again the next day unless done.",
		},
		"an hour before": {
			[]any{"kind", "meeting_soon", "offset_hours", -1, "audience", []string{"attendees", "initiators"}},
			"Kirim 1 jam sebelum rapat kepada peserta rapat dan inisiator program.",
			"Send 1 hour before the meeting to the participants and the programme's initiators.",
		},
		"at once": {
			[]any{"kind", "contribution_revision", "audience", []string{"logged_by"}},
			"Kirim segera saat kontribusi dikembalikan kepada yang mencatatnya.",
			"Send at once when a contribution is sent back, to the person who logged it.",
		},
		"each month": {
			[]any{"kind", "contribution_prompt", "audience", []string{"focal_point"}},
			"Kirim pada tanggal 25 tiap bulan pukul 08.00 waktu penerima kepada narahubung utama.",
			"Send on the 25th of each month at 08:00 in the recipient's time to the main contact.",
		},
		"a day of its own": {
			[]any{"kind", "programme_date", "anchor", "programme.on_day", "on_day", "2027-01-05", "audience", []string{"partners"}},
			"Kirim pada Selasa, 5 Januari 2027 pukul 08.00 waktu penerima kepada narahubung utama semua mitra.",
			"Send on Tuesday, 5 January 2027 at 08:00 in the recipient's time to the main contacts of all partners.",
		},
	} {
		rule := p.Make("reminder_rules", append([]any{"programme", p.Kopi.Id, "name", name, "active", true}, of.fields...)...)
		if got := rules.Sentence(reminders.Wrap(rule), "id"); got != of.id {
			t.Errorf("%s reads\n%s\nwant\n%s", name, got, of.id)
		}
		if got := rules.Sentence(reminders.Wrap(rule), "en"); got != of.en {
			t.Errorf("%s reads\n%s\nwant\n%s", name, got, of.en)
		}
	}
}

// Every rule that ships, and every kind's empty form, is wholly in words.
func TestEveryKindHasAFormAndASentenceInWords(t *testing.T) {
	p := unconnected(t)
	found, err := p.App.FindAllRecords("reminder_rules")
	if err != nil || len(found) != 14 {
		t.Fatalf("%d rules, %v", len(found), err)
	}
	for _, language := range []string{"id", "en"} {
		p.change(p.Initiator, "language", language)
		c := p.As(p.Fresh(p.Initiator))
		for _, rule := range found {
			form := c.Get(rulesPage + "/new?kind=" + rule.GetString("kind")).Want(http.StatusOK)
			read := c.Get(rulesPage + "/" + rule.Id).Want(http.StatusOK)
			if text := form.Body + read.Body + rules.Sentence(reminders.Wrap(rule), language); strings.Contains(text, "⟦") || strings.Contains(text, "{{") {
				t.Errorf("%s in %s lacks words: %s", rule.GetString("name"), language, read.Text("main"))
			}
			// The form begins with the hub's own shape and is good as it stands.
			if n := form.Doc().Find(`form [name^="to_"][checked]`).Length(); n != len(rule.GetStringSlice("audience")) {
				t.Errorf("%s: %d of those it speaks to are ticked", rule.GetString("name"), n)
			}
		}
	}
}

func TestAFormTakesEveryShippedRuleBackUnchanged(t *testing.T) {
	p := unconnected(t)
	rules, err := p.App.FindAllRecords("reminder_rules")
	if err != nil {
		t.Fatal(err)
	}
	c := p.As(p.Initiator)
	for _, rule := range rules {
		copied := c.Post(rulesPage + "/" + rule.Id + "/copy").Want(http.StatusSeeOther).Header.Get("Location")
		sent := []string{}
		form := c.Get(copied).Want(http.StatusOK).Doc().Find(`main form`).First()
		for _, control := range form.Find("input, select, textarea").EachIter() {
			name, _ := control.Attr("name")
			value, _ := control.Attr("value")
			if box, _ := control.Attr("type"); box == "checkbox" {
				value = "on"
				if _, ticked := control.Attr("checked"); !ticked {
					continue
				}
			}
			if control.Is("select") {
				value, _ = control.Find("option[selected]").Attr("value")
			}
			sent = append(sent, name, value)
		}
		if got := c.Post(copied, sent...); got.Status != http.StatusSeeOther {
			t.Errorf("%s: status %d: %s", rule.GetString("name"), got.Status, got.Text(".problems"))
			continue
		}
		kept, err := p.App.FindRecordById("reminder_rules", copied[strings.LastIndex(copied, "/")+1:])
		if err != nil {
			t.Fatal(err)
		}
		for _, field := range []string{"kind", "anchor", "offset_days", "offset_hours", "workdays", "at", "audience", "repeat_every_days", "repeat_max",
			"escalate_to", "escalate_after_workdays", "useful_until", "digest", "mandatory", "active", "on_day"} {
			if kept.GetString(field) != rule.GetString(field) {
				t.Errorf("%s: %s was %q and is %q", rule.GetString("name"), field, rule.GetString(field), kept.GetString(field))
			}
		}
	}
}
