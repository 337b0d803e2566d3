package outbox

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"simpul/hooks/notify/sentlog"
)

func TestOpenSentLog_UnreadablePath_Fails(t *testing.T) {
	w := newWorld(t)
	if _, err := w.sender.OpenSentLog(filepath.Join(t.TempDir(), "nowhere", "log")); err == nil {
		t.Error("no error")
	}
}

// A message that the log cannot take stops the sender as one that the database cannot take.
func TestProcessDue_LogCannotBeWritten_StopsSending(t *testing.T) {
	s := newSite(t)
	o := s.office(t)
	s.queue(letter(1), letter(2))
	o.onMessage = func(n int) {
		if n == 1 {
			check(t, s.sender.sentLog.Close())
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
	log, err := sentlog.Open(s.path)
	check(t, err)
	s.sender.sentLog = log
	s.flush(monday.Add(time.Minute))
	s.expect(letter(1), StateSent, "")
	s.expect(letter(2), StateSent, "")
}

// A crash between the server's answer and the commit is no restored backup either, and the log knows the answer.
func TestOpenSentLog_CrashBeforeTheCommit_SendsOnce(t *testing.T) {
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
