package mail

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"

	"simpul/hooks/clock"
)

// Why the hub itself holds all letters, in hub_settings.mail_held_reason. Each has words under mail.hold.<code>.
const (
	HoldRestored = "restored" // the database is older than what left the hub
	HoldCopied   = "copied"   // the database belongs to another hub, or its file of sent letters is gone
)

// keeping compares the database with the book.
type keeping struct {
	app    core.App
	book   *book
	folder string
	row    *core.Record // hub_settings
	back   bool         // a letter that left stands in the database as not sent
}

// KeepBook has every letter that leaves written into a file at path, which must lie outside the data folder, and
// compares the two. If the database was restored or copied it starts with all letters held, until a person releases
// them, and returns why (a Hold… code). Letters that left already are marked sent. Call it once, before the first Flush.
func (s *Sender) KeepBook(path string) (hold string, err error) {
	folder, err := filepath.Abs(s.app.DataDir())
	if err != nil {
		return "", fmt.Errorf("book of sent letters: %w", err)
	}
	b, err := openBook(path)
	if err != nil {
		return "", err
	}
	k := &keeping{app: s.app, book: b, folder: folder}
	if hold, err = k.compare(); err != nil {
		return "", fmt.Errorf("book of sent letters: %w", errors.Join(err, b.close()))
	}
	s.book = b
	return hold, nil
}

// compare brings book and database together. The database comes first: should the hub end between the two, the next
// start finds them apart and holds again.
func (k *keeping) compare() (hold string, err error) {
	var mark string
	err = k.app.RunInTransaction(func(tx core.App) error {
		rows, err := tx.FindAllRecords("hub_settings")
		if err != nil || len(rows) == 0 {
			return errors.Join(err, errors.New("the hub has no settings"))
		}
		k.row = rows[0]
		if err := k.settle(tx); err != nil {
			return err
		}
		hold = k.doubt()
		if mark = k.row.GetString("instance"); hold == "" && mark != "" {
			return nil
		}
		mark = security.RandomString(20)
		k.row.Set("instance", mark)
		k.row.Set("mail_rounds", max(k.book.rounds, int64(k.row.GetInt("mail_rounds"))))
		if hold != "" {
			k.row.Set("mail_held", true)
			k.row.Set("mail_held_reason", hold)
		}
		return tx.Save(k.row)
	})
	if err == nil && k.book.mark != mark {
		err = k.book.sign(mark, k.folder)
	}
	return hold, err
}

// doubt tells why the database cannot be the one that wrote the book; nothing when it can, or when this is the first
// start with a book.
func (k *keeping) doubt() string {
	mark := k.row.GetString("instance")
	switch {
	case mark == "" && len(k.book.sent) == 0:
		return ""
	case mark == "", k.book.folder == k.folder && slices.Contains(k.book.past, mark):
		return HoldRestored
	case k.book.mark != mark, k.book.folder != k.folder:
		return HoldCopied
	case k.back, k.book.rounds > int64(k.row.GetInt("mail_rounds")):
		return HoldRestored
	}
	return ""
}

// settle marks what left as sent. A claimed row under the same Message-ID is what a crash leaves between the server's
// answer and the commit; any other row stands as it did before the letter left.
func (k *keeping) settle(tx core.App) error {
	var rows []Delivery
	err := tx.DB().NewQuery("SELECT * FROM deliveries WHERE state IN ('planned', 'queued', 'sending', 'retry', 'uncertain', 'held')").All(&rows)
	if err != nil {
		return err
	}
	for _, d := range rows {
		left, known := k.book.find(d.Key)
		if !known {
			continue
		}
		crash := (d.State == StateSending || d.State == StateUncertain) && Key(d.MessageID) == left.identity
		k.back = k.back || !crash
		if err := change(tx, d.ID, clock.Now(), alreadySent(d, left.at)); err != nil {
			return err
		}
	}
	return nil
}

// alreadySent closes a row whose letter left.
func alreadySent(d Delivery, at time.Time) dbx.Params {
	return merge(final(d, StateSent, ReasonAlreadySent), dbx.Params{"sent_at": stamp(at), "last_error": ""})
}

// openRound counts a round of sending, in the database first.
func (s *Sender) openRound() error {
	if s.book == nil {
		return nil
	}
	var round int64
	err := s.app.NonconcurrentDB().NewQuery(`UPDATE hub_settings SET mail_rounds = MAX(mail_rounds, {:book}) + 1 RETURNING mail_rounds`).
		Bind(dbx.Params{"book": s.book.rounds}).Row(&round)
	if err == nil {
		err = s.book.open(round)
	}
	if err != nil {
		return fmt.Errorf("open a round of letters: %w", err)
	}
	return nil
}
