package journeys_test

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"
	"simpul/hooks/testkit/check"
)

// crawler follows every link a person is offered.
type crawler struct {
	*testing.T
	client *testkit.Client
	who    string
	seen   map[string]bool
	queue  []string
	links  map[string]int // how many links of messages were offered, by what they do
}

// mostLinks is how many links of one sort in messages are followed.
const mostLinks = 30

func TestLinks_EveryPage_ResolveAndChangeNothing(t *testing.T) {
	d := newDemo(t)
	before := d.rows()
	if before["activity"] == 0 || before["tasks"] == 0 {
		t.Fatalf("nothing to crawl: %v", before)
	}
	for _, who := range []string{"initiator", "partner", "observer", "administrator", "guest"} {
		c := &crawler{T: t, client: testkit.NewClient(t, d.handler, d.people[who]), who: who, seen: map[string]bool{}, links: map[string]int{}}
		c.offer("/", "/")
		for len(c.queue) > 0 {
			next := c.queue[0]
			c.queue = c.queue[1:]
			c.visit(next)
		}
		t.Logf("%s: %d addresses", who, len(c.seen))
		check.That(t, len(c.seen) >= 40 || who == "guest", "%s is offered only %d addresses", who, len(c.seen))
	}
	for name, count := range d.rows() {
		if count != before[name] {
			t.Errorf("looking at pages changed %s from %d rows to %d", name, before[name], count)
		}
	}
}

// rows counts every collection, PocketBase's own as well.
func (d *demonstration) rows() map[string]int64 {
	d.Helper()
	counts := map[string]int64{}
	all, err := d.app.FindAllCollections()
	if err != nil {
		d.Fatal(err)
	}
	for _, c := range all {
		if c.IsView() {
			continue
		}
		if counts[c.Name], err = d.app.CountRecords(c); err != nil {
			d.Fatal(err)
		}
	}
	return counts
}

func (c *crawler) visit(path string) {
	c.Helper()
	r := c.client.Get(path)
	switch {
	case r.Status == http.StatusSeeOther:
		c.offer(path, r.Header.Get("Location"))
	case r.Status != http.StatusOK:
		c.Errorf("%s at %s: status %d", c.who, path, r.Status)
	case strings.HasPrefix(r.Header.Get("Content-Type"), "text/html"):
		c.read(path, r.Doc())
	}
}

// read collects what a page leads to: links, files, and forms that only ask.
func (c *crawler) read(path string, doc *goquery.Document) {
	c.Helper()
	for selector, attribute := range map[string]string{"a, link, use": "href", "img, script": "src", "form[method=get]": "action"} {
		doc.Find(selector).Each(func(_ int, s *goquery.Selection) {
			if target := s.AttrOr(attribute, ""); target != "" {
				c.offer(path, target)
			}
		})
	}
	doc.Find("a[href^='#']").Each(func(_ int, s *goquery.Selection) {
		if id := s.AttrOr("href", "#")[1:]; doc.Find("[id='"+id+"']").Length() == 0 {
			c.Errorf("%s: %q leads to #%s, which is not on the page", path, s.Text(), id)
		}
	})
}

// enough reports whether an address is like others that were seen, such as one
// more of the links that messages carry.
func (c *crawler) enough(u *url.URL) bool {
	if c.who == "administrator" && u.RawQuery != "" {
		return true // in every programme there are the same filters, and the initiator tries them
	}
	for _, links := range []string{"/reminders/answer/", "/reminders/wishes/", "/unsubscribe/"} {
		if strings.HasPrefix(u.Path, links) {
			c.links[links]++
			return c.links[links] > mostLinks
		}
	}
	return false
}

// offer queues an address of our own that was not seen yet. PocketBase's admin
// UI and links to the outside are not ours to walk.
func (c *crawler) offer(from, target string) {
	c.Helper()
	base, _ := url.Parse(from)
	u, err := base.Parse(target)
	if err != nil {
		c.Errorf("%s links to %q: %v", from, target, err)
		return
	}
	if u.Host != "" || u.Scheme != "" || strings.HasPrefix(u.Path, "/_/") {
		return
	}
	if c.enough(u) {
		return
	}
	u.Fragment = ""
	if key := u.String(); !c.seen[key] {
		c.seen[key] = true
		c.queue = append(c.queue, key)
	}
}

