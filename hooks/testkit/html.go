package testkit

import (
	"strings"

	"github.com/PuerkitoBio/goquery"

	"simpul/hooks/testkit/check"
)

// WellFormed checks what every page owes its readers: it can be used with a screen
// reader and without scripts, lacks no word and loads nothing from elsewhere.
func (r *Response) WellFormed(name, language string) {
	r.t.Helper()
	doc := r.Doc()
	check.Lacks(r.t, name, r.Body, "⟦")
	check.Equal(r.t, name+": language", doc.Find("html").AttrOr("lang", ""), language)
	check.Equal(r.t, name+": h1", doc.Find("h1").Length(), 1)
	check.Equal(r.t, name+": inline scripts and styles", doc.Find("main script:not([src]), main style, main [style], main [onclick]").Length(), 0)
	check.Equal(r.t, name+": forms without a button", doc.Find("main form:not(:has(button))").Length(), 0)
	r.references(name, doc, r.uniqueIDs(name, doc))
	last := 0
	for _, heading := range doc.Find("main :is(h1, h2, h3, h4, h5, h6)").EachIter() {
		level := int(goquery.NodeName(heading)[1] - '0')
		if level > last+1 {
			r.t.Errorf("%s: h%d %q follows h%d", name, level, heading.Text(), last)
		}
		last = level
	}
}

// uniqueIDs collects the ids of a page.
func (r *Response) uniqueIDs(name string, doc *goquery.Document) map[string]bool {
	r.t.Helper()
	seen := map[string]bool{}
	for _, element := range doc.Find("[id]").EachIter() {
		id := element.AttrOr("id", "")
		if seen[id] {
			r.t.Errorf("%s: two elements have id %q", name, id)
		}
		seen[id] = true
	}
	return seen
}

// references checks labels, what ARIA points to, and where files come from.
func (r *Response) references(name string, doc *goquery.Document, seen map[string]bool) {
	r.t.Helper()
	for _, control := range doc.Find("main input:not([type=hidden]), main select, main textarea").EachIter() {
		id := control.AttrOr("id", "")
		if _, named := control.Attr("aria-label"); !named && doc.Find("label[for='"+id+"']").Length()+control.Closest("label").Length() == 0 {
			r.t.Errorf("%s: control %q has no label", name, id)
		}
	}
	for _, pointer := range []string{"aria-labelledby", "aria-describedby"} {
		for _, element := range doc.Find("[" + pointer + "]").EachIter() {
			for id := range strings.FieldsSeq(element.AttrOr(pointer, "")) {
				check.Equal(r.t, name+": "+pointer+" "+id, seen[id], true)
			}
		}
	}
	for _, element := range doc.Find("[src], link[href]").EachIter() {
		if from := element.AttrOr("src", element.AttrOr("href", "")); !strings.HasPrefix(from, "/") || strings.HasPrefix(from, "//") {
			r.t.Errorf("%s: loads %s", name, from)
		}
	}
}
