package offline

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/notify/outbox"
	"simpul/hooks/programmes"
	"simpul/hooks/web"
)

type byHandPage struct {
	web.Base
	Programme *programmes.Programme
	Tabs      programmes.Tabs
	Cards     []card
	Done      []contacted
	Reasons   []web.Option
	Action    string
	Number    int
	Pager     web.Pager
}

// ByHand shows the team whom no mail reaches, each with a text for WhatsApp.
func ByHand(e *core.RequestEvent) error {
	p, d, err := running(e)
	if err != nil {
		return err
	}
	data := byHandPage{Base: web.New(e, "deliveries.offline").At("programmes"), Programme: p, Action: byHandURL(p)}
	data.Crumbs = append(p.Crumbs(data.Language), web.Crumb{Label: lang.T(data.Language, "reminders.title"), URL: p.URL() + "/reminders"}, web.Crumb{Label: data.Title})
	data.Tabs = p.Tabs("reminders", data.Language)
	people, err := loadPage(d, p, web.PageNumber(e))
	if err != nil {
		return err
	}
	data.Number, data.Pager = people.Number, web.Pages(e, people.Number, len(people.People), people.More)
	if data.Cards, err = cards(d, p, people.People); err != nil {
		return err
	}
	if data.Done, err = recentlyContacted(d, p, data.Language); err != nil {
		return err
	}
	for _, code := range outbox.DropReasons {
		data.Reasons = append(data.Reasons, web.Option{Value: code, Label: lang.T(data.Language, "deliveries.reason."+code)})
	}
	return web.Render(e, http.StatusOK, "deliveries/by_hand", data)
}

// running is the programme of the address, for its team.
func running(e *core.RequestEvent) (*programmes.Programme, *access.Scope, error) {
	p, d, err := programmes.BySlug(e)
	if err != nil {
		return nil, nil, err
	}
	if !d.Can(access.MayRun, p.Record) {
		return nil, nil, access.ErrRefused
	}
	return p, d, nil
}

// MarkContacted writes down that the team told somebody. If another did so before, it says
// who and when.
func MarkContacted(e *core.RequestEvent) error {
	return move(e, outbox.Offline.MarkContacted, "deliveries.none_left", func(p *programmes.Programme, joined string, n int) error {
		undo := web.Undo{Action: byHandURL(p) + "/undo", Name: "letters", Value: joined, Back: from(e, p)}
		return undo.See(e, from(e, p), "deliveries.contacted", "n", n)
	})
}

// UndoContacted takes back that somebody was told.
func UndoContacted(e *core.RequestEvent) error {
	return move(e, outbox.Offline.UndoContacted, "deliveries.none_contacted", func(p *programmes.Programme, _ string, n int) error {
		return web.RedirectWithFlash(e, from(e, p), "deliveries.contact_undone", "n", n)
	})
}

// Dismiss puts aside what need not be told, with the reason that the form gives.
func Dismiss(e *core.RequestEvent) error {
	return move(e, drop(e.Request.PostFormValue("reason")), "deliveries.none_left", func(p *programmes.Programme, _ string, n int) error {
		return web.RedirectWithFlash(e, from(e, p), "deliveries.dismissed", "n", n)
	})
}

// move makes a step with the messages that the form names. Where there are none
// left to move, it says what became of them, or none.
func move(e *core.RequestEvent, s step, none string, see func(p *programmes.Programme, joined string, n int) error) error {
	p, d, err := running(e)
	if err != nil {
		return err
	}
	joined := e.Request.PostFormValue("letters")
	ids := idsOf(joined)
	n, err := take(d, p, s, ids)
	if err != nil {
		return err
	}
	if n > 0 {
		return see(p, joined, n)
	}
	if len(ids) > 0 {
		before, err := recentlyContacted(d, p, web.Language(e), ids...)
		if err != nil {
			return err
		}
		if len(before) > 0 {
			return web.RedirectWithFlash(e, from(e, p), "deliveries.contacted_before", "who", before[0].By, "when", before[0].When)
		}
	}
	return web.RedirectWithFlash(e, from(e, p), none)
}

// from is the page of people from which a form was sent.
func from(e *core.RequestEvent, p *programmes.Programme) string {
	number, err := strconv.Atoi(e.Request.PostFormValue("page"))
	if err != nil {
		number = 1
	}
	return pageURL(p, number)
}

// maxPerRequest is how many messages one press may move.
const maxPerRequest = 200

// step is what the team says of messages that no mail brings.
type step func(batch outbox.Offline, tx core.App, ids []string) ([]outbox.Transition, error)

// drop is the step that puts messages aside with a reason; nil for no such reason.
func drop(reason string) step {
	if !slices.Contains(outbox.DropReasons, reason) {
		return nil
	}
	return func(batch outbox.Offline, tx core.App, ids []string) ([]outbox.Transition, error) {
		return batch.Dismiss(tx, reason, ids)
	}
}

// take makes a step and writes down in the activity who made it. It returns how
// many messages it moved.
func take(d *access.Scope, p *programmes.Programme, s step, ids []string) (n int, err error) {
	if s == nil || !d.Can(access.MayRun, p.Record) {
		return 0, access.ErrRefused
	}
	err = d.InTransaction(func(d *access.Scope) error {
		moved, err := s(batchOf(d, p), d.App(), ids[:min(len(ids), maxPerRequest)])
		n = len(moved)
		if err != nil {
			return err
		}
		return outbox.TraceMoves(d, moved)
	})
	return n, err
}

// contacted is what was told by hand in one go, with the way back.
type contacted struct{ Who, By, When, Letters string }

// recentlyContacted lists what the team told by hand within the time in which it can be
// taken back, the newest first; among these messages, if any are named.
func recentlyContacted(d *access.Scope, p *programmes.Programme, language string, ids ...string) ([]contacted, error) {
	batch := batchOf(d, p)
	found, err := d.List("deliveries", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.HashExp{"deliveries.programme": p.ID(), "deliveries.state": outbox.StateSent, "deliveries.reason": outbox.ReasonByHand}).
			AndWhere(dbx.NewExp("deliveries.sent_at > {:since}", dbx.Params{"since": outbox.Stamp(batch.Now.Add(-outbox.Undoable))})).
			OrderBy("deliveries.sent_at DESC", "deliveries.recipient", "deliveries.user").Limit(maxPerRequest)
		if len(ids) > 0 {
			q.AndWhere(dbx.HashExp{"deliveries.id": anyOf(ids)})
		}
	})
	if err != nil {
		return nil, err
	}
	if err := d.With(found, "contacted_by", "recipient.organisation", "user"); err != nil {
		return nil, err
	}
	all, last := []contacted{}, ""
	for _, r := range found {
		if at := r.GetString("sent_at") + r.GetString("recipient") + r.GetString("user"); at != last {
			last = at
			all = append(all, contactedOf(r, language, p.Zone()))
		}
		all[len(all)-1].Letters += "," + r.Id
	}
	return all, nil
}

func contactedOf(r *core.Record, language, zone string) contacted {
	out := contacted{By: lang.T(language, "reminders.the_team"), When: lang.Moment(language, r.GetDateTime("sent_at").Time(), zone)}
	if by := r.ExpandedOne("contacted_by"); by != nil {
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

// idsOf reads the messages that a form names.
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
