package deliveries

import (
	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/mail"
	"simpul/hooks/page"
	"simpul/hooks/reminders"
)

// item is one thing that the reader was told of, with every letter about it on
// the page. Title and URL are empty when it is not open to the reader any more.
type item struct {
	reminders.Matter
	// ID is the newest letter, Also the others that are not read.
	ID      string
	Also    []string
	Unread  bool
	Letters []line
}

// line is one letter in words.
type line struct{ Kind, When, How string }

// itemsOf puts letters under what they are about, in the order of the newest.
func itemsOf(d *access.Door, b page.Base, letters []letter) ([]*item, error) {
	plain := make([]mail.Delivery, len(letters))
	for i, l := range letters {
		plain[i] = l.Delivery
	}
	matters, err := reminders.Matters(d, clock.Now(), plain)
	if err != nil {
		return nil, err
	}
	items, place := []*item{}, map[string]*item{}
	for _, l := range letters {
		matter := matters[l.ID]
		key := matter.URL + " " + matter.Title
		if matter.URL == "" {
			key = l.SubjectID
		}
		it := place[key]
		if it == nil {
			it = &item{Matter: matter, ID: l.ID}
			items, place[key] = append(items, it), it
		}
		it.add(l, b)
	}
	return items, nil
}

func (it *item) add(l letter, b page.Base) {
	it.Letters = append(it.Letters, line{Kind: lang.T(b.Language, "reminder_rules.kind."+l.Kind),
		When: lang.Moment(b.Language, l.DueAt.Time(), b.Zone), How: how(b.Language, l.Delivery)})
	if !l.Unread {
		return
	}
	it.Unread = true
	if l.ID != it.ID {
		it.Also = append(it.Also, l.ID)
	}
}

// how says whether the letter went out by mail, and if not, why.
func how(language string, l mail.Delivery) string {
	if key := "deliveries.reason." + l.Reason; lang.Has(key) && (l.State != mail.StateSent || l.Reason == mail.ReasonByHand) {
		return lang.T(language, key)
	}
	return lang.T(language, "deliveries.state."+l.State)
}
