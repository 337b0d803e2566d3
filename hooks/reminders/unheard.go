package reminders

import (
	"context"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/mail"
)

// lookedAt is how many open subjects are asked whom a rule speaks to; a rule
// that finds nobody for so many finds nobody.
const lookedAt = 50

// Unheard returns the sentences of the active rules that find nobody although
// there is something to tell.
func Unheard(ctx context.Context, app core.App, now time.Time) ([]string, error) {
	book, err := readAlmanac(app)
	if err != nil {
		return nil, err
	}
	p, names := newPlanner(app, now), []string{}
	for _, rule := range book.rules {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		src, known := sourceFor(rule.Kind())
		if !known {
			continue
		}
		heard, err := p.heard(rule, src)
		if err != nil {
			return nil, err
		}
		if !heard {
			names = append(names, rule.Sentence("id"))
		}
	}
	return names, nil
}

// heard reports whether a rule finds somebody, or nothing to tell.
func (p *planner) heard(rule *Rule, src source) (bool, error) {
	if src.pending == nil {
		return true, nil
	}
	var ids []string
	which := dbx.And(append(src.ofProgramme(rule.GetString("programme")), src.pending)...)
	err := p.app.DB().Select("id").From(src.collection).Where(which).OrderBy("id").Limit(lookedAt).Column(&ids)
	if err != nil || len(ids) == 0 {
		return true, err
	}
	for _, id := range ids {
		s, there, err := find(p.app, mail.Delivery{Kind: rule.Kind(), SubjectCollection: src.collection, SubjectID: id}, p.now)
		if err != nil {
			return true, err
		}
		if !there {
			continue
		}
		people, err := p.people(rule, s)
		if err != nil || len(people) > 0 {
			return true, err
		}
	}
	return false, nil
}
