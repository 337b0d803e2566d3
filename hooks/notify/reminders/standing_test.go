package reminders_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/lang"
	"simpul/hooks/testkit"
)

// fact is what the page says under a label.
func fact(t testing.TB, r *testkit.Response, label string) (values []string) {
	t.Helper()
	r.Doc().Find("section[aria-labelledby=in-force] dl > div").Each(func(_ int, line *goquery.Selection) {
		if strings.HasPrefix(strings.TrimSpace(line.Find("dt").Text()), label) {
			values = append(values, strings.TrimSpace(line.Find("dt").Text())+": "+strings.TrimSpace(line.Find("dd").First().Text()))
		}
	})
	return values
}

// set writes the three levels of one thing.
func set(p *post, field, person, organisation, programme string) {
	p.Helper()
	for _, of := range []struct {
		r     *core.Record
		value string
	}{{p.Partner, person}, {p.Puskesmas, organisation}, {p.Kopi, programme}} {
		p.change(p.Fresh(of.r), field, of.value)
	}
}

func TestThePageSaysWhatHoldsAndWhoSetIt(t *testing.T) {
	p := newPost(t)
	kopi := p.Kopi.GetString("name")
	for name, c := range map[string]struct {
		person, organisation, programme string
		want                            string
	}{
		"nobody":       {"", "", "", "Satu per satu, sisanya dalam email harian, pengaturan bawaan"},
		"programme":    {"", "", "weekly", "Satu email setiap Senin, diatur oleh program " + kopi},
		"organisation": {"", "daily", "weekly", "Email harian, diatur oleh organisasi Anda (Puskesmas Tambakaji)"},
		"person":       {"immediate", "daily", "weekly", "Satu per satu, sisanya dalam email harian, diatur oleh Anda"},
	} {
		set(p, "mail_frequency", c.person, c.organisation, c.programme)
		for from, r := range map[string]*testkit.Response{
			"by link": p.As(nil).Get(wishesLink(p.World, p.Partner.Id, "")), "signed in": browser(p, p.Fresh(p.Partner)).Get("/me"),
		} {
			if got := fact(t, r.Want(http.StatusOK), "Email pengingat"); len(got) != 1 || got[0] != "Email pengingat: "+c.want {
				t.Errorf("%s, %s: says %q, want %q", name, from, got, c.want)
			}
			if n := strings.Count(r.Body, lang.T("id", "reminders.precedence")); n != 1 {
				t.Errorf("%s, %s: the rule is printed %d times", name, from, n)
			}
		}
	}
}

func TestProgrammesThatDifferAreNamed(t *testing.T) {
	p := newPost(t)
	p.Make("memberships", "programme", p.Rantang.Id, "user", p.Coordinator.Id, "role", "member")
	p.change(p.Rantang, "send_at", "15:00")
	p.change(p.Coordinator, "send_at", "")
	got := fact(t, p.As(nil).Get(wishesLink(p.World, p.Coordinator.Id, "")), "Pukul kirim")
	want := []string{
		"Pukul kirim – " + p.Kopi.GetString("name") + ": 08.00 WIB, pengaturan bawaan",
		"Pukul kirim – " + p.Rantang.GetString("name") + ": 15.00 WIB, diatur oleh program " + p.Rantang.GetString("name"),
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("said (-want +got):\n%s", diff)
	}
}

func TestThePageForetellsTheNextMessage(t *testing.T) {
	// It is Monday, 23 November, 09.00 in Semarang.
	for name, c := range map[string]struct {
		set  []any
		want string
	}{
		"nothing planned":     {nil, "Belum ada yang dijadwalkan."},
		"daily":               {[]any{"mail_frequency", "daily"}, "Sel, 24 Nov 2026, 08.00 WIB, bila ada yang perlu disampaikan."},
		"later on this day":   {[]any{"mail_frequency", "daily", "send_at", "16:30"}, "Sen, 23 Nov 2026, 16.30 WIB, bila"},
		"weekly":              {[]any{"mail_frequency", "weekly"}, "Sen, 30 Nov 2026, 08.00 WIB, bila"},
		"paused":              {[]any{"mail_frequency", "daily", "paused_until_on", "2026-11-26"}, "Dijeda sampai Kamis, 26 November 2026, kecuali email wajib. Sesudah itu: Jum, 27 Nov 2026, 08.00 WIB"},
		"paused to a weekend": {[]any{"mail_frequency", "daily", "paused_until_on", "2026-11-27", "weekend_off", true}, "Sesudah itu: Sen, 30 Nov 2026, 08.00 WIB"},
	} {
		p := newPost(t)
		p.change(p.Partner, c.set...)
		got := fact(t, p.As(nil).Get(wishesLink(p.World, p.Partner.Id, "")), "Email berikutnya")
		if len(got) != 1 || !strings.Contains(got[0], c.want) {
			t.Errorf("%s: says %q, want %q", name, got, c.want)
		}
	}
}

func TestTheNextMessageIsThatOfTheLedgerForThoseWhoGetThemOneByOne(t *testing.T) {
	p := newPost(t)
	task(p.World, "2026-12-10")
	next := func() string {
		return strings.Join(fact(t, p.As(nil).Get(wishesLink(p.World, p.Partner.Id, "")), "Email berikutnya"), "")
	}
	if got := next(); !strings.HasSuffix(got, "Sen, 7 Des 2026, 08.00 WIB.") {
		t.Errorf("says %q", got)
	}
	p.change(p.Partner, "muted_kinds", []string{"task_due"})
	if got := next(); !strings.HasSuffix(got, "Belum ada yang dijadwalkan.") {
		t.Errorf("of what is muted it says %q", got)
	}
}
