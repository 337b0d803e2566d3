package outbox

import (
	"errors"
	"strings"
	"testing"
	"time"

	"simpul/hooks/clock"
	"simpul/hooks/signedlink"
)

// answerToken is the token behind the link that gives an answer to a message.
func answerToken(t *testing.T, w *world, d Delivery, answer string) string {
	t.Helper()
	url, err := AnswerURL(w, d, answer)
	check(t, err)
	_, token, found := strings.Cut(url, strings.TrimRight(w.Settings().Meta.AppURL, "/")+AnswerPath)
	if !found {
		t.Fatalf("the link is %s", url)
	}
	return token
}

func TestReadAnswer_Token_NamesMessageAndAnswer(t *testing.T) {
	w := newWorld(t)
	w.queue(letter(1), letter(2))
	one, other := w.row(letter(1)), w.row(letter(2))
	for _, answer := range []string{"done", "later"} {
		d, got, err := ReadAnswer(w, answerToken(t, w, one, answer))
		if err != nil || got != answer || d.ID != one.ID || d.Email != one.Email {
			t.Errorf("read %s, %q, %v", d.ID, got, err)
		}
	}
	if answerToken(t, w, one, "done") == answerToken(t, w, other, "done") || answerToken(t, w, one, "done") == answerToken(t, w, one, "later") {
		t.Error("two answers have one link")
	}
}

func TestReadAnswer_TwoWeeksAfterExpiry_IsExpired(t *testing.T) {
	w := newWorld(t)
	w.queue(letter(1))
	d := w.row(letter(1))
	token := answerToken(t, w, d, "done")
	end := d.UsefulUntilAt.Time().Add(14 * 24 * time.Hour)
	t.Cleanup(clock.Freeze(end.Add(-time.Second)))
	if _, _, err := ReadAnswer(w, token); err != nil {
		t.Errorf("a second before its end: %v", err)
	}
	t.Cleanup(clock.Freeze(end))
	late, answer, err := ReadAnswer(w, token)
	if !errors.Is(err, signedlink.ErrExpired) || !errors.Is(err, signedlink.ErrInvalid) || late.ID != d.ID || answer != "done" {
		t.Errorf("at its end: %s, %q, %v", late.ID, answer, err)
	}
	// A changed token never counts as one of ours that has ended.
	other := "A"
	if token[:1] == other {
		other = "B"
	}
	if _, _, err := ReadAnswer(w, other+token[1:]); errors.Is(err, signedlink.ErrExpired) || !errors.Is(err, signedlink.ErrInvalid) {
		t.Errorf("changed: %v", err)
	}
}

func TestReadAnswer_OtherTokens_AreInvalid(t *testing.T) {
	w := newWorld(t)
	w.queue(letter(1))
	id := w.row(letter(1)).ID
	for name, parts := range map[string][]string{
		"no parts": nil, "no answer": {id}, "more parts": {id, "done", "more"}, "unknown letter": {"gone00000000000", "done"},
	} {
		token, err := signedlink.New(w, purposeAnswer, parts...)
		check(t, err)
		if _, _, err := ReadAnswer(w, token); !errors.Is(err, signedlink.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	stop, err := signedlink.New(w, purposeStop, id, "done")
	check(t, err)
	if _, _, err := ReadAnswer(w, stop); !errors.Is(err, signedlink.ErrInvalid) {
		t.Errorf("another purpose: %v", err)
	}
}

func TestKeepAnswer_Empty_TakesTheAnswerBack(t *testing.T) {
	w := newWorld(t)
	w.queue(letter(1), letter(2))
	d := w.row(letter(1))
	for _, answer := range []string{"done", "later", "later"} {
		check(t, KeepAnswer(w, d, answer, "instead of "+answer))
		if row := w.row(letter(1)); row.Answer != answer || row.Replaced != "instead of "+answer || !row.AnsweredAt.Time().Equal(clock.Now().Truncate(time.Millisecond)) {
			t.Errorf("kept is %q at %s", row.Answer, row.AnsweredAt)
		}
	}
	if other := w.row(letter(2)); other.Answer != "" || !other.AnsweredAt.IsZero() {
		t.Errorf("another letter has the answer %q", other.Answer)
	}
	check(t, KeepAnswer(w, d, "", ""))
	if row := w.row(letter(1)); row.Answer != "" || row.Replaced != "" || !row.AnsweredAt.IsZero() {
		t.Errorf("taken back it is %q at %s", row.Answer, row.AnsweredAt)
	}
}

func TestProcessDue_Answers_AppearInBothParts(t *testing.T) {
	said := Contents{Subject: "Tenggat", Greeting: "Yth.", Lines: []string{"Satu baris."}, Button: Link{"Buka tugas", "https://hub.example.org/tasks/1"},
		Answers: []Link{{"Selesai", "https://hub.example.org/reminders/answer/a?x=1&y=2"}, {"Tunda 2 hari", "https://hub.example.org/reminders/answer/b"}}, Why: "Karena."}
	a, _ := sentTo(t, "Asia/Jakarta", func(w *world, l *Message) { w.said = said })
	both := parts(t, parse(t, a))
	want := "\nSelesai: https://hub.example.org/reminders/answer/a?x=1&y=2\nTunda 2 hari: https://hub.example.org/reminders/answer/b\n"
	if !strings.Contains(both["text/plain"], want) {
		t.Errorf("the text says %s", both["text/plain"])
	}
	html := both["text/html"]
	button, first, second := strings.Index(html, "tasks/1"), strings.Index(html, "answer/a?x=1&amp;y=2"), strings.Index(html, "answer/b")
	if button < 0 || first < button || second < first || strings.Contains(html[first:second], "<p") {
		t.Errorf("the answers do not stand on one line under the button: %s", html)
	}
}
