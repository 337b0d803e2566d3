package reminders_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"simpul/hooks/notify/outbox"
	"simpul/hooks/testkit"
)

// full is the daily message of somebody who leads a programme and speaks for a partner, with more under each heading than
// it lists.
func full(t *testing.T, title, hub string) testkit.Post {
	p := newPost(t)
	p.change(p.Partner, "mail_frequency", "daily")
	p.Make("memberships", "programme", p.Kopi.Id, "user", p.Partner.Id, "role", "initiator")
	p.change(p.rule("task_due", -3), "audience", []string{"organisation", "initiators"})
	if _, err := p.App.DB().Update("hub_settings", dbx.Params{"hub_name": hub}, nil).Execute(); err != nil {
		t.Fatal(err)
	}
	for n := range 25 {
		name := fmt.Sprintf("%02d %s", n, title)
		task(p.World, "2026-12-10", "title", "Kami "+name)
		task(p.World, "2026-12-10", "title", "Lain "+name, "organisation", p.Forum.Id)
		task(p.World, "2027-06-10", "title", "Baru "+name, "organisation", p.Forum.Id)
	}
	if _, err := p.App.DB().NewQuery("UPDATE activity SET created = {:at}").Bind(dbx.Params{"at": stored(p, "2026-12-06 15:00")}).Execute(); err != nil {
		t.Fatal(err)
	}
	return find(p, p.tick("2026-12-07 08:00"), "partner@example.org")
}

func TestA14TheFullestDailyMessageStaysBelowSixtyThousandBytes(t *testing.T) {
	for name, of := range map[string]struct {
		title, hub    string
		yours, others int // rows that are listed
	}{
		"usual titles":   {"Jadwal kunjungan rumah dan pendataan keluarga", "Simpul Lima", 20, 20},
		"longest titles": {strings.Repeat("é", 190), strings.Repeat("ü", 200), 0, 0},
		"many signs":     {strings.Repeat(`=<"&'`, 38), strings.Repeat("<", 200), 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			l := full(t, of.title, of.hub)
			t.Logf("%d bytes", len(l.Raw))
			if len(l.Raw) >= 60_000 {
				t.Errorf("%d bytes", len(l.Raw))
			}
			yours, others := strings.Count(text(l), "- Kami "), strings.Count(text(l), "- Lain ")
			if of.yours > 0 && (yours < of.yours || others < of.others) {
				t.Errorf("%d rows wait for the reader and %d for others, want %d and %d", yours, others, of.yours, of.others)
			}
			if links := strings.Count(text(l), outbox.AnswerPath); yours < 3 || links != 3*min(yours, 20) {
				t.Errorf("%d answers in %d rows", links, yours)
			}
			for _, heading := range []string{"Menunggu Anda\n", "Menunggu pihak lain\n", "Kabar\n", "hal lain di Simpul Lima."} {
				if !strings.Contains(text(l), heading) {
					t.Errorf("the letter lacks %q", heading)
				}
			}
		})
	}
}
