package outbox

import (
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"

	"simpul/hooks/clock"
	"simpul/hooks/notify/sentlog"
)

// Why the hub itself holds all messages, in hub_settings.mail_held_reason. Each has a sentence under mail.hold.<code>.
const (
	HoldRestored = "restored" // the database is older than what left the hub
	HoldCopied   = "copied"   // the database belongs to another hub, or its sent log is gone
)

// OpenSentLog has every message that leaves written into a file at path, which must lie outside the data folder, and
// compares the two. If the database was restored or copied it starts with all messages held, until a person releases
// them, and returns why (a Hold… code). Messages that left already are marked sent. Call it once, before the first
// ProcessDue.
func (s *Sender) OpenSentLog(path string) (hold string, err error) {
	folder, err := filepath.Abs(s.app.DataDir())
	if err != nil {
		return "", fmt.Errorf("sent log: %w", err)
	}
	log, err := sentlog.Open(path)
	if err != nil {
		return "", err
	}
	if hold, err = reconcileSentLog(s.app, log, folder); err != nil {
		return "", fmt.Errorf("sent log: %w", errors.Join(err, log.Close()))
	}
	s.sentLog = log
	return hold, nil
}

// reconcileSentLog brings log and database together. The database comes first: should the hub end between the two, the next
// start finds them apart and holds again.
func reconcileSentLog(app core.App, log *sentlog.Log, folder string) (hold string, err error) {
	var instance string
	err = app.RunInTransaction(func(tx core.App) error {
		settings, err := tx.FindFirstRecordByFilter("hub_settings", "")
		if err != nil {
			return fmt.Errorf("the hub has no settings: %w", err)
		}
		behind, err := markLogged(tx, log)
		if err != nil {
			return err
		}
		instance = settings.GetString("instance")
		hold = holdReason(log, instance, folder, behind || log.Rounds > int64(settings.GetInt("mail_rounds")))
		if hold == "" && instance != "" {
			return nil
		}
		instance = security.RandomString(20)
		settings.Set("instance", instance)
		settings.Set("mail_rounds", max(log.Rounds, int64(settings.GetInt("mail_rounds"))))
		if hold != "" {
			settings.Set("mail_held", true)
			settings.Set("mail_held_reason", hold)
		}
		return tx.Save(settings)
	})
	if err == nil && log.Instance != instance {
		err = log.SetInstance(instance, folder)
	}
	return hold, err
}

// holdReason says why the database cannot be the one that wrote the log; nothing when it can, or when this is the first
// start with a log. Behind says that the log knows more than the database.
func holdReason(log *sentlog.Log, instance, folder string, behind bool) string {
	switch {
	case instance == "" && log.Len() == 0:
		return ""
	case instance == "", log.Folder == folder && log.WasInstance(instance):
		return HoldRestored
	case log.Instance != instance, log.Folder != folder:
		return HoldCopied
	case behind:
		return HoldRestored
	}
	return ""
}

// markLogged marks what left as sent and reports whether the database is behind the log. A leased row under the same
// Message-ID is what a crash leaves between the server's answer and the commit; any other row stands as it did before the
// message left.
func markLogged(tx core.App, log *sentlog.Log) (behind bool, err error) {
	// What is due later than the newest message in the log cannot have left.
	newest := clock.Now()
	if last := log.Newest(); last.After(newest) {
		newest = last
	}
	var rows []Delivery
	err = tx.DB().NewQuery("SELECT id, `key`, kind, state, subject, message_id FROM deliveries " +
		"WHERE state IN ('planned', 'queued', 'sending', 'retry', 'uncertain', 'held') AND due_at <= {:newest}").
		Bind(dbx.Params{"newest": Stamp(newest)}).All(&rows)
	if err != nil {
		return false, err
	}
	for _, d := range rows {
		entry, known := log.Find(d.Key)
		if !known {
			continue
		}
		crash := (d.State == StateSending || d.State == StateUncertain) && entry.Matches(d.MessageID)
		behind = behind || !crash
		if err := updateRow(tx, d.ID, clock.Now(), alreadySent(d, entry.At)); err != nil {
			return false, err
		}
	}
	return behind, nil
}

// alreadySent closes a row whose message left.
func alreadySent(d Delivery, at time.Time) dbx.Params {
	return merge(final(d, StateSent, ReasonAlreadySent), dbx.Params{"sent_at": Stamp(at), "last_error": ""})
}

// startRound counts a round of sending, in the database first.
func (s *Sender) startRound() error {
	if s.sentLog == nil {
		return nil
	}
	var round int64
	err := s.app.NonconcurrentDB().NewQuery(`UPDATE hub_settings SET mail_rounds = MAX(mail_rounds, {:logged}) + 1 RETURNING mail_rounds`).
		Bind(dbx.Params{"logged": s.sentLog.Rounds}).Row(&round)
	if err == nil {
		err = s.sentLog.StartRound(round)
	}
	if err != nil {
		return fmt.Errorf("start a round of sending: %w", err)
	}
	return nil
}
