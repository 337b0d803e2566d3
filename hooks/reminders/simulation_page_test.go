package reminders_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/reminders"
	"simpul/hooks/testkit"
)

// kopiSimulation is the address of the page for the programme Kopi.
const kopiSimulation = "/programmes/kopi/reminders/simulation"

// cards reads the days of the page: under each heading its letters, one line each.
func cards(r *testkit.Response) map[string][]string {
	out := map[string][]string{}
	r.Doc().Find("section:has([id^=day-])").Each(func(_ int, section *goquery.Selection) {
		day := section.Find("h2").Text()
		section.Find("li").Each(func(_ int, row *goquery.Selection) {
			row.Find("span").AppendHtml(" ")
			out[day] = append(out[day], strings.Join(strings.Fields(row.Text()), " "))
		})
	})
	return out
}

func TestTheTeamReadsWhatWillBecomeOfItsLetters(t *testing.T) {
	p := readable(t)
	r := task(p.World, "2026-12-10")
	p.change(p.rule("task_due", -1), "at", "21:30")
	seen := p.As(p.Coordinator).Get(kopiSimulation + "?days=30").Want(http.StatusOK)
	days := cards(seen)
	const who = "Kepala Puskesmas – Puskesmas Tambakaji"
	for day, want := range map[string]string{
		"Senin, 7 Desember 2026":  "Jadwal home visit Tenggat tugas mendekat " + who + " 08.00 WIB Berangkat sendiri",
		"Kamis, 10 Desember 2026": "06.00 WIB Ditunda dari Rab, 9 Des 2026, 21.30 WIB: Di luar jam kirim surat Berangkat sendiri",
	} {
		if got := strings.Join(days[day], "\n"); !strings.Contains(got, want) {
			t.Errorf("on %s the page says\n%s\nwant\n%s", day, got, want)
		}
	}
	if seen.Doc().Find(`li a.name[href="/tasks/`+r.Id+`"]`).Length() < 3 {
		t.Error("the letters do not lead to what they are about")
	}
	if !strings.Contains(seen.Text("main"), "menerima setiap surat seketika") {
		t.Error("the page does not say what it takes for granted")
	}
	for _, from := range []string{"/programmes/kopi/reminders", kopiSimulation} {
		if doc := p.As(p.Initiator).Get(from).Want(http.StatusOK).Doc(); doc.Find(`a[href^="`+kopiSimulation+`"]`).Length() == 0 {
			t.Errorf("%s does not lead to the simulation", from)
		}
	}
}

func TestASimulationIsReadThroughTheOneDoor(t *testing.T) {
	p := readable(t)
	task(p.World, "2026-12-10")
	p.Make("tasks", "programme", p.Rantang.Id, "title", "Rahasia Tabanan", "organisation", p.Bali.Id, "accountable", p.BaliInitiator.Id,
		"due_on", "2026-12-11", "state", "todo", "urgency", "normal")
	for name, c := range map[string]struct {
		who    *core.Record
		path   string
		status int
		rows   bool
	}{
		"guest":                    {nil, kopiSimulation, http.StatusSeeOther, false},
		"outsider":                 {p.Outsider, kopiSimulation, http.StatusNotFound, false},
		"partner":                  {p.Partner, kopiSimulation, http.StatusNotFound, false},
		"another programme's lead": {p.BaliInitiator, kopiSimulation, http.StatusNotFound, false},
		"observer":                 {p.Observer, kopiSimulation, http.StatusOK, false},
		"initiator":                {p.Initiator, kopiSimulation, http.StatusOK, true},
		"initiator at the mailbox": {p.Initiator, "/mailbox/simulation", http.StatusNotFound, false},
		"administrator":            {p.Administrator, kopiSimulation, http.StatusOK, true},
	} {
		seen := p.As(c.who).Get(c.path).Want(c.status)
		if rows := strings.Contains(seen.Text("main"), "Jadwal home visit"); rows != c.rows {
			t.Errorf("%s reads letters: %v", name, rows)
		}
		if strings.Contains(seen.Text("main"), "Rahasia Tabanan") {
			t.Errorf("%s reads of another programme", name)
		}
	}
	if own := p.As(p.Observer).Get(kopiSimulation).Text("main"); !strings.Contains(own, lang.T("id", "reminders.why_own")) {
		t.Error("an observer is not told that the letters are their own only")
	}
	all := p.As(p.Administrator).Get("/mailbox/simulation").Want(http.StatusOK).Text("main")
	if !strings.Contains(all, "Rahasia Tabanan") || !strings.Contains(all, "Jadwal home visit") {
		t.Error("an administrator does not read all programmes' letters")
	}
	if p.As(p.Administrator).Get("/mailbox").Doc().Find(`a[href="/mailbox/simulation"]`).Length() != 1 {
		t.Error("the mailbox does not lead to the simulation")
	}
}