// visit is a page and the person to see it.
type visit struct {
	route, who string
	path       func(d *demonstration) string
	// status is 200 unless told.
	status int
}

func plain(path string) func(*demonstration) string {
	return func(*demonstration) string { return path }
}

// linkTo is the address in a message to the partner.
func linkTo(page string, token func(*core.Record) (string, error)) func(*demonstration) string {
	return func(d *demonstration) string {
		made := check.Must(token(d.people["partner"]))
		return "/sign-in/" + page + "/" + made
	}
}

func inProgramme(rest string) func(*demonstration) string {
	return plain("/programmes/kopi-rehat" + rest)
}

// visits are the pages of the hub, each as somebody who uses it. A new page
// has to be added here, or the test of the site map fails.
var visits = []visit{
	{"/sign-in", "guest", plain("/sign-in"), 0},
	{"/sign-in/code", "guest", plain("/sign-in/code"), 0},
	{"/sign-in/reset", "guest", plain("/sign-in/reset"), 0},
	{"/sign-in/reset/{token}", "guest", linkTo("reset", (*core.Record).NewPasswordResetToken), 0},
	{"/sign-in/reset/{token}", "guest", plain("/sign-in/reset/used"), 410},
	{"/sign-in/verify/{token}", "guest", linkTo("verify", (*core.Record).NewVerificationToken), 0},
	{"/sign-in/new-address/{token}", "guest", linkTo("new-address", func(r *core.Record) (string, error) {
		return r.NewEmailChangeToken("baru@example.org")
	}), 0},
	{"/unsubscribe/{token}", "guest", (*demonstration).unsubscribe, 0},
	{"/unsubscribe/{token}", "guest", plain("/unsubscribe/wrong"), 404},
	{"/reminders/wishes/{token}", "guest", (*demonstration).wishes, 0},
	{"/reminders/wishes/{token}", "guest", plain("/reminders/wishes/wrong"), 404},
	{"/reminders/answer/{token}", "guest", (*demonstration).answer, 0},
	{"/reminders/answer/{token}", "guest", plain("/reminders/answer/wrong"), 404},
	{"/mailbox", "administrator", plain("/mailbox"), 0},
	{"/", "guest", plain("/nowhere"), 404},
	{"/", "partner", plain("/nowhere"), 404},

	{"/{$}", "initiator", plain("/"), 0},
	{"/{$}", "partner", plain("/"), 0},
	{"/{$}", "observer", plain("/"), 0},
	{"/{$}", "administrator", plain("/"), 0},
	{"/programmes/{slug}", "initiator", inProgramme(""), 0},
	{"/programmes/{slug}", "partner", inProgramme(""), 0},
	{"/programmes/{slug}", "observer", plain("/programmes/kopi-rehat"), 0},
	{"/programmes/{slug}", "administrator", plain("/programmes/ska"), 0},

	{"/programmes", "initiator", plain("/programmes"), 0},
	{"/programmes/new", "initiator", plain("/programmes/new"), 0},
	{"/programmes/{slug}/edit", "initiator", inProgramme("/edit"), 0},
	{"/programmes/{slug}/team", "initiator", inProgramme("/team"), 0},

	{"/programmes/{slug}/stakeholders", "initiator", inProgramme("/stakeholders"), 0},
	{"/programmes/{slug}/stakeholders", "partner", inProgramme("/stakeholders"), 0},
	{"/programmes/{slug}/stakeholders/new", "initiator", inProgramme("/stakeholders/new"), 0},
	{"/stakeholders/{id}/edit", "initiator", (*demonstration).stakeholderEdit, 0},
	{"/organisations", "initiator", plain("/organisations"), 0},
	{"/organisations/new", "initiator", plain("/organisations/new"), 0},
	{"/organisations/{id}", "initiator", (*demonstration).organisation, 0},
	{"/organisations/{id}", "partner", (*demonstration).organisation, 0},
	{"/organisations/{id}/edit", "administrator", func(d *demonstration) string { return d.organisation() + "/edit" }, 0},
	{"/organisations/{id}/contacts/new", "administrator", func(d *demonstration) string { return d.organisation() + "/contacts/new" }, 0},
	{"/contacts/{id}/edit", "administrator", (*demonstration).contactEdit, 0},

	{"/tasks", "partner", plain("/tasks"), 0},
	{"/programmes/{slug}/tasks", "initiator", inProgramme("/tasks"), 0},
	{"/programmes/{slug}/tasks", "partner", inProgramme("/tasks?show=done"), 0},
	{"/programmes/{slug}/tasks/new", "initiator", inProgramme("/tasks/new"), 0},
	{"/tasks/{id}", "initiator", (*demonstration).task, 0},
	{"/tasks/{id}", "partner", (*demonstration).task, 0},
	{"/tasks/{id}/edit", "initiator", func(d *demonstration) string { return d.task() + "/edit" }, 0},
	{"/tasks/{id}/reminders", "initiator", func(d *demonstration) string { return d.task() + "/reminders" }, 0},
	{"/tasks/{id}/reminders", "partner", func(d *demonstration) string { return d.task() + "/reminders" }, 0},

	{"/programmes/{slug}/meetings", "initiator", inProgramme("/meetings"), 0},
	{"/programmes/{slug}/meetings/new", "initiator", inProgramme("/meetings/new"), 0},
	{"/meetings/{id}", "initiator", func(d *demonstration) string { return "/meetings/" + d.planned().Id }, 0},
	{"/meetings/{id}", "partner", func(d *demonstration) string { return "/meetings/" + d.held().Id }, 0},
	{"/meetings/{id}/edit", "initiator", func(d *demonstration) string { return "/meetings/" + d.planned().Id + "/edit" }, 0},
	{"/meetings/{id}/reminders", "initiator", func(d *demonstration) string { return "/meetings/" + d.planned().Id + "/reminders" }, 0},
	{"/meetings/{id}/attendances", "initiator", func(d *demonstration) string { return "/meetings/" + d.held().Id + "/attendances" }, 0},
	{"/meetings/{id}/minutes", "initiator", func(d *demonstration) string { return "/meetings/" + d.held().Id + "/minutes" }, 0},
	{"/meetings/{id}/minutes/edit", "initiator", func(d *demonstration) string { return "/meetings/" + d.held().Id + "/minutes/edit" }, 0},

	{"/programmes/{slug}/contributions", "initiator", inProgramme("/contributions"), 0},
	{"/programmes/{slug}/contributions", "partner", inProgramme("/contributions"), 0},
	{"/contributions/new", "partner", plain("/contributions/new"), 0},
	{"/contributions/new", "administrator", plain("/contributions/new"), 0},
	{"/contributions/{id}", "initiator", func(d *demonstration) string { return "/contributions/" + d.contribution("submitted").Id }, 0},
	{"/contributions/{id}", "partner", (*demonstration).returned, 0},
	{"/contributions/{id}", "initiator", func(d *demonstration) string { return "/contributions/" + d.contribution("verified").Id }, 0},
	{"/contributions/{id}/reminders", "initiator", func(d *demonstration) string {
		return "/contributions/" + d.contribution("submitted").Id + "/reminders"
	}, 0},
	{"/contributions/{id}/edit", "partner", func(d *demonstration) string { return d.returned() + "/edit" }, 0},

	{"/programmes/{slug}/indicators", "initiator", inProgramme("/indicators"), 0},
	{"/programmes/{slug}/indicators/new", "initiator", inProgramme("/indicators/new"), 0},
	{"/indicators/{id}/values/new", "initiator", (*demonstration).newValue, 0},
	{"/programmes/{slug}/reminders", "initiator", inProgramme("/reminders"), 0},
	{"/programmes/{slug}/reminders/new", "initiator", inProgramme("/reminders/new"), 0},
	{"/programmes/{slug}/reminders/new", "initiator", inProgramme("/reminders/new?kind=task_overdue"), 0},
	{"/programmes/{slug}/reminders/new", "initiator", inProgramme("/reminders/new?kind=programme_date"), 0},
	{"/programmes/{slug}/reminders/{id}", "initiator", (*demonstration).hubRule, 0},
	{"/programmes/{slug}/reminders/people", "initiator", (*demonstration).peopleAsked, 0},
	{"/deliveries", "partner", plain("/deliveries"), 0},
	{"/deliveries", "initiator", plain("/deliveries?show=unread"), 0},
	{"/programmes/{slug}/deliveries/by-hand", "initiator", inProgramme("/deliveries/by-hand"), 0},
	{"/me", "partner", plain("/me"), 0},
	{"/me", "administrator", plain("/me"), 0},
	{"/devices", "partner", plain("/devices"), 0},
}

