package outbox

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"

	"simpul/hooks/clock"
)

const (
	// bookKept is how long the book remembers a message; one planned before that has long lost its use.
	bookKept = 400 * 24 * time.Hour
	// bookSync is how long a line may wait for the disk while a round goes on.
	bookSync = time.Second
)

// sentLogFile lists what left the hub, in a file outside the data folder: restoring a database must not make it forget.
//
// A line is written once the mail server has taken a message and before the database learns of it. Whatever the database
// is set back to, it never knows more than the book. A line survives the end of the process at once, and a power cut after
// a second or at the end of the round; the line that opens a round is on the disk before its first message leaves, so that
// even then a database from before the round is found out. Only the message on its way can be missing, and its row is
// lease. Bringing each line to the disk by itself would cost as much as one of the two commits of each message.
type sentLogFile struct {
	file   *os.File
	size   int64
	mark   string   // the hub's, as the database has it
	past   []string // the marks it had before
	folder string   // the data folder it stands for
	rounds int64
	sent   map[string]sentEntry
	synced time.Time
	dirty  bool
}

// sentEntry is one message in the book.
type sentEntry struct {
	identity string // of its Message-ID
	at       time.Time
}

// openBook reads the book and makes it if need be.
func openBook(path string) (*sentLogFile, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("book of sent letters: %w", err)
	}
	b := &sentLogFile{file: file, sent: map[string]sentEntry{}}
	if err := errors.Join(b.read(), syncDir(filepath.Dir(path))); err != nil {
		return nil, fmt.Errorf("book of sent letters: %w", errors.Join(err, file.Close()))
	}
	return b, nil
}

// syncDir makes a new file's name durable.
func syncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// read takes in every whole line. A last one torn by a crash is closed, so that the next begins anew.
func (b *sentLogFile) read() error {
	raw, err := io.ReadAll(b.file)
	if err != nil {
		return err
	}
	b.size = int64(len(raw))
	for scan := bufio.NewScanner(bytes.NewReader(raw)); scan.Scan(); {
		b.understand(scan.Text())
	}
	if len(raw) > 0 && raw[len(raw)-1] != '\n' {
		return b.write("")
	}
	return nil
}

func (b *sentLogFile) understand(line string) {
	word, rest, _ := strings.Cut(line, " ")
	switch word {
	case "hub":
		b.past = append(b.past, b.mark)
		b.mark, b.folder, _ = strings.Cut(rest, " ")
	case "round":
		if n, err := strconv.ParseInt(rest, 10, 64); err == nil {
			b.rounds = max(b.rounds, n)
		}
	case "sent":
		parts := strings.Fields(rest)
		if len(parts) != 3 {
			return
		}
		key, err := url.QueryUnescape(parts[0])
		at, err2 := time.Parse(time.RFC3339, parts[2])
		if err == nil && err2 == nil && clock.Now().Sub(at) < bookKept {
			b.sent[key] = sentEntry{parts[1], at}
		}
	}
}

// write appends a line. Half of one, as a full disk leaves it, is taken back.
func (b *sentLogFile) write(line string) error {
	n, err := b.file.WriteString(line + "\n")
	if err != nil {
		return errors.Join(err, b.file.Truncate(b.size))
	}
	b.size += int64(n)
	b.dirty = true
	return nil
}

// sync brings what was written to the disk.
func (b *sentLogFile) sync() error {
	if b == nil || !b.dirty {
		return nil
	}
	if err := b.file.Sync(); err != nil {
		return fmt.Errorf("book of sent letters: %w", err)
	}
	b.synced, b.dirty = time.Now(), false
	return nil
}

// close ends the book; nil is none.
func (b *sentLogFile) close() error {
	if b == nil {
		return nil
	}
	return errors.Join(b.sync(), b.file.Close())
}

// sign enters whose book it is from now on.
func (b *sentLogFile) sign(mark, folder string) error {
	if err := b.write("hub " + mark + " " + folder); err != nil {
		return err
	}
	b.past = append(b.past, b.mark)
	b.mark, b.folder = mark, folder
	return b.sync()
}

// open enters a new round.
func (b *sentLogFile) open(round int64) error {
	if err := b.write("round " + strconv.FormatInt(round, 10)); err != nil {
		return err
	}
	b.rounds = round
	return b.sync()
}

// note enters a message that the server has taken; once is enough.
func (b *sentLogFile) note(key, messageID string, at time.Time) error {
	if b == nil {
		return nil
	}
	if _, known := b.sent[key]; !known {
		d := sentEntry{Key(messageID), at}
		line := fmt.Sprintf("sent %s %s %s", url.QueryEscape(key), d.identity, at.UTC().Format(time.RFC3339))
		if err := b.write(line); err != nil {
			return fmt.Errorf("book of sent letters: %w", err)
		}
		b.sent[key] = d
	}
	if time.Since(b.synced) < bookSync {
		return nil
	}
	return b.sync()
}

// find looks a message up.
func (b *sentLogFile) find(key string) (sentEntry, bool) {
	if b == nil {
		return sentEntry{}, false
	}
	d, known := b.sent[key]
	return d, known
}

// Why the hub itself holds all messages, in hub_settings.mail_held_reason. Each has words under mail.hold.<code>.
const (
	HoldRestored = "restored" // the database is older than what left the hub
	HoldCopied   = "copied"   // the database belongs to another hub, or its file of sent messages is gone
)

// SentLog compares the database with the book.
type SentLog struct {
	app    core.App
	book   *sentLogFile
	folder string
	row    *core.Record // hub_settings
	back   bool         // a message that left stands in the database as not sent
}

// OpenSentLog has every message that leaves written into a file at path, which must lie outside the data folder, and
// compares the two. If the database was restored or copied it starts with all messages held, until a person releases
// them, and returns why (a Hold… code). Messages that left already are marked sent. Call it once, before the first Flush.
func (s *Sender) OpenSentLog(path string) (hold string, err error) {
	folder, err := filepath.Abs(s.app.DataDir())
	if err != nil {
		return "", fmt.Errorf("book of sent letters: %w", err)
	}
	b, err := openBook(path)
	if err != nil {
		return "", err
	}
	k := &SentLog{app: s.app, book: b, folder: folder}
	if hold, err = k.compare(); err != nil {
		return "", fmt.Errorf("book of sent letters: %w", errors.Join(err, b.close()))
	}
	s.book = b
	return hold, nil
}

// compare brings book and database together. The database comes first: should the hub end between the two, the next
// start finds them apart and holds again.
func (k *SentLog) compare() (hold string, err error) {
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
func (k *SentLog) doubt() string {
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

// result marks what left as sent. A claimed row under the same Message-ID is what a crash leaves between the server's
// answer and the commit; any other row stands as it did before the message left.
func (k *SentLog) settle(tx core.App) error {
	var rows []Delivery
	// What is due later than the newest message in the log cannot have left.
	newest := clock.Now()
	for _, sent := range k.book.sent {
		if sent.at.After(newest) {
			newest = sent.at
		}
	}
	err := tx.DB().NewQuery(`SELECT * FROM deliveries WHERE state IN ('planned', 'queued', 'sending', 'retry', 'uncertain', 'held') AND due_at <= {:newest}`).
		Bind(dbx.Params{"newest": stamp(newest)}).All(&rows)
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

// alreadySent closes a row whose message left.
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
