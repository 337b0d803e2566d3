package reminders_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

// prompts lists the planned questions to the forum what it gave, by day.
func prompts(p *post) (out []string) {
	p.Helper()
	for _, row := range ledger(p.World, p.Only("stakeholders", "organisation", p.Forum.Id)) {
		if strings.HasSuffix(row, "other-partner@example.org planned") {
			out = append(out, row[:16])
		}
	}
	return out
}

func TestPartnersThatLoggedNothingAreAskedOnThe25th(t *testing.T) {
	p := newPost(t)
	planAll(p, p.World, p.stand("2026-11-24 00:30"))
	expect(t, prompts(p), "2026-11-25 08:00", "2026-12-23 08:00") // the 25th and 24th of December are holidays
	if n := len(ledger(p.World, p.Only("stakeholders", "organisation", p.Agency.Id))); n != 0 {
		t.Errorf("the programme's own agency is asked %d times", n)
	}
	left := p.tick("2026-11-25 08:00")
	if got := strings.Join(to(left), " "); got != "other-partner@example.org partner@example.org" {
		t.Errorf("letters left to %s", got)
	}
	planAll(p, p.World, p.stand("2026-12-24 00:30"))
	if row := p.row(p.Only("stakeholders", "organisation", p.Forum.Id), "2026-12-23 08:00", "other-partner@example.org"); row.GetString("state") != "planned" {
		t.Errorf("December's letter is %s", row.GetString("state"))
	}
}

func TestAGiftEndsTheQuestionOfItsMonthOnly(t *testing.T) {
	for name, of := range map[string]struct {
		given, status string
		asked         []string
	}{
		"given this month":     {"2026-11-02", "submitted", []string{"2026-12-23 08:00"}},
		"a draft":              {"2026-11-02", "draft", []string{"2026-12-23 08:00"}},
		"given a month ago":    {"2026-10-31", "submitted", []string{"2026-11-25 08:00", "2026-12-23 08:00"}},
		"taken back":           {"2026-11-02", "withdrawn", []string{"2026-11-25 08:00", "2026-12-23 08:00"}},
		"given by another one": {"", "", []string{"2026-11-25 08:00", "2026-12-23 08:00"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPost(t)
			planAll(p, p.World, p.stand("2026-11-24 00:30"))
			g := gift(p, "given_on", "2026-11-02", "contributor", p.Puskesmas.Id)
			if of.given != "" {
				g = gift(p, "given_on", of.given, "review_status", of.status)
			}
			p.born(g, "2026-10-31 23:59")
			p.change(g, "review_status", g.GetString("review_status"), "given_on", g.GetString("given_on"))
			expect(t, prompts(p), of.asked...)
			p.remove(g)
			expect(t, prompts(p), "2026-11-25 08:00", "2026-12-23 08:00")
		})
	}
}

// Whatever was planned, the question is asked again when the message is to leave.
func TestAGiftOfTheLastMinuteStillEndsTheQuestion(t *testing.T) {
	p := newPost(t)
	planAll(p, p.World, p.stand("2026-11-24 00:30"))
	g := gift(p)
	if _, err := p.App.DB().NewQuery("UPDATE deliveries SET state = 'planned', reason = '' WHERE kind = 'contribution_prompt'").Execute(); err != nil {
		t.Fatal(err)
	}
	if left := to(p.tick("2026-11-25 08:00")); slices.Contains(left, "other-partner@example.org") {
		t.Errorf("letters left to %v in spite of %s", left, g.GetString("item"))
	}
	row := p.row(p.Only("stakeholders", "organisation", p.Forum.Id), "2026-11-25 08:00", "other-partner@example.org")
	if row.GetString("state") != "skipped" || row.GetString("reason") != "done" {
		t.Errorf("the letter is %s (%s)", row.GetString("state"), row.GetString("reason"))
	}
}

func TestAPartnerIsNotAskedOutsideItsTime(t *testing.T) {
	for name, of := range map[string][]any{
		"before it joined": {"joined_on", "2026-12-01"}, "after it left": {"ended_on", "2026-11-24"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPost(t)
			p.change(p.Only("stakeholders", "organisation", p.Forum.Id), of...)
			planAll(p, p.World, p.stand("2026-11-24 00:30"))
			if got := prompts(p); slices.Contains(got, "2026-11-25 08:00") {
				t.Errorf("asked on %v", got)
			}
		})
	}
}

func TestAReturnedContributionTellsWhoLoggedItEachTime(t *testing.T) {
	p := newPost(t)
	g := gift(p, "logged_by", p.OtherPartner.Id)
	back := func(at string) {
		p.change(g, "review_status", "needs_revision", "reviewed_at", stored(p, at), "review_note", "Rahasia")
	}
	back("2026-11-23 09:00")
	got := p.only(p.tick("2026-11-23 09:00"))
	if got.To != "other-partner@example.org" || got.Header("Subject") != "Perlu perbaikan: 20 paket sembako" || strings.Contains(got.Part("text/plain"), "Rahasia") {
		t.Errorf("to %s: %s", got.To, got.Part("text/plain"))
	}
	p.change(g, "review_status", "submitted", "submitted_at", stored(p, "2026-11-23 10:00"))
	p.stand("2026-11-23 11:00")
	back("2026-11-23 11:00")
	p.only(p.tick("2026-11-23 11:00"))
	// Put right before the message left, nothing needs saying.
	p.change(g, "review_status", "submitted", "submitted_at", stored(p, "2026-11-23 12:00"))
	p.stand("2026-11-23 13:00")
	back("2026-11-23 13:00")
	p.change(g, "review_status", "submitted")
	if left := p.tick("2026-11-23 13:00"); len(left) != 0 {
		t.Errorf("%d letters left", len(left))
	}
	// The messages to the team about waiting are not touched by those about returning.
	if rows := strings.Join(ledger(p.World, g), "\n"); !strings.Contains(rows, "contribution_waiting initiator@example.org planned") {
		t.Errorf("the ledger holds\n%s", rows)
	}
}

