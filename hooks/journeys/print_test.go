package journeys_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/pocketbase/dbx"
)

func TestMinutesPrintOnPaperWithALetterhead(t *testing.T) {
	d := newDemo(t)
	v := newVisitor(t, d.home).signedIn(d.people["initiator"])
	v.open("/meetings/" + d.held().Id + "/minutes")
	owner := d.one("organisations", dbx.HashExp{"id": d.programme().GetString("owner")}).GetString("name")
	head := `() => document.querySelector('.letterhead').checkVisibility()`
	if eval[bool](v, head) {
		t.Error("the letterhead is on the screen")
	}

	v.onPaper()
	if !eval[bool](v, head) {
		t.Error("the letterhead is not on the paper")
	}
	paper := strings.ToUpper(eval[string](v, shown))
	for _, words := range []string{owner, "Notulen", "Rapat koordinasi resosialisasi", "13 November 2026", "WIB", "Pimpinan rapat", "Notulis"} {
		if !contains(paper, strings.ToUpper(words)) {
			t.Errorf("the paper lacks %q:\n%s", words, paper)
		}
	}
	for _, hidden := range []string{".site-head", ".site-foot", ".tab-bar", ".crumbs", ".actions", "button"} {
		if eval[bool](v, `(s) => [...document.querySelectorAll(s)].some((one) => one.checkVisibility())`, hidden) {
			t.Errorf("%s is on the paper", hidden)
		}
	}

	file, err := chromedp.Run(v.ctx, chromedp.PrintToPDF(chromedp.PDFPaper(chromedp.PaperA4), chromedp.PDFPreferCSSPageSize(), chromedp.PDFOutlineAndTagged()))
	v.must(err)
	if !bytes.HasPrefix(file, []byte("%PDF-")) || len(file) < 5_000 {
		t.Errorf("printed %d bytes that start with %.8q", len(file), file)
	}
	if !bytes.Contains(file, []byte("/StructTreeRoot")) {
		t.Error("the printed file has no tags for those who listen")
	}
	if pages := bytes.Count(file, []byte("/Type /Page\n")); pages == 0 || pages > 2 {
		t.Errorf("the minutes take %d sheets", pages)
	}
}

func TestEveryPageLeavesItsMenusOffThePaper(t *testing.T) {
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
