package hooks

import (
	"fmt"

	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/core"
	"github.com/spf13/cobra"

	"simpul/hooks/notify/push"
	"simpul/hooks/signedlink"
)

// renewals are the secrets that a person may have made anew, and what is said afterwards.
var renewals = map[string]struct {
	renew func(core.App) error
	said  string
}{
	"links": {signedlink.RotateSecret, "Tautan dalam surat yang sudah dikirim tidak berlaku lagi. / Links in letters that left do not work any more."},
	"push": {push.RenewKey,
		"Semua perangkat dilupakan; pemiliknya menyalakannya lagi. / All devices are forgotten; their owners switch them on again."},
}

// renewCommand makes a secret anew that no request can change, for when a copy of the database is in wrong hands.
func renewCommand(app *pocketbase.PocketBase) *cobra.Command {
	return &cobra.Command{
		Use:          "renew links|push",
		Short:        "Makes the secret behind links in letters, or the key for notices on devices, anew",
		Args:         oneWord("links atau push", "links or push", "links", "push"),
		ValidArgs:    []string{"links", "push"},
		Example:      "simpul renew links",
		SilenceUsage: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := app.RunAllMigrations(); err != nil {
				return err
			}
			chosen := renewals[args[0]]
			if err := chosen.renew(app); err != nil {
				return err
			}
			fmt.Fprintln(cmd.OutOrStdout(), chosen.said)
			return nil
		},
	}
}
