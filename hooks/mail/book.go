package mail

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"simpul/hooks/clock"
)

const (
	// bookKept is how long the book remembers a letter; one planned before that has long lost its use.
	bookKept = 400 * 24 * time.Hour
	// bookSync is how long a line may wait for the disk while a round goes on.
	bookSync = time.Second
)

// book lists what left the hub, in a file outside the data folder: restoring a database must not make it forget.
//
// A line is written once the mail server has taken a letter and before the database learns of it. Whatever the database
// is set back to, it never knows more than the book. A line survives the end of the process at once, and a power cut after
// a second or at the end of the round; the line that opens a round is on the disk before its first letter leaves, so that
// even then a database from before the round is found out. Only the letter on its way can be missing, and its row is
// claimed. Bringing each line to the disk by itself would cost as much as one of the two commits of each letter.
type book struct {
	file   *os.File
	size   int64
	mark   string   // the hub's, as the database has it
	past   []string // the marks it had before
	folder string   // the data folder it stands for
	rounds int64
	sent   map[string]departure
	synced time.Time
	dirty  bool
}

// departure is one letter in the book.
type departure struct {
	identity string // of its Message-ID
	at       time.Time
}

// openBook reads the book and makes it if need be.
func openBook(path string) (*book, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("book of sent letters: %w", err)
	}
	b := &book{file: file, sent: map[string]departure{}}
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
func (b *book) read() error {
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

func (b *book) understand(line string) {
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
			b.sent[key] = departure{parts[1], at}
		}
	}
}

// write appends a line. Half of one, as a full disk leaves it, is taken back.
func (b *book) write(line string) error {
	n, err := b.file.WriteString(line + "\n")
	if err != nil {
		return errors.Join(err, b.file.Truncate(b.size))
	}
	b.size += int64(n)
	b.dirty = true
	return nil
}

// sync brings what was written to the disk.
func (b *book) sync() error {
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
func (b *book) close() error {
	if b == nil {
		return nil
	}
	return errors.Join(b.sync(), b.file.Close())
}

// sign enters whose book it is from now on.
func (b *book) sign(mark, folder string) error {
	if err := b.write("hub " + mark + " " + folder); err != nil {
		return err
	}
	b.past = append(b.past, b.mark)
	b.mark, b.folder = mark, folder
	return b.sync()
}

// open enters a new round.
func (b *book) open(round int64) error {
	if err := b.write("round " + strconv.FormatInt(round, 10)); err != nil {
		return err
	}
	b.rounds = round
	return b.sync()
}

// note enters a letter that the server has taken; once is enough.
func (b *book) note(key, messageID string, at time.Time) error {
	if b == nil {
		return nil
	}
	if _, known := b.sent[key]; !known {
		d := departure{Key(messageID), at}
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

// find looks a letter up.
func (b *book) find(key string) (departure, bool) {
	if b == nil {
		return departure{}, false
	}
	d, known := b.sent[key]
	return d, known
}
