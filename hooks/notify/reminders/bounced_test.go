package reminders_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/emersion/go-smtp"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"
)

// noSuchBox makes the office know nobody at an address.
func noSuchBox(p *post, unknown string) {
	p.office.Refuse = func(to string) error {
		if to == unknown {
			return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user"}
		}
		return nil
	}
}

// reader is somebody at the hub's public address.
func (p *post) reader(person *core.Record) *testkit.Client {
	p.Helper()
	c := p.As(person)
	c.SetCookie("__Host-simpul", c.Cookie("simpul"))
	return c
}

// recipient is somebody whose address turns out to be wrong, and how it is put right.
type recipient struct {
	organisation func(p *post) *core.Record
	wrong        string
	page         func(p *post) string // where the contact is changed
	correct      func(p *post, right string)
}

var recipients = map[string]recipient{
	"a contact without an account": {
		func(p *post) *core.Record {
			p.Make("contacts", "organisation", p.Campus.Id, "position", "Dekan", "email", "Dekan@example.org", "focal_point", true)
			return p.Campus
		}, "Dekan@example.org", func(p *post) string { return "/contacts/" + p.contact("Dekan@example.org").Id + "/edit" },
		func(p *post, right string) { p.change(p.contact("Dekan@example.org"), "email", right) }},
	"a person with an account": {
		func(p *post) *core.Record { return p.Puskesmas }, "partner@example.org",
		func(p *post) string { return "/contacts/" + p.contact("partner@example.org").Id + "/edit" },
		func(p *post, right string) {
			p.change(p.contact("partner@example.org"), "email", right)
			p.change(p.Partner, "email", right)
		}},
}

func TestA19ABouncedAddressIsFlaggedShownAndHeldUntilItIsPutRight(t *testing.T) {
	for name, of := range recipients {
		t.Run(name, func(t *testing.T) {
			p := newPost(t)
			p.change(p.rule("contribution_prompt", 0), "active", false)
			organisation := of.organisation(p)
			r := task(p.World, "2026-12-10", "organisation", organisation.Id)
			noSuchBox(p, of.wrong)
			p.tick("2026-12-07 08:00")
			first := p.row(r, "2026-12-07 08:00", of.wrong)
			if stateOf(p, first) != "failed refused" || !strings.Contains(first.GetString("last_error"), "5.1.1") {
				t.Errorf("the first letter is %s: %s", stateOf(p, first), first.GetString("last_error"))
			}
			flagged := p.Only("suppressions", "reason", "bounced")
			if got := flagged.GetString("email") + flagged.GetString("kind"); got != strings.ToLower(of.wrong) {
				t.Errorf("flagged is %s", got)
			}
			seesBounce(p, of, true)
			p.office.Refuse = nil // the server would take it now: nothing is tried all the same
			p.tick("2026-12-09 08:00")
			if second := p.row(r, "2026-12-09 08:00", of.wrong); stateOf(p, second) != "skipped bounced" {
				t.Errorf("the second letter is %s", stateOf(p, second))
			}
			past := p.reader(p.Coordinator).Get(rulesPage + "?show=past").Want(http.StatusOK).Text("section:has(#past)")
			if !strings.Contains(past, "Alamat penerima tidak dapat menerima email") {
				t.Errorf("the letters of the past read %q", past)
			}
			of.correct(p, "benar@example.org")
			if got := p.only(p.tick("2026-12-10 08:00")); got.To != "benar@example.org" {
				t.Errorf("put right, the letter goes to %s", got.To)
			}
			of.wrong = "benar@example.org"
			of.page = func(p *post) string { return "/contacts/" + p.contact("benar@example.org").Id + "/edit" }
			seesBounce(p, of, false)
		})
	}
}

// seesBounce looks at the pages on which the team learns of an address that bounces.
func seesBounce(p *post, of recipient, want bool) {
	p.Helper()
	coordinator := p.reader(p.Coordinator)
	overview, contact := coordinator.Get(rulesPage).Want(http.StatusOK).Text("main"), coordinator.Get(of.page(p)).Want(http.StatusOK).Text("main")
	address := "Alamat " + strings.ToLower(of.wrong)
	if strings.Contains(overview, address+" tidak dapat menerima email") != want {
		p.Errorf("the programme's page tells of the bounce: %v, want %v: %.300s", !want, want, overview)
	}
	if strings.Contains(contact, "Email ke "+of.wrong+" gagal terkirim") != want {
		p.Errorf("the contact's page tells of the bounce: %v, want %v: %.300s", !want, want, contact)
	}
	if watching := p.reader(p.Observer).Get(rulesPage).Want(http.StatusOK).Text("main"); strings.Contains(watching, address) {
		p.Error("an observer reads whose address bounces")
	}
}

func TestOnlyAddressesThatAreStillUsedInAProgrammeAreNamed(t *testing.T) {
	for name, c := range map[string]struct {
		happens func(p *post)
		named   bool
	}{
		"a focal point's":          {func(*post) {}, true},
		"in other letters":         {func(p *post) { p.change(p.Partner, "email", "PARTNER@example.org") }, true},
		"that of a closed account": {func(p *post) { p.change(p.Partner, "disabled", true) }, false},
		"of an organisation that left": {func(p *post) {
			p.change(p.Only("stakeholders", "organisation", p.Puskesmas.Id), "ended_on", "2026-11-23")
		}, false},
		"of another programme": {func(p *post) {
			p.change(p.Only("suppressions", "reason", "bounced"), "email", "bali-partner@example.org")
		}, false},
		"that of somebody who wants no letters": {func(p *post) {
			p.change(p.Only("suppressions", "reason", "bounced"), "reason", "unsubscribed", "kind", "task_due")
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPost(t)
			p.Make("suppressions", "email", "partner@example.org", "reason", "bounced")
			c.happens(p)
			got := p.reader(p.Initiator).Get(rulesPage).Want(http.StatusOK).Text("main")
			if strings.Contains(got, "Alamat partner@example.org tidak dapat menerima email") != c.named {
				t.Errorf("named: %v, want %v", !c.named, c.named)
			}
		})
	}
}
