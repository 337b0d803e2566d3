package deliveries

import (
	"net/http"
	"strconv"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/mail"
	"simpul/hooks/page"
	"simpul/hooks/programmes"
)

type byHandPage struct {
	page.Base
	Programme *programmes.Programme
	Tabs      programmes.Tabs
	Cards     []card
	Done      []done
	Reasons   []page.Option
	Action    string
	Number    int
	Pager     programmes.Pager
}

// ByHand shows the team whom no mail reaches, each with a text for WhatsApp.
func ByHand(e *core.RequestEvent) error {
	p, d, err := running(e)
	if err != nil {
		return err
	}
	data := byHandPage{Base: page.New(e, "deliveries.by_hand").At("programmes"), Programme: p, Action: byHandURL(p)}
	data.Crumbs = append(p.Crumbs(data.Language), page.Crumb{Label: lang.T(data.Language, "reminders.title"), URL: p.URL() + "/reminders"}, page.Crumb{Label: data.Title})
	data.Tabs = p.Tabs("reminders", data.Language)
	people, err := sheetOf(d, p, programmes.PageNumber(e))
	if err != nil {
		return err
	}
	data.Number, data.Pager = people.Number, programmes.Pages(e, people.Number, len(people.People), people.More)
	if data.Cards, err = cards(d, p, people.People); err != nil {
		return err
	}
	if data.Done, err = lately(d, p, data.Language); err != nil {
		return err
	}
	for _, code := range mail.DropReasons {
		data.Reasons = append(data.Reasons, page.Option{Value: code, Label: lang.T(data.Language, "deliveries.reason."+code)})
	}
	return page.Render(e, http.StatusOK, "deliveries/by_hand", data)
}

// running is the programme of the address, for its team.
func running(e *core.RequestEvent) (*programmes.Programme, *access.Door, error) {
	p, d, err := programmes.BySlug(e)
	if err != nil {
		return nil, nil, err
	}
	if !d.May(access.MayRun, p.Record) {
		return nil, nil, access.ErrRefused
	}
	return p, d, nil
}

// Tell writes down that the team told somebody. If another did so before, it says
// who and when.
func Tell(e *core.RequestEvent) error {
	return move(e, mail.ByHand.Tell, "deliveries.none_left", func(p *programmes.Programme, joined string, n int) error {
		undo := page.Undo{Action: byHandURL(p) + "/undo", Name: "letters", Value: joined, Back: from(e, p)}
		return undo.See(e, from(e, p), "deliveries.told", "n", n)
	})
}

// Untell takes back that somebody was told.
func Untell(e *core.RequestEvent) error {
	return move(e, mail.ByHand.Untell, "deliveries.none_told", func(p *programmes.Programme, _ string, n int) error {
		return page.See(e, from(e, p), "deliveries.untold", "n", n)
	})
}

// Drop puts aside what need not be told, with the reason that the form gives.
func Drop(e *core.RequestEvent) error {
	return move(e, drop(e.Request.PostFormValue("reason")), "deliveries.none_left", func(p *programmes.Programme, _ string, n int) error {
		return page.See(e, from(e, p), "deliveries.dropped", "n", n)
	})
}

// move makes a step with the letters that the form names. Where there are none
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
		before, err := lately(d, p, page.Language(e), ids...)
		if err != nil {
			return err
		}
		if len(before) > 0 {
			return page.See(e, from(e, p), "deliveries.told_before", "who", before[0].By, "when", before[0].When)
		}
	}
	return page.See(e, from(e, p), none)
}

// from is the page of people from which a form was sent.
func from(e *core.RequestEvent, p *programmes.Programme) string {
	number, err := strconv.Atoi(e.Request.PostFormValue("page"))
	if err != nil {
		number = 1
	}
	return sheetURL(p, number)
}
