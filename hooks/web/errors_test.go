package web_test

import (
	"bufio"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"simpul/hooks/lang"
	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

// telling are words that only the inside of the hub would use.
var telling = regexp.MustCompile(`SELECT|SQL|nowhere|secrets|no such table|goroutine|/var/lib|\.go:\d|panic`)

func TestErrorsArePagesInTheReadersLanguage(t *testing.T) {
	w := world(t)
	for path, status := range map[string]int{
		"/no/such/page":              http.StatusNotFound,
		"/test/refused":              http.StatusNotFound,
		"/test/problems":             http.StatusUnprocessableEntity,
		"/test/invalid":              http.StatusUnprocessableEntity,
		"/test/fall":                 http.StatusInternalServerError,
		"/test/driver":               http.StatusInternalServerError,
		"/test/unknown":              http.StatusInternalServerError,
		"/assets/0123456789ab/no.js": http.StatusNotFound,
	} {
		for _, language := range lang.Languages {
			c := w.As(nil)
			c.SetCookie("language", language)
			isErrorPage(t, c.Get(path).Want(status), language, status)
		}
	}
}

// isErrorPage checks that an answer is a whole page with the right words.
func isErrorPage(t *testing.T, r *testkit.Response, language string, status int) {
	t.Helper()
	key := map[int]string{http.StatusNotFound: "404", http.StatusForbidden: "403", http.StatusRequestEntityTooLarge: "413",
		http.StatusUnprocessableEntity: "422", http.StatusTooManyRequests: "429", http.StatusInternalServerError: "500", http.StatusBadRequest: "400"}[status]
	if got, want := r.Text("h1"), lang.T(language, "page.error_"+key+"_title"); got != want {
		t.Errorf("%d in %s is titled %q, want %q", status, language, got, want)
	}
	if !strings.Contains(r.Text("main"), lang.T(language, "page.error_"+key+"_text")) {
		t.Errorf("%d in %s does not say what to do: %s", status, language, r.Text("main"))
	}
	if got, _ := r.Doc().Find("html").Attr("lang"); got != language {
		t.Errorf("%d is in %q, want %q", status, got, language)
	}
	if kind := r.Header.Get("Content-Type"); !strings.HasPrefix(kind, "text/html") {
		t.Errorf("%d is sent as %s", status, kind)
	}
	if found := telling.FindString(r.Body); found != "" {
		t.Errorf("%d says %q", status, found)
	}
	if !strings.HasSuffix(strings.TrimSpace(r.Body), "</html>") {
		t.Errorf("%d is half a page", status)
	}
}

func TestAnUnknownErrorReadsLikeAFaultOfOurs(t *testing.T) {
	r := world(t).As(nil).Get("/test/teapot").Want(http.StatusTeapot)
	if got, want := r.Text("h1"), lang.T("id", "page.error_500_title"); got != want {
		t.Errorf("titled %q, want %q", got, want)
	}
}

func TestAnAnswerThatIsOutIsLeftAlone(t *testing.T) {
	r := world(t).As(nil).Get("/test/written").Want(http.StatusOK)
	check.Equal(t, "the answer", r.Body, "whole")
}

func TestATooLargeBodyGetsItsPage(t *testing.T) {
	w := world(t)
	body := "email=" + strings.Repeat("x", 2*smallBody)
	for name, hide := range map[string]bool{"with its length": false, "without its length": true} {
		for _, language := range lang.Languages {
			c := w.As(nil)
			c.SetCookie("language", language)
			req := httptest.NewRequest(http.MethodPost, "/test/form", strings.NewReader(body))
			if hide {
				req = httptest.NewRequest(http.MethodPost, "/test/form", bufio.NewReader(strings.NewReader(body)))
			}
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			answer := c.Do(req)
			if answer.Status != http.StatusRequestEntityTooLarge {
				t.Errorf("%s: status %d, want 413", name, answer.Status)
				continue
			}
			isErrorPage(t, answer, language, http.StatusRequestEntityTooLarge)
		}
	}
}

func TestABrokenBodyGetsItsPage(t *testing.T) {
	w := world(t)
	for name, of := range map[string][2]string{
		"a bad escape":   {"application/x-www-form-urlencoded", "email=%zz"},
		"no boundary":    {"multipart/form-data", "--x"},
		"half an upload": {"multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\nhal"},
	} {
		req := httptest.NewRequest(http.MethodPost, "/test/form", strings.NewReader(of[1]))
		req.Header.Set("Content-Type", of[0])
		answer := w.As(nil).Do(req)
		if answer.Status != http.StatusBadRequest {
			t.Errorf("%s: status %d, want 400", name, answer.Status)
			continue
		}
		isErrorPage(t, answer, "id", http.StatusBadRequest)
	}
}

func TestTheAPIAnswersErrorsAsJSON(t *testing.T) {
	w := world(t)
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodDelete} {
		answer := w.As(nil).API(method, "/api/no/such/thing", nil).Want(http.StatusNotFound)
		if kind := answer.Header.Get("Content-Type"); !strings.HasPrefix(kind, "application/json") {
			t.Errorf("%s is answered as %s", method, kind)
		}
	}
}

func TestAWrongMethodIsAPageThatIsNotThere(t *testing.T) {
	w := world(t)
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodPatch} {
		for _, path := range []string{"/no/such/page", "/sign-in/code/again"} {
			isErrorPage(t, w.As(nil).Do(httptest.NewRequest(method, path, nil)).Want(http.StatusNotFound), "id", http.StatusNotFound)
		}
	}
}