func TestAnIndicatorAsksForItsValueAfterEachPeriod(t *testing.T) {
	for name, of := range map[string]struct {
		period, night string
		want          []string
	}{
		"monthly":   {"monthly", "2026-11-24 00:30", []string{"2026-12-01 08:00", "2026-12-08 08:00", "2026-12-15 08:00"}},
		"quarterly": {"quarterly", "2026-09-20 00:30", []string{"2026-10-01 08:00", "2026-10-08 08:00", "2026-10-15 08:00"}},
		"once":      {"once", "2026-11-24 00:30", nil},
		"yearly":    {"yearly", "2026-12-10 00:30", []string{"2027-01-02 08:00", "2027-01-08 08:00"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPost(t)
			p.stand(of.night)
			p.holiday("2027-01-01", "national_holiday", "", false)
			r := indicator(p, of.period)
			got := duesOf(p, r, "initiator@example.org")
			if !slices.Equal(got, of.want) {
				t.Errorf("asked on %v, want %v", got, of.want)
			}
		})
	}
}

func TestAValueEndsTheQuestionOfItsPeriod(t *testing.T) {
	for name, of := range map[string]struct {
		on   string
		left int
	}{"within": {"2026-11-30", 0}, "the first day": {"2026-11-01", 0}, "before": {"2026-10-31", 3}, "after": {"2026-12-01", 3}} {
		t.Run(name, func(t *testing.T) {
			p := newPost(t)
			r := indicator(p, "monthly")
			p.stand("2026-12-01 07:00")
			p.Make("indicator_values", "indicator", r.Id, "on", of.on, "value", 0)
			got := slices.DeleteFunc(duesOf(p, r, "initiator@example.org"), func(day string) bool { return day > "2026-12-31" })
			if len(got) != of.left {
				t.Errorf("asked on %v", got)
			}
		})
	}
	p := newPost(t)
	r := indicator(p, "monthly", "derived_from", "contributions")
	if n := len(ledger(p.World, r)); n != 0 {
		t.Errorf("a computed indicator asks %d times", n)
	}
}

func TestAnIndicatorDoesNotAskForTimesBeforeIt(t *testing.T) {
	p := newPost(t)
	p.stand("2026-11-01 07:00")
	r := indicator(p, "monthly")
	p.born(r, "2026-11-01 07:00")
	if got := duesOf(p, r, "initiator@example.org"); slices.Contains(got, "2026-11-01 08:00") {
		t.Errorf("asked on %v", got)
	}
	p.born(r, "2026-10-05 07:00")
	if got := duesOf(p, r, "initiator@example.org"); !slices.Contains(got, "2026-11-01 08:00") {
		t.Errorf("asked on %v", got)
	}
}

func TestAMilestoneRemindsTheTeamUntilItIsReached(t *testing.T) {
	for state, planned := range map[string]bool{"planned": true, "in_progress": true, "achieved": false, "partly_achieved": false, "missed": false} {
		p := newPost(t)
		r := milestone(p, "2026-12-10")
		expect(t, duesOf(p, r, "coordinator@example.org"), "2026-12-03 08:00", "2026-12-10 08:00")
		p.change(r, "state", state)
		if got := len(duesOf(p, r, "initiator@example.org")) > 0; got != planned {
			t.Errorf("%s: letters are planned: %v", state, got)
		}
	}
}

func dates(p *post, fields ...any) *core.Record {
	p.Helper()
	usual := []any{"programme", p.Kopi.Id, "name", "Hari penting", "kind", "programme_date", "audience", []string{"initiators", "partners"}, "active", true}
	return p.Make("reminder_rules", append(usual, fields...)...)
}

func TestAProgrammeHasDaysOfItsOwn(t *testing.T) {
	p := newPost(t)
	p.change(p.Kopi, "starts_on", "2026-12-10")
	dates(p, "anchor", "programme.starts_on", "offset_days", -2)
	own := dates(p, "anchor", "programme.on_day", "on_day", "2026-12-17", "at", "10:15", "subject_id", "Hari kopi {when}")
	rows := strings.Join(ledger(p.World, p.Kopi), "\n")
	for _, want := range []string{"2026-12-08 08:00 programme_date initiator@example.org planned", "2026-12-17 10:15 programme_date initiator@example.org planned",
		"2026-12-17 10:15 programme_date partner@example.org planned", "2026-12-17 10:15 programme_date other-partner@example.org planned"} {
		if !strings.Contains(rows, want) {
			t.Errorf("the ledger lacks %s:\n%s", want, rows)
		}
	}
	p.change(own, "on_day", "2026-12-18")
	left := p.tick("2026-12-18 10:15")
	if got := find(p, left, "partner@example.org").Header("Subject"); got != "Hari kopi Jumat, 18 Desember 2026" {
		t.Errorf("the letter is called %q", got)
	}
	if late := p.row(p.Kopi, "2026-12-17 10:15", "partner@example.org"); late.GetString("reason") != "moved" {
		t.Errorf("the letter of the old day is %s (%s)", late.GetString("state"), late.GetString("reason"))
	}
}
