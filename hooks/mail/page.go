package mail

import "github.com/pocketbase/pocketbase/core"

// page is what a template is given.
type page struct {
	Contents
	Language string
	Hub      string // the hub's name
	HubURL   string
}

// page is what a template is given for a row.
func (d Delivery) page(contents Contents, meta core.MetaConfig) page {
	p := page{Contents: contents, Language: d.Language, Hub: d.Hub, HubURL: meta.AppURL}
	if p.Hub == "" {
		p.Hub = meta.AppName
	}
	return p
}
