package home

import (
	"strconv"

	"github.com/pocketbase/dbx"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/web"
)

type adminPage struct {
	web.Base
	Checks []Check
	// Example says that example programmes are loaded and can be removed.
	Example bool
}

// Check is one thing an administrator sets up, with where to do it.
type Check struct {
	Done             bool
	Title, Text, URL string
}

func examples(q *dbx.SelectQuery) {
	q.AndWhere(dbx.HashExp{"programmes.example": true}).Limit(1)
}

// checklist tells what a new hub still lacks. Examples do not count: they go
// when the work begins.
func checklist(d *access.Door, language string) ([]Check, error) {
	initiators, err := d.List("users", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.HashExp{"users.may_create_programmes": true, "users.disabled": false, "users.example": false}).Limit(1)
	})
	if err != nil {
		return nil, err
	}
	year, _ := strconv.Atoi(clock.Today(clock.Zones[0])[:4])
	next := strconv.Itoa(year + 1)
	holidays, err := d.List("holidays", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.NewExp("holidays.[[on]] LIKE {:year}", dbx.Params{"year": next + "-%"})).Limit(1)
	})
	if err != nil {
		return nil, err
	}
	programmes, err := d.List("programmes", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.HashExp{"programmes.example": false}).Limit(1)
	})
	if err != nil {
		return nil, err
	}
	smtp := d.App().Settings().SMTP.Enabled
	say := func(done bool, name, url string) Check {
		return Check{done, lang.T(language, "home.check_"+name, "year", next), lang.T(language, "home.check_"+name+"_text"), url}
	}
	return []Check{
		say(smtp, "smtp", "/_/#/settings/mail"),
		say(len(initiators) > 0, "initiator", "/_/#/collections?collection=users"),
		say(len(programmes) > 0, "programme", "/programmes/new"),
		say(len(holidays) > 0, "holidays", "/_/#/collections?collection=holidays"),
	}, nil
}
