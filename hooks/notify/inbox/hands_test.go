package inbox_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
)

// press sends one of the page's forms and returns what the next page says of it.
func (f *field) press(who *core.Record, step string, fields ...string) string {
	f.Helper()
	c := f.As(who)
	return c.Follow(c.Post(byHand+"/"+step, append([]string{"letters", f.letter().Id}, fields...)...)).Want(http.StatusOK).Text(".flash p")
}

func TestMarkContacted_Message_IsRecorded(t *testing.T) {
	f := newField(t)
	if got := f.press(f.Coordinator, "told"); got != "1 pengingat dicatat sudah dikirim lewat WhatsApp." {
		t.Errorf("the page says %q", got)
	}
	l := f.letter()
	for field, want := range map[string]string{"state": "sent", "reason": "by_hand", "contacted_by": f.Coordinator.Id, "channel": "whatsapp", "sent_at": "2026-11-24 02:00:00.000Z"} {
		if got := l.GetString(field); got != want {
			t.Errorf("%s is %q, want %q", field, got, want)
		}
	}
	if n, err := f.App.CountRecords("activity", dbx.HashExp{"collection": "deliveries", "record": l.Id, "actor": f.Coordinator.Id}); err != nil || n != 1 {
		t.Errorf("%d lines of activity, %v", n, err)
	}
	// An address that comes later does not send it once more.
	f.save(f.owner, "email", "warung@example.org")
	if after := f.letter(); after.GetString("state") != "sent" || after.GetString("reason") != "by_hand" {
		t.Errorf("with an address it is %s", after.GetString("state"))
	}
	if page := f.As(f.Coordinator).Get(byHand); page.Doc().Find("main textarea").Length() != 0 {
		t.Error("it is offered again")
	}
}

func TestMarkContacted_Twice_NamesTheFirst(t *testing.T) {
	f := newField(t)
	f.press(f.Coordinator, "told")
	f.Cleanup(clock.Freeze(clock.Now().Add(time.Minute)))
	for _, who := range []*core.Record{f.Initiator, f.Coordinator} {
		if got := f.press(who, "told"); got != "Sudah dihubungi oleh Sub Koordinator pada Sel, 24 Nov 2026, 09.00 WIB." {
			t.Errorf("%s reads %q", who.Email(), got)
		}
	}
	if by := f.letter().GetString("contacted_by"); by != f.Coordinator.Id {
		t.Errorf("told by %s", by)
	}
	if got := f.press(f.Initiator, "drop", "reason", "dropped_late"); !strings.HasPrefix(got, "Sudah dihubungi oleh") {
		t.Errorf("dropping what was told says %q", got)
	}
}

func TestUndoContacted_WithinADay_TakesItBack(t *testing.T) {
	f := newField(t)
	f.press(f.Coordinator, "told")
	list := f.As(f.Initiator).Get(byHand)
	if got := list.Text("section:has(#done)"); !strings.Contains(got, "Pemilik warung – Warung Kopi Banaran") || !strings.Contains(got, "Oleh Sub Koordinator") {
		t.Errorf("what was told reads %q", got)
	}
	if ids := list.Doc().Find(`form[action$="/undo"] input[name=letters]`).AttrOr("value", ""); !strings.Contains(ids, f.letter().Id) {
		t.Errorf("the way back names %q", ids)
	}
	if got := f.press(f.Initiator, "undo"); got != "1 pengingat kembali menunggu dikirim." {
		t.Errorf("taking it back says %q", got)
	}
	l := f.letter()
	if l.GetString("state") != "skipped" || l.GetString("reason") != "no_address" || l.GetString("contacted_by") != "" || !l.GetDateTime("sent_at").IsZero() {
		t.Errorf("taken back, it is %s", stored(f.queue, l.Id))
	}
	if got := f.press(f.Initiator, "undo"); got != "Tidak ada yang bisa diurungkan." {
		t.Errorf("taking it back twice says %q", got)
	}
	f.press(f.Coordinator, "told")
	f.Cleanup(clock.Freeze(clock.Now().Add(24*time.Hour + time.Minute)))
	f.press(f.Coordinator, "undo")
	if f.letter().GetString("state") != "sent" {
		t.Error("it was taken back after more than a day")
	}
}