// An observer who is written to reads those letters, and of nothing they may not see.
func TestAReaderSeesTheirOwnLettersAndNoShutRecords(t *testing.T) {
	p := readable(t)
	p.Make("memberships", "programme", p.Kopi.Id, "user", p.Outsider.Id, "role", "observer")
	p.Make("contacts", "organisation", p.Forum.Id, "position", "Penasihat", "user", p.Observer.Id, "email", "observer@example.org",
		"focal_point", true, "from_on", "2026-01-05")
	task(p.World, "2026-12-10", "organisation", p.Forum.Id)
	task(p.World, "2026-12-10")
	got := cards(p.As(p.Observer).Get(kopiSimulation).Want(http.StatusOK))
	if all := strings.Join(got["Senin, 7 Desember 2026"], "\n"); strings.Count(all, "\n") != 0 || !strings.Contains(all, "Penasihat – Forum PSM Semarang") {
		t.Errorf("the observer reads %v", got)
	}
	if got := cards(p.As(p.Outsider).Get(kopiSimulation).Want(http.StatusOK)); len(got) != 0 {
		t.Errorf("another observer reads %v", got)
	}
}

func TestHowManyDaysAreAskedFor(t *testing.T) {
	p := readable(t)
	for asked, current := range map[string]string{"": "30 hari", "?days=7": "7 hari", "?days=x": "30 hari", "?days=4000": "30 hari", "?days=-1": "30 hari", "?days=12": ""} {
		page := p.As(p.Initiator).Get(kopiSimulation + asked).Want(http.StatusOK)
		if got := page.Text(".filters [aria-current]"); got != current {
			t.Errorf("%q is understood as %q, want %q", asked, got, current)
		}
	}
}

func TestAPageSaysThatTheLimitOfAnHourIsPassedOver(t *testing.T) {
	p := readable(t)
	for limit, want := range map[string]bool{"0": false, "40": true} {
		p.rewrite("UPDATE hub_settings SET mails_per_hour = " + limit)
		said := p.As(p.Initiator).Get(kopiSimulation + "?days=7").Want(http.StatusOK).Text("section:has(#assumed)")
		if strings.Contains(said, "Batas surat per jam (sekarang 40) tidak diperhitungkan") != want || strings.Contains(said, "per jam") != want {
			t.Errorf("with %s letters an hour the page says %q", limit, said)
		}
	}
}

// Whoever reads the list knows before it what it is worth.
func TestWhatIsTakenForGrantedStandsAboveTheList(t *testing.T) {
	p := readable(t)
	task(p.World, "2026-12-10")
	p.rewrite("UPDATE hub_settings SET mails_per_hour = 1200")
	order := []string{}
	for _, section := range p.As(p.Initiator).Get(kopiSimulation).Want(http.StatusOK).Doc().Find("main section").EachIter() {
		order = append(order, section.AttrOr("aria-labelledby", "")+" "+section.Find("li").First().Text())
	}
	if len(order) < 2 || !strings.HasPrefix(order[0], "assumed Batas surat per jam (sekarang 1.200)") || !strings.HasPrefix(order[1], "day-0 ") {
		t.Errorf("the sections of the page are %q", order)
	}
}

