package contributions

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

func TestReadQuery_KnownValues_MakeTheAddress(t *testing.T) {
	for _, c := range []struct {
		query, url string
		others     int
	}{
		{"", "/x", 1},
		{"status=verified&kind=goods&organisation=abc", "/x?kind=goods&organisation=abc&status=verified", 1},
		{"status=paid&kind=gold", "/x", 1},
		{"page=3&others=2", "/x?others=2&page=3", 2},
		{"page=0&others=-4", "/x", 1},
		{"page=10001&others=9999999999999999999999", "/x", 1},
		{"others=1001", "/x", 1},
		{"organisation=" + url.QueryEscape(`"><b>`), "/x?organisation=%22%3E%3Cb%3E", 1},
	} {
		e := &core.RequestEvent{}
		e.Request = httptest.NewRequest(http.MethodGet, "/x?"+c.query, nil)
		q := readQuery(e, "/x")
		if q.URL() != c.url || othersPage(q.Get("others")) != c.others {
			t.Errorf("%q: %s and page %d of others, want %s and %d", c.query, q.URL(), othersPage(q.Get("others")), c.url, c.others)
		}
	}
}

func TestOthersURL_KeepsThePageOfOwn(t *testing.T) {
	e := &core.RequestEvent{}
	e.Request = httptest.NewRequest(http.MethodGet, "/x?kind=goods&page=3&others=2", nil)
	q := readQuery(e, "/x")
	for n, want := range map[int]string{1: "/x?kind=goods&page=3", 2: "/x?kind=goods&others=2&page=3", 4: "/x?kind=goods&others=4&page=3"} {
		if got := othersURL(q, n); got != want {
			t.Errorf("page %d: %s, want %s", n, got, want)
		}
	}
}
