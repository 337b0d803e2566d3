package outbox

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"simpul/hooks/lang"
	"simpul/hooks/notify/smtp"
)

func TestTakeOver_DuringARound_IsSentBetween(t *testing.T) {
	w, _ := withAccounts(t)
	first := make(chan struct{}, 1)
	o := newOffice(t, func(o *office) {
		o.onMessage = func(n int) {
			if n == 1 {
				first <- struct{}{}
			}
			time.Sleep(2 * time.Millisecond)
		}
	})
	w.connectTo("127.0.0.1", o.port)
	for i := range 200 {
		w.queue(letter(i))
	}
	var round sync.WaitGroup
	round.Go(func() { w.flush(monday) })
	<-first
	check(t, w.NewMailClient().Send(accountMessage("admin@example.org")))
	at := slices.IndexFunc(o.got(), func(a arrived) bool { return a.to == "admin@example.org" })
	if at < 0 || at > 100 {
		t.Errorf("the person's letter was number %d", at)
	}
	round.Wait()
	if len(o.got()) != 201 {
		t.Errorf("%d letters arrived", len(o.got()))
	}
}

func TestProcessDue_NewSettings_CloseTheBreaker(t *testing.T) {
	w := newWorld(t)
	w.connectTo("127.0.0.1", 1)
	w.queue(letter(1))
	w.flush(monday)
	w.expect(letter(1), StateRetry, DeferredBySMTP)
	o := newOffice(t)
	w.connectTo("127.0.0.1", o.port)
	w.flush(monday)
	w.expect(letter(1), StateSent, "")
}

func TestProcessDue_Stopped_LeavesTheRest(t *testing.T) {
	w := newWorld(t)
	ctx, stop := context.WithCancel(context.Background())
	o := newOffice(t, func(o *office) {
		o.onMessage = func(n int) {
			if n == 3 {
				stop()
			}
		}
	})
	w.connectTo("127.0.0.1", o.port)
	for i := range 6 {
		w.queue(letter(i))
	}
	tally, err := w.sender.ProcessDue(ctx, monday)
	if err != nil || tally[StateSent] != 3 {
		t.Errorf("%v, %v", tally, err)
	}
	if tally := w.flush(monday); tally[StateSent] != 3 {
		t.Errorf("next round: %v", tally)
	}
}

func TestProcessDue_TwoSenders_SendOnce(t *testing.T) {
	w := newWorld(t)
	o := newOffice(t)
	w.connectTo("127.0.0.1", o.port)
	other, err := NewSender(w, w.sender.kinds, templateFiles())
	check(t, err)
	for i := range 150 {
		w.queue(letter(i))
	}
	var both sync.WaitGroup
	for _, s := range []*Sender{w.sender, other} {
		both.Go(func() {
			if _, err := s.ProcessDue(context.Background(), monday); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	other.Close()
	copies := map[string]int{}
	for _, a := range o.got() {
		copies[a.to]++
	}
	if len(copies) != 150 || len(o.got()) != 150 {
		t.Errorf("%d letters to %d people", len(o.got()), len(copies))
	}
}

func TestClose_ProcessDue_SendsNothing(t *testing.T) {
	w, _ := withAccounts(t)
	o := newOffice(t)
	w.connectTo("127.0.0.1", o.port)
	w.queue(letter(1))
	w.sender.Close()
	if tally := w.flush(monday); len(tally) != 0 {
		t.Errorf("tally %v", tally)
	}
	check(t, w.NewMailClient().Send(accountMessage("admin@example.org")))
	if len(o.got()) != 0 {
		t.Errorf("%d letters left", len(o.got()))
	}
	states := []string{w.rows()[0].State, w.rows()[1].State}
	slices.Sort(states)
	if !slices.Equal(states, []string{StatePlanned, StateQueued}) {
		t.Errorf("states %v", states)
	}
}

func TestNewSender_BadTemplates_Fails(t *testing.T) {
	w := newWorld(t)
	for name, files := range map[string]fstest.MapFS{
		"none":            {},
		"no html":         {"mail/letter.txt": {Data: []byte("x")}},
		"a broken action": {"mail/letter.txt": {Data: []byte("{{.Subject")}, "mail/letter.html": {Data: []byte("x")}},
	} {
		if _, err := NewSender(w, Kinds{}, files); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestCodes_All_HaveSentences(t *testing.T) {
	codes := map[string][]string{
		"deliveries.state.": {StatePlanned, StateQueued, StateSending, StateRetry, StateSent, StateUncertain, StateFailed,
			StateCancelled, StateSkipped, StateDigested, StateHeld},
		"deliveries.reason.": {ReasonDone, ReasonCancelled, ReasonMoved, ReasonDeleted, ReasonNoAccess, ReasonPaused, ReasonMuted,
			ReasonStale, ReasonHoliday, ReasonDisabled, ReasonNoAddress, ReasonBadAddress, ReasonBounced, ReasonUnsubscribed, ReasonComplaint,
			ReasonSMTPOff, ReasonMailHeld, DeferredBySMTP, ReasonRefused, ReasonGaveUp, DeferredByRate, "resend", "hold_override", ReasonTwiceUnclear,
			ReasonUnknownKind, ReasonBroken},
		"mail.channel.": {smtp.FaultNoSuchHost, smtp.FaultRefused, smtp.FaultTimedOut, smtp.FaultUnreachable, smtp.FaultTLSUntrusted,
			smtp.FaultTLSWrongName, smtp.FaultTLSInvalid, smtp.FaultTLSMissing, smtp.FaultWrongPassword, smtp.FaultAuthMissing,
			smtp.FaultGreetingRefused, smtp.FaultSenderRefused},
	}
	for beginning, all := range codes {
		for _, code := range all {
			if !lang.Has(beginning + code) {
				t.Errorf("%s%s has no words", beginning, code)
			}
		}
	}
}
