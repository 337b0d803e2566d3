package hooks

import (
	"fmt"

	"github.com/pocketbase/pocketbase"
	"github.com/spf13/cobra"

	"simpul/hooks/access"
)

// verifyCommand tells whether anybody has altered or removed what the activity
// says: each of its rows follows from the one before.
func verifyCommand(app *pocketbase.PocketBase) *cobra.Command {
	return &cobra.Command{
		Use:          "verify",
		Short:        "Checks that the activity has not been altered",
		SilenceUsage: true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := app.RunAllMigrations(); err != nil {
				return err
			}
			broken, err := access.VerifyActivity(app)
			if err != nil {
				return err
			}
			if broken != "" {
				return fmt.Errorf("riwayat berubah pada baris %s / the activity was altered at row %s", broken, broken)
			}
			fmt.Fprintln(cmd.OutOrStdout(), "Riwayat utuh. / The activity is whole.")
			return nil
		},
	}
}
