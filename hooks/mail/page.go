package mail

import (
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/lang"
)

// page is what a template is given.
type page struct {
	Contents
	Language string
	Hub      string // the hub's name
	HubURL   string
	Late     string // says that the letter comes late; empty when it does not
}

// lateAfter is how long after its hour a letter says that it is late.
const lateAfter = 12 * time.Hour

// page is what a template is given for a row.
func (d Delivery) page(contents Contents, meta core.MetaConfig, now time.Time) page {
	p := page{Contents: contents, Language: d.Language, Hub: d.Hub, HubURL: meta.AppURL}
	if due := d.DueAt.Time(); !due.IsZero() && now.Sub(due) > lateAfter {
		p.Late = lang.T(d.Language, "mail.late", "when", lang.Moment(d.Language, due, d.Zone))
	}
	if p.Hub == "" {
		p.Hub = meta.AppName
	}
	return p
}
