package inbox_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
)

const byHand = "/programmes/kopi/deliveries/by-hand"

// field is the world with somebody in it whom no mail reaches: the owner of the
// shop, with a telephone, who has a task due on Friday and was to be told of it on
// Tuesday at eight. It stands on that Tuesday, 09.00 in Semarang.
type field struct {
	*queue
	owner, chore *core.Record
}

func newField(t testing.TB, fields ...any) *field {
	t.Helper()
	f := &field{queue: newQueue(t)}
	f.owner = f.Make("contacts", append([]any{"organisation", f.Shop.Id, "position", "Pemilik warung", "phone", "0812-3456-7890", "focal_point", true,
		"language", "id"}, fields...)...)
	f.chore = f.errand("Sediakan kopi")
	f.Cleanup(clock.Freeze(time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC)))
	f.missed()
	return f
}

// errand is a task of the shop due on Friday.
func (f *field) errand(title string) *core.Record {
	f.Helper()
	return f.Make("tasks", "programme", f.Kopi.Id, "title", title, "organisation", f.Shop.Id, "accountable", f.Initiator.Id,
		"due_on", "2026-11-27", "state", "todo")
}

// missed does what the sender does at its hour with messages to nobody's address.
func (f *field) missed() {
	f.Helper()
	_, err := f.App.DB().NewQuery(`UPDATE deliveries SET state = 'skipped', reason = 'no_address' WHERE email = '' AND state = 'planned'
		AND due_at <= '2026-11-24 02:00:00.000Z'`).Execute()
	if err != nil {
		f.Fatal(err)
	}
}

// message is the one about the chore that nobody got.
func (f *field) letter() *core.Record {
	f.Helper()
	found, err := f.App.FindRecordsByFilter("deliveries", "subject_id = {:task} && due_at = '2026-11-24 01:00:00.000Z' && recipient = {:who}", "", 0, 0,
		map[string]any{"task": f.chore.Id, "who": f.owner.Id})
	if err != nil || len(found) != 1 {
		f.Fatalf("%d letters, %v", len(found), err)
	}
	return found[0]
}

// text is what the page offers to send, and the ids of the messages that it tells.
func (f *field) text(reader *core.Record) (text, ids string) {
	f.Helper()
	doc := f.As(reader).Get(byHand).Want(http.StatusOK).Doc()
	return doc.Find("main textarea").Text(), doc.Find(`form[action$="/told"] input[name=letters]`).AttrOr("value", "")
}

func TestTheTeamGetsATextForWhoNoMailReaches(t *testing.T) {
	f := newField(t)
	page := f.As(f.Coordinator).Get(byHand).Want(http.StatusOK)
	got := page.Text("main section.card")
	for _, want := range []string{"Pemilik warung – Warung Kopi Banaran", "Belum punya alamat email", "0812-3456-7890", "Sudah dihubungi", "Salin teks", "Tidak perlu"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing from %q", want, got)
		}
	}
	text, ids := f.text(f.Coordinator)
	for _, want := range []string{"Yth. Pemilik warung,", "“Sediakan kopi”", "KOPI REHAT", "Jumat, 27 November 2026", "/tasks/" + f.chore.Id} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing from the text %q", want, text)
		}
	}
	if ids != f.letter().Id {
		t.Errorf("the form names %q", ids)
	}
	link, err := url.Parse(page.Doc().Find(`a[href^="https://wa.me/"]`).AttrOr("href", ""))
	if err != nil || link.Path != "/6281234567890" || link.Query().Get("text") != text {
		t.Errorf("the link leads to %v with %q, %v", link.Path, link.Query().Get("text"), err)
	}
	if copied := page.Doc().Find("[data-copy]").AttrOr("data-copy", ""); copied != text {
		t.Errorf("the button copies %q", copied)
	}
}

func TestTheTextSpeaksTheRecipientsLanguageAndThePageTheReaders(t *testing.T) {
	f := newField(t, "language", "en")
	text, _ := f.text(f.Coordinator)
	if !strings.Contains(text, "Dear Pemilik warung") || !strings.Contains(text, "Friday, 27 November 2026") || strings.Contains(text, "program KOPI") {
		t.Errorf("the text reads %q", text)
	}
	f.save(f.Coordinator, "language", "en")
	if got := f.As(f.Fresh(f.Coordinator)).Get(byHand).Text("main"); !strings.Contains(got, "Contacted") || strings.Contains(got, "⟦") {
		t.Errorf("the page reads %q", got)
	}
}

