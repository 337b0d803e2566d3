package hooks_test

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks"
	"simpul/hooks/clock"
	"simpul/hooks/datastore"
	"simpul/hooks/testkit"
)

// command runs the hub's own command line on a data folder, as another process would.
func command(t *testing.T, dir string, args ...string) (said string, err error) {
	t.Helper()
	app := pocketbase.NewWithConfig(pocketbase.Config{DefaultDataDir: dir, DBConnect: datastore.Connect, HideStartBanner: true})
	if err := hooks.Register(app, testkit.Templates(), testkit.Public()); err != nil {
		t.Fatal(err)
	}
	hooks.AddCommands(app)
	if err := app.Bootstrap(); err != nil {
		t.Fatal(err)
	}
	out := &bytes.Buffer{}
	app.RootCmd.SetArgs(args)
	app.RootCmd.SetOut(out)
	app.RootCmd.SetErr(out)
	err = app.RootCmd.Execute()
	if ended := app.OnTerminate().Trigger(&core.TerminateEvent{App: app}, func(e *core.TerminateEvent) error { return e.App.ClearBootstrap() }); ended != nil {
		t.Error(ended)
	}
	return out.String(), err
}

// busyWorld is a hub with letters to come in two programmes.
func busyWorld(t *testing.T) *testkit.World {
	t.Helper()
	w := testkit.New(t)
	for i, of := range []*core.Record{w.Kopi, w.Rantang} {
		w.Make("tasks", "programme", of.Id, "title", []string{"Jadwal home visit", "=Pembagian wilayah"}[i],
			"organisation", []string{w.Puskesmas.Id, w.Bali.Id}[i], "accountable", []string{w.Initiator.Id, w.BaliInitiator.Id}[i],
			"due_on", "2026-12-10", "state", "todo", "urgency", "normal")
	}
	return w
}

func TestSimulateSaysInWordsWhatWillLeave(t *testing.T) {
	w := busyWorld(t)
	// The hub goes on running: its folder is open and stays so.
	said, err := command(t, w.App.DataDir(), "simulate", "--days", "18")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"Simulasi surat, Sen, 23 Nov 2026, 09.00 WIB sampai Jum, 11 Des 2026, 09.00 WIB",
		"- Server surat dianggap sudah diatur; sekarang belum.", "- Hari libur sebagaimana tercatat sekarang.",
		"Senin, 7 Desember 2026\n",
		" | Jadwal home visit | Kepala Puskesmas – Puskesmas Tambakaji | Dimuat surat harian Sen, 7 Des 2026, 08.00 WIB",
		"  08.00 WIB  Tenggat tugas mendekat | Jadwal home visit | Kepala Puskesmas – Puskesmas Tambakaji | Berangkat sendiri",
		"  07.00 WIB  Tenggat tugas mendekat | =Pembagian wilayah | Ketua – K3S Tabanan | Berangkat sendiri",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("it does not say %q in\n%s", want, said)
		}
	}
	if strings.Contains(said, "per jam") {
		t.Errorf("without a limit it speaks of one:\n%s", said)
	}
	if _, err := w.App.NonconcurrentDB().NewQuery("UPDATE hub_settings SET mails_per_hour = 40").Execute(); err != nil {
		t.Fatal(err)
	}
	if said, err := command(t, w.App.DataDir(), "simulate", "--days", "1"); err != nil || !strings.Contains(said, "- Batas surat per jam (sekarang 40) tidak diperhitungkan;") {
		t.Errorf("with a limit, %v:\n%s", err, said)
	}
	english, err := command(t, w.App.DataDir(), "simulate", "--days", "18", "--language", "en")
	if err != nil || !strings.Contains(english, "Leaves by itself") || strings.Contains(english, "⟦") {
		t.Errorf("in English, %v:\n%s", err, english)
	}
}

