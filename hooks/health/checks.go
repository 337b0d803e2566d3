package health

import (
	"context"
	"errors"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/pocketbase/dbx"

	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/notify/outbox"
	"simpul/hooks/notify/rules"
	"simpul/hooks/notify/smtp"
	"simpul/hooks/signedlink"
	"simpul/hooks/store"
)

// domain reads what the sender's domain says about its messages: who may send
// them (SPF), how they are signed (DKIM), what to do with others (DMARC).
func (d *Doctor) domain(ctx context.Context) {
	address := d.App.Settings().Meta.SenderAddress
	_, domain, found := strings.Cut(strings.ToLower(address), "@")
	if !found || !strings.Contains(domain, ".") || domain == "example.com" {
		d.say(Bad, "sender_bad", "address", address)
		return
	}
	ctx, cancel := context.WithTimeout(ctx, d.Patience)
	defer cancel()
	d.spf(ctx, domain)
	d.dkim(ctx, domain)
	d.dmarc(ctx, domain)
}

// records reads the TXT records of a name that begin in some way; false when
// they cannot be read here, which is said.
func (d *Doctor) records(ctx context.Context, name, beginning string) (found []string, read bool) {
	all, err := d.DNS.LookupTXT(ctx, name)
	var dns *net.DNSError
	if err != nil && !(errors.As(err, &dns) && dns.IsNotFound) {
		d.say(Warn, "dns_unread", "name", name)
		return nil, false
	}
	for _, text := range all {
		if strings.HasPrefix(strings.ToLower(text), beginning) {
			found = append(found, text)
		}
	}
	return found, true
}

func (d *Doctor) spf(ctx context.Context, domain string) {
	found, read := d.records(ctx, domain, "v=spf1")
	switch {
	case !read:
	case len(found) == 0:
		d.say(Warn, "spf_none", "domain", domain)
	case len(found) > 1:
		d.say(Bad, "spf_many", "domain", domain, "n", len(found))
	default:
		d.say(OK, "spf_ok", "domain", domain, "record", found[0])
	}
}

func (d *Doctor) dkim(ctx context.Context, domain string) {
	s, err := outbox.LoadDKIM(d.App)
	if err != nil {
		d.unread(smtp.KeyFile, err)
		return
	}
	if s.Off() {
		d.say(Warn, "dkim_off")
		return
	}
	if problems := s.Check(); len(problems) > 0 {
		d.say(Bad, "dkim_bad", problem(problems[0])...)
		return
	}
	name, want, err := s.Record()
	if err != nil {
		d.unread("dkim_key", err)
		return
	}
	if !related(domain, s.Domain) {
		d.say(Warn, "dkim_stranger", "domain", s.Domain, "sender", domain)
	}
	all, read := d.records(ctx, name, "")
	switch {
	case !read:
	case len(all) == 0:
		d.say(Bad, "dkim_none", "name", name, "record", want)
	case !published(all, want):
		d.say(Bad, "dkim_other", "name", name, "record", want)
	default:
		d.say(OK, "dkim_ok", "name", name)
	}
}

// related reports whether a signature of one domain counts for a sender of the
// other: the same, or one above the other.
func related(sender, signer string) bool {
	return sender == signer || strings.HasSuffix(sender, "."+signer) || strings.HasSuffix(signer, "."+sender)
}

// published reports whether one of the records holds the public key.
func published(records []string, want string) bool {
	for _, record := range records {
		if key := keyOf(record); key != "" && key == keyOf(want) {
			return true
		}
	}
	return false
}

// keyOf is the public key in a record, p=.
func keyOf(record string) string {
	for tag := range strings.SplitSeq(record, ";") {
		if name, value, _ := strings.Cut(tag, "="); strings.TrimSpace(name) == "p" {
			return strings.Join(strings.Fields(value), "")
		}
	}
	return ""
}

// dmarc looks at the domain and those above it, as mail services do.
func (d *Doctor) dmarc(ctx context.Context, domain string) {
	for above := domain; strings.Contains(above, "."); _, above, _ = strings.Cut(above, ".") {
		found, read := d.records(ctx, "_dmarc."+above, "v=dmarc1")
		if !read {
			return
		}
		if len(found) == 1 {
			d.say(OK, "dmarc_ok", "domain", above, "record", found[0])
			return
		}
	}
	d.say(Warn, "dmarc_none", "domain", domain)
}

const (
	// silence is how long a running hub is never silent.
	silence = 3 * time.Minute
	// overdue is how late a message may be before something is wrong.
	overdue = time.Hour
)

// mailServer signs in, so that a wrong password is found before a message is due.
func (d *Doctor) mailServer(ctx context.Context) {
	switch trial := outbox.SignIn(ctx, d.App); {
	case trial.OK():
		d.say(OK, "mail_server_ok", "host", d.App.Settings().SMTP.Host)
	case trial.Code == outbox.TrialOff:
		d.say(Warn, "mail_server_off")
	default:
		d.say(Bad, "mail_server_bad", "problem", spoken(trial.Sentence), "words", trial.Words)
	}
}

