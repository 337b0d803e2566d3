package inbox_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

func TestAPhoneThatTakesNoMessagesIsSaid(t *testing.T) {
	for phone, want := range map[string]string{"": "Nomor teleponnya juga belum ada.", "(024) 7612345": "Nomor ini bukan nomor seluler."} {
		f := newField(t, "phone", phone)
		page := f.As(f.Coordinator).Get(byHand).Want(http.StatusOK)
		if got := page.Text("main section.card"); !strings.Contains(got, want) {
			t.Errorf("%q: the card says %s", phone, got)
		}
		form := page.Doc().Find(`main a[href="/contacts/` + f.owner.Id + `/edit"]`)
		if form.Length() != 1 || page.Doc().Find(`a[href^="https://wa.me"]`).Length() != 0 || page.Doc().Find(`form[action$="/told"]`).Length() != 1 {
			t.Errorf("%q: the card offers %d links to the contact", phone, form.Length())
		}
	}
}

func TestUnread_Count_MatchesThePage(t *testing.T) {
	f := newField(t)
	f.errand("Yang kedua")
	f.missed()
	for _, reader := range []*core.Record{f.Initiator, f.Coordinator} {
		home := f.As(reader).Get("/").Want(http.StatusOK)
		if got := home.Text("section:has(#tell)"); !strings.Contains(got, "KOPI REHAT") || !strings.Contains(got, "1 orang") {
			t.Errorf("home says %q", got)
		}
		if n := f.As(reader).Get(home.Doc().Find("section:has(#tell) a").AttrOr("href", "")).Want(http.StatusOK).Doc().Find("main textarea").Length(); n != 1 {
			t.Errorf("the page shows %d people", n)
		}
		if got := f.As(reader).Get("/programmes/kopi/reminders").Text(".callout"); !strings.Contains(got, "1 orang tidak dapat menerima email") {
			t.Errorf("the page of reminders says %q", got)
		}
	}
	for _, reader := range []*core.Record{f.Partner, f.Observer, f.BaliInitiator} {
		if got := f.As(reader).Get("/").Text("section:has(#tell)"); got != "" {
			t.Errorf("%s reads %q", reader.Email(), got)
		}
	}
	if got := f.As(f.Observer).Get("/programmes/kopi/reminders").Text(".callout"); got != "" {
		t.Errorf("the observer reads %q", got)
	}
}
