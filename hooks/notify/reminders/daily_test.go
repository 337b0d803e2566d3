package reminders_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/notify/digest"
)

// night does what the hub does by itself after midnight.
func (p *post) night(at string) {
	p.Helper()
	now := p.stand(at)
	planAll(p.TB.(*testing.T), p.World, now)
	if err := digest.PlanDaily(p.App, now); err != nil {
		p.Fatal(err)
	}
}

func TestTheTeamReadsWhatWaitsForOthersUnderItsOwnHeading(t *testing.T) {
	p := newPost(t)
	folding(p, "task_due")
	p.change(p.rule("task_due", -3), "audience", []string{"organisation", "initiators"})
	task(p.World, "2026-12-10", "title", "Jadwal kunjungan")
	left := p.tick("2026-12-07 08:00")
	initiator := find(p, left, "initiator@example.org")
	if initiator.Header("Subject") != "1 hal menunggu pihak lain" || !strings.Contains(text(initiator), "Menunggu pihak lain") {
		t.Errorf("the initiator reads %q\n%s", initiator.Header("Subject"), text(initiator))
	}
	if partner := find(p, left, "partner@example.org"); !strings.Contains(text(partner), "Menunggu Anda") {
		t.Errorf("the partner reads\n%s", text(partner))
	}
}

func TestADailyMessageBringsNewsOfOthersAsFarAsTheReaderMaySeeThem(t *testing.T) {
	p := newPost(t)
	p.change(p.Partner, "mail_frequency", "daily")
	p.night("2026-12-06 00:30")
	p.stand("2026-12-06 15:00")
	by := p.by
	by(p.Initiator, "tasks", "programme", p.Kopi.Id, "organisation", p.Forum.Id, "accountable", p.Initiator.Id, "title", "Tugas orang lain", "state", "todo")
	by(p.Partner, "tasks", "programme", p.Kopi.Id, "organisation", p.Puskesmas.Id, "accountable", p.Initiator.Id, "title", "Tugas sendiri", "state", "todo")
	by(p.BaliInitiator, "tasks", "programme", p.Rantang.Id, "organisation", p.Bali.Id, "accountable", p.BaliInitiator.Id, "title", "Tugas di Bali", "state", "todo")
	by(p.Initiator, "contributions", "programme", p.Kopi.Id, "contributor", p.Forum.Id, "kind", "goods", "item", "Rahasia forum", "quantity", 1, "unit", "unit", "given_on", "2026-12-06", "stage", "delivered", "review_status", "submitted")
	// The database writes down when by its own clock.
	if _, err := p.App.DB().NewQuery("UPDATE activity SET created = {:at} WHERE record IN (SELECT id FROM tasks UNION SELECT id FROM contributions)").
		Bind(dbx.Params{"at": stored(p, "2026-12-06 15:00")}).Execute(); err != nil {
		t.Fatal(err)
	}
	l := p.only(p.tick("2026-12-07 08:00"))
	if l.To != "partner@example.org" || l.Header("Subject") != "1 kabar dari program Anda" || !strings.Contains(text(l), "Tugas orang lain\n  Tugas baru") {
		t.Errorf("%s reads %q\n%s", l.To, l.Header("Subject"), text(l))
	}
	for _, absent := range []string{"Tugas sendiri", "Tugas di Bali", "Rahasia forum"} {
		if strings.Contains(text(l), absent) {
			t.Errorf("the letter tells of %q", absent)
		}
	}
	// The next day has nothing new to say.
	p.night("2026-12-08 00:30")
	if left := to(p.tick("2026-12-08 08:00")); slices.Contains(left, "partner@example.org") {
		t.Error("a letter without news")
	}
}

// by is a record that a person writes on a page.
func (p *post) by(person *core.Record, collection string, fields ...any) *core.Record {
	p.Helper()
	r := core.NewRecord(must(p, collection))
	for i := 0; i+1 < len(fields); i += 2 {
		r.Set(fields[i].(string), fields[i+1])
	}
	access.Sign(r, person, access.ViaPage)
	if err := p.App.Save(r); err != nil {
		p.Fatal(err)
	}
	return r
}

func TestWhatStandsAboveIsNoNewsBelow(t *testing.T) {
	p := newPost(t)
	p.change(p.Partner, "mail_frequency", "daily")
	p.change(p.Initiator, "mail_frequency", "daily")
	p.change(p.rule("task_due", -3), "audience", []string{"organisation", "initiators"})
	p.night("2026-12-06 00:30")
	p.stand("2026-12-06 15:00")
	fields := []any{"programme", p.Kopi.Id, "organisation", p.Puskesmas.Id, "accountable", p.Initiator.Id, "state", "todo", "urgency", "normal"}
	p.by(p.Coordinator, "tasks", append(fields, "title", "Tugas bertenggat", "due_on", "2026-12-10")...)
	p.by(p.Coordinator, "tasks", append(fields, "title", "Tugas tanpa tenggat")...)
	p.rewrite("UPDATE activity SET created = '" + stored(p, "2026-12-06 15:00") + "' WHERE record IN (SELECT id FROM tasks)")
	left := p.tick("2026-12-07 08:00")
	for _, who := range []string{"partner@example.org", "initiator@example.org"} { // of the one it asks something, the other it tells of others
		said := text(find(p, left, who))
		_, news, _ := strings.Cut(said, "Kabar")
		if strings.Count(said, "Tugas bertenggat") != 1 || !strings.Contains(news, "Tugas tanpa tenggat") || strings.Contains(news, "Tugas bertenggat") {
			t.Errorf("%s reads\n%s", who, said)
		}
	}
}