// messages tells whether messages are held or have been waiting for long.
func (d *Doctor) messages(context.Context) {
	report, err := outbox.Report(d.App, d.Now)
	if err != nil {
		d.unread("deliveries", err)
		return
	}
	late := d.Now.Sub(report.OldestDue)
	switch {
	case report.Held == outbox.ReasonMailHeld:
		d.say(Warn, "queue_held")
	case !report.OldestDue.IsZero() && late > overdue:
		d.say(Bad, "queue_late", "hours", int(late.Hours()))
	default:
		d.say(OK, "queue_ok", "sent", report.States[outbox.StateSent], "failed", report.States[outbox.StateFailed])
	}
}

// tick tells whether the hub runs.
func (d *Doctor) tick(context.Context) {
	at, err := store.LastTick(d.App)
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

// address tells whether what messages link to can be reached by others.
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

// links tells whether the links in messages can be made.
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

const (
	// slack is how far a clock may go back without harm.
	slack = 5 * time.Minute
	// scarce and empty are how much room on the disk is little and too little, in bytes.
	scarce = 200 << 20
	empty  = 50 << 20
	// oldBackup is when a backup is too old to be a comfort.
	oldBackup = 8 * 24 * time.Hour
)

// machineClock holds the clock against the newest thing the hub has written: a
// file from the future means that the clock has been set back. Whether it is
// right to the minute cannot be known without asking others.
func (d *Doctor) machineClock(context.Context) {
	newest, err := store.LastTick(d.App)
	if err != nil {
		d.unread("tick", err)
		return
	}
	for _, name := range []string{"data.db", "data.db-wal"} {
		if info, err := os.Stat(filepath.Join(d.App.DataDir(), name)); err == nil && info.ModTime().After(newest) {
			newest = info.ModTime()
		}
	}
	if back := newest.Sub(d.Now); back > slack {
		d.say(Bad, "clock_back", "minutes", int(back.Minutes()))
		return
	}
	d.say(OK, "clock_ok", "now", d.Now.In(clock.Zone(clock.Western)).Format("2006-01-02 15:04")+" WIB")
}

// zones tells whether the zones of the country are as far from Greenwich as they are.
func (d *Doctor) zones(context.Context) {
	for i, name := range clock.Zones {
		_, offset := d.Now.In(clock.Zone(name)).Zone()
		if offset != (7+i)*3600 {
			d.say(Bad, "zones_bad", "zone", name)
			return
		}
	}
	d.say(OK, "zones_ok")
}

func (d *Doctor) disk(context.Context) {
	bytes, known := d.Free(d.App.DataDir())
	megabytes := int(bytes >> 20)
	switch {
	case !known:
		d.say(Warn, "disk_unknown")
	case bytes < empty:
		d.say(Bad, "disk_bad", "mb", megabytes)
	case bytes < scarce:
		d.say(Warn, "disk_warn", "mb", megabytes)
	default:
		d.say(OK, "disk_ok", "mb", megabytes)
	}
}

func (d *Doctor) backup(context.Context) {
	files, err := d.App.NewBackupsFilesystem()
	if err != nil {
		d.unread("backups", err)
		return
	}
	defer files.Close()
	all, err := files.List("")
	if err != nil {
		d.unread("backups", err)
		return
	}
	var newest time.Time
	for _, file := range all {
		if file.ModTime.After(newest) {
			newest = file.ModTime
		}
	}
	days := int(d.Now.Sub(newest).Hours() / 24)
	switch {
	case newest.IsZero():
		d.say(Warn, "backup_none")
	case d.Now.Sub(newest) > oldBackup:
		d.say(Warn, "backup_old", "days", days)
	default:
		d.say(OK, "backup_ok", "days", days)
	}
}

// rules names those that would tell nobody although there is something to tell.
func (d *Doctor) rules(ctx context.Context) {
	names, err := rules.WithoutRecipients(ctx, d.App, d.Now)
	switch {
	case err != nil:
		d.unread("reminder_rules", err)
	case len(names) > 0:
		d.say(Warn, "rules_unmatched", "names", strings.Join(names, "; "))
	default:
		d.say(OK, "rules_ok")
	}
}

// holidays tells whether this year's and next year's have been entered.
func (d *Doctor) holidays(context.Context) {
	today := d.Now.In(clock.Zone(clock.Western))
	missing := []int{}
	for _, year := range []int{today.Year(), today.Year() + 1} {
		var n int
		err := d.App.DB().NewQuery("SELECT COUNT(*) FROM holidays WHERE CAST(substr(`on`, 1, 4) AS INTEGER) = {:year}").
			Bind(dbx.Params{"year": year}).Row(&n)
		if err != nil {
			d.unread("holidays", err)
			return
		}
		if n == 0 {
			missing = append(missing, year)
		}
	}
	for _, year := range missing {
		d.say(Warn, "holidays_missing", "year", year)
	}
	if len(missing) == 0 {
		d.say(OK, "holidays_ok", "year", today.Year(), "next", today.Year()+1)
	}
}
