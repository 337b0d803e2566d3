package reminders

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/page"
	"simpul/hooks/programmes"
)

// What a page asks of a simulation: how long it may take, and how much it shows.
var (
	simulationTime = 15 * time.Second
	mostSimulated  = 500
)

// simulationPage is what would leave in the coming days, day by day.
type simulationPage struct {
	page.Base
	Sub     string
	Tabs    programmes.Tabs
	Pills   []pill
	Notices []string
	Problem string // why there is nothing to show
	Days    []simulatedDay
	Assumed []string
	Total   int
	Totals  string // what becomes of all the letters, a sentence
	Own     bool   // the reader sees letters to themselves only
}

type simulatedDay struct {
	Label   string
	Letters []letterRow
}

// ShowSimulation shows the letters of a programme in the coming days: to the team
// all of them, to an observer their own.
func ShowSimulation(e *core.RequestEvent) error {
	p, d, err := reading(e)
	if err != nil {
		return err
	}
	data := &simulationPage{Base: page.New(e, "reminders.simulation").At("programmes"), Sub: p.Name()}
	data.Zone = p.Zone()
	data.Crumbs = append(p.Crumbs(data.Language), page.Crumb{Label: lang.T(data.Language, "reminders.title"), URL: p.URL() + "/reminders"},
		page.Crumb{Label: data.Title})
	data.Tabs, data.Own = p.Tabs("reminders", data.Language), !p.Roles.Team && !d.Super()
	return data.simulate(e, p.URL()+"/reminders/simulation", func(l Simulated) bool {
		return l.Programme == p.ID() && (!data.Own || l.User == d.Person().Id)
	})
}

// MailboxSimulation shows administrators the letters of all programmes.
func MailboxSimulation(e *core.RequestEvent) error {
	if !page.Door(e).Super() {
		return access.ErrRefused
	}
	data := &simulationPage{Base: page.New(e, "reminders.simulation")}
	data.Sub = lang.T(data.Language, "reminders.simulation_all")
	data.Crumbs = []page.Crumb{{Label: lang.T(data.Language, "reminders.mailbox"), URL: "/mailbox"}, {Label: data.Title}}
	return data.simulate(e, "/mailbox/simulation", func(Simulated) bool { return true })
}

// simulate fills the page with the letters that the reader may see.
func (data *simulationPage) simulate(e *core.RequestEvent, url string, shown func(Simulated) bool) error {
	asked := e.Request.URL.Query().Get("days")
	days, known := askedDays(asked)
	if !known {
		data.Notices = append(data.Notices, lang.T(data.Language, "reminders.simulated.days", "n", asked, "most", MostDays))
	}
	for _, n := range []int{7, UsualDays, MostDays} {
		data.Pills = append(data.Pills, pill{Label: lang.T(data.Language, "reminders.simulation_days", "n", n),
			URL: fmt.Sprintf("%s?days=%d", url, n), Current: n == days})
	}
	ctx, cancel := context.WithTimeout(e.Request.Context(), simulationTime)
	defer cancel()
	sim, err := Simulate(ctx, e.App, clock.Now(), days)
	switch {
	case errors.Is(err, ErrSimulating):
		return data.refuse(e, "reminders.simulation_busy")
	case errors.Is(err, context.DeadlineExceeded):
		return data.refuse(e, "reminders.simulation_slow")
	case err != nil:
		return err
	}
	sim.Letters = slices.DeleteFunc(sim.Letters, func(l Simulated) bool { return !shown(l) })
	data.Assumed = sim.Assumptions(data.Language)
	data.cuts(sim)
	if err := data.tell(page.Door(e), sim.Letters[:min(len(sim.Letters), mostSimulated)]); err != nil {
		return err
	}
	return page.Render(e, http.StatusOK, "reminders/simulation", data)
}

// refuse shows why there is no simulation now.
func (data *simulationPage) refuse(e *core.RequestEvent, key string) error {
	data.Problem = lang.T(data.Language, key)
	return page.Render(e, http.StatusServiceUnavailable, "reminders/simulation", data)
}

// askedDays reads how many days are asked for; known is false where that cannot
// be done, and the usual number is taken.
func askedDays(text string) (n int, known bool) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > MostDays {
		return UsualDays, text == ""
	}
	return n, true
}

// cuts says what is missing: days there was no time for, and letters that are too many.
func (data *simulationPage) cuts(sim *Simulation) {
	data.Total = len(sim.Letters)
	if data.Total > 0 {
		data.Totals = Totals(data.Language, sim.Letters)
	}
	if !sim.Whole {
		data.Notices = append(data.Notices, lang.T(data.Language, "reminders.simulation_cut", "when", lang.Moment(data.Language, sim.Until, data.Zone)))
	}
	if data.Total > mostSimulated {
		data.Notices = append(data.Notices, lang.T(data.Language, "reminders.simulation_most", "n", mostSimulated, "all", lang.Number(data.Language, float64(data.Total))))
	}
}

// tell puts letters under the day on which something becomes of them.
func (data *simulationPage) tell(d *access.Door, letters []Simulated) error {
	teller := &Teller{App: d.App(), Door: d, Language: data.Language, Zone: data.Zone}
	for _, l := range letters {
		said, err := teller.Tell(l)
		if err != nil {
			return err
		}
		label := lang.DayLong(data.Language, said.Day)
		if len(data.Days) == 0 || data.Days[len(data.Days)-1].Label != label {
			data.Days = append(data.Days, simulatedDay{Label: label})
		}
		day := &data.Days[len(data.Days)-1]
		day.Letters = append(day.Letters, said.row())
	}
	return nil
}

func (t Told) row() letterRow {
	row := letterRow{Title: t.Title, URL: t.URL, Kind: t.Kind, To: t.To, When: t.Hour, State: t.Fate, Reason: t.Reason, Badge: t.badge}
	if t.short != "" { // the moment is too long for a badge
		row.State, row.Fate = t.short, t.Fate
	}
	return row
}