func TestSimulateNarrowsToAProgrammeAndWritesATable(t *testing.T) {
	w := busyWorld(t)
	said, err := command(t, w.App.DataDir(), "simulate", "--days", "18", "--programme", "rantang", "--csv")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(said)).ReadAll()
	if err != nil || len(rows) < 4 || strings.Join(rows[0][:3], ",") != "at,due,fate" {
		t.Fatalf("%v in\n%s", err, said)
	}
	seen := false
	for _, row := range rows[1:] {
		if row[9] != w.Rantang.Id {
			t.Errorf("%v is of another programme", row)
		}
		if _, err := time.Parse(time.RFC3339, row[0]); err != nil {
			t.Error(err)
		}
		if (row[2] == "Berangkat sendiri") != (row[11] == "alone") {
			t.Errorf("%q has the code %q", row[2], row[11])
		}
		seen = seen || row[7] == "'=Pembagian wilayah" // no formula in a spreadsheet
	}
	if !seen {
		t.Errorf("the task is not named in\n%s", said)
	}
	local, err := command(t, w.App.DataDir(), "simulate", "--days", "18", "--programme", "rantang")
	if err != nil || !strings.Contains(local, "08.00 WITA") || strings.Contains(local, "WIB") {
		t.Errorf("the hours of the programme: %v\n%s", err, local)
	}
}

func TestSimulateRefusesWhatItCannotDo(t *testing.T) {
	w := testkit.New(t)
	for says, args := range map[string][]string{
		"Jumlah hari dari 1 sampai 90, bukan 0":      {"--days", "0"},
		"Jumlah hari dari 1 sampai 90, bukan 91":     {"--days", "91"},
		"Tidak ada program dengan alamat tidak-ada":  {"--programme", "tidak-ada"},
		"There is no programme at nowhere":           {"--programme", "nowhere", "--language", "en"},
		`unknown command "besok" for "`:              {"besok"},
		"Jumlah hari dari 1 sampai 90, bukan banyak": {"--days", "banyak"},
		"Days from 1 to 90, not 1.5":                 {"--days", "1.5", "--language", "en"},
	} {
		if _, err := command(t, w.App.DataDir(), append([]string{"simulate"}, args...)...); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v: %v", args, err)
		}
	}
	if said, err := command(t, w.App.DataDir(), "simulate", "--days", "1"); err != nil || !strings.Contains(said, "Tidak ada surat pada hari-hari itu.\n") {
		t.Errorf("with nothing to come, %v:\n%s", err, said)
	}
}

// The folder of a hub that does not run is the same afterwards, byte for byte,
// and nobody holds its lock.
func TestSimulateLeavesTheFolderAsItWas(t *testing.T) {
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	w := busyWorld(t)
	dir := filepath.Join(t.TempDir(), "pb_data")
	for _, name := range []string{"data.db", "auxiliary.db"} {
		if _, err := w.App.DB().NewQuery("PRAGMA wal_checkpoint(TRUNCATE)").Execute(); err != nil {
			t.Fatal(err)
		}
		body, err := os.ReadFile(filepath.Join(w.App.DataDir(), name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(clock.Freeze(testkit.Monday))
	before := folder(t, dir)
	said, err := command(t, dir, "simulate", "--days", "18")
	if err != nil || !strings.Contains(said, "Jadwal home visit") {
		t.Fatalf("%v:\n%s", err, said)
	}
	after := folder(t, dir)
	if after["data.db"] != before["data.db"] {
		t.Error("data.db is another one now")
	}
	if _, locked := after[".simpul.lock"]; locked {
		t.Error("the lock of the folder was taken")
	}
	if len(folder(t, temporary)) != 0 {
		t.Errorf("%d files of the copy are left", len(folder(t, temporary)))
	}
}

func folder(t *testing.T, dir string) map[string]string {
	t.Helper()
	found, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range found {
		body := []byte{}
		if !f.IsDir() {
			if body, err = os.ReadFile(filepath.Join(dir, f.Name())); err != nil {
				t.Fatal(err)
			}
		}
		out[f.Name()] = string(body)
	}
	return out
}
