package reminders_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"
)

func TestAContactWithoutAnAccountIsServed(t *testing.T) {
	p := newPost(t)
	p.Make("contacts", "organisation", p.Campus.Id, "position", "Dekan", "email", "dekan@example.org", "focal_point", true,
		"language", "en", "time_zone", "Asia/Makassar")
	r := p.Make("tasks", "programme", p.Kopi.Id, "title", "Kuliah tamu", "organisation", p.Campus.Id,
		"accountable", p.Initiator.Id, "due_on", "2026-12-10", "state", "todo")
	// Eight o'clock in Makassar.
	got := p.only(p.tick("2026-12-07 07:00"))
	if got.To != "dekan@example.org" || got.Header("Subject") != "Due Thursday, 10 December 2026: Kuliah tamu" {
		t.Errorf("the letter to %s is called %q", got.To, got.Header("Subject"))
	}
	text := got.Part("text/plain")
	for _, want := range []string{"Dear Dekan,", testkit.HubURL + "/tasks/" + r.Id, testkit.HubURL + "/unsubscribe/"} {
		if !strings.Contains(text, want) {
			t.Errorf("the letter lacks %q: %s", want, text)
		}
	}
	if strings.Contains(text, "/me") {
		t.Errorf("somebody without an account is sent to the settings of one: %s", text)
	}
	if date := got.Header("Date"); !strings.HasSuffix(date, "+0800") {
		t.Errorf("the letter is dated %s", date)
	}
	p.change(p.Only("stakeholders", "organisation", p.Campus.Id), "ended_on", "2026-12-08")
	if left := p.tick("2026-12-09 07:00"); len(left) != 0 {
		t.Errorf("the organisation has left and still gets %d letters", len(left))
	}
	if reason := p.row(r, "2026-12-09 07:00", "dekan@example.org").GetString("reason"); reason != "no_access" {
		t.Errorf("the reason is %q", reason)
	}
}

func TestAMissingAddressIsSaidAndHealsWhenOneIsEntered(t *testing.T) {
	p := newPost(t)
	mute := p.Make("contacts", "organisation", p.Shop.Id, "position", "Pemilik warung", "focal_point", true)
	r := p.Make("tasks", "programme", p.Kopi.Id, "title", "Sediakan kopi", "organisation", p.Shop.Id,
		"accountable", p.Initiator.Id, "due_on", "2026-12-10", "state", "todo")
	p.tick("2026-12-07 08:00")
	missed := p.row(r, "2026-12-07 08:00", "")
	if missed.GetString("state") != "skipped" || missed.GetString("reason") != "no_address" {
		t.Errorf("the letter is %s (%s)", missed.GetString("state"), missed.GetString("reason"))
	}
	reader := p.As(p.Initiator)
	reader.SetCookie("__Host-simpul", reader.Cookie("simpul")) // the hub has an https address here
	past := reader.Get("/programmes/kopi/reminders?show=past").Want(http.StatusOK).Text("section:has(#past)")
	if !strings.Contains(past, "Pemilik warung") || !strings.Contains(past, "belum punya alamat email") {
		t.Errorf("the page says %q", past)
	}
	p.change(mute, "email", "warung@example.org")
	if got := p.only(p.tick("2026-12-09 08:00")); got.To != "warung@example.org" {
		t.Errorf("the next letter goes to %s", got.To)
	}
}

func TestPeopleInThreeZonesAreRemindedAtTheirOwnEight(t *testing.T) {
	p := newPost(t)
	for zone, user := range map[string]*core.Record{"Asia/Makassar": p.Coordinator, "Asia/Jayapura": p.Observer} {
		p.change(user, "time_zone", zone)
		p.Make("contacts", "organisation", p.Puskesmas.Id, "position", "Staf "+zone, "user", user.Id, "email", user.Email(), "focal_point", true)
	}
	task(p.World, "2026-12-10")
	for at, want := range map[string]string{"2026-12-07 06:00": "observer@example.org", "2026-12-07 07:00": "coordinator@example.org",
		"2026-12-07 08:00": "partner@example.org"} {
		found, err := p.App.FindRecordsByFilter("deliveries", "due_at = {:due}", "", 0, 0, map[string]any{"due": stored(p, at)})
		if err != nil || len(found) != 1 || found[0].GetString("email") != want {
			t.Errorf("at %s %d letters are due, want one to %s", at, len(found), want)
		}
	}
	for _, step := range []struct{ at, to, clock string }{
		{"2026-12-07 06:00", "observer@example.org", "+0900"},
		{"2026-12-07 07:00", "coordinator@example.org", "+0800"},
		{"2026-12-07 08:00", "partner@example.org", "+0700"},
	} {
		got := p.only(p.tick(step.at))
		if got.To != step.to || !strings.HasSuffix(got.Header("Date"), "08:00:00 "+step.clock) {
			t.Errorf("at %s a letter left to %s, dated %s", step.at, got.To, got.Header("Date"))
		}
	}
}

