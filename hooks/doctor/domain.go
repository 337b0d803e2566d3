package doctor

import (
	"context"
	"errors"
	"net"
	"strings"

	"simpul/hooks/mail"
	"simpul/hooks/notify/smtp"
)

// domain reads what the sender's domain says about its letters: who may send
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
	s, err := mail.LoadDKIM(d.App)
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
