package reminders_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

// Candidate opens the page that explains messages to a person of Kopi, about a record
// or, with nil, about everything.
func candidate(p *post, reader *core.Record, person string, about *core.Record) string {
	p.Helper()
	q := url.Values{"person": {person}}
	if about != nil {
		q.Set("about", about.Collection().Name+":"+about.Id)
	}
	page := p.As(reader).Get("/programmes/" + p.Kopi.GetString("slug") + "/reminders/people?" + q.Encode()).Want(http.StatusOK)
	return strings.Join(strings.Fields(page.Text("section:has(#who)")), " ")
}

// contactOf is the contact through which an account speaks for its organisation.
func contactOf(p *post, user *core.Record) *core.Record {
	p.Helper()
	return p.Only("contacts", "user", user.Id)
}

func TestTheTeamAsksAboutAnyPersonAndAnyDuty(t *testing.T) {
	p := readable(t)
	r := task(p.World, "2026-12-10")
	partner, other := contactOf(p, p.Partner), contactOf(p, p.OtherPartner)
	undated := p.Make("tasks", "programme", p.Kopi.Id, "title", "Tanpa tenggat", "organisation", p.Puskesmas.Id,
		"accountable", p.Initiator.Id, "state", "todo", "urgency", "normal")
	done := task(p.World, "2026-12-11")
	p.change(done, "state", "done")
	for _, c := range []struct {
		name, person string
		about        *core.Record
		want, not    string
	}{
		{"whom a rule addresses", partner.Id, r, "Kepala Puskesmas – Puskesmas Tambakaji", "Tidak ada email tentang ini"},
		{"with the day it will come", partner.Id, r, "Direncanakan", "Tidak ada aturan"},
		{"whom no rule addresses", other.Id, r, "Tidak ada aturan untuk orang ini", "Direncanakan"},
		{"a thing without a date", partner.Id, undated, "Belum bertanggal", "Direncanakan"},
		{"a thing that is done", other.Id, done, "Sudah selesai", "Tidak ada aturan"},
		{"everything", partner.Id, nil, "Tenggat tugas", "Tidak ada email tentang ini"},
		{"everything, of one who got nothing", other.Id, nil, "Belum pernah ada email", "Direncanakan"},
	} {
		got := candidate(p, p.Coordinator, c.person, c.about)
		if !strings.Contains(got, c.want) || strings.Contains(got, c.not) {
			t.Errorf("%s: the page says %q, want %q and not %q", c.name, got, c.want, c.not)
		}
	}
}

func TestWhatKeepsMessagesFromAPersonIsSaid(t *testing.T) {
	p := readable(t)
	partner := contactOf(p, p.Partner)
	if got := candidate(p, p.Initiator, partner.Id, nil); !strings.Contains(got, "Tidak ada yang menghalangi") {
		t.Fatalf("before: %q", got)
	}
	p.change(p.Partner, "paused_until_on", "2026-12-31", "muted_kinds", []string{"meeting_soon"})
	p.Make("suppressions", "email", "PARTNER@example.org", "reason", "bounced")
	got := candidate(p, p.Initiator, partner.Id, nil)
	for _, want := range []string{"Email dijeda sampai Kamis, 31 Desember 2026", "Penerima mematikan email jenis ini: ", "Alamat penerima tidak dapat menerima email"} {
		if !strings.Contains(got, want) {
			t.Errorf("the page says %q, want %q", got, want)
		}
	}
	p.change(p.Partner, "disabled", true)
	p.change(partner, "until_on", "2026-11-01")
	got = candidate(p, p.Initiator, partner.Id, nil)
	for _, want := range []string{"Tidak lagi menjabat", "Akun penerima dinonaktifkan"} {
		if !strings.Contains(got, want) {
			t.Errorf("once gone the page says %q, want %q", got, want)
		}
	}
}

func TestAContactWithoutAddressIsExplained(t *testing.T) {
	p := readable(t)
	silent := p.Make("contacts", "organisation", p.Shop.Id, "position", "Pemilik warung", "phone", "0812-3456-7890", "focal_point", true)
	if got := candidate(p, p.Initiator, silent.Id, nil); !strings.Contains(got, "Pemilik warung – Warung Kopi Banaran") || !strings.Contains(got, "belum punya alamat email") {
		t.Errorf("the page says %q", got)
	}
}

