package hooks

import (
	"os"
	"path/filepath"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/mail"
	"simpul/hooks/page"
)

// bookVariable names the environment variable that says where the list of sent
// letters is kept.
const bookVariable = "SIMPUL_SENT"

// bookPath is where the list of sent letters is kept: beside the data folder, so
// that neither a restored backup nor a copied folder brings an old one along.
func bookPath(app core.App) string {
	if path := os.Getenv(bookVariable); path != "" {
		return path
	}
	return filepath.Clean(app.DataDir()) + ".sent"
}

// keepBook begins the list of sent letters, before the first of them leaves. The
// demonstration, whose letters go nowhere, keeps none.
func keepBook(app core.App, sender *mail.Sender) error {
	if page.IsDemo(app) {
		return nil
	}
	hold, err := sender.KeepBook(bookPath(app))
	if err == nil && hold != "" {
		app.Logger().Warn("mail: all letters are held until somebody releases them on the page /mailbox", "why", hold)
	}
	return err
}