func TestSeveralThingsAreToldInOneTextThatFits(t *testing.T) {
	f := newField(t)
	f.save(f.Kopi, "name", strings.Repeat("Program panjang ", 12))
	for i := range 12 {
		f.errand(strings.Repeat("Judul yang amat panjang ", 8) + string(rune('A'+i)))
	}
	f.missed()
	text, ids := f.text(f.Coordinator)
	if n := utf8.RuneCountInString(text); n > 1000 || n < 500 {
		t.Errorf("the text has %d characters", n)
	}
	lines := strings.Count(text, "\n• ")
	if named := strings.Count(ids, ",") + 1; lines == 0 || named != lines {
		t.Errorf("%d lines tell %d letters", lines, named)
	}
	if !strings.HasSuffix(text, "lewat Simpul Lima") && !strings.Contains(text, ", lewat ") {
		t.Errorf("it does not say who writes: %q", text)
	}
	if got := f.As(f.Coordinator).Get(byHand).Text("main"); !strings.Contains(got, "tidak muat") {
		t.Errorf("nothing says that more waits: %s", got)
	}
	f.As(f.Coordinator).Post(byHand+"/told", "letters", ids).Want(http.StatusSeeOther)
	if next, rest := f.text(f.Coordinator); next == text || strings.Contains(rest, ids[:15]) {
		t.Error("what did not fit is not told next")
	}
}

func TestEarlierMessagesAboutOneThingAreToldWithTheNewest(t *testing.T) {
	f := newField(t)
	older := f.queue.letter("user", "", "recipient", f.owner.Id, "email", "", "state", "skipped", "reason", "no_address", "rule", f.letter().GetString("rule"),
		"anchor_at", f.letter().GetString("anchor_at"), "sequence", f.letter().GetInt("sequence"), "subject_id", f.chore.Id)
	text, ids := f.text(f.Coordinator)
	if strings.Count(text, "\n• ") != 1 || !strings.Contains(ids, older.Id) || !strings.Contains(ids, f.letter().Id) {
		t.Errorf("the text %q tells %s", text, ids)
	}
}

func TestOnlyWhatIsStillWantedIsOffered(t *testing.T) {
	for name, happens := range map[string]func(*field){
		"the task is done":          func(f *field) { f.save(f.chore, "state", "done") },
		"the task has moved":        func(f *field) { f.save(f.chore, "due_on", "2026-12-20") },
		"the contact has left":      func(f *field) { f.save(f.owner, "until_on", "2026-11-20") },
		"the organisation has left": func(f *field) { f.save(f.Only("stakeholders", "organisation", f.Shop.Id), "ended_on", "2026-11-20") },
		"the programme pauses":      func(f *field) { f.save(f.Kopi, "status", "paused") },
		"it does not help any more": func(f *field) {
			if _, err := f.App.DB().NewQuery("DELETE FROM deliveries WHERE state = 'planned'").Execute(); err != nil {
				f.Fatal(err)
			}
			f.Cleanup(clock.Freeze(time.Date(2026, 12, 1, 2, 0, 0, 0, time.UTC)))
		},
		"it was told in a daily mail": func(f *field) { f.setState("digested", "") },
		"it lost its use":             func(f *field) { f.setState("skipped", "stale") },
	} {
		t.Run(name, func(t *testing.T) {
			f := newField(t)
			happens(f)
			if page := f.As(f.Coordinator).Get(byHand).Want(http.StatusOK); page.Doc().Find("main textarea").Length() != 0 ||
				!strings.Contains(page.Text(".empty-list"), "Tidak ada yang perlu dihubungi") {
				t.Errorf("the page offers %s", page.Text("main"))
			}
		})
	}
}

func (f *field) setState(state, reason string) {
	f.Helper()
	f.save(f.letter(), "state", state, "reason", reason)
}

func TestWhoIsToldByHand(t *testing.T) {
	for _, c := range []struct {
		name, state, reason, email string
		suppressed                 string
		offered                    bool
	}{
		{"no address", "skipped", "no_address", "", "", true},
		{"held without an address and a mail server", "held", "smtp_off", "", "", true},
		{"an address that does not exist", "failed", "refused", "warung@example.org", "bounced", true},
		{"known not to exist", "skipped", "bounced", "warung@example.org", "bounced", true},
		{"written wrongly", "failed", "bad_address", "warung@", "", true},
		{"refused for what it said", "failed", "refused", "warung@example.org", "", false},
		{"stopped by the reader", "skipped", "bounced", "warung@example.org", "unsubscribed", false},
		{"held with an address", "held", "smtp_off", "warung@example.org", "", false},
		{"sent", "sent", "", "warung@example.org", "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newField(t)
			if _, err := f.App.DB().NewQuery("UPDATE deliveries SET state = '" + c.state + "', reason = '" + c.reason + "', email = '" + c.email +
				"' WHERE id = '" + f.letter().Id + "'").Execute(); err != nil {
				t.Fatal(err)
			}
			if c.suppressed != "" {
				f.Make("suppressions", "email", "Warung@example.org", "reason", c.suppressed)
			}
			page := f.As(f.Coordinator).Get(byHand).Want(http.StatusOK)
			if offered := page.Doc().Find("main textarea").Length() == 1; offered != c.offered {
				t.Errorf("offered: %v", offered)
			}
			if c.offered && strings.Contains(page.Text("main"), "Alamat tidak dapat menerima email") != (c.email != "") {
				t.Errorf("the card says %s", page.Text("main section.card"))
			}
		})
	}
}
