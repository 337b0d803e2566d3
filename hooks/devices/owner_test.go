package devices_test

import (
	"net/http"
	"strconv"
	"testing"

	"simpul/hooks/devices"
	"simpul/hooks/lang"
)

func TestAPersonHasTenDevicesAndAColleagueTenMore(t *testing.T) {
	d := newDesk(t)
	for n := range devices.Most {
		d.on(d.Partner, phone+strconv.Itoa(n))
	}
	r := d.visitor(d.Partner).Post("/devices", newBrowser(t, laptop).form()...).Want(http.StatusUnprocessableEntity)
	if got := r.Text(".callout.bad"); got != lang.T("id", "devices.problem_full", "n", devices.Most) {
		t.Errorf("says %q", got)
	}
	if n := r.Doc().Find(`form[action$="/off"]`).Length(); n != devices.Most {
		t.Errorf("%d devices are listed", n)
	}
	d.on(d.OtherPartner, laptop)
	if n := d.Count("devices"); n != int64(devices.Most)+1 {
		t.Errorf("%d devices", n)
	}
}

// A browser that is switched on again, also by somebody else who sits down at it, is one device.
func TestABrowserHasOneReaderAtATime(t *testing.T) {
	d := newDesk(t)
	c := d.visitor(d.Partner)
	first := newBrowser(t, phone)
	c.Post("/devices", first.form()...).Want(http.StatusSeeOther)
	renewed := newBrowser(t, phone+"-renewed") // the browser got another address
	c.Post("/devices", renewed.form()...).Want(http.StatusSeeOther)
	if d.Count("devices") != 1 || d.Only("devices", "endpoint", renewed.endpoint).GetString("user") != d.Partner.Id {
		t.Errorf("%d devices", d.Count("devices"))
	}
	d.on(d.OtherPartner, renewed.endpoint)
	if d.Count("devices") != 1 || d.Only("devices", "endpoint", renewed.endpoint).GetString("user") != d.OtherPartner.Id {
		t.Error("the browser still belongs to its former reader")
	}
	// The cookie of a former device of somebody else takes nothing away from them.
	other := d.visitor(d.Partner)
	other.SetCookie("device", d.Only("devices", "endpoint", renewed.endpoint).Id)
	other.Post("/devices", newBrowser(t, laptop).form()...).Want(http.StatusSeeOther)
	if d.Count("devices") != 2 {
		t.Errorf("%d devices", d.Count("devices"))
	}
}

func TestWhoSignsOutEverywhereIsToldNowhere(t *testing.T) {
	d := newDesk(t)
	d.on(d.Partner, phone)
	d.on(d.OtherPartner, laptop)
	d.visitor(d.Partner).Post("/me/language", "value", "en").Want(http.StatusSeeOther)
	if d.Count("devices") != 2 {
		t.Fatal("another language switched a device off")
	}
	d.visitor(d.Partner).Post("/me/sign-out-everywhere").Want(http.StatusSeeOther)
	if d.Count("devices") != 1 || d.Only("devices", "user", d.OtherPartner.Id).GetString("endpoint") != laptop {
		t.Errorf("%d devices are left", d.Count("devices"))
	}
	fresh := d.Fresh(d.OtherPartner)
	fresh.SetPassword("kalimat baru yang panjang")
	d.must(d.App.Save(fresh))
	if d.Count("devices") != 0 {
		t.Error("a new password left a device on")
	}
}

func TestDevicesGoWithTheirPerson(t *testing.T) {
	d := newDesk(t)
	d.on(d.Outsider, phone)
	d.must(d.App.Delete(d.Fresh(d.Outsider)))
	if d.Count("devices") != 0 {
		t.Error("the device of nobody is kept")
	}
}

// Push services number their devices; that is nobody's identity number.
func TestAnAddressFullOfDigitsIsTaken(t *testing.T) {
	d := newDesk(t)
	d.on(d.Partner, "https://wns2-sg2p.notify.windows.com/w/3374010112900001")
	if d.Count("devices") != 1 {
		t.Error("the device is not kept")
	}
}
