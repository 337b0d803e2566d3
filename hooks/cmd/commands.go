package cmd

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"

	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/spf13/cobra"

	"simpul/hooks/clock"
	"simpul/hooks/demo"
	"simpul/hooks/store"
	"simpul/hooks/web"
)

const demoAddress = "127.0.0.1:8090"

// AddCommands adds the demo beside PocketBase's own commands and lets
// only one server at a time use a data folder.
func AddCommands(app *pocketbase.PocketBase) {
	app.RootCmd.AddCommand(demoCommand(app), verifyCommand(app), dkimCommand(app), testmailCommand(app), doctorCommand(app), renewCommand(app))
	app.RootCmd.SilenceErrors = true // main says them once
	needHub(app)
	var release func() error
	app.RootCmd.PersistentPreRunE = func(cmd *cobra.Command, _ []string) (err error) {
		if cmd.Name() != "serve" && cmd.Name() != "demo" {
			return nil
		}
		address, _ := cmd.Flags().GetString("http")
		release, err = store.Lock(app.DataDir(), address)
		return err
	}
	app.OnTerminate().BindFunc(func(e *core.TerminateEvent) error {
		if release == nil {
			return e.Next()
		}
		return errors.Join(e.Next(), release())
	})
}

// demoCommand serves the example programmes to this machine only.
func demoCommand(app *pocketbase.PocketBase) *cobra.Command {
	address := demoAddress
	cmd := &cobra.Command{
		Use:          "demo",
		Short:        "Serves a demo with example programmes, to this machine only",
		SilenceUsage: true,
		RunE: func(*cobra.Command, []string) error {
			if err := loopback(address); err != nil {
				return err
			}
			web.Demonstrate(app)
			app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{Id: "hubDemo", Priority: -50, Func: func(se *core.ServeEvent) error {
				return demonstrate(se, address)
			}})
			err := apis.Serve(app, apis.ServeConfig{HttpAddr: address})
			if errors.Is(err, http.ErrServerClosed) {
				return nil
			}
			return err
		},
	}
	cmd.Flags().StringVar(&address, "http", demoAddress, "address on this machine to serve at")
	return cmd
}

// loopback refuses to show the demo, whose passwords are printed, to others.
func loopback(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("alamat %q tidak terbaca / is not an address: %w", address, err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("demo hanya untuk mesin ini sendiri, bukan %s / the demo is for this machine only", host)
	}
	return nil
}

func demonstrate(se *core.ServeEvent, address string) error {
	if err := demo.Load(se.App, clock.Now()); err != nil {
		return fmt.Errorf("example: %w", err)
	}
	if err := linkTo(se.App, "http://"+address); err != nil {
		return err
	}
	se.InstallerFunc = nil
	if err := se.Next(); err != nil {
		return err
	}
	printSignIns(se.App, address)
	return nil
}

// linkTo makes messages lead to where the demo is served, so that a
// reader stays signed in.
func linkTo(app core.App, url string) error {
	settings, err := app.Settings().Clone()
	if err != nil || settings.Meta.AppURL == url {
		return err
	}
	settings.Meta.AppURL = url
	return app.Save(settings)
}

// readers are the commands that speak of a hub that is there. On a mistyped
// folder they would otherwise make an empty hub and report on that.
var readers = []string{"doctor", "testmail", "dkim", "renew", "verify"}

// needHub stops the readers before anything is made in a folder without a hub.
func needHub(app *pocketbase.PocketBase) {
	app.OnBootstrap().Bind(&hook.Handler[*core.BootstrapEvent]{Id: "hubThere", Priority: -9999, Func: func(e *core.BootstrapEvent) error {
		cmd, _, err := app.RootCmd.Find(os.Args[1:])
		if err != nil || !slices.Contains(readers, cmd.Name()) {
			return e.Next()
		}
		_, err = os.Stat(filepath.Join(app.DataDir(), "data.db"))
		if errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("folder ini belum berisi data Simpul Lima / this folder holds no Simpul Lima data: %s", app.DataDir())
		}
		return errors.Join(err, e.Next())
	}})
}

// oneWord takes exactly one argument, only one of the choices if there are any,
// and says in both languages what is expected. Cobra's own sentences count
// arguments without naming them, in English.
func oneWord(indonesian, english string, choices ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 1 && args[0] != "" && (len(choices) == 0 || slices.Contains(choices, args[0])) {
			return nil
		}
		return fmt.Errorf("%s perlu tepat satu kata: %s (misalnya: %s) / needs exactly one word: %s (for example: %s)",
			cmd.Name(), indonesian, cmd.Example, english, cmd.Example)
	}
}

// printSignIns says in plain words where the hub is and who one can be.
func printSignIns(app core.App, address string) {
	out := os.Stdout
	fmt.Fprintf(out, "\nSimpul Lima (demo): http://%s\n\n", address)
	for _, p := range demo.People(app) {
		fmt.Fprintf(out, "  %-44s %-34s kata sandi / password: %s\n", p.Title(), p.Email, p.Password)
	}
	fmt.Fprintf(out, "\n  %s http://%s/mailbox\n", whereMessagesGo(app), address)
	fmt.Fprintf(out, "  Admin PocketBase: http://%s/_/\n\n", address)
}

// whereMessagesGo says what becomes of messages by the settings of the folder, which
// may name a mail server that was switched on to try it.
func whereMessagesGo(app core.App) string {
	if smtp := app.Settings().SMTP; smtp.Enabled {
		return fmt.Sprintf("PERHATIAN: email BENAR-BENAR dikirim lewat %s, sesuai pengaturan folder ini; lihat juga di / "+
			"CAUTION: emails ARE sent through %[1]s, as this folder's settings say; see them also at", smtp.Host)
	}
	return "Email tidak dikirim; lihat di / emails are not sent; see them at"
}
