package devices_test

import (
	"net/http"
	"strings"
	"testing"

	"simpul/hooks/lang"
	"simpul/hooks/testkit"
)

const elsewhere = phone + "-elsewhere"

// moves has a browser tell its new address; before is the former one, as far as the browser knows it.
func moves(c *testkit.Client, before string, now *browser) *testkit.Response {
	fields := []string{"before", before, "endpoint", "undefined"} // what a script writes for nothing
	if now != nil {
		fields = append([]string{"before", before}, now.form()...)
	}
	return c.Post("/devices/moved", fields...)
}

func TestABrowserThatMovesIsTheSameDevice(t *testing.T) {
	for name, before := range map[string]string{"by its former address": phone, "by its cookie": "undefined"} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			b := d.on(d.Partner, phone)
			d.change(d.Only("devices", "id", b.id), "failures", 5, "last_error", "refused 403")
			was := d.Only("devices", "id", b.id)
			c := d.visitor(d.Partner)
			if before != phone {
				c.SetCookie("device", b.id)
			}
			moved := newBrowser(t, elsewhere)
			if r := moves(c, before, moved).Want(http.StatusNoContent); r.Body != "" {
				t.Errorf("answers %q", r.Body)
			}
			now := d.Only("devices", "user", d.Partner.Id)
			for _, field := range []string{"id", "name", "created"} {
				if now.GetString(field) != was.GetString(field) {
					t.Errorf("%s is %q, was %q", field, now.GetString(field), was.GetString(field))
				}
			}
			if now.GetInt("failures") != 0 || now.GetString("last_error") != "" {
				t.Errorf("failed %d times, last %q", now.GetInt("failures"), now.GetString("last_error"))
			}
			d.task("Satu")
			asked := d.tick("2026-12-07 08:00")
			same(t, "told", moved.bodies(asked), ofTheFirst)
			if len(asked) != 1 || asked[0].endpoint != elsewhere {
				t.Errorf("%d asked, the former address among them", len(asked))
			}
		})
	}
}

// lost is a browser's call that cannot be followed.
var lost = map[string]func(d *desk, b *browser) *testkit.Response{
	"the session has ended": func(d *desk, _ *browser) *testkit.Response { return moves(d.As(nil), phone, newBrowser(d, elsewhere)) },
	"ended, and the browser forgot": func(d *desk, b *browser) *testkit.Response {
		c := d.As(nil)
		c.SetCookie("device", b.id)
		return moves(c, "undefined", newBrowser(d, elsewhere))
	},
	"somebody else is signed in": func(d *desk, _ *browser) *testkit.Response {
		return moves(d.visitor(d.OtherPartner), phone, newBrowser(d, elsewhere))
	},
	"an administrator is": func(d *desk, _ *browser) *testkit.Response {
		return moves(d.visitor(d.Administrator), phone, newBrowser(d, elsewhere))
	},
	"the account is closed": func(d *desk, _ *browser) *testkit.Response {
		c := d.visitor(d.Partner)
		d.sql("UPDATE users SET disabled = TRUE WHERE id = '" + d.Partner.Id + "'")
		defer d.sql("UPDATE users SET disabled = FALSE")
		return moves(c, phone, newBrowser(d, elsewhere))
	},
	"there is no new address": func(d *desk, _ *browser) *testkit.Response { return moves(d.visitor(d.Partner), phone, nil) },
	"of nobody we know": func(d *desk, _ *browser) *testkit.Response {
		return moves(d.visitor(d.Partner), phone, newBrowser(d, "https://intranet.example/x"))
	},
}

func TestABrowserThatIsLostIsOffAndItsPageSaysWhatToDo(t *testing.T) {
	for name, call := range lost {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			b := d.on(d.Partner, phone)
			call(d, b).Want(http.StatusNoContent)
			kept := d.Only("devices", "id", b.id)
			if kept.GetString("endpoint") != phone || kept.GetString("user") != d.Partner.Id || d.Count("devices") != 1 {
				t.Fatalf("kept is %s of %s, %d devices", kept.GetString("endpoint"), kept.GetString("user"), d.Count("devices"))
			}
			for _, language := range lang.Languages {
				d.change(d.Partner, "language", language)
				page := d.visitor(d.Partner).Get("/devices").Want(http.StatusOK)
				if got := page.Text(".badge.bad"); got != lang.T(language, "devices.stopped") {
					t.Errorf("the badge says %q", got)
				}
				text := page.Text("section[aria-labelledby=yours]")
				for _, want := range []string{"devices.trouble_gone", "devices.remove"} {
					if !strings.Contains(text, lang.T(language, want)) {
						t.Errorf("%q is missing from %q", lang.T(language, want), text)
					}
				}
				if strings.Contains(text, lang.T(language, "devices.stopped_text")) || strings.Contains(text, lang.T(language, "devices.test")) {
					t.Errorf("the list says %q", text)
				}
			}
			d.change(d.Partner, "language", "id")
			d.task("Satu")
			if asked := d.tick("2026-12-07 08:00"); len(asked) != 0 {
				t.Errorf("%d asked", len(asked))
			}
		})
	}
}

