package cmd

import (
	"errors"
	"fmt"

	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/core"
	"github.com/spf13/cobra"

	"simpul/hooks/access"
	"simpul/hooks/health"
	"simpul/hooks/lang"
	"simpul/hooks/notify/outbox"
	"simpul/hooks/notify/push"
	"simpul/hooks/notify/smtp"
	"simpul/hooks/signedlink"
)

// doctorCommand says the state of the installation, also while it is running elsewhere.
func doctorCommand(app *pocketbase.PocketBase) *cobra.Command {
	language := lang.Languages[0]
	cmd := &cobra.Command{
		Use:          "doctor",
		Short:        "Checks the installation and says what to do: mail server, domain, disk, backups, rules",
		SilenceUsage: true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := app.RunAllMigrations(); err != nil {
				return err
			}
			findings := health.New(app).Examine(cmd.Context())
			for _, f := range findings {
				fmt.Fprintf(cmd.OutOrStdout(), "%-5s %s\n", f.Level, f.Sentence(language))
			}
			if health.Worst(findings) == health.Bad {
				return errors.New(lang.T(language, "doctor.worst_bad"))
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&language, "language", language, "id / en")
	return cmd
}

// testmailCommand sends one message now and says in both languages what became of it.
func testmailCommand(app *pocketbase.PocketBase) *cobra.Command {
	language := lang.Languages[0]
	cmd := &cobra.Command{
		Use:          "testmail ADDRESS",
		Short:        "Sends a test email with the admin UI's settings and reports the result",
		Args:         oneWord("alamat email penerima", "the recipient's email address"),
		Example:      "simpul testmail nama@example.org",
		SilenceUsage: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := app.RunAllMigrations(); err != nil {
				return err
			}
			trial, err := outbox.Send(cmd.Context(), app, args[0], language)
			if err != nil {
				return err
			}
			said := trial.Sentence("id") + "\n" + trial.Sentence("en")
			if trial.Words != "" {
				said += "\n> " + trial.Words
			}
			if !trial.OK() {
				return errors.New(said)
			}
			fmt.Fprintln(cmd.OutOrStdout(), said)
			return nil
		},
	}
	cmd.Flags().StringVar(&language, "language", language, "id / en")
	return cmd
}

// dkimCommand makes a key and says what to publish.
func dkimCommand(app *pocketbase.PocketBase) *cobra.Command {
	signing, sort, save := smtp.DKIM{}, "rsa", false
	cmd := &cobra.Command{
		Use:          "dkim DOMAIN",
		Short:        "Creates the key with which the domain signs emails, and the DNS record to publish",
		Args:         oneWord("nama domain pengirim", "the name of the sending domain"),
		Example:      "simpul dkim example.org",
		SilenceUsage: true,
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			signing.Domain = args[0]
			if signing.Key, err = smtp.NewDKIMKey(sort); err != nil {
				return err
			}
			if problems := signing.Check(); len(problems) > 0 {
				return errors.New(problems[0].Sentence("id", "") + " / " + problems[0].Sentence("en", ""))
			}
			name, record, err := signing.Record()
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "DNS TXT  %s\n\n%s\n\n", name, record)
			if save {
				return saveSigning(app, signing)
			}
			fmt.Fprintf(cmd.OutOrStdout(), "dkim_domain    %s\ndkim_selector  %s\ndkim_key\n%s", signing.Domain, signing.Selector, signing.Key)
			return nil
		},
	}
	cmd.Flags().StringVar(&signing.Selector, "selector", "simpul", "name of the key under the domain")
	cmd.Flags().StringVar(&sort, "sort", sort, "rsa / ed25519")
	cmd.Flags().BoolVar(&save, "save", false, "put domain, selector and key into hub_settings, once the record is published")
	return cmd
}

// saveSigning enters the signing as an administrator would.
func saveSigning(app core.App, s smtp.DKIM) error {
	if err := app.RunAllMigrations(); err != nil {
		return err
	}
	row, err := app.FindFirstRecordByFilter("hub_settings", "id != ''")
	if err != nil {
		return err
	}
	row.Set("dkim_domain", s.Domain)
	row.Set("dkim_selector", s.Selector)
	row.Set("dkim_key", s.Key)
	return app.Save(row)
}

// renewals are the secrets that a person may have made anew, and what is said afterwards.
var renewals = map[string]struct {
	renew func(core.App) error
	said  string
}{
	"links": {signedlink.RotateSecret, "Tautan dalam email yang sudah dikirim tidak berlaku lagi. / Links in emails already sent no longer work."},
	"push": {push.RenewKey,
		"Semua perangkat dihapus; pemiliknya perlu mengaktifkannya lagi. / All devices are removed; their owners need to turn notices on again."},
}

// renewCommand makes a secret anew that no request can change, for when a copy of the database is in wrong hands.
func renewCommand(app *pocketbase.PocketBase) *cobra.Command {
	return &cobra.Command{
		Use:          "renew links|push",
		Short:        "Replaces the secret of links in emails, or the key for notices on devices",
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
			fmt.Fprintln(cmd.OutOrStdout(), "Riwayat utuh. / The activity is intact.")
			return nil
		},
	}
}
