package devices

import (
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/page"
)

// longestName is how many characters a name that a person gives may have.
const longestName = 60

// naming asks what a device is to be called. The page holds one such form for each device, so that the input carries its id.
func naming(e *core.RequestEvent, d *Device) *page.Form {
	return page.NewForm(e, "devices", page.Text(d.field()).Label("devices.name").Need().Max(longestName)).Set(d.field(), d.Name())
}

// field is the name of the input that holds the device's name.
func (d *Device) field() string { return "name_" + d.Id }

// Rename gives one of the reader's devices a name.
func Rename(e *core.RequestEvent) error {
	d, err := own(e)
	if err != nil {
		return err
	}
	form := naming(e, d)
	if err := form.Read(e); err != nil {
		return err
	}
	if !form.OK() {
		return show(e, http.StatusUnprocessableEntity, said{device: d.Id, naming: form})
	}
	err = page.Door(e).Move(access.MayRename, d.ProxyRecord(), func(r *core.Record) { r.Set("name", form.Value(d.field())) })
	if err != nil {
		return err
	}
	return page.See(e, "/devices", "devices.renamed", "name", d.Name())
}
