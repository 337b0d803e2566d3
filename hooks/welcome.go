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
	fmt.Fprintf(out, "\n  Surat tidak dikirim ke mana pun; bacalah di / letters go nowhere, read them at http://%s/mailbox\n", address)
	fmt.Fprintf(out, "  Admin PocketBase: http://%s/_/\n\n", address)
}
