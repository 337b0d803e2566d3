package doctor

import (
	"context"
	"net/url"
	"strings"
	"time"

	"simpul/hooks/datastore"
	"simpul/hooks/lang"
	"simpul/hooks/mail"
	"simpul/hooks/signedlink"
)

const (
	// silence is how long a running hub is never silent.
	silence = 3 * time.Minute
	// overdue is how late a letter may be before something is wrong.
	overdue = time.Hour
)

// mailServer signs in, so that a wrong password is found before a letter is due.
func (d *Doctor) mailServer(ctx context.Context) {
	switch trial := mail.SignIn(ctx, d.App); {
	case trial.OK():
		d.say(OK, "mail_server_ok", "host", d.App.Settings().SMTP.Host)
	case trial.Code == mail.TrialOff:
		d.say(Warn, "mail_server_off")
	default:
		d.say(Bad, "mail_server_bad", "problem", spoken(trial.Sentence), "words", trial.Words)
	}
}

// letters tells whether letters are held or have been waiting for long.
func (d *Doctor) letters(context.Context) {
	report, err := mail.Report(d.App, d.Now)
	if err != nil {
		d.unread("deliveries", err)
		return
	}
	late := d.Now.Sub(report.OldestDue)
	switch {
	case report.Held == mail.ReasonMailHeld:
		d.say(Warn, "letters_held")
	case !report.OldestDue.IsZero() && late > overdue:
		d.say(Bad, "letters_late", "hours", int(late.Hours()))
	default:
		d.say(OK, "letters_ok", "sent", report.States[mail.StateSent], "failed", report.States[mail.StateFailed])
	}
}

// tick tells whether the hub runs.
func (d *Doctor) tick(context.Context) {
	at, err := datastore.LastTick(d.App)
	switch {
	case err != nil:
		d.unread("tick", err)
	case at.IsZero():
		d.say(Warn, "tick_never")
	case d.Now.Sub(at) > silence:
		d.say(Bad, "tick_late", "minutes", int(d.Now.Sub(at).Minutes()))
	default:
		d.say(OK, "tick_ok", "seconds", int(d.Now.Sub(at).Seconds()))
	}
}

// address tells whether what letters link to can be reached by others.
func (d *Doctor) address(context.Context) {
	address := d.App.Settings().Meta.AppURL
	parsed, err := url.Parse(address)
	switch {
	case err != nil || parsed.Host == "" || parsed.Scheme != "https" && parsed.Scheme != "http":
		d.say(Bad, "address_bad", "address", address)
	case local(parsed.Hostname()):
		d.say(Warn, "address_local", "address", address)
	case parsed.Scheme == "http":
		d.say(Warn, "address_open", "address", address)
	default:
		d.say(OK, "address_ok", "address", address)
	}
}

func local(host string) bool {
	return host == "localhost" || strings.HasPrefix(host, "127.") || host == "::1" || !strings.ContainsAny(host, ".:")
}

// links tells whether the links in letters can be made.
func (d *Doctor) links(context.Context) {
	if _, err := signedlink.New(d.App, "doctor"); err != nil {
		d.say(Bad, "links_bad")
		return
	}
	d.say(OK, "links_ok")
}

// problem is what is wrong with the signing, in the reader's language.
func problem(p lang.Problem) []any {
	return []any{"problem", spoken(func(language string) string { return p.Sentence(language, p.Field) })}
}
