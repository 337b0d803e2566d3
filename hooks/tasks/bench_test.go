package tasks_test

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

	"simpul/hooks/testkit/check"
)

// sizes are how many tasks the whole hub holds.
var sizes = []int{1_000, 10_000, 100_000}

// hub is a world with many tasks: the coordinator runs ten programmes of a
// hundred open tasks each, the rest of the tasks are other people's.
type hub struct {
	*testkit.World
	programme string // id of one of the ten
	slug      string
}

const perProgramme = 100

// fullHub fills a world by plain SQL: saving each record would take minutes.
func fullHub(b *testing.B, tasks int) *hub {
	b.Helper()
	h := &hub{World: testkit.New(b), programme: "p00000000000003", slug: "bench-3"}
	params := dbx.Params{"me": h.Coordinator.Id, "agency": h.Agency.Id, "programmes": tasks / perProgramme, "each": perProgramme}
	check.NoError(b, h.App.RunInTransaction(func(tx core.App) error {
		for _, statement := range filling {
			if _, err := tx.DB().NewQuery(counting + statement).Bind(params).Execute(); err != nil {
				return fmt.Errorf("%w: %s", err, statement)
			}
		}
		return nil
	}))
	return h
}

// counting offers the numbers n from 0 in the table upto.
const counting = `WITH RECURSIVE upto(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM upto WHERE n < {:programmes} * {:each} - 1) `

// filling makes fifty organisations with a contact each, then programmes with
// their tasks. Whoever asks leads the first ten; after that every ten
// programmes have a leader of their own.
var filling = []string{
	`INSERT INTO organisations (id, name, helix, created) SELECT printf('o%014d', n), 'Organisasi nomor ' || n,
		CASE n % 5 WHEN 0 THEN 'government' WHEN 1 THEN 'university' WHEN 2 THEN 'business' WHEN 3 THEN 'community' ELSE 'media' END,
		'2026-11-01 00:00:00.000Z' FROM upto WHERE n < 50`,
	`INSERT INTO contacts (id, organisation, position, email, focal_point) SELECT printf('c%014d', n), printf('o%014d', n), 'Ketua',
		'ketua' || n || '@example.org', TRUE FROM upto WHERE n < 50`,
	`INSERT INTO users (id, email, tokenKey) SELECT printf('u%014d', n), 'user' || n || '@example.org', printf('k%049d', n)
		FROM upto WHERE n BETWEEN 1 AND {:programmes} / 10`,
	`INSERT INTO programmes (id, slug, name, owner, time_zone, status) SELECT printf('p%014d', n), 'bench-' || n, 'Program ' || n,
		{:agency}, 'Asia/Jakarta', 'active' FROM upto WHERE n < {:programmes}`,
	`INSERT INTO memberships (id, programme, user, role) SELECT printf('m%014d', n), printf('p%014d', n),
		iif(n < 10, {:me}, printf('u%014d', n / 10)), 'initiator' FROM upto WHERE n < {:programmes}`,
	`INSERT INTO stakeholders (id, programme, organisation) SELECT printf('s%014d', n), printf('p%014d', n / 16),
		printf('o%014d', (n / 16 + n % 16) % 50) FROM upto WHERE n < {:programmes} * 16`,
	`INSERT INTO tasks (id, programme, title, organisation, assignee, accountable, state, urgency, due_on)
		SELECT printf('t%014d', n), printf('p%014d', n / {:each}), 'Jadwalkan kunjungan rumah bersama keluarga nomor ' || n,
		printf('o%014d', (n / {:each} + n % 16) % 50), printf('c%014d', (n / {:each} + n % 16) % 50),
		iif(n / {:each} < 10, {:me}, printf('u%014d', n / {:each} / 10)),
		CASE n % 3 WHEN 0 THEN 'todo' WHEN 1 THEN 'in_progress' ELSE 'waiting' END, 'normal',
		date('2026-11-01', '+' || (n % {:each}) || ' days') FROM upto`,
	`UPDATE tasks SET created = '2026-11-01 00:00:00.000Z', updated = '2026-11-01 00:00:00.000Z' WHERE EXISTS (SELECT 1 FROM upto)`,
}

// asks repeats one request to the hub and reports the CPU time each took, which
// is steadier than the wall clock on a busy machine.
func asks(b *testing.B, handler http.Handler, want int, request func() *http.Request) {
	b.Helper()
	first := httptest.NewRecorder()
	handler.ServeHTTP(first, request())
	if first.Code != want {
		b.Fatalf("status %d: %.300s", first.Code, first.Body.String())
	}
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
	b.ReportMetric(float64(first.Body.Len()), "bytes/page")
}

