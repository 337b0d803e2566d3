package journeys_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"simpul/hooks/testkit"
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

func TestNoLinkLeadsNowhereAndLookingChangesNothing(t *testing.T) {
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
		if len(c.seen) < 40 && who != "guest" {
			t.Errorf("%s is offered only %d addresses", who, len(c.seen))
		}
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
