package reminders

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/mail"
	"simpul/hooks/programmes"
)

// send is one coming letter as the page of a rule lists it.
type send struct{ Who, About, When, URL string }

// mostSends is how many coming letters the page of a rule lists.
const mostSends = 20

// outline is what a rule would do, computed and not written down.
type outline struct {
	Sends         []send
	Subject, Text string // the letter, as text
}

// outlined checks a rule that is not saved and computes what it would do. Errors
// about fields say what is wrong with the rule.
func outlined(d *access.Door, rule *Rule, language string) (*outline, error) {
	app := d.App()
	if err := check(rule.ProxyRecord()); err != nil {
		return nil, err
	}
	if err := app.Validate(rule.ProxyRecord()); err != nil {
		return nil, err
	}
	next, err := foresee(app, rule, mostSends, clock.Now())
	if err != nil {
		return nil, err
	}
	o := &outline{}
	for _, l := range next {
		who, err := addressee(app, l.Letter)
		if err != nil {
			return nil, err
		}
		o.Sends = append(o.Sends, send{Who: who, About: l.subject.Title, When: lang.Moment(language, l.DueAt, l.zone), URL: l.URL})
	}
	reader := d.Person()
	a := &asked{app: app, rule: rule, user: reader, now: clock.Now(), letter: mail.Delivery{Kind: rule.Kind(), Language: language}}
	contents, err := a.specimen()
	if err != nil {
		return nil, err
	}
	o.Subject, o.Text, err = mail.Draft(app, contents, language)
	return o, err
}

// addressee says to whom a letter goes: the name, or the office, and the address.
func addressee(app core.App, l mail.Letter) (string, error) {
	user, err := maybe(app, "users", l.User)
	if err != nil {
		return "", err
	}
	contact, err := maybe(app, "contacts", l.Recipient)
	if err != nil {
		return "", err
	}
	name := first("name", user, contact)
	if name == "" {
		name = first("position", user, contact)
	}
	if l.Email == "" {
		return name, nil
	}
	return fmt.Sprintf("%s (%s)", name, l.Email), nil
}

// siblings are the hub's rules of a kind, which a programme's own replace.
func siblings(d *access.Door, kind string) ([]*core.Record, error) {
	return d.List("reminder_rules", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.HashExp{"reminder_rules.kind": kind, "reminder_rules.programme": ""}).
			OrderBy("reminder_rules.offset_days", "reminder_rules.id")
	})
}

// adopt copies the hub's rules of one kind into a programme, since its own
// replace them all, and returns the copy of the one asked for. Where the
// programme has such rules already, it adds that one only.
func adopt(d *access.Door, p *programmes.Programme, rule *Rule) (copied *core.Record, err error) {
	all, err := siblings(d, rule.Kind())
	if err != nil {
		return nil, err
	}
	err = d.Together(func(inner *access.Door) error {
		own, err := owns(inner, p, rule.Kind())
		if err != nil {
			return err
		}
		for _, r := range all {
			if own && r.Id != rule.Id {
				continue
			}
			twin, err := twin(inner, r)
			if err != nil {
				return err
			}
			twin.Set("programme", p.ID())
			if err := inner.Create(twin); err != nil {
				return err
			}
			if r.Id == rule.Id {
				copied = twin
			}
		}
		return nil
	})
	return copied, err
}

// twin is a new rule that says what another says.
func twin(d *access.Door, r *core.Record) (*core.Record, error) {
	other, err := d.New("reminder_rules")
	if err != nil {
		return nil, err
	}
	for _, f := range r.Collection().Fields {
		if !f.GetSystem() && f.Type() != core.FieldTypeAutodate {
			other.Set(f.GetName(), r.Get(f.GetName()))
		}
	}
	return other, nil
}

// owns reports whether a programme has rules of a kind that are in force.
func owns(d *access.Door, p *programmes.Programme, kind string) (bool, error) {
	found, err := d.List("reminder_rules", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.HashExp{"reminder_rules.kind": kind, "reminder_rules.programme": p.ID(), "reminder_rules.active": true}).Limit(1)
	})
	return len(found) > 0, err
}
