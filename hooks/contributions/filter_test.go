package contributions

import (
	"net/url"
	"testing"

	"simpul/hooks/web"
)

func TestAFilterIsItsAddress(t *testing.T) {
	for _, c := range []struct {
		query string
		want  Filter
		url   string
	}{
		{"", Filter{Page: 1, Others: 1}, "/x"},
		{"status=verified&kind=goods&organisation=abc", Filter{"verified", "goods", "abc", 1, 1}, "/x?kind=goods&organisation=abc&status=verified"},
		{"status=paid&kind=gold", Filter{Page: 1, Others: 1}, "/x"},
		{"page=3&others=2", Filter{Page: 3, Others: 2}, "/x?others=2&page=3"},
		{"page=0&others=-4", Filter{Page: 1, Others: 1}, "/x"},
		{"page=1001&others=9999999999999999999999", Filter{Page: 1, Others: 1}, "/x"},
		{"organisation=" + url.QueryEscape(`"><b>`), Filter{Organisation: `"><b>`, Page: 1, Others: 1}, "/x?organisation=%22%3E%3Cb%3E"},
	} {
		q, err := url.ParseQuery(c.query)
		if err != nil {
			t.Fatal(err)
		}
		f := readFilter(q)
		if f != c.want || f.URL("/x") != c.url {
			t.Errorf("%q: %+v at %s, want %+v at %s", c.query, f, f.URL("/x"), c.want, c.url)
		}
		if f.Plain() != (c.url == "/x") {
			t.Errorf("%q: plain is %v", c.query, f.Plain())
		}
	}
}

func TestPagesAreCutAndLabelled(t *testing.T) {
	turn := func(number int) string { return "/page" + string(rune('0'+number)) }
	for _, c := range []struct {
		found, number   int
		rows            int
		previous, label string
		next            string
	}{
		{0, 1, 0, "", "", ""},
		{30, 1, 30, "", "", ""},
		{31, 1, 30, "", "1–30", "/page2"},
		{31, 2, 30, "/page1", "31–60", "/page3"},
		{4, 3, 4, "/page2", "61–64", ""},
	} {
		got := paged(make([]Listed, c.found), c.number, turn, "id")
		want := web.Pager{Previous: c.previous, Next: c.next, Label: c.label}
		if len(got.Rows) != c.rows || got.Pager != want {
			t.Errorf("%d found on page %d: %d rows, %+v, want %d and %+v", c.found, c.number, len(got.Rows), got.Pager, c.rows, want)
		}
	}
}
