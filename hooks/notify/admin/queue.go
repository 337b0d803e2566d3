package admin

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/notify/outbox"
	"simpul/hooks/notify/rules"
	"simpul/hooks/programmes"
	"simpul/hooks/web"
)

// queueStates are the filters of the mailbox in their order: what needs somebody first.
var queueStates = []string{outbox.StateHeld, outbox.StateFailed, outbox.StateUncertain, outbox.StateRetry, outbox.StateQueued, outbox.StateSending,
	outbox.StatePlanned, outbox.StateSent, outbox.StateDigested, outbox.StateSkipped, outbox.StateCancelled}

// queueSteps tells what may be done with messages in a state.
var queueSteps = map[string][]string{
	outbox.StateHeld: {"release", "drop"}, outbox.StateFailed: {"retry"}, outbox.StateUncertain: {"retry", "drop"},
	outbox.StateRetry: {"retry", "drop"}, outbox.StateQueued: {"drop"}, outbox.StatePlanned: {"drop"},
}

// queueStep is one form: a button, and for dropping the choice of a reason.
type queueStep struct {
	Action, Label, ID, State string
	Reasons                  []web.Option
}

func stepsFor(language string, pick outbox.Selector, state string) (steps []queueStep) {
	scope := "one"
	if pick.ID == "" {
		scope = "all"
	}
	for _, name := range queueSteps[state] {
		step := queueStep{Action: "/mailbox/" + name, Label: lang.T(language, "reminders.step."+name+"_"+scope), ID: pick.ID, State: pick.State}
		if name == "drop" {
			for _, code := range outbox.DropReasons {
				step.Reasons = append(step.Reasons, web.Option{Value: code, Label: lang.T(language, "deliveries.reason."+code)})
			}
		}
		steps = append(steps, step)
	}
	return steps
}

// takeStep moves messages and writes down in the activity who did it. It returns
// how many messages it moved.
func takeStep(d *access.Scope, name, reason string, pick outbox.Selector) (n int, err error) {
	var step outbox.Action
	switch {
	case !d.Super():
		return 0, access.ErrRefused
	case name == "retry":
		step = outbox.Retry()
	case name == "release":
		step = outbox.Release()
	case name == "drop" && slices.Contains(outbox.DropReasons, reason):
		step = outbox.Drop(reason)
	default:
		return 0, access.ErrRefused
	}
	err = d.InTransaction(func(d *access.Scope) error {
		moved, err := step.Take(d.App(), clock.Now(), pick)
		n = len(moved)
		if err != nil {
			return err
		}
		return outbox.TraceMoves(d, moved)
	})
	if err == nil && name == "retry" {
		outbox.Wake(d.App())
	}
	return n, err
}

func mailboxURL(state string, n int) string {
	q := url.Values{}
	if state != "" {
		q.Set("state", state)
	}
	if n > 1 {
		q.Set("page", strconv.Itoa(n))
	}
	if len(q) == 0 {
		return "/mailbox"
	}
	return "/mailbox?" + q.Encode()
}

func statePills(language, current string, counts map[string]int) []pill {
	pills := []pill{{Label: lang.T(language, "reminders.queue_due"), URL: mailboxURL("", 1), Current: current == ""}}
	for _, state := range queueStates {
		if counts[state] > 0 || state == current {
			pills = append(pills, pill{lang.T(language, "deliveries.state."+state), mailboxURL(state, 1), state == current, counts[state]})
		}
	}
	return pills
}

func sheetPager(language, state string, sheet outbox.Page, found int) pager {
	n := sheet.Skip/mailboxSize + 1
	p := pager{Label: lang.T(language, "reminders.queue_page", "n", n)}
	if n > 1 {
		p.Previous = mailboxURL(state, n-1)
	}
	if n > 1 && found == 0 {
		p.First = mailboxURL(state, 1)
	}
	if found > mailboxSize {
		p.Next = mailboxURL(state, n+1)
	}
	return p
}

