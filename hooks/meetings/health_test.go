package meetings_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

// pages are all pages of the room, each full of what it can hold.
func (w *world) pages() map[string]*testkit.Response {
	w.Helper()
	w.save(strings.Join([]string{line, "- [ ] @Siapa: entah", "KEPUTUSAN: posko buka", "## Judul\n\nIsi."}, "\n\n")).Want(303)
	w.attend(w.Puskesmas, "represented", "name", "Bu Rina")
	w.attend(w.Campus, "absent")
	w.Make("attendances", "meeting", w.meeting.Id, "name", "Pak Lurah", "state", "present_in_person")
	w.plan("mode", "hybrid", "link", "https://example.org/r", "agenda", "1. Satu")
	as := w.As(w.Initiator)
	out := map[string]*testkit.Response{}
	for _, url := range []string{
		"/programmes/kopi/meetings", "/programmes/kopi/meetings?when=past", "/programmes/kopi/meetings/new", "/programmes/rantang/meetings",
		w.url(), w.url() + "/edit", w.url() + "/attendances", w.minutesURL(), w.minutesURL() + "/edit",
	} {
		out[url] = as.Get(url)
	}
	delete(out, "/programmes/rantang/meetings")
	out["preview"] = as.Post(w.minutesURL()+"/preview", "body", line+"\n\nKEPUTUSAN: ya", "revision", "1")
	out["conflict"] = as.Post(w.minutesURL(), "body", "Punya saya", "revision", "7")
	out["wrong minutes"] = as.Post(w.minutesURL(), "body", "", "revision", "1")
	out["wrong form"] = as.Post("/programmes/kopi/meetings", "title", "")
	out["wrong guest"] = as.Post(w.url()+"/guests", "name", "")
	return out
}

func TestEveryControlHasAnIDOfItsOwnAndALabel(t *testing.T) {
	w := newWorld(t)
	for url, page := range w.pages() {
		doc := page.Doc()
		seen := map[string]bool{}
		doc.Find("[id]").Each(func(_ int, s *goquery.Selection) {
			id, _ := s.Attr("id")
			if seen[id] {
				t.Errorf("%s: id %q stands twice", url, id)
			}
			seen[id] = true
		})
		doc.Find("main input:not([type=hidden]), main select, main textarea").Each(func(_ int, s *goquery.Selection) {
			id, _ := s.Attr("id")
			_, labelled := s.Attr("aria-label")
			if id != "" && doc.Find("label[for='"+id+"']").Length() == 0 && s.Closest("label").Length() == 0 && !labelled {
				t.Errorf("%s: %s has no label", url, id)
			}
		})
		for _, pointer := range []string{"aria-labelledby", "aria-describedby"} {
			doc.Find("[" + pointer + "]").Each(func(_ int, s *goquery.Selection) {
				names, _ := s.Attr(pointer)
				for _, name := range strings.Fields(names) {
					if !seen[name] {
						t.Errorf("%s: %s points to %q, which is not there", url, pointer, name)
					}
				}
			})
		}
	}
}

func TestHeadingsStepDownOneByOne(t *testing.T) {
	w := newWorld(t)
	for url, page := range w.pages() {
		last := 0
		page.Doc().Find("main :is(h1, h2, h3, h4, h5, h6)").Each(func(_ int, s *goquery.Selection) {
			level := int(goquery.NodeName(s)[1] - '0')
			if level > last+1 {
				t.Errorf("%s: h%d %q follows h%d", url, level, s.Text(), last)
			}
			last = level
		})
	}
}

func TestPagesNeedNoScriptAndNothingFromElsewhere(t *testing.T) {
	w := newWorld(t)
	for url, page := range w.pages() {
		doc := page.Doc()
		check.Equal(t, url, doc.Find("main script, main style, main [style], main [onclick]").Length(), 0)
		doc.Find("[src], link[href]").Each(func(_ int, s *goquery.Selection) {
			for _, name := range []string{"src", "href"} {
				if to, ok := s.Attr(name); ok && !strings.HasPrefix(to, "/") {
					t.Errorf("%s: loads %s", url, to)
				}
			}
		})
		doc.Find("main form").Each(func(_ int, s *goquery.Selection) {
			if s.Find("button").Length() == 0 {
				t.Errorf("%s: a form has no button", url)
			}
		})
	}
}

func TestPagesAreLight(t *testing.T) {
	w := newWorld(t)
	for url, page := range w.pages() {
		var zipped bytes.Buffer
		z := gzip.NewWriter(&zipped)
		fmt.Fprint(z, page.Body)
		w.Must(z.Close())
		if zipped.Len() > 12_000 {
			t.Errorf("%s weighs %d bytes zipped", url, zipped.Len())
		}
	}
}
