package hooks

import (
	"fmt"
	"os"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/example"
)

// printSignIns says in plain words where the hub is and who one can be.
func printSignIns(app core.App, address string) {
	out := os.Stdout
	fmt.Fprintf(out, "\nSimpul Lima (peragaan / demonstration): http://%s\n\n", address)
	for _, p := range example.People(app) {
		fmt.Fprintf(out, "  %-44s %-34s kata sandi / password: %s\n", p.Title(), p.Email, p.Password)
	}
	fmt.Fprintf(out, "\n  %s http://%s/mailbox\n", whereLettersGo(app), address)
	fmt.Fprintf(out, "  Admin PocketBase: http://%s/_/\n\n", address)
}

// whereLettersGo says what becomes of letters by the settings of the folder, which
// may name a mail server that was switched on to try it.
func whereLettersGo(app core.App) string {
	if smtp := app.Settings().SMTP; smtp.Enabled {
		return fmt.Sprintf("AWAS: surat SUNGGUH dikirim lewat %s, sesuai pengaturan folder ini; bacalah juga di / "+
			"CAUTION: letters REALLY leave through %[1]s, as this folder's settings say; read them also at", smtp.Host)
	}
	return "Surat tidak dikirim ke mana pun; bacalah di / letters go nowhere, read them at"
}