func mailboxRowOf(b web.Base, post outbox.QueueItem, super bool) mailboxRow {
	moment := func(key string, at time.Time) string {
		if at.IsZero() {
			return ""
		}
		return lang.T(b.Language, "reminders."+key, "when", lang.Moment(b.Language, at, post.Zone))
	}
	row := mailboxRow{QueueItem: post, Badge: rules.Badges[post.State], About: aboutOf(b.Language, post),
		When: moment("queue_was_due", post.DueAt), Sent: moment("queue_sent", post.SentAt), Next: moment("queue_next", post.NextAttempt),
		StateLabel: lang.T(b.Language, "deliveries.state."+post.State), Server: post.LastError}
	if row.Server == "" {
		row.Server = post.ServerReply
	}
	if post.Attempts > 0 {
		row.Tries = lang.T(b.Language, "reminders.queue_tries", "n", post.Attempts)
	}
	if key := "deliveries.reason." + post.Reason; lang.Has(key) {
		row.ReasonLabel = lang.T(b.Language, key)
	}
	if super {
		row.Steps = stepsFor(b.Language, outbox.Selector{ID: post.ID, State: post.State}, post.State)
	}
	return row
}

// aboutOf says what a message is about: its subject, or its kind before it has one.
func aboutOf(language string, post outbox.QueueItem) string {
	if post.Subject != "" {
		return post.Subject
	}
	if key := "reminder_rules.kind." + post.Kind; lang.Has(key) {
		return lang.T(language, key)
	}
	return lang.T(language, "reminders.no_subject")
}

// healthLine is how sending stands, in words.
type healthLine struct {
	Facts      []string
	Hold       string // why all messages are held, with a button for who may release them
	SMTPOff    bool
	MayRelease bool
	Waiting    string // address of the messages that would leave
}

func healthOf(b web.Base, h outbox.Health, super bool) healthLine {
	line := healthLine{SMTPOff: h.Held == outbox.ReasonSMTPOff, MayRelease: super, Waiting: mailboxURL(outbox.StateHeld, 1)}
	say := func(key string, args ...any) {
		line.Facts = append(line.Facts, lang.T(b.Language, "reminders."+key, args...))
	}
	if h.Tick.IsZero() {
		say("health_no_tick")
	} else {
		say("health_tick", "n", int(max(0, clock.Now().Sub(h.Tick)).Seconds()))
	}
	switch {
	case h.Channel.Reason != "":
		words := lang.T(b.Language, "mail.channel."+h.Channel.Reason)
		say("health_channel", "words", strings.TrimSuffix(words, "."), "when", lang.Moment(b.Language, h.Channel.PausedUntil, b.Zone))
	case h.Held == "":
		say("health_channel_well")
	}
	if !h.OldestDue.IsZero() {
		say("health_oldest", "when", lang.Moment(b.Language, h.OldestDue, b.Zone))
	}
	if h.Held == outbox.ReasonMailHeld {
		line.Hold = holdWords(b.Language, h.Hold)
	}
	return line
}

// holdWords says why all messages are held: the hub's own reason, or what an
// administrator wrote.
func holdWords(language, reason string) string {
	switch {
	case reason == "":
		return lang.T(language, "mail.hold.person")
	case lang.Has("mail.hold." + reason):
		return lang.T(language, "mail.hold."+reason)
	}
	return reason
}

// whom is what tells messages apart that have neither an address nor a subject of their own.
type whom struct {
	ID    string `db:"id"`
	Name  string `db:"name"`  // by position and organisation; "" when nobody is known
	Title string `db:"title"` // of what the message is about; "" when that is gone
}

