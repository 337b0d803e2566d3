package mail

import (
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// errNoSender is answered where nobody sends letters.
var errNoSender = errors.New("mail: this process sends no letters")

// Draft writes a letter in a language without sending it and returns its subject and its plain text. It fails where the
// app has no sender, and with the template's own words when the letter cannot be written.
func Draft(app core.App, contents Contents, language string) (subject, text string, err error) {
	s := senderOf(app)
	if s == nil {
		return "", "", errNoSender
	}
	d := Delivery{Language: language}
	err = app.DB().NewQuery("SELECT COALESCE((SELECT hub_name FROM hub_settings LIMIT 1), '')").Row(&d.Hub)
	if err != nil {
		return "", "", fmt.Errorf("draft a letter: %w", err)
	}
	b, err := s.paper.render(d.page(contents, app.Settings().Meta, time.Time{}))
	return b.subject, b.text, err
}
