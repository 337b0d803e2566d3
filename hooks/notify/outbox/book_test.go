package outbox

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"simpul/hooks/clock"
)

func TestABookWithATornLineIsReadAndGoesOn(t *testing.T) {
	t.Cleanup(clock.Freeze(monday))
	path := filepath.Join(t.TempDir(), "book")
	writeFile(t, path, "hub abc /srv/my data\nround 7\nsent a%2Fb "+Key("m1")+" "+monday.Format(time.RFC3339)+"\nnonsense\nsent torn 12")
	b, err := openBook(path)
	check(t, err)
	if b.mark != "abc" || b.folder != "/srv/my data" || b.rounds != 7 || len(b.sent) != 1 {
		t.Errorf("%+v", b)
	}
	if d, known := b.find("a/b"); !known || d.identity != Key("m1") || !d.at.Equal(monday) {
		t.Errorf("%+v, %v", d, known)
	}
	check(t, b.note("next one", "m2", monday))
	check(t, b.note("next one", "m2", monday))
	check(t, b.close())
	if b, err = openBook(path); err != nil || len(b.sent) != 2 {
		t.Errorf("read again: %+v, %v", b.sent, err)
	}
	check(t, b.close())
	raw, err := os.ReadFile(path)
	check(t, err)
	if n := strings.Count(string(raw), "next+one"); n != 1 {
		t.Errorf("one letter stands there %d times: %s", n, raw)
	}
}

func TestABookThatCannotBeOpenedStopsTheStart(t *testing.T) {
	w := newWorld(t)
	if _, err := w.sender.OpenSentLog(filepath.Join(t.TempDir(), "nowhere", "book")); err == nil {
		t.Error("no error")
	}
}

// A message that the book cannot take stops the sender as one that the database cannot take.
func TestWhatTheBookCannotTakeStopsTheSender(t *testing.T) {
	s := newSite(t)
	o := s.office(t)
	s.queue(letter(1), letter(2))
	o.onMessage = func(n int) {
		if n == 1 {
			check(t, s.sender.book.file.Close())
		}
	}
	for range 3 {
		if _, err := s.sender.ProcessDue(context.Background(), monday); err == nil {
			t.Error("nobody is told")
		}
	}
	if len(o.got()) != 1 {
		t.Fatalf("%d letters left", len(o.got()))
	}
	b, err := openBook(s.path)
	check(t, err)
	s.sender.book = b
	s.flush(monday.Add(time.Minute))
	s.expect(letter(1), StateSent, "")
	s.expect(letter(2), StateSent, "")
}

// A crash between the server's answer and the commit is no restored backup either, and the book knows the answer.
func TestAMessageTakenJustBeforeACrashIsNotSentAgain(t *testing.T) {
	s := newSite(t)
	o := s.office(t)
	s.queue(letter(1), letter(2))
	s.refuseState(StateSent)
	if _, err := s.sender.ProcessDue(context.Background(), monday); err == nil {
		t.Fatal("the outcome could be written down")
	}
	s.stop()
	app, err := boot(s.dir)
	check(t, err)
	_, err = app.NonconcurrentDB().NewQuery("DROP TRIGGER refusal").Execute()
	check(t, err)
	check(t, app.ClearBootstrap())
	s.start("")
	s.flush(monday.Add(time.Hour))
	if len(o.got()) != 2 {
		t.Errorf("%d letters arrived, expected one each", len(o.got()))
	}
	reasons := s.row(letter(1)).Reason + s.row(letter(2)).Reason
	if reasons != ReasonAlreadySent {
		t.Errorf("reasons %q", reasons)
	}
}
