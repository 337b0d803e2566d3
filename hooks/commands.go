package hooks

import (
	"errors"
	"fmt"
	"net"
	"net/http"

	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/spf13/cobra"

	"simpul/hooks/clock"
	"simpul/hooks/datastore"
	"simpul/hooks/example"
	"simpul/hooks/page"
)

const demoAddress = "127.0.0.1:8090"

// AddCommands adds the demonstration beside PocketBase's own commands and lets
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
		release, err = datastore.Lock(app.DataDir(), address)
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
		Short:        "Serves the demonstration with example programmes, to this machine only",
		SilenceUsage: true,
		RunE: func(*cobra.Command, []string) error {
			if err := loopback(address); err != nil {
				return err
			}
			page.Demonstrate(app)
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

// loopback refuses to show the demonstration, whose passwords are printed, to others.
func loopback(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("alamat %q tidak terbaca / is not an address: %w", address, err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("peragaan hanya untuk mesin ini sendiri, bukan %s / the demonstration is for this machine only", host)
	}
	return nil
}

func demonstrate(se *core.ServeEvent, address string) error {
	if err := example.Load(se.App, clock.Now()); err != nil {
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

// linkTo makes letters lead to where the demonstration is served, so that a
// reader stays signed in.
func linkTo(app core.App, url string) error {
	settings, err := app.Settings().Clone()
	if err != nil || settings.Meta.AppURL == url {
		return err
	}
	settings.Meta.AppURL = url
	return app.Save(settings)
}
