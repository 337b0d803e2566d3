package meetings

import (
	"mime"
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/programmes"
	"simpul/hooks/web"
)

// CalendarURL is where the meeting can be fetched for a calendar.
func (m *Meeting) CalendarURL() string { return calendarAddress(m.Record.Id) }

func calendarAddress(id string) string { return address(id) + "/calendar.ics" }

// CalendarFile sends the meeting as a file for the reader's own calendar. It names nobody who is invited, and says what
// the meeting's page says to the same reader.
func CalendarFile(e *core.RequestEvent) error {
	s, err := look(e)
	if err != nil {
		return err
	}
	meta := e.App.Settings().Meta
	file := s.m.Calendar(Event{
		Method:    CalendarPublish,
		Sequence:  s.m.GetInt("sequence"),
		Organiser: s.p.Name(),
		Sender:    meta.SenderAddress,
		Origin:    meta.AppURL,
		Link:      s.m.Link(),
		Language:  web.Language(e),
		Stamp:     clock.Now(),
	})
	head := e.Response.Header()
	head.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": programmes.SlugOf(s.m.Title()) + ".ics"}))
	head.Set("Cache-Control", "private, no-store")
	return e.Blob(http.StatusOK, "text/calendar; charset=utf-8", []byte(file))
}