func TestDismiss_Message_KeepsTheReason(t *testing.T) {
	f := newField(t)
	if got := f.press(f.Coordinator, "drop", "reason", "dropped_told"); got != "1 pengingat tidak akan dikirim." {
		t.Errorf("the page says %q", got)
	}
	if l := f.letter(); l.GetString("state") != "skipped" || l.GetString("reason") != "dropped_told" {
		t.Errorf("it is %s (%s)", l.GetString("state"), l.GetString("reason"))
	}
	if page := f.As(f.Coordinator).Get(byHand); page.Doc().Find("main textarea").Length() != 0 {
		t.Error("it is offered again")
	}
	for _, reason := range []string{"", "done", "x', state = 'sent"} {
		f := newField(t)
		f.As(f.Coordinator).Post(byHand+"/drop", "letters", f.letter().Id, "reason", reason).Want(http.StatusNotFound)
		if f.letter().GetString("reason") != "no_address" {
			t.Errorf("%q was taken for a reason", reason)
		}
	}
}

func TestMarkContacted_OthersProgramme_IsRefused(t *testing.T) {
	f := newField(t)
	for _, who := range []*core.Record{f.Partner, f.OtherPartner, f.Observer, f.BaliInitiator, f.BaliPartner, f.Outsider} {
		f.As(who).Get(byHand).Want(http.StatusNotFound)
		for _, step := range []string{"told", "undo", "drop"} {
			f.As(who).Post(byHand+"/"+step, "letters", f.letter().Id, "reason", "dropped_late").Want(http.StatusNotFound)
		}
	}
	f.As(nil).Post(byHand+"/told", "letters", f.letter().Id).Want(http.StatusUnauthorized)
	f.As(f.BaliInitiator).Post("/programmes/rantang/deliveries/by-hand/told", "letters", f.letter().Id).Want(http.StatusSeeOther)
	withAddress := f.queue.letter("state", "queued")
	f.As(f.Coordinator).Post(byHand+"/told", "letters", withAddress.Id+",nosuchletter,,").Want(http.StatusSeeOther)
	if f.letter().GetString("state") != "skipped" || f.Fresh(withAddress).GetString("state") != "queued" {
		t.Error("a letter was told that is not for it")
	}
	for name, who := range map[string]*core.Record{"coordinator": f.Coordinator, "administrator": f.Administrator} {
		before := stored(f.queue, f.letter().Id)
		f.As(who).Get(byHand).Want(http.StatusOK)
		f.As(who).Get(byHand + "/told").Want(http.StatusNotFound)
		if stored(f.queue, f.letter().Id) != before {
			t.Errorf("looking as %s changed the letter", name)
		}
	}
	if got := f.press(f.Administrator, "told"); got != "1 pengingat dicatat sudah dikirim lewat WhatsApp." {
		t.Errorf("the administrator reads %q", got)
	}
}

func TestWhoToldIsExplained(t *testing.T) {
	f := newField(t)
	f.press(f.Coordinator, "told")
	const want = "Sudah dihubungi lewat WhatsApp oleh Sub Koordinator pada Sel, 24 Nov 2026, 09.00 WIB"
	for _, path := range []string{"/tasks/" + f.chore.Id + "/reminders", "/programmes/kopi/reminders?show=past"} {
		if got := f.As(f.Initiator).Get(path).Want(http.StatusOK).Text("main"); !strings.Contains(got, want) {
			t.Errorf("%s says %q", path, got)
		}
	}
}

func TestATextNamesNothingThatIsNotItsReaders(t *testing.T) {
	f := newField(t)
	f.save(f.chore, "details", "Catatan rahasia tim")
	f.Make("comments", "programme", f.Kopi.Id, "task", f.chore.Id, "author", f.Coordinator.Id, "body", "Komentar tim", "visibility", "team")
	other := f.Make("contacts", "organisation", f.Campus.Id, "position", "Dekan", "focal_point", true, "phone", "0813 1111 2222")
	f.Make("tasks", "programme", f.Kopi.Id, "title", "Kuliah tamu", "organisation", f.Campus.Id, "accountable", f.Initiator.Id, "due_on", "2026-11-27", "state", "todo")
	f.missed()
	page := f.As(f.Coordinator).Get(byHand).Want(http.StatusOK).Doc()
	texts := map[string]string{}
	page.Find("main textarea").Each(func(_ int, area *goquery.Selection) { texts[area.AttrOr("id", "")] = area.Text() })
	mine, theirs := texts["text-"+f.owner.Id], texts["text-"+other.Id]
	if len(texts) != 2 || mine == "" || strings.Contains(mine, "Kuliah tamu") || strings.Contains(theirs, "Sediakan kopi") || strings.Contains(mine, "rahasia") || strings.Contains(mine, "Komentar") {
		t.Errorf("the texts are %q", texts)
	}
}