func TestALostBrowserIsTurnedOnAgainFromItsPage(t *testing.T) {
	d := newDesk(t)
	b := d.on(d.Partner, phone)
	moves(d.As(nil), phone, newBrowser(t, elsewhere)).Want(http.StatusNoContent)
	c := d.visitor(d.Partner)
	c.SetCookie("device", b.id)
	if c.Get("/devices").Doc().Find("[data-push-on]").Length() != 0 {
		t.Error("the page takes it for turned on")
	}
	c.Post("/devices", newBrowser(t, elsewhere).form()...).Want(http.StatusSeeOther)
	page := c.Get("/devices")
	if d.Count("devices") != 1 || page.Doc().Find("[data-push-on]").Length() != 1 || page.Text(".badge.bad") != "" {
		t.Errorf("%d devices: %s", d.Count("devices"), page.Text("main"))
	}
}

func TestAMoveOfNobodyWeKnowChangesNothing(t *testing.T) {
	d := newDesk(t)
	d.on(d.Partner, phone)
	before := d.Only("devices", "endpoint", phone).FieldsData()
	for name, c := range map[string]*testkit.Client{"a guest": d.As(nil), "the partner": d.visitor(d.Partner)} {
		for _, endpoint := range []string{"", "undefined", elsewhere, "%"} {
			moves(c, endpoint, newBrowser(t, elsewhere)).Want(http.StatusNoContent)
		}
		if now := d.Only("devices", "endpoint", phone).FieldsData(); d.Count("devices") != 1 || now["updated"] != before["updated"] {
			t.Errorf("%s changed something", name)
		}
	}
	other := d.visitor(d.Partner)
	other.Header.Set("Sec-Fetch-Site", "cross-site")
	moves(other, phone, nil).Want(http.StatusForbidden)
	if d.Only("devices", "endpoint", phone).GetInt("failures") != 0 {
		t.Error("another site turned the device off")
	}
}

// What a push service answers about the former address says nothing of the new one.
func TestALateAnswerDoesNotHarmABrowserThatMoved(t *testing.T) {
	for name, status := range map[string]int{"gone": http.StatusGone, "refused": http.StatusForbidden} {
		d := newDesk(t)
		b := d.on(d.Partner, phone)
		c, moved := d.visitor(d.Partner), newBrowser(t, elsewhere)
		d.task("Satu")
		d.service.answer = func(endpoint string) (int, map[string]string) {
			moves(c, endpoint, moved)
			return status, nil
		}
		d.tick("2026-12-07 08:00")
		if now := d.Only("devices", "id", b.id); now.GetString("endpoint") != elsewhere || now.GetInt("failures") != 0 {
			t.Errorf("%s: at %s, failed %d times", name, now.GetString("endpoint"), now.GetInt("failures"))
		}
	}
}

// The push service may know that an address is gone before the browser has its next.
func TestWhatFoundNobodyIsToldAtTheNewAddress(t *testing.T) {
	d := newDesk(t)
	b := d.on(d.Partner, phone)
	d.task("Satu")
	d.service.answers(http.StatusGone, nil)
	d.tick("2026-12-07 08:00")
	if off := d.Only("devices", "id", b.id); off.GetString("last_error") != "gone" {
		t.Fatalf("the device is kept with %q", off.GetString("last_error"))
	}
	d.service.answers(http.StatusCreated, nil)
	if asked := d.tick("2026-12-07 08:30"); len(asked) != 0 {
		t.Errorf("%d asked meanwhile", len(asked))
	}
	moved := newBrowser(t, elsewhere)
	moves(d.visitor(d.Partner), phone, moved).Want(http.StatusNoContent)
	same(t, "told", moved.bodies(d.tick("2026-12-07 09:00")), ofTheFirst)
}

// A browser that somebody else turned on at its new address is theirs no more.
func TestANewAddressBelongsToTheBrowserThatNamesIt(t *testing.T) {
	d := newDesk(t)
	b := d.on(d.Partner, phone)
	d.on(d.OtherPartner, elsewhere)
	moves(d.visitor(d.Partner), phone, newBrowser(t, elsewhere)).Want(http.StatusNoContent)
	left, err := d.App.FindAllRecords("devices")
	d.must(err)
	if len(left) != 1 || left[0].Id != b.id || left[0].GetString("endpoint") != elsewhere {
		t.Errorf("%d devices", len(left))
	}
}
