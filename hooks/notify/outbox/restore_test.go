package outbox

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/archive"

	"simpul/hooks/clock"
	"simpul/hooks/notify/smtp"
	"simpul/hooks/signedlink"
)

// site is a data folder with its book beside it, started and stopped as a hub is.
type site struct {
	*world
	dir, path string
	stopped   bool
}

// newSite starts a hub in a folder of its own for the first time.
func newSite(t *testing.T) *site {
	t.Helper()
	t.Cleanup(clock.Freeze(monday))
	from, err := migrated()
	check(t, err)
	s := &site{dir: filepath.Join(t.TempDir(), "data"), stopped: true}
	s.path = s.dir + ".sent"
	check(t, os.CopyFS(s.dir, os.DirFS(from)))
	s.world = &world{TB: t, said: Contents{Subject: "Tenggat", Greeting: "Yth. mitra,", Lines: []string{"Satu tugas menunggu."}}}
	s.start("")
	t.Cleanup(s.stop)
	return s
}

// start opens the folder as the roof does, and compares why messages are held then.
func (s *site) start(hold string) {
	s.Helper()
	app, err := boot(s.dir)
	check(s, err)
	check(s, signedlink.EnsureSecret(app))
	s.BaseApp, s.stopped = app, false
	s.sender, err = NewSender(app, Kinds{"task_due": {Wanted: s.wanted}}, templateFiles())
	check(s, err)
	s.sender.dial = smtp.Options{DialTimeout: 10 * time.Second, SendTimeout: 10 * time.Second}
	got, err := s.sender.OpenSentLog(s.path)
	check(s, err)
	if got != hold {
		s.Errorf("the start holds letters because of %q, expected %q", got, hold)
	}
}

func (s *site) stop() {
	s.Helper()
	if s.stopped {
		return
	}
	s.stopped = true
	s.sender.Close()
	check(s, s.ClearBootstrap())
}

// release lets messages leave again, as an administrator does.
func (s *site) release() {
	s.run("UPDATE hub_settings SET mail_held = 0, mail_held_reason = ''")
}

// backup writes PocketBase's own backup and returns its file.
func (s *site) backup() string {
	s.Helper()
	check(s, s.CreateBackup(context.Background(), "before.zip"))
	kept := filepath.Join(s.TempDir(), "before.zip")
	check(s, os.Rename(filepath.Join(s.dir, core.LocalBackupsDirName, "before.zip"), kept))
	return kept
}

// restore puts a backup in the place of the stopped hub's data.
func (s *site) restore(backup string) {
	s.Helper()
	s.stop()
	check(s, os.RemoveAll(s.dir))
	check(s, archive.Extract(backup, s.dir))
}

func (s *site) office(t *testing.T) *office {
	o := newOffice(t)
	s.connectTo("127.0.0.1", o.port)
	return o
}

// A10.
func TestOpenSentLog_RestoredBackup_HoldsAndSendsOnce(t *testing.T) {
	s := newSite(t)
	o := s.office(t)
	for i := range 5 {
		s.queue(letter(i))
	}
	later := letter(9)
	later.DueAt = monday.Add(2 * time.Hour)
	s.queue(later)
	kept := s.backup()
	s.flush(monday)
	s.restore(kept)
	s.start(HoldRestored)
	if tally := s.flush(monday.Add(3 * time.Hour)); tally[StateHeld] != 1 || len(o.got()) != 5 {
		t.Fatalf("%v; %d letters left before anybody released them", tally, len(o.got())-5)
	}
	for i := range 5 {
		s.expect(letter(i), StateSent, ReasonAlreadySent)
	}
	// Another start in between changes nothing.
	s.stop()
	s.start("")
	s.flush(monday.Add(4 * time.Hour))
	s.expect(later, StateHeld, ReasonMailHeld)
	s.release()
	s.flush(monday.Add(5 * time.Hour))
	s.expect(later, StateSent, "")
	if len(o.got()) != 6 {
		t.Errorf("%d letters arrived, expected 6", len(o.got()))
	}
}

