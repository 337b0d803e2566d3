package web

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/fields"
	"simpul/hooks/lang"
)

// PerPage is how many rows a page of a list shows.
const PerPage = 30

// FilterTab is one filter above a list, as the part "filter_pills" shows it.
type FilterTab struct {
	Label, URL string
	Current    bool
	Count      int
}

// Pager leads to the neighbouring pages of a list, as the part "pager" shows it.
// First is where the list begins, for who asked for a page behind its end.
type Pager struct{ Previous, Next, Label, First string }

// EmptyState says what an empty list is for and offers one step, as the part
// "empty" shows it.
type EmptyState struct{ Icon, Title, Text, URL, Label string }

// Empty is an empty state whose words stand under a key, its _text and its _action.
func Empty(language, icon, key, url string) *EmptyState {
	return &EmptyState{Icon: icon, Title: lang.T(language, key), Text: lang.T(language, key+"_text"),
		URL: url, Label: lang.T(language, key+"_action")}
}

// Known are the filters of a list and the values each may have; none means any.
type Known map[string][]string

// And adds the fields by which the lists of a noun can be narrowed.
func (k Known) And(n fields.Noun) Known {
	for _, f := range n.Filters() {
		k[f.Name] = nil
	}
	return k
}

// Query is what narrows a list and which page of it is shown. It is read from
// the address and written into it, so that a list can be shared and kept.
type Query struct {
	path   string
	values url.Values
	Page   int
}

// NewQuery is the list at a path without filters; pairs of name and value add some.
func NewQuery(path string, pairs ...string) Query {
	return Query{path: path, values: url.Values{}, Page: 1}.With(pairs...)
}

// ReadQuery takes the known filters from the address. What it does not know is
// left out, so an old or mistyped address still shows a list.
func ReadQuery(e *core.RequestEvent, path string, known Known) Query {
	q, asked := NewQuery(path), e.Request.URL.Query()
	for name, values := range known {
		if v := asked.Get(name); v != "" && (len(values) == 0 || slices.Contains(values, v)) {
			q.values.Set(name, v)
		}
	}
	q.Page = PageNumber(e)
	return q
}

// PageNumber reads which page of a list the address asks for; the first is 1.
func PageNumber(e *core.RequestEvent) int {
	number, err := strconv.Atoi(e.Request.URL.Query().Get("page"))
	if err != nil || number < 1 || number > 10_000 {
		return 1
	}
	return number
}

// Get returns the value of a filter, "" if it narrows nothing.
func (q Query) Get(name string) string { return q.values.Get(name) }

// Has reports whether one of these filters narrows the list.
func (q Query) Has(names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return q.values.Get(name) != "" })
}

// Plain reports whether nothing narrows the list.
func (q Query) Plain() bool { return len(q.values) == 0 }

// With is the first page under other filters, given as pairs of name and value;
// an empty value takes a filter away.
func (q Query) With(pairs ...string) Query {
	to := Query{path: q.path, values: url.Values{}, Page: 1}
	for name := range q.values {
		to.values.Set(name, q.values.Get(name))
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if to.values.Del(pairs[i]); pairs[i+1] != "" {
			to.values.Set(pairs[i], pairs[i+1])
		}
	}
	return to
}

// Change is With for the same page.
func (q Query) Change(pairs ...string) Query {
	to := q.With(pairs...)
	to.Page = q.Page
	return to
}

// URL is the address of the list under its filters.
func (q Query) URL() string {
	values := q.With().values
	if q.Page > 1 {
		values.Set("page", strconv.Itoa(q.Page))
	}
	if len(values) == 0 {
		return q.path
	}
	return q.path + "?" + values.Encode()
}

// Tab is a filter that leads to the list under these filters.
func (q Query) Tab(label string, current bool) FilterTab {
	return FilterTab{Label: label, URL: q.URL(), Current: current}
}

// Hidden are the filters as fields of a form that changes some of them; those
// named are left out.
func (q Query) Hidden(but ...string) (pairs []Pair) {
	for name := range q.values {
		if !slices.Contains(but, name) {
			pairs = append(pairs, Pair{name, q.values.Get(name)})
		}
	}
	slices.SortFunc(pairs, func(a, b Pair) int { return cmp.Compare(a.Name, b.Name) })
	return pairs
}

// Limit asks for the rows of one page and one more: it tells whether there is a
// next page without counting all rows.
func (q Query) Limit(s *dbx.SelectQuery) {
	s.Limit(PerPage + 1).Offset(int64((q.Page - 1) * PerPage))
}

// Narrow adds the conditions of the fields by which the lists of a noun can be
// narrowed.
func (q Query) Narrow(n fields.Noun, s *dbx.SelectQuery) {
	for _, f := range n.Filters() {
		column, value := n.Name+"."+f.Name, q.Get(f.Name)
		switch {
		case value == "":
		case f.Is(fields.Search):
			s.AndWhere(dbx.Like(column, value))
		default:
			s.AndWhere(dbx.HashExp{column: value})
		}
	}
}

// Picker asks for the fields by which the lists of a noun can be narrowed. A
// filter is empty unless it is wanted, so none says that it may be.
func (q Query) Picker(e *core.RequestEvent, n fields.Noun, choices Choices) ([]Field, error) {
	c, err := e.App.FindCachedCollectionByNameOrId(n.Name)
	if err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	inputs := Inputs{}
	for _, f := range n.Filters() {
		inputs = append(inputs, control(c.Fields.GetByName(f.Name), f, choices).Unmarked())
	}
	form := NewForm(e, n.Name, inputs...)
	for _, i := range inputs {
		form.Set(i.name, q.Get(i.name))
	}
	return form.Fields(), nil
}

// Cut keeps the rows of one page of what Limit found, with the ways to the
// pages before and behind.
func Cut[T any](q Query, found []T) ([]T, Pager) {
	var p Pager
	to := q
	if len(found) == 0 && q.Page > 1 {
		to.Page = 1
		return nil, Pager{First: to.URL()}
	}
	if q.Page > 1 {
		to.Page = q.Page - 1
		p.Previous = to.URL()
	}
	if len(found) > PerPage {
		to.Page = q.Page + 1
		p.Next = to.URL()
	}
	return found[:min(len(found), PerPage)], p
}

// Pages leads to the pages before and behind, keeping the filters of the
// address. Shown is how many rows the page holds, more whether others follow.
func Pages(e *core.RequestEvent, number, shown int, more bool) Pager {
	to := func(n int) string {
		query := e.Request.URL.Query()
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

// Range labels a pager with the first and last row of its page: "31–60".
func (q Query) Range(p Pager, shown int) Pager {
	if p.First == "" {
		first := (q.Page-1)*PerPage + 1
		p.Label = strconv.Itoa(first) + "–" + strconv.Itoa(first+max(0, shown-1))
	}
	return p
}
