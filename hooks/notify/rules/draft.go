package rules

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/notify/outbox"
	"simpul/hooks/notify/reminders"
	"simpul/hooks/programmes"
)

// send is one coming message as the page of a rule lists it.
type send struct{ Who, About, When, URL string }

// mostSends is how many coming messages the page of a rule lists.
const mostSends = 20

// outline is what a rule would do, computed and not written down.
type outline struct {
	Sends         []send
	Subject, Text string // the message, as text
}

// outlined checks a rule that is not saved and computes what it would do. Errors
// about fields say what is wrong with the rule.
func outlined(d *access.Scope, rule *reminders.Rule, language string) (*outline, error) {
	app := d.App()
	if err := check(rule.ProxyRecord()); err != nil {
		return nil, err
	}
	if err := app.Validate(rule.ProxyRecord()); err != nil {
		return nil, err
	}
	next, err := reminders.ForecastRule(app, rule, mostSends, clock.Now())
	if err != nil {
		return nil, err
	}
	o := &outline{}
	for _, l := range next {
		who, err := addressee(app, l.Message)
		if err != nil {
			return nil, err
		}
		o.Sends = append(o.Sends, send{Who: who, About: l.Subject.Title, When: lang.Moment(language, l.DueAt, l.Zone), URL: l.URL})
	}
	o.Subject, o.Text, err = reminders.PreviewRule(app, rule, d.Person(), language)
	return o, err
}

// addressee says to whom a message goes: the name, or the office, and the address.
func addressee(app core.App, l outbox.Message) (string, error) {
	user, err := reminders.Maybe(app, "users", l.User)
	if err != nil {
		return "", err
	}
	contact, err := reminders.Maybe(app, "contacts", l.Recipient)
	if err != nil {
		return "", err
	}
	name := reminders.First("name", user, contact)
	if name == "" {
		name = reminders.First("position", user, contact)
	}
	if l.Email == "" {
		return name, nil
	}
	return fmt.Sprintf("%s (%s)", name, l.Email), nil
}

// siblings are the hub's rules of a kind, which a programme's own replace.
func siblings(d *access.Scope, kind string) ([]*core.Record, error) {
	return d.List("reminder_rules", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.HashExp{"reminder_rules.kind": kind, "reminder_rules.programme": ""}).
			OrderBy("reminder_rules.offset_days", "reminder_rules.id")
	})
}

// adopt copies the hub's rules of one kind into a programme, since its own
// replace them all, and returns the copy of the one asked for. Where the
// programme has such rules already, it adds that one only.
func adopt(d *access.Scope, p *programmes.Programme, rule *reminders.Rule) (copied *core.Record, err error) {
	all, err := siblings(d, rule.Kind())
	if err != nil {
		return nil, err
	}
	err = d.InTransaction(func(inner *access.Scope) error {
		own, err := owns(inner, p, rule.Kind())
		if err != nil {
			return err
		}
		for _, r := range all {
			if own && r.Id != rule.Id {
				continue
			}
			duplicate, err := duplicate(inner, r)
			if err != nil {
				return err
			}
			duplicate.Set("programme", p.ID())
			if err := inner.Create(duplicate); err != nil {
				return err
			}
			if r.Id == rule.Id {
				copied = duplicate
			}
		}
		return nil
	})
	return copied, err
}

// duplicate is a new rule that says what another says.
func duplicate(d *access.Scope, r *core.Record) (*core.Record, error) {
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
func owns(d *access.Scope, p *programmes.Programme, kind string) (bool, error) {
	found, err := d.List("reminder_rules", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.HashExp{"reminder_rules.kind": kind, "reminder_rules.programme": p.ID(), "reminder_rules.active": true}).Limit(1)
	})
	return len(found) > 0, err
}