// whomOf reads it for all messages of a sheet at once. An account belongs to an organisation within the message's programme.
const whomOf = `SELECT d.id, COALESCE(
		(SELECT COALESCE(NULLIF(c.position, ''), c.name) || ' – ' || o.name FROM contacts c JOIN organisations o ON o.id = c.organisation WHERE c.id = d.recipient),
		(SELECT COALESCE(NULLIF(u.position, ''), u.name) || COALESCE((SELECT ' – ' || o.name FROM memberships m JOIN organisations o ON o.id = m.organisation
			WHERE m.user = u.id AND m.programme = d.programme ORDER BY o.name LIMIT 1), '') FROM users u WHERE u.id = d.user), '') AS name,
	COALESCE(CASE d.subject_collection
		WHEN 'tasks' THEN (SELECT title FROM tasks WHERE id = d.subject_id)
		WHEN 'meetings' THEN (SELECT title FROM meetings WHERE id = d.subject_id)
		WHEN 'attendances' THEN (SELECT m.title FROM attendances a JOIN meetings m ON m.id = a.meeting WHERE a.id = d.subject_id)
		WHEN 'minutes' THEN (SELECT m.title FROM minutes n JOIN meetings m ON m.id = n.meeting WHERE n.id = d.subject_id)
		WHEN 'contributions' THEN (SELECT item FROM contributions WHERE id = d.subject_id)
		WHEN 'stakeholders' THEN (SELECT o.name FROM stakeholders s JOIN organisations o ON o.id = s.organisation WHERE s.id = d.subject_id)
		WHEN 'indicators' THEN (SELECT name FROM indicators WHERE id = d.subject_id)
		WHEN 'milestones' THEN (SELECT title FROM milestones WHERE id = d.subject_id)
		WHEN 'programmes' THEN (SELECT name FROM programmes WHERE id = d.subject_id)
	END, '') AS title FROM deliveries d WHERE d.id IN (SELECT value FROM json_each({:ids}))`

// nameRows fills in what rows do not say by themselves: whom they are for without an address, and what they are about
// without a subject, which then stands above the kind of the message.
func nameRows(app core.App, language string, rows []mailboxRow) error {
	silent := []string{}
	for _, row := range rows {
		if row.To == "" || row.Subject == "" {
			silent = append(silent, row.ID)
		}
	}
	ids, err := json.Marshal(silent)
	if err != nil {
		return err
	}
	var found []whom
	if err := app.DB().NewQuery(whomOf).Bind(dbx.Params{"ids": string(ids)}).All(&found); err != nil {
		return fmt.Errorf("whom letters are for: %w", err)
	}
	known := map[string]whom{}
	for _, w := range found {
		known[w.ID] = w
	}
	for i := range rows {
		rows[i].named(language, known[rows[i].ID])
	}
	return nil
}

func (row *mailboxRow) named(language string, w whom) {
	if row.To == "" {
		row.Whom = w.Name
	}
	if key := "reminder_rules.kind." + row.Kind; row.Subject == "" && w.Title != "" && lang.Has(key) {
		row.About, row.KindLabel = w.Title, lang.T(language, key)
	}
}

// mailboxSize is how many messages one page of the mailbox lists.
const mailboxSize = 30

type mailboxPage struct {
	web.Base
	Letters []mailboxRow
	Health  healthLine
	Pills   []pill
	Pager   pager
	State   string
	// Steps are what may be done with all messages of the state; none for readers who may only look.
	Steps []queueStep
}

type pill struct {
	Label, URL string
	Current    bool
	Count      int
}

type pager struct{ First, Previous, Next, Label string }

// mailboxRow is one message of the mailbox.
type mailboxRow struct {
	outbox.QueueItem
	About, When, Sent, Next, Tries         string
	StateLabel, ReasonLabel, Badge, Server string
	Steps                                  []queueStep
	// KindLabel and Whom stand in for a subject and an address that are not there.
	KindLabel, Whom string
	// Bounced says that messages come back from the address, which may be taken back here.
	Bounced bool
}

