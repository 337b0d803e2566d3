package cmd

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase"
	"github.com/spf13/cobra"

	"simpul/hooks"
	"simpul/hooks/notify/outbox"
	"simpul/hooks/notify/smtp"
	"simpul/hooks/store"
	"simpul/hooks/testkit/check"
	"simpul/hooks/web"
	_ "simpul/migrations"
)

func TestDemo_PublicAddress_Refused(t *testing.T) {
	for address, allowed := range map[string]bool{
		"127.0.0.1:8090": true, "127.4.5.6:1": true, "[::1]:8090": true, "localhost:8090": true,
		"0.0.0.0:8090": false, ":8090": false, "[::]:8090": false, "192.168.1.20:8090": false, "hub.example.org:8090": false,
		"10.0.0.1:8090": false, "localhost.example.org:80": false, "127.0.0.1": false, "": false,
	} {
		err := loopback(address)
		check.That(t, (err == nil) == allowed, "%q: %v", address, err)
		check.That(t, err == nil || strings.Contains(err.Error(), " / "), "%q is refused in one language only: %v", address, err)
	}
}

func TestDemo_Refused_NothingWritten(t *testing.T) {
	cmd := demoCommand(nil) // an app it may not even look at
	cmd.SetArgs([]string{"--http", "0.0.0.0:8090"})
	cmd.SetErr(io.Discard)
	cmd.SetOut(io.Discard)
	if err := cmd.Execute(); err == nil || !strings.Contains(err.Error(), "0.0.0.0") {
		t.Errorf("the answer is %v", err)
	}
	if flag := cmd.Flags().Lookup("http"); flag == nil || flag.DefValue != demoAddress || loopback(flag.DefValue) != nil {
		t.Errorf("by itself it serves at %v", flag)
	}
}

// program is the whole program over an empty folder.
func program(t *testing.T) *pocketbase.PocketBase {
	t.Helper()
	app := pocketbase.NewWithConfig(pocketbase.Config{DefaultDataDir: filepath.Join(t.TempDir(), "data"), DBConnect: store.Connect, HideStartBanner: true})
	files := check.Must(web.Load(os.DirFS("../../templates"), os.DirFS("../../pb_public")))
	check.NoError(t, hooks.Register(app, files))
	check.NoError(t, app.Bootstrap())
	t.Cleanup(func() { _ = app.ClearBootstrap() })
	return app
}

// execute runs a command and returns what it printed.
func execute(t *testing.T, cmd *cobra.Command, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	cmd.SetArgs(args)
	cmd.SetOut(&out)
	cmd.SetErr(&out)
	cmd.SilenceErrors = true
	err := cmd.Execute()
	return out.String(), err
}

func TestDoctor_BadCheck_PrintsAndFails(t *testing.T) {
	app := program(t)
	for language, words := range map[string]string{"id": "Server email belum diatur", "en": "No mail server has been set up"} {
		out, err := execute(t, doctorCommand(app), "--language", language)
		check.That(t, err != nil && strings.Contains(out, "warn  "+words) && strings.Contains(out, "bad   "), "%s: %v\n%s", language, err, out)
		for line := range strings.SplitSeq(strings.TrimSpace(out), "\n") {
			if level, _, _ := strings.Cut(line, " "); level != "ok" && level != "warn" && level != "bad" {
				t.Errorf("line %q", line)
			}
		}
	}
	check.NoError(t, hooks.SetUp(app))
	out, err := execute(t, doctorCommand(app))
	check.That(t, err != nil && !strings.Contains(out, "Tautan dalam email belum"), "after the first start: %v\n%s", err, out)
}

func TestTestmail_NoServer_BothLanguages(t *testing.T) {
	out, err := execute(t, testmailCommand(program(t)), "admin@example.org")
	check.That(t, err != nil && strings.Contains(err.Error(), "Server email belum diatur") && strings.Contains(err.Error(), "No mail server"), "%v, %s", err, out)
	if _, err := execute(t, testmailCommand(nil)); err == nil {
		t.Error("no address is needed")
	}
}

