package offline

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/programmes"
)

// maxText is the longest text to pass on, in characters: what a phone still
// shows without unfolding.
const maxText = 1000

// maxTitle is how much of a title a line keeps when the text would not fit.
const maxTitle = 120

// shortest is how much of a line is left at least.
const shortest = 40

// text writes what a person is told: a greeting, a line with its link for each
// thing, and who writes. It holds as much as fits and returns what it tells.
func (who *person) text(programme, hub string) (string, []notice) {
	sign := lang.T(who.Language, "deliveries.text_sign", "programme", short(programme), "hub", short(hub))
	out, n := who.Greets+"\n", 0
	for _, t := range who.Notices {
		begin, end := out+"\n• ", t.links()
		room := maxText - utf8.RuneCountInString(begin+"\n"+end+"\n"+sign)
		if n > 0 && utf8.RuneCountInString(t.Line) > room {
			break
		}
		// Half a link leads nowhere, so that words make room for it.
		out, n = begin+clip(t.Line, max(room, shortest))+"\n"+end, n+1
	}
	return clip(out, maxText-1-utf8.RuneCountInString(sign)) + "\n" + sign, who.Notices[:n]
}

// links are the addresses that a thing leads to, a line each.
func (t notice) links() (lines string) {
	if t.Join.URL != "" {
		lines = t.Join.Label + ": " + t.Join.URL + "\n"
	}
	if t.URL != "" {
		lines += t.URL + "\n"
	}
	return lines
}

// short cuts a name that would leave no room for anything else.
func short(name string) string { return clip(name, maxTitle) }

// clip cuts a text to so many characters, in words where it can.
func clip(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	cut := string([]rune(text)[:most-1])
	if space := strings.LastIndex(cut, " "); space > most/2 {
		cut = cut[:space]
	}
	return cut + "…"
}

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
func cards(d *access.Scope, p *programmes.Programme, people []*person) ([]card, error) {
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
		c := card{ID: who.ID, Language: who.Language, Bounced: who.Bounced, Text: text, Letters: messages(all), Left: len(who.Notices) - len(all)}
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
	shown, digits, messages := lang.Reach(contact.GetString("phone"))
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
func contactsOf(d *access.Scope, people []*person) (map[string]*core.Record, error) {
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

// hubName is what the hub calls itself in messages.
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
