package meetings

import (
	"mime"
	"net/http"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/programmes"
	"simpul/hooks/web"
)

type listPage struct {
	web.Base
	Tabs    programmes.Tabs
	Actions []web.Action
	Filters []web.FilterTab
	Rows    []Card
	Pager   web.Pager
	Empty   *web.EmptyState
}

// List shows a programme's meetings, thirty a page: those to come, or with
// when=past in the address those that were.
func List(e *core.RequestEvent) error {
	p, d, err := programmes.BySlug(e)
	if err != nil {
		return err
	}
	q := web.ReadQuery(e, listURL(p), web.Known{"when": {"past"}})
	past := q.Has("when")
	found, err := listed(d, p, q)
	if err != nil {
		return err
	}
	data := listPage{Base: p.Page(e, "meetings.list_title", "programme", p.Name()), Tabs: p.Tabs("meetings", web.Language(e))}
	data.Filters = []web.FilterTab{
		q.With("when", "").Tab(lang.T(data.Language, "meetings.coming"), !past),
		q.With("when", "past").Tab(lang.T(data.Language, "meetings.past"), past),
	}
	shown, pager := web.Cut(q, found)
	data.Rows, data.Pager = Rows(data.Language, shown), pager
	if p.Roles.Team {
		data.Actions = []web.Action{{Label: lang.T(data.Language, "meetings.add"), URL: listURL(p) + "/new", Icon: "plus", Primary: true}}
	}
	switch {
	case len(found) > 0 || q.Page > 1:
	case past:
		data.Empty = web.Empty(data.Language, "calendar", "meetings.empty_past", listURL(p))
	case p.Roles.Team:
		data.Empty = web.Empty(data.Language, "calendar", "meetings.empty_team", listURL(p)+"/new")
	default:
		data.Empty = web.Empty(data.Language, "calendar", "meetings.empty", listURL(p)+"?when=past")
	}
	return web.Render(e, http.StatusOK, "meetings/list", data)
}

// listURL is the address of a programme's list.
func listURL(p *programmes.Programme) string { return p.URL() + "/meetings" }

// listed reads one page of the list, and one row more if there is another page.
// What takes place today counts as coming for the whole day.
func listed(d *access.Scope, p *programmes.Programme, q web.Query) ([]Listed, error) {
	today, err := clock.At(clock.Today(p.Zone()), "00:00", p.Zone())
	if err != nil {
		return nil, err
	}
	return within(d, p, func(s *dbx.SelectQuery) {
		if q.Has("when") {
			s.AndWhere(dbx.Not(lasts(today))).OrderBy("meetings.starts_at DESC", "meetings.id")
		} else {
			s.AndWhere(lasts(today)).OrderBy("meetings.starts_at", "meetings.id")
		}
		q.Limit(s)
	})
}

// CalendarURL is where the meeting can be fetched for a calendar.
func (m *Meeting) CalendarURL() string { return calendarAddress(m.Record.Id) }

func calendarAddress(id string) string { return meetingURL(id) + "/calendar.ics" }

// CalendarFile sends the meeting as a file for the reader's own calendar. It names nobody who is invited, and says what
// the meeting's page says to the same reader.
func CalendarFile(e *core.RequestEvent) error {
	v, err := loadMeeting(e)
	if err != nil {
		return err
	}
	meta := e.App.Settings().Meta
	file := v.m.Calendar(Event{
		Method:    CalendarPublish,
		Sequence:  v.m.GetInt("sequence"),
		Organiser: v.p.Name(),
		Sender:    meta.SenderAddress,
		Origin:    meta.AppURL,
		Link:      v.m.Link(),
		Language:  web.Language(e),
		Stamp:     clock.Now(),
	})
	head := e.Response.Header()
	head.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": programmes.SlugOf(v.m.Title()) + ".ics"}))
	head.Set("Cache-Control", "private, no-store")
	return e.Blob(http.StatusOK, "text/calendar; charset=utf-8", []byte(file))
}