func must(p *post, collection string) *core.Collection {
	p.Helper()
	c, err := p.App.FindCollectionByNameOrId(collection)
	if err != nil {
		p.Fatal(err)
	}
	return c
}

// TestWhatIsSetNearestToThePersonHolds is the rule printed on the page of one's
// own settings: person, then organisation, then programme, then the default.
func TestWhatIsSetNearestToThePersonHolds(t *testing.T) {
	for name, c := range map[string]struct {
		person, organisation, programme string
		told                            bool
	}{
		"nothing set":                      {"", "", "", false},
		"the programme says daily":         {"", "", "daily", true},
		"the organisation overrides it":    {"", "immediate", "daily", false},
		"the organisation says daily":      {"", "daily", "immediate", true},
		"the person overrides both":        {"immediate", "daily", "daily", false},
		"the person says daily":            {"daily", "immediate", "immediate", true},
		"the person says weekly on Monday": {"weekly", "", "", true},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPost(t)
			p.change(p.Partner, "mail_frequency", c.person)
			p.change(p.Puskesmas, "mail_frequency", c.organisation)
			p.change(p.Kopi, "mail_frequency", c.programme)
			r := task(p.World, "2026-12-10", "title", "Jadwal kunjungan")
			p.tick("2026-12-07 08:00")
			state := p.row(r, "2026-12-07 08:00", "partner@example.org").GetString("state")
			if told := state == "digested"; told != c.told {
				t.Errorf("the letter is %s", state)
			}
		})
	}
}

func TestTheHourSetNearestToThePersonHolds(t *testing.T) {
	for name, c := range map[string]struct{ person, organisation, programme, due string }{
		"nothing set":      {"", "", "", "08:00"},
		"the programme":    {"", "", "09:00", "09:00"},
		"the organisation": {"", "10:00", "09:00", "10:00"},
		"the person":       {"11:00", "10:00", "09:00", "11:00"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPost(t)
			p.change(p.Partner, "send_at", c.person)
			p.change(p.Puskesmas, "send_at", c.organisation)
			p.change(p.Kopi, "send_at", c.programme)
			r := task(p.World, "2026-12-10")
			p.row(r, "2026-12-07 "+c.due, "partner@example.org")
		})
	}
}

func TestAWeeklyMessageTellsWhatComesDueThatWeek(t *testing.T) {
	p := newPost(t)
	p.change(p.Partner, "mail_frequency", "weekly")
	task(p.World, "2026-12-10", "title", "Kamis ini")
	task(p.World, "2026-12-20", "title", "Minggu depan")
	p.night("2026-12-07 00:30")
	l := p.only(p.tick("2026-12-07 08:00"))
	if !strings.Contains(text(l), "Kamis ini") || strings.Contains(text(l), "Minggu depan") {
		t.Errorf("on Monday comes\n%s", text(l))
	}
	for _, at := range []string{"2026-12-09 08:00", "2026-12-10 08:00", "2026-12-13 18:00"} {
		if left := to(p.tick(at)); slices.Contains(left, "partner@example.org") {
			t.Errorf("one more letter at %s", at)
		}
	}
	// What cannot wait for Monday does not.
	p.stand("2026-12-15 09:00")
	task(p.World, "2026-12-17", "title", "Mendesak")
	l = find(p, p.tick("2026-12-16 08:00"), "partner@example.org")
	if !strings.Contains(text(l), "Mendesak") {
		t.Errorf("on Wednesday comes\n%s", text(l))
	}
}

func TestOnNyepiNoDailyMessageLeavesForThoseWhoTakePartInBali(t *testing.T) {
	p := newPost(t)
	p.holiday("2026-12-10", "regional_holiday", "Bali", true)
	p.change(p.BaliPartner, "mail_frequency", "daily")
	p.change(p.Partner, "mail_frequency", "daily")
	of(p, p.Rantang, p.Bali, "2026-12-14")
	task(p.World, "2026-12-13")
	p.night("2026-12-09 23:00")
	left := to(p.tick("2026-12-10 08:00"))
	if len(left) != 1 || left[0] != "partner@example.org" {
		t.Errorf("on Nyepi letters leave to %v", left)
	}
}

func TestAtTheWeekendMessagesRestForThoseWhoWantItSo(t *testing.T) {
	p := newPost(t)
	p.change(p.Partner, "weekend_off", true)
	// Three days before Tuesday is Saturday: what looks ahead comes earlier.
	r := task(p.World, "2026-12-15")
	p.row(r, "2026-12-11 08:00", "partner@example.org")
}

func TestA17ADailyMessageIsPlannedOncePerPersonAndDay(t *testing.T) {
	p := newPost(t)
	p.change(p.Partner, "mail_frequency", "daily")
	p.change(p.Outsider, "mail_frequency", "daily")
	p.change(p.Initiator, "mail_frequency", "weekly")
	for range 3 {
		p.night("2026-12-09 00:30")
	}
	found, err := p.App.FindRecordsByFilter("deliveries", "kind = 'digest'", "email,anchor_at", 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	for _, r := range found {
		got += r.GetString("email") + " " + r.GetString("anchor_at") + "\n"
	}
	if want := "partner@example.org 2026-12-09\npartner@example.org 2026-12-10\n"; got != want {
		t.Errorf("planned are %s, want %s", got, want)
	}
}