// notPages answer a GET with something that is not a page of words.
var notPages = []string{"/assets/{hash}/{path...}", "/evidence/{id}/file", "/meetings/{id}/calendar.ics", "/health", "/sw.js", "/api/{path...}"}

func TestRoutes_All_Visited(t *testing.T) {
	var raw []byte
	for _, name := range []string{"routes.go"} {
		part := check.Must(os.ReadFile(filepath.Join(testkit.Root(), "hooks", name)))
		raw = append(raw, part...)
	}
	known := map[string]bool{}
	for _, path := range notPages {
		known[path] = true
	}
	for _, v := range visits {
		known[v.route] = true
	}
	bound := regexp.MustCompile(`\.(?:GET|Any)\("([^"]+)"`).FindAllStringSubmatch(string(raw), -1)
	if len(bound) < 40 {
		t.Fatalf("only %d addresses read from the site map", len(bound))
	}
	there := map[string]bool{}
	for _, route := range bound {
		there[route[1]] = true
		if !known[route[1]] {
			t.Errorf("%s is bound and no visit sees it", route[1])
		}
	}
	for path := range known {
		check.That(t, there[path], "%s is visited and not bound", path)
	}
}

// rowsOfButtons counts, for each reminder on the page, the rows in which its buttons stand.
const rowsOfButtons = `() => [...document.querySelectorAll('main .rows .actions')]
	.map((all) => new Set([...all.querySelectorAll('button')].map((one) => Math.round(one.getBoundingClientRect().top))).size)`

