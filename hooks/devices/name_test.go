package devices_test

import (
	"net/http"
	"strings"
	"testing"

	"simpul/hooks/lang"
	"simpul/hooks/testkit"
)

func TestADeviceIsCalledWhatItsPersonCallsIt(t *testing.T) {
	for _, language := range lang.Languages {
		for _, name := range []string{"Ponsel kantor", strings.Repeat("é", 60), "  Laptop <b>Sri</b>\t"} {
			d := newDesk(t)
			d.change(d.Partner, "language", language)
			b, other := d.on(d.Partner, phone), d.on(d.Partner, laptop)
			c := d.visitor(d.Partner)
			page := c.Follow(c.Post("/devices/"+b.id+"/name", "name_"+b.id, name))
			want := strings.TrimSpace(name)
			if got := page.Text(".flash"); got != lang.T(language, "devices.renamed", "name", want) {
				t.Errorf("says %q", got)
			}
			if kept := d.Only("devices", "id", b.id).GetString("name"); kept != want || !strings.Contains(page.Text("strong.name"), want) {
				t.Errorf("called %q on a page with %q", kept, page.Text("strong.name"))
			}
			if kept := d.Only("devices", "id", other.id).GetString("name"); kept == want {
				t.Error("the other device has the name too")
			}
			if page.Doc().Find("details[open]").Length() != 0 {
				t.Error("the form stays open")
			}
		}
	}
}

func TestANameThatCannotBeTakenIsAskedAgain(t *testing.T) {
	for name, of := range map[string]struct{ typed, key string }{
		"empty":              {" ", "problem.needed"},
		"too long":           {strings.Repeat("é", 61), "problem.too_long"},
		"an identity number": {"HP 3374010112900001", "problem.sixteen_digits"},
		"no text":            {"HP\x00", "problem.unreadable"},
	} {
		for _, language := range lang.Languages {
			d := newDesk(t)
			d.change(d.Partner, "language", language)
			b, other := d.on(d.Partner, phone), d.on(d.Partner, laptop)
			was := d.Only("devices", "id", b.id).GetString("name")
			r := d.visitor(d.Partner).Post("/devices/"+b.id+"/name", "name_"+b.id, of.typed).Want(http.StatusUnprocessableEntity)
			want := lang.T(language, of.key, "label", lang.T(language, "devices.name"), "n", 60)
			if got := r.Text("#name_" + b.id + "-error"); !strings.HasSuffix(got, want) {
				t.Errorf("%s: at the field stands %q, want %q", name, got, want)
			}
			kept := strings.TrimSpace(strings.ReplaceAll(of.typed, "\x00", ""))
			if got := r.Doc().Find("details[open] #name_"+b.id).AttrOr("value", "none"); got != kept {
				t.Errorf("%s: typed was %q, kept is %q", name, kept, got)
			}
			if link := r.Doc().Find(".problems a").AttrOr("href", ""); link != "#name_"+b.id || r.Doc().Find(".problems").Length() != 1 {
				t.Errorf("%s: the summary leads to %q", name, link)
			}
			if got := r.Doc().Find("#name_"+other.id).AttrOr("value", "none"); got == kept || r.Doc().Find("details[open]").Length() != 1 {
				t.Errorf("%s: the other device asks for %q", name, got)
			}
			if now := d.Only("devices", "id", b.id).GetString("name"); now != was {
				t.Errorf("%s: called %q all the same", name, now)
			}
		}
	}
}

func TestOnlyItsPersonNamesADevice(t *testing.T) {
	d := newDesk(t)
	b := d.on(d.Partner, phone)
	was := d.Only("devices", "id", b.id).GetString("name")
	for name, c := range map[string]*testkit.Client{"a colleague": d.visitor(d.OtherPartner), "the initiator": d.visitor(d.Initiator),
		"an administrator": d.visitor(d.Administrator)} {
		if r := c.Post("/devices/"+b.id+"/name", "name_"+b.id, "Milik saya"); r.Status != http.StatusNotFound {
			t.Errorf("%s: status %d", name, r.Status)
		}
	}
	d.As(nil).Post("/devices/"+b.id+"/name", "name_"+b.id, "Milik saya").Want(http.StatusUnauthorized)
	d.As(d.Partner).API(http.MethodPatch, "/api/collections/devices/records/"+b.id, map[string]string{"name": "Milik saya"}).Want(http.StatusForbidden)
	if now := d.Only("devices", "id", b.id).GetString("name"); now != was {
		t.Errorf("called %q", now)
	}
}

// Turned on again, the same browser keeps its name; somebody else's name for it is none of the next reader's business.
func TestANameStaysWithThePersonAndTheBrowser(t *testing.T) {
	d := newDesk(t)
	b := d.on(d.Partner, phone)
	c := d.visitor(d.Partner)
	c.Post("/devices/"+b.id+"/name", "name_"+b.id, "Ponsel Bu Sri").Want(http.StatusSeeOther)
	c.SetCookie("device", b.id)
	c.Post("/devices", newBrowser(t, elsewhere).form()...).Want(http.StatusSeeOther)
	if now := d.Only("devices", "endpoint", elsewhere); now.GetString("name") != "Ponsel Bu Sri" || now.Id == b.id {
		t.Errorf("called %q", now.GetString("name"))
	}
	d.on(d.OtherPartner, elsewhere)
	if now := d.Only("devices", "endpoint", elsewhere); now.GetString("user") != d.OtherPartner.Id || now.GetString("name") != lang.T("id", "devices.name_unknown") {
		t.Errorf("the next reader's is called %q", now.GetString("name"))
	}
}
