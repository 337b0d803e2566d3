package contributions

import (
	"net/url"
	"slices"
	"strconv"

	"github.com/pocketbase/dbx"
)

// perPage is how many contributions a page of a list shows.
const perPage = 30

// Filter is what a list shows, as its address says it.
type Filter struct {
	Status, Kind, Organisation string
	// Page and Others count from 1: the list, and the list of what other
	// partners gave.
	Page, Others int
}

func readFilter(q url.Values) Filter {
	return Filter{
		Status:       oneOf(q.Get("status"), Statuses),
		Kind:         oneOf(q.Get("kind"), Kinds),
		Organisation: q.Get("organisation"),
		Page:         pageNumber(q.Get("page")),
		Others:       pageNumber(q.Get("others")),
	}
}

func oneOf(value string, known []string) string {
	if slices.Contains(known, value) {
		return value
	}
	return ""
}

// pageNumber reads a page's number; no list is a thousand pages long.
func pageNumber(typed string) int {
	n, err := strconv.Atoi(typed)
	if err != nil || n < 1 || n > 1000 {
		return 1
	}
	return n
}

// Plain reports whether nothing is filtered and it is the first page.
func (f Filter) Plain() bool { return f == Filter{Page: 1, Others: 1} }

// URL is the address of the list under this filter.
func (f Filter) URL(base string) string {
	q := url.Values{}
	for name, value := range map[string]string{
		"status": f.Status, "kind": f.Kind, "organisation": f.Organisation, "page": later(f.Page), "others": later(f.Others),
	} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if len(q) == 0 {
		return base
	}
	return base + "?" + q.Encode()
}

func later(number int) string {
	if number <= 1 {
		return ""
	}
	return strconv.Itoa(number)
}

// narrow adds the filter to a query over the table; it reads one row more than
// a page holds, to know whether there is another.
func (f Filter) narrow(q *dbx.SelectQuery, table string, number int) *dbx.SelectQuery {
	for column, value := range map[string]string{"kind": f.Kind, "contributor": f.Organisation} {
		if value != "" {
			q.AndWhere(dbx.HashExp{table + "." + column: value})
		}
	}
	return q.OrderBy(table+".given_on DESC", table+".number DESC").
		Limit(perPage + 1).Offset(int64((number - 1) * perPage))
}
