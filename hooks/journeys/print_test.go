package journeys_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/chromedp/chromedp"
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit/check"
)

func TestPrint_Minutes_Letterhead(t *testing.T) {
	d := newDemo(t)
	v := newVisitor(t, d.home).signedIn(d.people["initiator"])
	v.open("/meetings/" + d.held().Id + "/minutes")
	owner := d.one("organisations", dbx.HashExp{"id": d.programme().GetString("owner")}).GetString("name")
	head := `() => document.querySelector('.letterhead').checkVisibility()`
	check.That(t, !eval[bool](v, head), "the letterhead is on the screen")

	v.onPaper()
	check.That(t, eval[bool](v, head), "the letterhead is not on the paper")
	paper := strings.ToUpper(eval[string](v, shown))
	for _, words := range []string{owner, "Notulen", "Rapat koordinasi resosialisasi", "13 November 2026", "WIB", "Pimpinan rapat", "Notulis"} {
		check.That(t, contains(paper, strings.ToUpper(words)), "the paper lacks %q:\n%s", words, paper)
	}
	for _, hidden := range []string{".site-head", ".site-foot", ".tab-bar", ".crumbs", ".actions", "button"} {
		check.That(t, !eval[bool](v, `(s) => [...document.querySelectorAll(s)].some((one) => one.checkVisibility())`, hidden), "%s is on the paper", hidden)
	}

	file, err := chromedp.Run(v.ctx, chromedp.PrintToPDF(chromedp.PDFPaper(chromedp.PaperA4), chromedp.PDFPreferCSSPageSize(), chromedp.PDFOutlineAndTagged()))
	v.must(err)
	check.That(t, bytes.HasPrefix(file, []byte("%PDF-")) && len(file) >= 5_000, "printed %d bytes that start with %.8q", len(file), file)
	check.That(t, bytes.Contains(file, []byte("/StructTreeRoot")), "the printed file has no tags for those who listen")
	if pages := bytes.Count(file, []byte("/Type /Page\n")); pages == 0 || pages > 2 {
		t.Errorf("the minutes take %d sheets", pages)
	}
}

func TestPrint_EveryPage_NoMenus(t *testing.T) {
	d := newDemo(t)
	v := newVisitor(t, d.home).signedIn(d.people["initiator"])
	v.onPaper()
	for _, path := range []string{"/", "/programmes/kopi-rehat", "/programmes/kopi-rehat/tasks", "/programmes/kopi-rehat/contributions",
		"/contributions/" + d.contribution("verified").Id, "/meetings/" + d.held().Id} {
		v.open(path)
		if menus := eval[[]string](v, `() => [...document.querySelectorAll('nav, .site-foot, .toast, [data-print]')]
			.filter((one) => one.checkVisibility() && one.getClientRects().length).map((one) => one.className || one.tagName)`); len(menus) > 0 {
			t.Errorf("%s prints its %v", path, menus)
		}
		if dark := eval[string](v, `() => getComputedStyle(document.body).color`); dark == "rgb(238, 242, 245)" {
			t.Errorf("%s prints light ink", path)
		}
	}
}

// Budgets in bytes over the wire, on a first visit with an empty cache.
const (
	maxDashboard = 25_000
	maxGiftForm  = 20_000
	maxScripts   = 6_000 // all that we have written, the service worker too
)

func TestPages_Weight_WithinBudget(t *testing.T) {
	d := newDemo(t)
	for _, page := range []struct {
		path, who string
		most      int
	}{
		{"/programmes/kopi-rehat", "initiator", maxDashboard},
		{"/programmes/kopi-rehat", "partner", maxDashboard},
		{"/contributions/new", "partner", maxGiftForm},
		{"/devices", "partner", maxGiftForm},
	} {
		for _, language := range languages {
			parts := firstView(t, d.home, page.path, d.speak(page.who, language))
			if page.path == "/devices" {
				fetched(t, d.home+"/sw.js", "", parts) // what pressing the button there brings
			}
			total := 0
			for _, size := range parts {
				total += size
			}
			t.Logf("%s as %s in %s: %d bytes gzipped on a first visit: %s", page.path, page.who, language, total, listed(parts))
			check.That(t, total <= page.most, "%s as %s weighs %d bytes, more than %d", page.path, page.who, total, page.most)
			if scripts := scripts(parts); scripts == 0 || scripts > maxScripts {
				t.Errorf("%s runs %d bytes of scripts, want 1 to %d", page.path, scripts, maxScripts)
			}
		}
	}
}

// firstView asks for a page and all that it shows, as a browser that has seen
// nothing yet, and returns how many bytes each part took over the wire.
func firstView(t *testing.T, home, path string, person *core.Record) map[string]int {
	t.Helper()
	token := check.Must(person.NewAuthToken())
	parts := map[string]int{}
	body := fetched(t, home+path, token, parts)
	doc := check.Must(goquery.NewDocumentFromReader(strings.NewReader(body)))
	for selector, attribute := range map[string]string{
		"link[rel=stylesheet], link[rel=modulepreload], link[rel=icon], use": "href", "script, img": "src",
	} {
		doc.Find(selector).Each(func(_ int, s *goquery.Selection) {
			url, _, _ := strings.Cut(s.AttrOr(attribute, ""), "#")
			if !strings.HasPrefix(url, "/") {
				t.Fatalf("%s shows something of elsewhere: %q", path, url)
			}
			if _, seen := parts[home+url]; !seen {
				fetched(t, home+url, token, parts)
			}
		})
	}
	return parts
}

// fetched notes the bytes of the compressed answer and returns it unpacked.
func fetched(t *testing.T, url, token string, parts map[string]int) string {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept-Encoding", "gzip")
	req.AddCookie(&http.Cookie{Name: "simpul", Value: token})
	answer, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	raw, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: status %d, %v", url, answer.StatusCode, err)
	}
	check.Equal(t, url+" comes uncompressed", answer.Header.Get("Content-Encoding"), "gzip")
	parts[url] = len(raw)
	unzipped, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(unzipped)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func scripts(parts map[string]int) (total int) {
	for url, size := range parts {
		if strings.HasSuffix(url, ".js") {
			total += size
		}
	}
	return total
}

// listed shows the parts of a page, the last piece of each address.
func listed(parts map[string]int) string {
	var out []string
	for _, url := range slices.Sorted(maps.Keys(parts)) {
		out = append(out, fmt.Sprintf("%s %d", url[strings.LastIndex(url, "/")+1:], parts[url]))
	}
	return strings.Join(out, ", ")
}