func TestDKIM_Generate_PrintsRecordAndKey(t *testing.T) {
	for sort, kind := range map[string]string{"rsa": "k=rsa", "ed25519": "k=ed25519"} {
		out, err := execute(t, dkimCommand(nil), "example.org", "--sort", sort, "--selector", "s1")
		if err != nil || !strings.Contains(out, "s1._domainkey.example.org") || !strings.Contains(out, "v=DKIM1; "+kind+"; p=") {
			t.Fatalf("%v\n%s", err, out)
		}
		_, key, _ := strings.Cut(out, "dkim_key\n")
		s := smtp.DKIM{Domain: "example.org", Selector: "s1", Key: key}
		if _, record, err := s.Record(); err != nil || !strings.Contains(out, record) {
			t.Errorf("the key and the record do not belong together: %v", err)
		}
	}
	for _, args := range [][]string{{}, {"Example.org"}, {"example.org", "--selector", "a b"}, {"example.org", "--sort", "dsa"}} {
		if _, err := execute(t, dkimCommand(nil), args...); err == nil {
			t.Errorf("%v is taken", args)
		}
	}
}

func TestDKIM_Save_StoresKey(t *testing.T) {
	app := program(t)
	out, err := execute(t, dkimCommand(app), "example.org", "--sort", "ed25519", "--save")
	if err != nil || strings.Contains(out, "PRIVATE KEY") {
		t.Fatalf("%v\n%s", err, out)
	}
	s, err := outbox.LoadDKIM(app)
	if err != nil || s.Domain != "example.org" || len(s.Check()) > 0 {
		t.Fatalf("%+v, %v", s, err)
	}
	if _, record, err := s.Record(); err != nil || !strings.Contains(out, record) {
		t.Errorf("another key was saved: %v", err)
	}
}

func TestCommands_MissingArgument_BothLanguages(t *testing.T) {
	for _, c := range []struct {
		cmd   *cobra.Command
		tries [][]string
		wants []string
	}{
		{renewCommand(nil), [][]string{{}, {""}, {"LINKS"}, {"everything"}, {"links", "push"}}, []string{"links atau push", "links or push", "simpul renew links"}},
		{testmailCommand(nil), [][]string{{}, {""}, {"a@example.org", "b@example.org"}}, []string{"alamat email penerima", "recipient's email address", "simpul testmail nama@example.org"}},
		{dkimCommand(nil), [][]string{{}, {""}, {"example.org", "s1"}}, []string{"nama domain", "sending domain", "simpul dkim example.org"}},
	} {
		for _, args := range c.tries {
			// The app is not there: whatever is refused later than this would fail otherwise.
			said, err := execute(t, c.cmd, append([]string{}, args...)...)
			if err == nil {
				t.Fatalf("%s takes %q: %s", c.cmd.Name(), args, said)
			}
			for _, want := range append(c.wants, " perlu tepat satu kata: ", " / needs exactly one word: ") {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%s %q says %q, without %q", c.cmd.Name(), args, err, want)
				}
			}
			if strings.Contains(said, "Usage:") || strings.Contains(err.Error(), "\n") {
				t.Errorf("%s %q says more than a sentence: %s%v", c.cmd.Name(), args, said, err)
			}
		}
	}
}

func TestDemo_Banner_SaysWhereMailGoes(t *testing.T) {
	app := program(t)
	check.Contains(t, "by itself", whereMessagesGo(app), "Email tidak dikirim;", "emails are not sent;")
	app.Settings().SMTP.Enabled, app.Settings().SMTP.Host = true, "mail.example.org"
	said := whereMessagesGo(app)
	check.Lacks(t, "with a mail server", said, "tidak dikirim;", "not sent;")
	check.Equal(t, "with a mail server", strings.Count(said, " mail.example.org,"), 2)
}