func TestHome_Unreached_FitsSmallPhone(t *testing.T) {
	for _, language := range languages {
		w := newTown(t)
		task := w.Make("tasks", "programme", w.Kopi.Id, "title", "Jadwalkan kunjungan", "organisation", w.Puskesmas.Id,
			"accountable", w.Initiator.Id, "due_on", "2026-12-10", "state", "todo")
		w.Make("deliveries", "kind", "task_due", "user", w.Partner.Id, "email", "partner@example.org", "key", "a", "programme", w.Kopi.Id, "language", "id",
			"subject_collection", "tasks", "subject_id", task.Id, "due_at", "2026-11-23 01:00:00.000Z", "state", "sent", "url", "/tasks/"+task.Id)
		person := w.Fresh(w.Partner)
		person.Set("language", language)
		check.NoError(t, w.App.Save(person))
		v := w.come(person)
		v.cookie("language", language)
		v.open("/deliveries")
		check.Same(t, language+": the buttons stand", eval[[]int](v, rowsOfButtons), []int{1})
		says := eval[string](v, `() => document.querySelector('main .rows .cluster').innerText`)
		if want := map[string]string{"id": "Belum dibaca", "en": "Unread"}[language]; !strings.HasPrefix(says, want) || !strings.Contains(says, "KOPI REHAT") {
			t.Errorf("%s: under the title stands %q", language, says)
		}
		v.clean("deliveries")
	}
}