// Mailbox shows what left the hub, what waits and why, to administrators, who may
// act on it, and to everybody in the demonstration, where messages usually go nowhere else.
func Mailbox(e *core.RequestEvent) error {
	d := web.Scope(e)
	if !web.IsDemo(e.App) && !d.Super() {
		return access.ErrRefused
	}
	state, sheet := askedSheet(e)
	posts, err := outbox.Mailbox(e.App, sheet)
	if err != nil {
		return err
	}
	health, err := outbox.Report(e.App, clock.Now())
	if err != nil {
		return err
	}
	data := mailboxPage{Base: web.New(e, "reminders.queue"), State: state}
	data.Health = healthOf(data.Base, health, d.Super())
	data.Pills = statePills(data.Language, state, health.States)
	data.Pager = sheetPager(data.Language, state, sheet, len(posts))
	if d.Super() && len(posts) > 0 {
		data.Steps = stepsFor(data.Language, outbox.Selector{State: state}, state)
	}
	for _, post := range posts[:min(len(posts), mailboxSize)] {
		row := mailboxRowOf(data.Base, post, d.Super())
		if row.Bounced, err = outbox.CanClearSuppression(d, post); err != nil {
			return err
		}
		data.Letters = append(data.Letters, row)
	}
	if err := nameRows(e.App, data.Language, data.Letters); err != nil {
		return err
	}
	return web.Render(e, http.StatusOK, "reminders/mailbox", data)
}

// askedSheet reads the filter and the page from the address. It asks for one
// Message more than a page holds, which tells whether there is a next page.
func askedSheet(e *core.RequestEvent) (string, outbox.Page) {
	q := e.Request.URL.Query()
	state := q.Get("state")
	if !lang.Has("deliveries.state." + state) {
		state = ""
	}
	n, err := strconv.Atoi(q.Get("page"))
	if err != nil || n < 1 || n > 100_000 {
		n = 1
	}
	return state, outbox.Page{State: state, Skip: (n - 1) * mailboxSize, Size: mailboxSize + 1}
}

// TakeStep does with messages what an administrator asked for: one, or all of a state.
func TakeStep(e *core.RequestEvent) error {
	pick := outbox.Selector{ID: e.Request.FormValue("id"), State: e.Request.FormValue("state")}
	n, err := takeStep(web.Scope(e), e.Request.PathValue("step"), e.Request.FormValue("reason"), pick)
	if err != nil {
		return err
	}
	return web.RedirectWithFlash(e, mailboxURL(pick.State, 1), "reminders.moved", "n", n)
}

// ReleaseAll lets messages leave again that were held altogether.
func ReleaseAll(e *core.RequestEvent) error {
	d := web.Scope(e)
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
	return web.RedirectWithFlash(e, mailboxURL("", 1), "reminders.hold_released")
}

// Lift lets the team say that an address of the programme's people is right although messages came back from it.
func Lift(e *core.RequestEvent) error {
	p, d, err := programmes.BySlug(e)
	if err != nil {
		return err
	}
	if !d.Can(access.MayRun, p.Record) {
		return access.ErrRefused
	}
	back := p.URL() + "/reminders"
	if person := e.Request.PostFormValue("person"); person != "" {
		back += "/people?person=" + url.QueryEscape(person)
	}
	addresses, err := outbox.Bounced(d.App(), p.ID(), p.Zone())
	if err != nil {
		return err
	}
	return lifting(e, outbox.Among(addresses, e.Request.PostFormValue("email")), back, p.ID())
}

// LiftOf lets an administrator say the same of the address of a message in the mailbox.
func LiftOf(e *core.RequestEvent) error {
	d := web.Scope(e)
	if !d.Super() {
		return access.ErrRefused
	}
	letter, err := d.View("deliveries", e.Request.PostFormValue("id"))
	if err != nil {
		return err
	}
	return lifting(e, letter.GetString("email"), mailboxURL(e.Request.PostFormValue("state"), 1), "")
}

// lifting lifts what is known against an address and says how many messages of a programme, or of all, leave again.
func lifting(e *core.RequestEvent, email, back, programme string) error {
	moved, lifted, err := outbox.ClearSuppression(web.Scope(e), email)
	if err != nil {
		return err
	}
	if !lifted {
		return web.RedirectWithWarning(e, back, "reminders.clear_not")
	}
	n := 0
	for _, m := range moved {
		if programme == "" || m.Programme == programme {
			n++
		}
	}
	if n == 0 {
		return web.RedirectWithFlash(e, back, "reminders.cleared_alone", "email", email)
	}
	return web.RedirectWithFlash(e, back, "reminders.cleared", "email", email, "n", n)
}
