package deliveries

import (
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/mail"
	"simpul/hooks/programmes"
	"simpul/hooks/reminders"
)

// mostTold is how many letters one press may move.
const mostTold = 200

// step is what the team says of letters that no mail brings.
type step func(hands mail.ByHand, tx core.App, ids []string) ([]mail.Moved, error)

// drop is the step that puts letters aside with a reason; nil for no such reason.
func drop(reason string) step {
	if !slices.Contains(mail.DropReasons, reason) {
		return nil
	}
	return func(hands mail.ByHand, tx core.App, ids []string) ([]mail.Moved, error) {
		return hands.Drop(tx, reason, ids)
	}
}

// take makes a step and writes down in the activity who made it. It returns how
// many letters it moved.
func take(d *access.Door, p *programmes.Programme, s step, ids []string) (n int, err error) {
	if s == nil || !d.May(access.MayRun, p.Record) {
		return 0, access.ErrRefused
	}
	err = d.Together(func(d *access.Door) error {
		moved, err := s(handsOf(d, p), d.App(), ids[:min(len(ids), mostTold)])
		n = len(moved)
		if err != nil {
			return err
		}
		return reminders.TraceMoves(d, moved)
	})
	return n, err
}

// done is what was told by hand in one go, with the way back.
type done struct{ Who, By, When, Letters string }

// lately lists what the team told by hand within the time in which it can be
// taken back, the newest first; among these letters, if any are named.
func lately(d *access.Door, p *programmes.Programme, language string, ids ...string) ([]done, error) {
	hands := handsOf(d, p)
	found, err := d.List("deliveries", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.HashExp{"deliveries.programme": p.ID(), "deliveries.state": mail.StateSent, "deliveries.reason": mail.ReasonByHand}).
			AndWhere(dbx.NewExp("deliveries.sent_at > {:since}", dbx.Params{"since": stamp(hands.Now.Add(-mail.Undoable))})).
			OrderBy("deliveries.sent_at DESC", "deliveries.recipient", "deliveries.user").Limit(mostTold)
		if len(ids) > 0 {
			q.AndWhere(dbx.HashExp{"deliveries.id": anyOf(ids)})
		}
	})
	if err != nil {
		return nil, err
	}
	if err := d.With(found, "told_by", "recipient.organisation", "user"); err != nil {
		return nil, err
	}
	all, last := []done{}, ""
	for _, r := range found {
		if at := r.GetString("sent_at") + r.GetString("recipient") + r.GetString("user"); at != last {
			last = at
			all = append(all, doneOf(r, language, p.Zone()))
		}
		all[len(all)-1].Letters += "," + r.Id
	}
	return all, nil
}

func doneOf(r *core.Record, language, zone string) done {
	out := done{By: lang.T(language, "reminders.the_team"), When: lang.Moment(language, r.GetDateTime("sent_at").Time(), zone)}
	if by := r.ExpandedOne("told_by"); by != nil {
		out.By = officeOf(by)
	}
	switch contact, user := r.ExpandedOne("recipient"), r.ExpandedOne("user"); {
	case contact != nil:
		out.Who = office(contact)
	case user != nil:
		out.Who = officeOf(user)
	}
	return out
}

// officeOf names an account by the office held.
func officeOf(user *core.Record) string {
	if position := user.GetString("position"); position != "" {
		return position
	}
	return user.GetString("name")
}

// idsOf reads the letters that a form names.
func idsOf(joined string) []string {
	return strings.FieldsFunc(joined, func(r rune) bool { return r == ',' })
}

func anyOf(ids []string) []any {
	out := make([]any, len(ids))
	for i, id := range ids {
		out[i] = id
	}
	return out
}
