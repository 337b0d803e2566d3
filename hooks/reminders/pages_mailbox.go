package reminders

import (
	"net/http"
	"strconv"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/mail"
	"simpul/hooks/page"
)

// mailboxSize is how many letters one page of the mailbox lists.
const mailboxSize = 30

type mailboxPage struct {
	page.Base
	Letters []mailboxRow
	Health  healthLine
	Pills   []pill
	Pager   pager
	State   string
	// Steps are what may be done with all letters of the state; none for readers who may only look.
	Steps []queueStep
}

type pill struct {
	Label, URL string
	Current    bool
	Count      int
}

type pager struct{ First, Previous, Next, Label string }

// mailboxRow is one letter of the mailbox.
type mailboxRow struct {
	mail.Post
	About, When, Sent, Next, Tries         string
	StateLabel, ReasonLabel, Badge, Server string
	Steps                                  []queueStep
	// KindLabel and Whom stand in for a subject and an address that are not there.
	KindLabel, Whom string
	// Bounced says that letters come back from the address, which may be taken back here.
	Bounced bool
}

// Mailbox shows what left the hub, what waits and why, to administrators, who may
// act on it, and to everybody in the demonstration, where letters usually go nowhere else.
func Mailbox(e *core.RequestEvent) error {
	d := page.Door(e)
	if !page.IsDemo(e.App) && !d.Super() {
		return access.ErrRefused
	}
	state, sheet := askedSheet(e)
	posts, err := mail.Mailbox(e.App, sheet)
	if err != nil {
		return err
	}
	health, err := mail.Report(e.App, clock.Now())
	if err != nil {
		return err
	}
	data := mailboxPage{Base: page.New(e, "reminders.mailbox"), State: state}
	data.Health = healthOf(data.Base, health, d.Super())
	data.Pills = statePills(data.Language, state, health.States)
	data.Pager = sheetPager(data.Language, state, sheet, len(posts))
	if d.Super() && len(posts) > 0 {
		data.Steps = stepsFor(data.Language, mail.Pick{State: state}, state)
	}
	for _, post := range posts[:min(len(posts), mailboxSize)] {
		row := mailboxRowOf(data.Base, post, d.Super())
		if row.Bounced, err = mayLift(d, post); err != nil {
			return err
		}
		data.Letters = append(data.Letters, row)
	}
	if err := nameRows(e.App, data.Language, data.Letters); err != nil {
		return err
	}
	return page.Render(e, http.StatusOK, "reminders/mailbox", data)
}

// askedSheet reads the filter and the page from the address. It asks for one
// letter more than a page holds, which tells whether there is a next page.
func askedSheet(e *core.RequestEvent) (string, mail.Sheet) {
	q := e.Request.URL.Query()
	state := q.Get("state")
	if !lang.Has("deliveries.state." + state) {
		state = ""
	}
	n, err := strconv.Atoi(q.Get("page"))
	if err != nil || n < 1 || n > 100_000 {
		n = 1
	}
	return state, mail.Sheet{State: state, Skip: (n - 1) * mailboxSize, Size: mailboxSize + 1}
}

// TakeStep does with letters what an administrator asked for: one, or all of a state.
func TakeStep(e *core.RequestEvent) error {
	pick := mail.Pick{ID: e.Request.FormValue("id"), State: e.Request.FormValue("state")}
	n, err := takeStep(page.Door(e), e.Request.PathValue("step"), e.Request.FormValue("reason"), pick)
	if err != nil {
		return err
	}
	return page.See(e, mailboxURL(pick.State, 1), "reminders.moved", "n", n)
}

// ReleaseAll lets letters leave again that were held altogether.
func ReleaseAll(e *core.RequestEvent) error {
	d := page.Door(e)
	if !d.Super() {
		return access.ErrRefused
	}
	rows, err := d.List("hub_settings")
	if err != nil {
		return err
	}
	for _, r := range rows {
		r.Set("mail_held", false)
		r.Set("mail_held_reason", "")
		if err := d.Update(r); err != nil {
			return err
		}
	}
	return page.See(e, mailboxURL("", 1), "reminders.hold_released")
}
