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
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit/check"
)

// Budgets in bytes over the wire, on a first visit with an empty cache.
const (
	maxDashboard = 25_000
	maxGiftForm  = 20_000
	maxScripts   = 6_000 // all that we have written, the service worker too
)

func TestPagesAreLightEnoughForASlowLine(t *testing.T) {
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
			if total > page.most {
				t.Errorf("%s as %s weighs %d bytes, more than %d", page.path, page.who, total, page.most)
			}
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
