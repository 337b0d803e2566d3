// Package sentlog keeps an append-only file of the messages that left, outside the data folder: restoring a database must
// not make it forget.
//
// A line is written once the mail server has accepted a message and before the database learns of it. Whatever the database
// is set back to, it never knows more than the log. A line survives the end of the process at once, and a power cut after a
// second or at the end of the round; the line that opens a round is on the disk before its first message leaves, so that even
// then a database from before the round is found out. Only the message being sent can be missing, and its row is leased.
// Syncing each line by itself would cost as much as one of the two commits of each message.
package sentlog

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
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

	"simpul/hooks/clock"
)

const (
	// retention is how long a message is known; one planned before that has long lost its use.
	retention = 400 * 24 * time.Hour
	// syncInterval is how long a line may wait for the disk while a round goes on.
	syncInterval = time.Second
)

// Log is the file and what it says. A nil Log knows and keeps nothing.
type Log struct {
	Instance string // of the database that writes it, hub_settings.instance
	Folder   string // the data folder of that database
	Rounds   int64  // the last round of sending
	file     *os.File
	size     int64
	past     []string // earlier instances
	sent     map[string]Entry
	synced   time.Time
	dirty    bool
}

// Entry is one message that left.
type Entry struct {
	At   time.Time
	hash string // of its Message-ID
}

// Matches reports whether the message left under this Message-ID.
func (e Entry) Matches(messageID string) bool { return e.hash == hash(messageID) }

func hash(messageID string) string {
	sum := sha256.Sum256([]byte(messageID))
	return hex.EncodeToString(sum[:16])
}

// Open reads the log and creates it if need be.
func Open(path string) (*Log, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("sent log: %w", err)
	}
	l := &Log{file: file, sent: map[string]Entry{}}
	if err := errors.Join(l.read(), syncDir(filepath.Dir(path))); err != nil {
		return nil, fmt.Errorf("sent log: %w", errors.Join(err, file.Close()))
	}
	return l, nil
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
func (l *Log) read() error {
	raw, err := io.ReadAll(l.file)
	if err != nil {
		return err
	}
	l.size = int64(len(raw))
	for scan := bufio.NewScanner(bytes.NewReader(raw)); scan.Scan(); {
		l.parse(scan.Text())
	}
	if len(raw) > 0 && raw[len(raw)-1] != '\n' {
		return l.write("")
	}
	return nil
}

func (l *Log) parse(line string) {
	word, rest, _ := strings.Cut(line, " ")
	switch word {
	case "hub":
		l.past = append(l.past, l.Instance)
		l.Instance, l.Folder, _ = strings.Cut(rest, " ")
	case "round":
		if n, err := strconv.ParseInt(rest, 10, 64); err == nil {
			l.Rounds = max(l.Rounds, n)
		}
	case "sent":
		parts := strings.Fields(rest)
		if len(parts) != 3 {
			return
		}
		key, err := url.QueryUnescape(parts[0])
		at, err2 := time.Parse(time.RFC3339, parts[2])
		if err == nil && err2 == nil && clock.Now().Sub(at) < retention {
			l.sent[key] = Entry{at, parts[1]}
		}
	}
}

// write appends a line. Half of one, as a full disk leaves it, is taken back.
func (l *Log) write(line string) error {
	n, err := l.file.WriteString(line + "\n")
	if err != nil {
		return fmt.Errorf("sent log: %w", errors.Join(err, l.file.Truncate(l.size)))
	}
	l.size += int64(n)
	l.dirty = true
	return nil
}

// Sync brings what was written to the disk.
func (l *Log) Sync() error {
	if l == nil || !l.dirty {
		return nil
	}
	if err := l.file.Sync(); err != nil {
		return fmt.Errorf("sent log: %w", err)
	}
	l.synced, l.dirty = time.Now(), false
	return nil
}

// Close syncs and closes the file.
func (l *Log) Close() error {
	if l == nil {
		return nil
	}
	return errors.Join(l.Sync(), l.file.Close())
}

// SetInstance enters which database writes from now on.
func (l *Log) SetInstance(instance, folder string) error {
	if err := l.write("hub " + instance + " " + folder); err != nil {
		return err
	}
	l.past = append(l.past, l.Instance)
	l.Instance, l.Folder = instance, folder
	return l.Sync()
}

// WasInstance reports whether a database wrote the log before the present one.
func (l *Log) WasInstance(instance string) bool { return slices.Contains(l.past, instance) }

// StartRound enters a new round and brings it to the disk.
func (l *Log) StartRound(round int64) error {
	if err := l.write("round " + strconv.FormatInt(round, 10)); err != nil {
		return err
	}
	l.Rounds = round
	return l.Sync()
}

// Add enters a message that the server has accepted, once.
func (l *Log) Add(key, messageID string, at time.Time) error {
	if l == nil {
		return nil
	}
	if _, known := l.sent[key]; !known {
		e := Entry{at, hash(messageID)}
		if err := l.write(fmt.Sprintf("sent %s %s %s", url.QueryEscape(key), e.hash, at.UTC().Format(time.RFC3339))); err != nil {
			return err
		}
		l.sent[key] = e
	}
	if time.Since(l.synced) < syncInterval {
		return nil
	}
	return l.Sync()
}

// Find returns the entry of a delivery's key.
func (l *Log) Find(key string) (Entry, bool) {
	if l == nil {
		return Entry{}, false
	}
	e, known := l.sent[key]
	return e, known
}

// Newest is when the last message in the log left, zero if none is in it.
func (l *Log) Newest() (newest time.Time) {
	for _, entry := range l.sent {
		if entry.At.After(newest) {
			newest = entry.At
		}
	}
	return newest
}

// Len is how many messages are known.
func (l *Log) Len() int { return len(l.sent) }
