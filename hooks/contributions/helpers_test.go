package contributions_test

import "github.com/PuerkitoBio/goquery"

// hidden returns what a form carries without being typed.
func hidden(doc *goquery.Document) []string {
	fields := []string{}
	doc.Find("main form input[type=hidden]").Each(func(_ int, s *goquery.Selection) {
		name, _ := s.Attr("name")
		value, _ := s.Attr("value")
		fields = append(fields, name, value)
	})
	return fields
}
