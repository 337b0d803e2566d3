package reminders

import (
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/mail"
	"simpul/hooks/page"
)

// mailboxSize is how many letters the mailbox lists.
const mailboxSize = 100

type mailboxPage struct {
	page.Base
	Letters []mailboxRow
	Health  mail.Health
}

type mailboxRow struct {
	mail.Post
	When, StateLabel, ReasonLabel, Badge string
}

// Mailbox shows the newest letters with what they say, to administrators and to
// everybody in the demonstration, where letters go nowhere else.
func Mailbox(e *core.RequestEvent) error {
	if !page.IsDemo(e.App) && !page.Door(e).Super() {
		return access.ErrRefused
	}
	posts, err := mail.Mailbox(e.App, mailboxSize)
	if err != nil {
		return err
	}
	data := mailboxPage{Base: page.New(e, "reminders.mailbox")}
	if data.Health, err = mail.Report(e.App, clock.Now()); err != nil {
		return err
	}
	for _, post := range posts {
		row := mailboxRow{Post: post, Badge: badges[post.State],
			When:       lang.Moment(data.Language, post.DueAt, data.Zone),
			StateLabel: lang.T(data.Language, "deliveries.state."+post.State)}
		if key := "deliveries.reason." + post.Reason; lang.Has(key) {
			row.ReasonLabel = lang.T(data.Language, key)
		}
		data.Letters = append(data.Letters, row)
	}
	return page.Render(e, http.StatusOK, "reminders/mailbox", data)
}