func TestAPersonChoosesTheHour(t *testing.T) {
	p := newPost(t)
	p.change(p.Partner, "send_at", "16:30")
	soon, late := task(p.World, "2026-11-25"), task(p.World, "2026-12-10")
	p.only(p.tick("2026-11-23 09:00")) // the first message about what is due so soon
	expect(t, duesOf(p, soon, "partner@example.org")[:2], "2026-11-24 16:30", "2026-11-25 16:30")
	// Another hour holds for the next messages at once, for all others from the night on.
	p.change(p.Partner, "send_at", "06:15", "time_zone", "Asia/Jayapura", "language", "en")
	expect(t, duesOf(p, soon, "partner@example.org")[:2], "2026-11-24 04:15", "2026-11-25 04:15")
	expect(t, duesOf(p, late, "partner@example.org")[:1], "2026-12-07 16:30")
	planAll(t, p.World, p.stand("2026-11-24 00:30"))
	expect(t, duesOf(p, late, "partner@example.org")[:1], "2026-12-07 04:15")
	got := p.only(p.tick("2026-11-24 04:15"))
	if !strings.HasPrefix(got.Header("Subject"), "Due Wednesday") {
		t.Errorf("the letter is called %q", got.Header("Subject"))
	}
}

// duesOf lists when messages about a record are due to an address, in Semarang.
func duesOf(p *post, r *core.Record, email string) (out []string) {
	p.Helper()
	for _, row := range ledger(p.World, r) {
		if strings.Contains(row, " "+email+" planned") {
			out = append(out, row[:len("2026-11-24 16:30")])
		}
	}
	return out
}

func TestSomebodyInTwoRolesGetsOneMessage(t *testing.T) {
	p := newPost(t)
	partner := p.contact("partner@example.org")
	p.change(partner, "email", "PARTNER@example.org", "user", "")
	r := p.Make("tasks", "programme", p.Kopi.Id, "title", "Satu", "organisation", p.Puskesmas.Id, "assignee", partner.Id,
		"accountable", p.Initiator.Id, "due_on", "2026-12-10", "state", "todo")
	if n := len(ledger(p.World, r)); n != 3 {
		t.Errorf("%d letters are planned: %v", n, ledger(p.World, r))
	}
	p.only(p.tick("2026-12-07 08:00"))
}

func TestANewContactIsRemindedToo(t *testing.T) {
	p := newPost(t)
	r := task(p.World, "2026-12-10")
	p.Make("contacts", "organisation", p.Puskesmas.Id, "position", "Wakil", "email", "wakil@example.org", "focal_point", true)
	if got := to(p.tick("2026-12-07 08:00")); !slices.Equal(got, []string{"partner@example.org", "wakil@example.org"}) {
		t.Errorf("letters left to %v", got)
	}
	// Whoever moves to another organisation leaves its messages behind.
	p.change(p.contact("wakil@example.org"), "organisation", p.Campus.Id)
	if got := to(p.tick("2026-12-09 08:00")); !slices.Equal(got, []string{"partner@example.org"}) {
		t.Errorf("then to %v", got)
	}
	if row := p.row(r, "2026-12-09 08:00", "wakil@example.org"); row.GetString("reason") != "not_concerned" {
		t.Errorf("the reason is %q", row.GetString("reason"))
	}
}

func TestWithoutAFocalPointEverybodyAtTheOrganisationIsTold(t *testing.T) {
	p := newPost(t)
	p.change(p.contact("partner@example.org"), "focal_point", false)
	p.Make("contacts", "organisation", p.Puskesmas.Id, "position", "Bidan", "email", "bidan@example.org")
	p.Make("contacts", "organisation", p.Puskesmas.Id, "position", "Mantan kepala", "email", "lama@example.org", "until_on", "2026-11-22")
	p.Make("contacts", "organisation", p.Puskesmas.Id, "position", "Calon kepala", "email", "calon@example.org", "from_on", "2027-01-01")
	task(p.World, "2026-12-10")
	if got := to(p.tick("2026-12-07 08:00")); !slices.Equal(got, []string{"bidan@example.org", "partner@example.org"}) {
		t.Errorf("letters left to %v", got)
	}
}
