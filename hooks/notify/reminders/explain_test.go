package reminders_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

// readable is a post whose pages a plain browser may open as well.
func readable(t *testing.T) *post {
	t.Helper()
	p := newPost(t)
	p.App.Settings().Meta.AppURL = "http://127.0.0.1:8090"
	return p
}

// why reads the page that explains a record's messages to a person, under each
// recipient.
func why(p *post, reader, about *core.Record) map[string]string {
	p.Helper()
	page := p.As(reader).Get("/" + about.Collection().Name + "/" + about.Id + "/reminders").Want(http.StatusOK)
	out := map[string]string{}
	for _, section := range page.Doc().Find("section:has([id^=to-])").EachIter() {
		out[section.Find("h2").Text()] = strings.Join(strings.Fields(section.Find("ul").Text()), " ")
	}
	return out
}

func TestEveryMessageAboutATaskIsExplained(t *testing.T) {
	p := readable(t)
	r := task(p.World, "2026-12-10")
	const partner = "Kepala Puskesmas – Puskesmas Tambakaji"
	before := why(p, p.Initiator, r)
	if got := before[partner]; !strings.Contains(got, "Direncanakan") || !strings.Contains(got, "Masih lama; dibuat saat mendekati harinya") {
		t.Errorf("before anything is due the partner's letters read %q of %v", got, before)
	}
	p.tick("2026-12-07 08:00")
	p.change(p.Partner, "paused_until_on", "2026-12-31")
	if got := why(p, p.Initiator, r)[partner]; !strings.Contains(got, "Terkirim") || !strings.Contains(got, "Penerima sedang menjeda email") {
		t.Errorf("while the partner pauses its letters read %q", got)
	}
	p.change(r, "state", "done")
	if got := why(p, p.Initiator, r)[partner]; !strings.Contains(got, "Dibatalkan") || !strings.Contains(got, "Sudah selesai") || strings.Contains(got, "Masih lama") {
		t.Errorf("once done the partner's letters read %q", got)
	}
}

func TestWhatWasSavedTooLateIsExplained(t *testing.T) {
	p := readable(t)
	p.stand("2026-12-09 09:00")
	r := task(p.World, "2026-12-10")
	found := false
	for _, messages := range why(p, p.Initiator, r) {
		found = found || strings.Contains(messages, "Saat dicatat, waktunya sudah lewat") && strings.Contains(messages, "Dilewati")
	}
	if !found {
		t.Errorf("nothing says what was too late: %v", why(p, p.Initiator, r))
	}
}

func TestAPartnerReadsWhyOfItsOwnMessagesOnly(t *testing.T) {
	p := readable(t)
	p.change(p.rule("task_due", -3), "audience", []string{"organisation", "initiators"})
	r := task(p.World, "2026-12-10")
	if own := why(p, p.Partner, r); len(own) != 1 {
		t.Errorf("the partner reads of %v", own)
	}
	if others := why(p, p.OtherPartner, r); len(others) != 0 {
		t.Errorf("another partner reads of %v", others)
	}
	page := p.As(p.OtherPartner).Get("/tasks/" + r.Id + "/reminders").Want(http.StatusOK)
	if !strings.Contains(page.Text(".empty-list"), "Tidak ada email untuk Anda") || !strings.Contains(page.Text("section:has(#rules)"), "3 hari sebelum tenggat tugas") {
		t.Errorf("it reads %s", page.Text("main"))
	}
	p.As(p.Outsider).Get("/tasks/" + r.Id + "/reminders").Want(http.StatusNotFound)
	p.As(p.Partner).Get("/tasks/nosuchtask00000/reminders").Want(http.StatusNotFound)
}

func TestMessagesAboutMeetingsAndGiftsAreExplainedToo(t *testing.T) {
	p := readable(t)
	m := messages["meeting_soon"].make(p)
	if got := why(p, p.Initiator, m); len(got) == 0 {
		t.Error("no letter about the meeting is explained")
	}
	c := messages["contribution_waiting"].make(p)
	if got := why(p, p.Initiator, c); len(got) == 0 {
		t.Error("no letter about the contribution is explained")
	}
	for about, words := range map[*core.Record]string{m: "Rapat segera dimulai", c: "Kontribusi menunggu verifikasi"} {
		page := p.As(p.Initiator).Get("/" + about.Collection().Name + "/" + about.Id)
		if page.Doc().Find(`a[href$="/reminders"]`).Length() == 0 {
			t.Errorf("no link leads to the letters about %s", words)
		}
	}
}

func TestAMessageThatWillNotLeaveDoesNotReadAsPlanned(t *testing.T) {
	const will, not, why = "Direncanakan", "Tidak akan dikirim", "Penerima menjawab: bukan tugas kami"
	p, r, l := dueMessage(t)
	p.As(nil).Post(answerLink(t, l, "Bukan saya"), "reply_reason", "Lebih tepat untuk kelurahan.").Want(http.StatusSeeOther)
	waits := p.row(r, "2026-12-09 08:00", "partner@example.org")
	team, partner := browser(p, p.Coordinator), contactOf(p, p.Partner).Id
	people := "/programmes/kopi/reminders/people?person=" + partner
	for name, c := range map[string]struct{ state, reason string }{
		"planned":         {"planned", ""},
		"put off already": {"planned", "quiet"},
	} {
		p.rewrite("UPDATE deliveries SET state = '" + c.state + "', reason = '" + c.reason + "' WHERE id = '" + waits.Id + "'")
		for _, path := range []string{"/tasks/" + r.Id + "/reminders", people + "&about=tasks:" + r.Id, people} {
			found := false
			for _, row := range team.Get(path).Want(http.StatusOK).Doc().Find("li.row").EachIter() {
				if text := row.Text(); strings.Contains(text, "9 Des 2026, 08.00 WIB") && strings.Contains(text, why) {
					found = row.Find(".badge.bad").Text() == not && !strings.Contains(text, will)
				}
			}
			if !found {
				t.Errorf("%s, at %s: the letter reads as if it were to leave", name, path)
			}
		}
	}
}

// What is only put off leaves all the same.
func TestAMessageThatIsPutOffReadsAsPlanned(t *testing.T) {
	p := readable(t)
	r := task(p.World, "2026-12-10")
	p.tick("2026-12-07 08:00")
	waits := p.row(r, "2026-12-09 08:00", "partner@example.org")
	p.rewrite("UPDATE deliveries SET reason = 'quiet' WHERE id = '" + waits.Id + "'")
	if got := why(p, p.Initiator, r)["Kepala Puskesmas – Puskesmas Tambakaji"]; !strings.Contains(got, "Di luar jam kirim email") || !strings.Contains(got, "Direncanakan") || strings.Contains(got, "Tidak akan dikirim") {
		t.Errorf("put off it reads %q", got)
	}
}
