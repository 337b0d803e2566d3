package inbox

import (
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/notify/outbox"
	"simpul/hooks/web"
)

const (
	ownURL    = "/deliveries"
	unreadURL = ownURL + "?show=unread"
)

type ownPage struct {
	web.Base
	Items []*item
	Pills []web.FilterTab
	Pager web.Pager
	// OnlyUnread says that what was read is left out.
	OnlyUnread bool
	// Until is the instant at which the page was made.
	Until string
}

// Own lists what the hub told or would have told the reader, whatever became of
// the mail.
func Own(e *core.RequestEvent) error {
	d := web.Scope(e)
	data := ownPage{Base: web.New(e, "deliveries.own").At("me"), Until: outbox.Stamp(clock.Now())}
	data.OnlyUnread = e.Request.URL.Query().Get("show") == "unread"
	number := web.PageNumber(e)
	messages, more, err := own(d, data.OnlyUnread, number)
	if err != nil {
		return err
	}
	if data.Items, err = itemsOf(d, data.Base, messages); err != nil {
		return err
	}
	data.Pager = web.Pages(e, number, len(messages), more)
	data.Pills = []web.FilterTab{
		{Label: lang.T(data.Language, "deliveries.show_all"), URL: ownURL, Current: !data.OnlyUnread},
		{Label: lang.T(data.Language, "deliveries.show_unread"), URL: unreadURL, Current: data.OnlyUnread, Count: data.Unread % mostCounted},
	}
	return web.Render(e, http.StatusOK, "deliveries/own", data)
}

// Open takes a message as read and leads to what it is about.
func Open(e *core.RequestEvent) error {
	d := web.Scope(e)
	r, err := ownMessage(d, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	if err := read(d, chosen(e, r.Id)...); err != nil {
		return err
	}
	return web.RedirectWithFlash(e, r.GetString("url"), "")
}

// Read takes a message, and those named beside it, as read.
func Read(e *core.RequestEvent) error {
	d := web.Scope(e)
	r, err := ownMessage(d, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	if err := read(d, chosen(e, r.Id)...); err != nil {
		return err
	}
	return web.RedirectWithFlash(e, back(e), "deliveries.read_one")
}

// ReadAll takes everything as read that the page could show.
func ReadAll(e *core.RequestEvent) error {
	if err := readUntil(web.Scope(e), seenUntil(e.Request.PostFormValue("until"))); err != nil {
		return err
	}
	return web.RedirectWithFlash(e, back(e), "deliveries.read_all")
}

// chosen are the messages that a form names besides its own.
func chosen(e *core.RequestEvent, id string) []string {
	if err := e.Request.ParseForm(); err != nil {
		return []string{id}
	}
	return append([]string{id}, e.Request.PostForm["also"]...)
}

// back is the list from which a form was sent.
func back(e *core.RequestEvent) string {
	if e.Request.PostFormValue("show") == "unread" {
		return unreadURL
	}
	return ownURL
}
