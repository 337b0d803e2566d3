package reminders_test

import (
	"net/http"
	"testing"
)

func TestUndoPutsTheReplyBackThatGaveWay(t *testing.T) {
	for name, was := range map[string][2]string{
		"none":              {"", ""},
		"can do it":         {"accepted", ""},
		"needs time":        {"more_time", ""},
		"needs time, as":    {"more_time", "Menunggu jadwal kader."},
		"cannot, as before": {"declined", "Tidak ada bidan."},
	} {
		t.Run(name, func(t *testing.T) {
			p, r, l := dueMessage(t)
			if was[0] != "" {
				browser(p, p.Partner).Post("/tasks/"+r.Id+"/reply", "reply", was[0], "reply_reason", was[1]).Want(http.StatusSeeOther)
			}
			path := answerLink(t, l, "Bukan saya")
			for _, reason := range []string{"Lebih tepat untuk kelurahan.", ""} { // taken back, it can be given and taken back anew
				p.As(nil).Post(path, "reply_reason", reason).Want(http.StatusSeeOther)
				if now := p.Fresh(r); now.GetString("reply") != "declined" || now.GetString("reply_reason") == was[1] {
					t.Fatalf("the reply is %q: %q", now.GetString("reply"), now.GetString("reply_reason"))
				}
				if got := undo(p, path); got.Text(".flash.ok") != says("undone") {
					t.Errorf("the page says %q", got.Text(".flash"))
				}
				if now := p.Fresh(r); now.GetString("reply") != was[0] || now.GetString("reply_reason") != was[1] {
					t.Errorf("the reply is %q: %q", now.GetString("reply"), now.GetString("reply_reason"))
				}
			}
			if kept := p.row(r, "2026-12-07 08:00", "partner@example.org").GetString("replaced"); kept != "" {
				t.Errorf("the letter still keeps %q", kept)
			}
		})
	}
}

// The words that gave way are nobody's to read meanwhile.
func TestTheReasonThatGaveWayIsInNoAnswerOfTheAPI(t *testing.T) {
	p, r, l := dueMessage(t)
	browser(p, p.Partner).Post("/tasks/"+r.Id+"/reply", "reply", "more_time", "reply_reason", "Menunggu jadwal kader.").Want(http.StatusSeeOther)
	p.As(nil).Post(answerLink(t, l, "Bukan saya"), "reply_reason", "Lebih tepat untuk kelurahan.").Want(http.StatusSeeOther)
	row := p.row(r, "2026-12-07 08:00", "partner@example.org")
	if row.GetString("replaced") != "Menunggu jadwal kader." {
		t.Errorf("the letter keeps %q", row.GetString("replaced"))
	}
	answer := p.As(p.Initiator).API("GET", "/api/collections/deliveries/records/"+row.Id, nil).Want(http.StatusOK)
	if _, there := answer.JSON()["replaced"]; there || answer.JSON()["answer"] != "declined_by_recipient" {
		t.Errorf("the team reads %s", answer.Body)
	}
}
