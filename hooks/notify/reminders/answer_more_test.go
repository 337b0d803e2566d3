package reminders_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pocketbase/pocketbase/core"
)

func TestTheLastAnswerOfAReaderCounts(t *testing.T) {
	for name, c := range map[string]struct {
		press   []string
		reason  string // why the message of the next workday's rule does not come; empty when it does
		replied string
	}{
		"put off, then not ours":   {[]string{"Tunda 2 hari", "Bukan saya"}, "declined_by_recipient", "declined"},
		"not ours, then put off":   {[]string{"Bukan saya", "Tunda 2 hari"}, "put_off", "declined"},
		"not ours, then done":      {[]string{"Bukan saya", "Selesai"}, "done", ""},
		"done, but not after all":  {[]string{"Bukan saya", "Selesai", "Selesai/undo"}, "", "declined"},
		"put off, then done":       {[]string{"Tunda 2 hari", "Selesai"}, "done", ""},
		"put off and taken back":   {[]string{"Tunda 2 hari", "Tunda 2 hari/undo"}, "", ""},
		"not ours, and taken back": {[]string{"Bukan saya", "Bukan saya/undo"}, "", ""},
		"done, and taken back":     {[]string{"Selesai", "Selesai/undo"}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			p, r, l := dueMessage(t)
			for i, words := range c.press {
				p.stand([]string{"2026-12-07 09:00", "2026-12-07 10:00", "2026-12-07 11:00"}[i])
				link, undo, back := strings.Cut(words, "/")
				path := answerLink(t, l, link)
				if back {
					path += "/" + undo
				}
				p.As(nil).Post(path).Want(http.StatusSeeOther)
			}
			p.tick("2026-12-09 08:00")
			rows, err := p.App.FindRecordsByFilter("deliveries", "subject_id = {:id} && rule != '' && user = {:user} && due_at = {:due}", "", 0, 0,
				map[string]any{"id": r.Id, "user": p.Partner.Id, "due": stored(p, "2026-12-09 08:00")})
			if err != nil || len(rows) != 1 || rows[0].GetString("reason") != c.reason {
				t.Errorf("%d letters of the rule, %v: %v", len(rows), err, ledger(p.World, r))
			}
			if got := p.Fresh(r).GetString("reply"); got != c.replied {
				t.Errorf("the reply is %q", got)
			}
		})
	}
}

func TestUndoBeforeAnAnswerChangesNothing(t *testing.T) {
	p, _, l := dueMessage(t)
	before := everything(p)
	for _, words := range []string{"Selesai", "Tunda 2 hari", "Bukan saya"} {
		reader := p.As(nil)
		got := reader.Follow(reader.Post(answerLink(t, l, words) + "/undo").Want(http.StatusSeeOther))
		if got.Text(".flash") != says("undone_not") {
			t.Errorf("%s: the page says %q", words, got.Text(".flash"))
		}
	}
	if diff := cmp.Diff(before, everything(p)); diff != "" {
		t.Errorf("something changed: %s", diff)
	}
}

func TestAMovedDueDayIsShownAsItIsNow(t *testing.T) {
	p, r, l := dueMessage(t)
	p.change(r, "due_on", "2026-12-18")
	got := p.As(nil).Get(answerLink(t, l, "Selesai")).Want(http.StatusOK).Text("main")
	if !strings.Contains(got, "Jumat, 18 Desember 2026") || strings.Contains(got, "10 Desember") {
		t.Errorf("the page says %s", got)
	}
}

func TestAnAnswerIsThatOfTheMessagesReaderWhoeverIsSignedIn(t *testing.T) {
	p, r, l := dueMessage(t)
	browser(p, p.OtherPartner).Post(answerLink(t, l, "Selesai")).Want(http.StatusSeeOther)
	if by := p.Fresh(r).GetString("done_by"); by != p.Partner.Id {
		t.Errorf("done by %s", by)
	}
}

// What a page behind a link shows is the reader's own: no other partner, no address, no other task.
func TestPagesOfAnswersSpeakOfNobodyElse(t *testing.T) {
	p, r, l := dueMessage(t)
	task(p.World, "2026-12-11", "organisation", p.Forum.Id, "title", "Tugas orang lain")
	stages := map[string]func(*core.Record){"before": func(*core.Record) {}, "after": func(*core.Record) {
		p.As(nil).Post(answerLink(t, l, "Bukan saya"), "reply_reason", "Rahasia alasan")
	}}
	for _, stage := range []string{"before", "after"} {
		stages[stage](r)
		for _, words := range []string{"Selesai", "Tunda 2 hari", "Bukan saya"} {
			got := p.As(nil).Get(answerLink(t, l, words)).Body
			for _, wrong := range []string{"Forum PSM", "Tugas orang lain", "@example.org", "Rahasia alasan", "⟦"} {
				if strings.Contains(got, wrong) {
					t.Errorf("%s, %s: the page holds %q", stage, words, wrong)
				}
			}
		}
	}
}