func TestAPageSaysWhatIsCut(t *testing.T) {
	p := readable(t)
	for range 3 {
		task(p.World, "2026-11-24")
	}
	t.Cleanup(reminders.LimitSimulation(2*time.Second, 2))
	seen := p.As(p.Initiator).Get(kopiSimulation + "?days=7").Want(http.StatusOK)
	if n := seen.Doc().Find("section:has([id^=day-]) li").Length(); n != 2 || !strings.Contains(seen.Text(".callout"), "Daftar ini memuat 2 baris pertama dari ") {
		t.Errorf("%d letters are shown: %s", n, seen.Text(".callout"))
	}
	stuck(p)
	seen = p.As(p.Initiator).Get(kopiSimulation).Want(http.StatusOK)
	if said := seen.Text(".callout"); !strings.Contains(said, "Waktu habis: daftar ini hanya sampai") {
		t.Errorf("out of time the page says %q", said)
	}
	t.Cleanup(reminders.LimitSimulation(time.Nanosecond, 2))
	seen = p.As(p.Initiator).Get(kopiSimulation).Want(http.StatusServiceUnavailable)
	if said := seen.Text(".callout"); !strings.Contains(said, "terlalu lama") {
		t.Errorf("without time for a copy the page says %q", said)
	}
}

func TestASecondAskerIsToldToComeBack(t *testing.T) {
	p := readable(t)
	ctx, cancel := context.WithCancel(context.Background())
	standing, ended := stuck(p), make(chan error)
	go func() {
		_, err := reminders.Simulate(ctx, p.App, clock.Now(), 30)
		ended <- err
	}()
	<-standing
	seen := p.As(p.Initiator).Get(kopiSimulation).Want(http.StatusServiceUnavailable)
	if said := seen.Text(".callout"); !strings.Contains(said, "Simulasi lain sedang berjalan") {
		t.Errorf("the page says %q", said)
	}
	cancel()
	<-ended
}

func TestEveryFateHasWordsInBothLanguages(t *testing.T) {
	p := newPost(t)
	r := task(p.World, "2026-12-10")
	at := moment(t, "2026-12-10 08:00")
	for _, language := range []string{"id", "en"} {
		for fate, putOff := range map[string]string{reminders.FateAlone: "quiet", reminders.FateDaily: "", reminders.FateTold: "holiday",
			reminders.FateNot: "", reminders.FateWaits: "weekend"} {
			l := reminders.Simulated{At: at, Until: at.Add(time.Hour), Fate: fate, PutOff: putOff, Tells: 2}
			l.Kind, l.SubjectID, l.Email, l.Reason = "task_due", r.Id, "lain@example.org", putOff
			teller := &reminders.Teller{App: p.App, Language: language, Zone: clock.Eastern}
			said, err := teller.Tell(l)
			if err != nil {
				t.Fatal(err)
			}
			whole := said.Kind + said.Fate + said.Reason + said.To + said.Title
			if strings.Contains(whole, "⟦") || said.Fate == "" || (said.Reason != "") != (putOff != "") || said.To != "lain@example.org" || said.Title != "Jadwal home visit" {
				t.Errorf("%s %s: %+v", language, fate, said)
			}
			if said.Hour != "10.00 WIT" && said.Hour != "10:00 WIT" || said.Day != "2026-12-10" {
				t.Errorf("the hour is %s on %s", said.Hour, said.Day)
			}
		}
		for _, held := range []string{"", "smtp_off", "mail_held"} {
			said := (&reminders.Simulation{Held: held}).Assumptions(language)
			if len(said) < 4 || (len(said) == 5) != (held != "") || strings.Contains(strings.Join(said, ""), "⟦") {
				t.Errorf("%s %q: %v", language, held, said)
			}
			limited := (&reminders.Simulation{Held: held, Hourly: 250}).Assumptions(language)
			first := len(said) - 4 // what departs from the settings comes before what always holds
			if len(limited) != len(said)+1 || !strings.Contains(limited[first], "250") || strings.Contains(limited[first], "⟦") {
				t.Errorf("%s %q with a limit: %v", language, held, limited)
			}
		}
	}
}
