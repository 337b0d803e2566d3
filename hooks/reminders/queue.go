package reminders

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/mail"
	"simpul/hooks/page"
)

// queueStates are the filters of the mailbox in their order: what needs somebody first.
var queueStates = []string{mail.StateHeld, mail.StateFailed, mail.StateUncertain, mail.StateRetry, mail.StateQueued, mail.StateSending,
	mail.StatePlanned, mail.StateSent, mail.StateInDigest, mail.StateSkipped, mail.StateCancelled}

// queueSteps tells what may be done with letters in a state.
var queueSteps = map[string][]string{
	mail.StateHeld: {"release", "drop"}, mail.StateFailed: {"retry"}, mail.StateUncertain: {"retry", "drop"},
	mail.StateRetry: {"retry", "drop"}, mail.StateQueued: {"drop"}, mail.StatePlanned: {"drop"},
}

// queueStep is one form: a button, and for dropping the choice of a reason.
type queueStep struct {
	Action, Label, ID, State string
	Reasons                  []page.Option
}

func stepsFor(language string, pick mail.Pick, state string) (steps []queueStep) {
	scope := "one"
	if pick.ID == "" {
		scope = "all"
	}
	for _, name := range queueSteps[state] {
		step := queueStep{Action: "/mailbox/" + name, Label: lang.T(language, "reminders.step."+name+"_"+scope), ID: pick.ID, State: pick.State}
		if name == "drop" {
			for _, code := range mail.DropReasons {
				step.Reasons = append(step.Reasons, page.Option{Value: code, Label: lang.T(language, "deliveries.reason."+code)})
			}
		}
		steps = append(steps, step)
	}
	return steps
}

// takeStep moves letters and writes down in the activity who did it. It returns
// how many letters it moved.
func takeStep(d *access.Door, name, reason string, pick mail.Pick) (n int, err error) {
	var step mail.Step
	switch {
	case !d.Super():
		return 0, access.ErrRefused
	case name == "retry":
		step = mail.Retry()
	case name == "release":
		step = mail.Release()
	case name == "drop" && slices.Contains(mail.DropReasons, reason):
		step = mail.Drop(reason)
	default:
		return 0, access.ErrRefused
	}
	err = d.Together(func(d *access.Door) error {
		moved, err := step.Take(d.App(), clock.Now(), pick)
		n = len(moved)
		if err != nil {
			return err
		}
		return TraceMoves(d, moved)
	})
	if err == nil && name == "retry" {
		mail.Wake(d.App())
	}
	return n, err
}

// TraceMoves writes into the activity that the person of a door moved letters.
func TraceMoves(d *access.Door, moved []mail.Moved) error {
	letters, err := d.App().FindCachedCollectionByNameOrId("deliveries")
	if err != nil {
		return err
	}
	for _, m := range moved {
		r := core.NewRecord(letters)
		r.Id = m.ID
		r.Set("programme", m.Programme)
		changes := map[string]any{"state": []string{m.From, m.To}, "reason": []string{m.Reason, m.Why}}
		if err := d.Note(r, changes); err != nil {
			return err
		}
	}
	return nil
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

func sheetPager(language, state string, sheet mail.Sheet, found int) pager {
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

func mailboxRowOf(b page.Base, post mail.Post, super bool) mailboxRow {
	moment := func(key string, at time.Time) string {
		if at.IsZero() {
			return ""
		}
		return lang.T(b.Language, "reminders."+key, "when", lang.Moment(b.Language, at, post.Zone))
	}
	row := mailboxRow{Post: post, Badge: badges[post.State], About: aboutOf(b.Language, post),
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
		row.Steps = stepsFor(b.Language, mail.Pick{ID: post.ID, State: post.State}, post.State)
	}
	return row
}

// aboutOf says what a letter is about: its subject, or its kind before it has one.
func aboutOf(language string, post mail.Post) string {
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
	Hold       string // why all letters are held, with a button for who may release them
	SMTPOff    bool
	MayRelease bool
	Waiting    string // address of the letters that would leave
}

func healthOf(b page.Base, h mail.Health, super bool) healthLine {
	line := healthLine{SMTPOff: h.Held == mail.ReasonSMTPOff, MayRelease: super, Waiting: mailboxURL(mail.StateHeld, 1)}
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
	if h.Held == mail.ReasonMailHeld {
		line.Hold = holdWords(b.Language, h.Hold)
	}
	return line
}

// holdWords says why all letters are held: the hub's own reason, or what an
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
