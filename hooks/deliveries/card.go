package deliveries

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/programmes"
	"simpul/hooks/roster"
)

// card is one person on the page of those to tell over WhatsApp.
type card struct {
	ID, Who string
	Bounced bool
	// Phone is written for reading; Digits are for a link and empty when the
	// number takes no messages.
	Phone, Digits string
	// Contact is where a number can be entered; empty for somebody who is none.
	Contact string
	Text    string
	// Language is that of the text.
	Language string
	Letters  string // ids that the text tells, joined by commas
	Titles   []string
	Left     int // things that did not fit into the text
}

// cards shows people to the team, each with a text in the person's language.
func cards(d *access.Door, p *programmes.Programme, people []*person) ([]card, error) {
	known, err := contactsOf(d, people)
	if err != nil {
		return nil, err
	}
	hub, err := hubName(d.App())
	if err != nil {
		return nil, err
	}
	out := []card{}
	for _, who := range people {
		text, all := who.text(p.Name(), hub)
		c := card{ID: who.ID, Language: who.Language, Bounced: who.Bounced, Text: text, Letters: letters(all), Left: len(who.Told) - len(all)}
		for _, t := range all {
			c.Titles = append(c.Titles, t.Title)
		}
		c.reach(known[who.ID])
		out = append(out, c)
	}
	return out, nil
}

// reach fills in who a contact is and how to write to it.
func (c *card) reach(contact *core.Record) {
	if contact == nil {
		return
	}
	c.Who, c.Contact = office(contact), "/contacts/"+contact.Id+"/edit"
	shown, digits, messages := roster.Reach(contact.GetString("phone"))
	if c.Phone = shown; messages {
		c.Digits = digits
	}
}

// office names a contact as the team's pages do: the position and the organisation.
func office(contact *core.Record) string {
	position := contact.GetString("position")
	if position == "" {
		position = contact.GetString("name")
	}
	if organisation := contact.ExpandedOne("organisation"); organisation != nil {
		return position + " – " + organisation.GetString("name")
	}
	return position
}

// contactsOf reads the contacts of people, by the id of the person: somebody
// reminded as a user may be the contact of an organisation too.
func contactsOf(d *access.Door, people []*person) (map[string]*core.Record, error) {
	ids := []any{}
	for _, who := range people {
		ids = append(ids, who.ID)
	}
	known := map[string]*core.Record{}
	if len(ids) == 0 {
		return known, nil
	}
	found, err := d.List("contacts", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.Or(dbx.In("contacts.id", ids...), dbx.In("contacts.user", ids...)))
	})
	if err != nil {
		return nil, err
	}
	if err := d.With(found, "organisation"); err != nil {
		return nil, err
	}
	for _, r := range found {
		known[r.Id] = r
		if user := r.GetString("user"); user != "" {
			known[user] = r
		}
	}
	return known, nil
}

// hubName is what the hub calls itself in letters.
func hubName(app core.App) (name string, err error) {
	err = app.ConcurrentDB().NewQuery("SELECT COALESCE((SELECT hub_name FROM hub_settings LIMIT 1), '')").Row(&name)
	if err != nil {
		return "", fmt.Errorf("name of the hub: %w", err)
	}
	if name == "" {
		name = app.Settings().Meta.AppName
	}
	return name, nil
}
