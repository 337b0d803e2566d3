// Package devices tells people of their reminders on browsers they have switched on: the subject line of a letter as a
// short notice, sent through the push service of the browser's maker.
//
// It follows the ledger of letters and knows no programme or task: whether a letter is still wanted at the moment its
// notice leaves is asked of the same table of functions that the mail sender asks. One row of pushes stands for one
// letter and one device. The row is claimed, with the hour of its next attempt, before the push service is asked, and no
// transaction is open meanwhile. A crash in between repeats the notice a minute later under the same topic, by which
// service and device replace the first one: none is lost, and a double is seen as one.
package devices

import (
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"simpul/hooks/lang"
)

const (
	// most is how many devices a person may have.
	most = 10
	// mostFailures is how many refusals in a row switch a device off.
	mostFailures = 5
)

// Device is a browser that a person has switched on.
type Device struct{ core.BaseRecordProxy }

// wrap looks at a record as a device.
func wrap(r *core.Record) *Device {
	d := &Device{}
	d.SetProxyRecord(r)
	return d
}

// Name is what the person knows it by.
func (d *Device) Name() string { return d.GetString("name") }

// Off reports whether the device is told nothing any more, because its push service refused too often or does not know it.
func (d *Device) Off() bool { return d.GetInt("failures") >= mostFailures }

// Trouble says in words what went wrong last, or why the device is off; nothing when all went well.
func (d *Device) Trouble(language string) string {
	kept := d.GetString("last_error")
	if d.Off() && kept != errorGone {
		return lang.T(language, "devices.stopped_text")
	}
	return trouble(language, kept)
}

// trouble puts what is kept in last_error into words: a code, and what the push service answered.
func trouble(language, kept string) string {
	sort, detail, _ := strings.Cut(kept, " ")
	if sort == "" {
		return ""
	}
	return lang.T(language, "devices.trouble_"+sort, "detail", detail)
}

// stamp writes an instant the way PocketBase stores it.
func stamp(t time.Time) string { return t.UTC().Format(types.DefaultDateLayout) }