// What was planned only after the backup is planned again by the restored hub.
func TestOpenSentLog_MessageUnknownToTheBackup_SendsOnce(t *testing.T) {
	s := newSite(t)
	o := s.office(t)
	kept := s.backup()
	s.queue(letter(1))
	s.flush(monday)
	s.restore(kept)
	s.start(HoldRestored)
	s.queue(letter(1), letter(2))
	s.flush(monday.Add(time.Minute))
	if len(o.got()) != 1 {
		t.Fatalf("%d letters left while held", len(o.got())-1)
	}
	s.release()
	s.flush(monday.Add(2 * time.Minute))
	s.expect(letter(1), StateSent, ReasonAlreadySent)
	s.expect(letter(2), StateSent, "")
	if len(o.got()) != 2 {
		t.Errorf("%d letters arrived, expected one each", len(o.got()))
	}
}

// A10.
func TestOpenSentLog_CopiedFolder_Holds(t *testing.T) {
	for name, copied := range map[string]func(s *site, dir string){
		"the folder alone":            func(*site, string) {},
		"with the book beside it":     func(s *site, dir string) { copyFile(s, s.path, dir+".sent") },
		"beside another hub's book":   func(s *site, dir string) { writeFile(s, dir+".sent", "hub anotherhub "+dir+"\n") },
		"before a single letter left": func(s *site, dir string) { check(s, os.WriteFile(dir+".sent", nil, 0o600)) },
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			o := s.office(t)
			s.queue(letter(1))
			s.flush(monday)
			s.queue(letter(2))
			s.stop()
			dir := filepath.Join(t.TempDir(), "copy")
			check(t, os.CopyFS(dir, os.DirFS(s.dir)))
			copied(s, dir)
			s.dir, s.path = dir, dir+".sent"
			s.start(HoldCopied)
			s.flush(monday.Add(time.Minute))
			s.expect(letter(2), StateHeld, ReasonMailHeld)
			if len(o.got()) != 1 {
				t.Fatalf("%d letters left the copy", len(o.got())-1)
			}
			s.release()
			s.flush(monday.Add(2 * time.Minute))
			if len(o.got()) != 2 {
				t.Errorf("%d letters arrived after the release", len(o.got()))
			}
			s.stop()
			s.start("")
		})
	}
}

func copyFile(t testing.TB, from, to string) {
	t.Helper()
	raw, err := os.ReadFile(from)
	check(t, err)
	writeFile(t, to, string(raw))
}

func writeFile(t testing.TB, path, text string) {
	t.Helper()
	check(t, os.WriteFile(path, []byte(text), 0o600))
}

func TestOpenSentLog_OrdinaryStarts_HoldNothing(t *testing.T) {
	s := newSite(t)
	o := s.office(t)
	for i := range 4 {
		s.queue(letter(i))
		s.flush(monday)
		s.stop()
		s.start("")
	}
	// A programme deleted with its messages is no restored backup.
	s.run("DELETE FROM deliveries")
	s.stop()
	s.start("")
	if len(o.got()) != 4 {
		t.Errorf("%d letters arrived", len(o.got()))
	}
}

func TestOpenSentLog_FirstStart_HoldsNothing(t *testing.T) {
	s := newSite(t)
	o := s.office(t)
	s.queue(letter(1))
	s.flush(monday)
	s.run("UPDATE hub_settings SET instance = '', mail_rounds = 0")
	s.stop()
	check(t, os.Remove(s.path))
	s.start("")
	s.queue(letter(2))
	s.flush(monday.Add(time.Minute))
	if len(o.got()) != 2 {
		t.Errorf("%d letters arrived", len(o.got()))
	}
	// A database from before the book beside a book with messages was restored.
	s.run("UPDATE hub_settings SET instance = ''")
	s.stop()
	s.start(HoldRestored)
}