// cpu is the processor time this process has used, in nanoseconds.
func cpu(b *testing.B) int64 {
	b.Helper()
	var used syscall.Rusage
	check.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &used))
	return used.Utime.Nano() + used.Stime.Nano()
}

func token(b *testing.B, person *core.Record) string {
	b.Helper()
	t := check.Must(person.NewAuthToken())
	return t
}

func BenchmarkTaskList(b *testing.B) {
	for _, size := range sizes {
		b.Run(strconv.Itoa(size), func(b *testing.B) {
			h := fullHub(b, size)
			session := token(b, h.Coordinator)
			asks(b, h.Handler, http.StatusOK, func() *http.Request {
				req := httptest.NewRequest(http.MethodGet, "/programmes/"+h.slug+"/tasks", nil)
				req.AddCookie(&http.Cookie{Name: "simpul", Value: session})
				return req
			})
		})
	}
}

// BenchmarkTaskListREST is PocketBase's own list of the same thirty rows.
func BenchmarkTaskListREST(b *testing.B) {
	for _, size := range sizes {
		b.Run(strconv.Itoa(size), func(b *testing.B) {
			h := fullHub(b, size)
			header := token(b, h.Coordinator)
			q := url.Values{"filter": {`programme="` + h.programme + `"`}, "sort": {"due_on,id"}, "perPage": {"30"},
				"skipTotal": {"1"}, "expand": {"organisation,assignee,accountable"}}
			asks(b, h.Handler, http.StatusOK, func() *http.Request {
				req := httptest.NewRequest(http.MethodGet, "/api/collections/tasks/records?"+q.Encode(), nil)
				req.Header.Set("Authorization", header)
				return req
			})
		})
	}
}

func BenchmarkCreateTask(b *testing.B) {
	h := fullHub(b, sizes[0])
	session, n := token(b, h.Coordinator), 0
	asks(b, h.Handler, http.StatusSeeOther, func() *http.Request {
		n++
		form := url.Values{"once": {"bench" + strconv.Itoa(n)}, "title": {"Jadwalkan kunjungan " + strconv.Itoa(n)}, "organisation": {"o00000000000005"},
			"accountable": {h.Coordinator.Id}, "due_on": {"2026-12-10"}, "details": {"Bersama **TKSK**."}, "urgency": {"normal"}}
		req := httptest.NewRequest(http.MethodPost, "/programmes/"+h.slug+"/tasks", strings.NewReader(form.Encode()))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.AddCookie(&http.Cookie{Name: "simpul", Value: session})
		return req
	})
}

// BenchmarkCreateTaskREST is bare PocketBase on the same data: the same
// collections, indexes and rules, none of our reactions.
func BenchmarkCreateTaskREST(b *testing.B) {
	h := fullHub(b, sizes[0])
	header, n := token(b, h.Coordinator), 0
	if err := h.App.ClearBootstrap(); err != nil {
		b.Fatal(err)
	}
	bare := core.NewBaseApp(core.BaseAppConfig{DataDir: h.App.DataDir(), DBConnect: store.Connect})
	if err := bare.Bootstrap(); err != nil {
		b.Fatal(err)
	}
	handler := testkit.Serve(b, bare)
	asks(b, handler, http.StatusOK, func() *http.Request {
		n++
		body := fmt.Sprintf(`{"once":"bench%d","title":"Jadwalkan kunjungan rumah","programme":%q,"organisation":%q,"accountable":%q,`+
			`"due_on":"2026-12-10","details":"Bersama **TKSK**.","urgency":"normal","state":"todo"}`, n, h.programme, "o00000000000005", h.Coordinator.Id)
		req := httptest.NewRequest(http.MethodPost, "/api/collections/tasks/records", strings.NewReader(body))
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Authorization", header)
		return req
	})
	if err := bare.ClearBootstrap(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkTaskListZipped is BenchmarkTaskList as browsers ask for it.
func BenchmarkTaskListZipped(b *testing.B) {
	h := fullHub(b, sizes[0])
	session := token(b, h.Coordinator)
	asks(b, h.Handler, http.StatusOK, func() *http.Request {
		req := httptest.NewRequest(http.MethodGet, "/programmes/"+h.slug+"/tasks", nil)
		req.Header.Set("Accept-Encoding", "gzip")
		req.AddCookie(&http.Cookie{Name: "simpul", Value: session})
		return req
	})
}
