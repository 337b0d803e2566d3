package contributions_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/store"
	"simpul/hooks/testkit"
)

// busy is a world of ten thousand contributions, two thousand of them in Kopi,
// and four hundred memberships. It is filled by plain SQL for the sake of time.
func busy(b *testing.B) *testkit.World {
	b.Helper()
	w := testkit.New(b)
	params := dbx.Params{"kopi": w.Kopi.Id, "giver": w.Puskesmas.Id, "other": w.Forum.Id}
	const upto = `WITH RECURSIVE upto(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM upto WHERE n < 9999) `
	for _, statement := range []string{
		`INSERT INTO memberships (id, programme, user, role, organisation) SELECT printf('m%014d', n), printf('p%014d', n % 50),
			printf('u%014d', n), 'partner', printf('o%014d', n % 200) FROM upto WHERE n < 400`,
		`INSERT INTO contributions (id, programme, contributor, kind, item, quantity, verified_quantity, unit, given_on, stage,
			review_status, value_basis, number, submitted_at)
			SELECT printf('c%014d', n), iif(n % 5, printf('p%014d', n % 50), {:kopi}), iif(n % 2, {:giver}, {:other}), 'goods',
			'Sembako nomor ' || n, 20, 20, 'package', date('2026-01-01', '+' || (n % 300) || ' days'), 'delivered',
			iif(n % 50, 'verified', 'submitted'), 'not_valued', printf('SL-2026-%06d', n + 1), '2026-11-01 00:00:00.000Z' FROM upto`,
	} {
		if _, err := w.App.NonconcurrentDB().NewQuery(upto + statement).Bind(params).Execute(); err != nil {
			b.Fatal(err)
		}
	}
	return w
}

// asks repeats a request and reports the CPU time each took, which is steadier
// than the wall clock on a busy machine.
func asks(b *testing.B, handler http.Handler, want int, request func() *http.Request) {
	b.Helper()
	b.ReportAllocs()
	before := cpu(b)
	for b.Loop() {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, request())
		if w.Code != want {
			b.Fatalf("status %d: %.300s", w.Code, w.Body.String())
		}
	}
	b.ReportMetric(float64(cpu(b)-before)/1000/float64(b.N), "cpu-µs/op")
}

func cpu(b *testing.B) int64 {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return used.Utime.Nano() + used.Stime.Nano()
}

func tokenOf(b *testing.B, person *core.Record) string {
	b.Helper()
	token, err := person.NewAuthToken()
	if err != nil {
		b.Fatal(err)
	}
	return token
}

// get asks for a page as a person.
func get(token, path string) func() *http.Request {
	return func() *http.Request {
		req := httptest.NewRequest(http.MethodGet, path, nil)
		req.AddCookie(&http.Cookie{Name: "simpul", Value: token})
		return req
	}
}

func BenchmarkCreateContribution(b *testing.B) {
	w := busy(b)
	token, n := tokenOf(b, w.Partner), 0
	asks(b, w.Handler, http.StatusSeeOther, func() *http.Request {
		n++
		form := url.Values{"once": {"bench" + strconv.Itoa(n)}, "programme": {w.Kopi.Id}, "contributor": {w.Puskesmas.Id},
			"kind": {"goods"}, "item": {"20 paket sembako " + strconv.Itoa(n)}, "given_on": {"2026-11-20"}, "stage": {"delivered"}}
		req := httptest.NewRequest(http.MethodPost, "/contributions", strings.NewReader(form.Encode()))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.AddCookie(&http.Cookie{Name: "simpul", Value: token})
		return req
	})
}

// BenchmarkCreateContributionREST is bare PocketBase on the same data: the same
// collections, indexes and rules, none of our reactions.
func BenchmarkCreateContributionREST(b *testing.B) {
	w := busy(b)
	token, n := tokenOf(b, w.Partner), 0
	if err := w.App.ClearBootstrap(); err != nil {
		b.Fatal(err)
	}
	bare := core.NewBaseApp(core.BaseAppConfig{DataDir: w.App.DataDir(), DBConnect: store.Connect})
	if err := bare.Bootstrap(); err != nil {
		b.Fatal(err)
	}
	asks(b, testkit.Serve(b, bare), http.StatusOK, func() *http.Request {
		n++
		body := fmt.Sprintf(`{"once":"bench%d","programme":%q,"contributor":%q,"kind":"goods","item":"sembako","quantity":20,`+
			`"unit":"package","given_on":"2026-11-20","stage":"delivered","value_basis":"not_valued"}`, n, w.Kopi.Id, w.Puskesmas.Id)
		req := httptest.NewRequest(http.MethodPost, records, strings.NewReader(body))
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Authorization", token)
		return req
	})
	if err := bare.ClearBootstrap(); err != nil {
		b.Fatal(err)
	}
}

func BenchmarkContributionList(b *testing.B) {
	w := busy(b)
	for _, person := range []asker{{"team", w.Coordinator}, {"partner", w.Partner}} {
		b.Run(person.name, func(b *testing.B) { asks(b, w.Handler, http.StatusOK, get(tokenOf(b, person.record), listPath)) })
	}
}

// BenchmarkContributionListREST is PocketBase's own list of thirty such rows.
func BenchmarkContributionListREST(b *testing.B) {
	w := busy(b)
	token := tokenOf(b, w.Coordinator)
	q := url.Values{"filter": {`programme="` + w.Kopi.Id + `"`}, "sort": {"-given_on"}, "perPage": {"30"}, "skipTotal": {"1"}, "expand": {"contributor"}}
	asks(b, w.Handler, http.StatusOK, func() *http.Request {
		req := httptest.NewRequest(http.MethodGet, records+"?"+q.Encode(), nil)
		req.Header.Set("Authorization", token)
		return req
	})
}

func BenchmarkContributionPage(b *testing.B) {
	w := busy(b)
	asks(b, w.Handler, http.StatusOK, get(tokenOf(b, w.Coordinator), "/contributions/c00000000000050"))
}