func TestInvitationsAreExplainedWithTheirMeeting(t *testing.T) {
	p := readable(t)
	meeting := p.Make("meetings", "programme", p.Kopi.Id, "kind", "coordination", "title", "Rapat bulan depan", "starts_at", "2026-12-01 02:00:00.000Z",
		"time_zone", "Asia/Jakarta", "mode", "in_person", "place", "Aula", "status", "scheduled")
	partner := contactOf(p, p.Partner)
	p.Make("attendances", "meeting", meeting.Id, "contact", partner.Id, "state", "invited")
	got := why(p, p.Initiator, meeting)["Kepala Puskesmas – Puskesmas Tambakaji"]
	if !strings.Contains(got, "Undangan rapat") || !strings.Contains(got, "Rapat segera dimulai") {
		t.Errorf("the meeting's letters read %q", got)
	}
}

func TestOnlyTheTeamAsksAboutPeople(t *testing.T) {
	p := readable(t)
	r := task(p.World, "2026-12-10")
	foreign := p.Make("tasks", "programme", p.Rantang.Id, "title", "Di Tabanan", "organisation", p.Bali.Id,
		"accountable", p.BaliInitiator.Id, "due_on", "2026-12-10", "state", "todo", "urgency", "normal")
	path := "/programmes/" + p.Kopi.GetString("slug") + "/reminders/people"
	for name, reader := range map[string]*core.Record{"a partner": p.Partner, "an observer": p.Observer, "an outsider": p.Outsider, "the team next door": p.BaliInitiator} {
		p.As(reader).Get(path + "?about=tasks:" + r.Id).Want(http.StatusNotFound)
		t.Logf("%s is refused", name)
	}
	partner := contactOf(p, p.Partner)
	for _, about := range []string{"tasks:" + foreign.Id, "tasks:nosuchtask00000", "users:" + p.Partner.Id, "tasks"} {
		p.As(p.Initiator).Get(path + "?person=" + partner.Id + "&about=" + about).Want(http.StatusNotFound)
	}
	if page := p.As(p.Initiator).Get(path + "?person=nobody").Want(http.StatusOK); page.Text("#who") != "" {
		t.Errorf("an unknown person is answered for: %q", page.Text("#who"))
	}
	p.As(p.Administrator).Get(path + "?person=" + partner.Id).Want(http.StatusOK)
}

func TestAGiftThatWaitsIsNotSaidToBeDone(t *testing.T) {
	p := readable(t)
	gift := p.Make("contributions", "programme", p.Kopi.Id, "contributor", p.Puskesmas.Id, "kind", "goods", "item", "Sembako", "quantity", 20,
		"unit", "package", "given_on", "2026-11-20", "stage", "delivered", "logged_by", p.Partner.Id)
	got := candidate(p, p.Initiator, contactOf(p, p.OtherPartner).Id, gift)
	if !strings.Contains(got, "Tidak ada aturan untuk orang ini") || strings.Contains(got, "Sudah selesai") {
		t.Errorf("of a gift that waits the page says %q", got)
	}
	p.change(gift, "review_status", "withdrawn")
	if got := candidate(p, p.Initiator, contactOf(p, p.OtherPartner).Id, gift); strings.Contains(got, "Tidak ada aturan") {
		t.Errorf("of a gift that was withdrawn the page says %q", got)
	}
}

func TestPeopleOfOneOfficeAreToldApart(t *testing.T) {
	p := readable(t)
	for _, organisation := range []*core.Record{p.Campus, p.Shop} {
		p.Make("contacts", "organisation", organisation.Id, "position", "Koordinator", "focal_point", true)
	}
	page := p.As(p.Initiator).Get("/programmes/" + p.Kopi.GetString("slug") + "/reminders/people").Want(http.StatusOK)
	for _, want := range []string{"Koordinator – UIN Walisongo", "Koordinator – Warung Kopi Banaran"} {
		if !strings.Contains(page.Text("select[name=person]"), want) {
			t.Errorf("nobody is called %q", want)
		}
	}
}
