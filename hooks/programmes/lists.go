package programmes

import (
	"net/url"
	"strconv"

	"github.com/pocketbase/pocketbase/core"
)

// Pill is one filter above a list, as the part "filter_pills" shows it.
type Pill struct {
	Label, URL string
	Current    bool
	Count      int
}

// Pager leads to the neighbouring pages of a list, as the part "pager" shows
// it. First is where the list begins, for who asked for a page behind its end.
type Pager struct{ Previous, Next, Label, First string }

// PageNumber reads which page of a list the address asks for; the first is 1.
func PageNumber(e *core.RequestEvent) int {
	number, err := strconv.Atoi(e.Request.URL.Query().Get("page"))
	if err != nil || number < 1 || number > 10_000 {
		return 1
	}
	return number
}

// Pages leads to the pages before and behind, keeping the filters of the
// address. Shown is how many rows the page holds, more whether others follow.
func Pages(e *core.RequestEvent, number, shown int, more bool) Pager {
	to := func(n int) string {
		query := url.Values{}
		for name, values := range e.Request.URL.Query() {
			query[name] = values
		}
		query.Set("page", strconv.Itoa(n))
		return e.Request.URL.Path + "?" + query.Encode()
	}
	var p Pager
	if number > 1 {
		p.Previous = to(number - 1)
	}
	if more {
		p.Next = to(number + 1)
	}
	if shown == 0 && number > 1 {
		return Pager{First: to(1)}
	}
	return p
}
