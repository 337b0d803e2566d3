package testkit

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/pocketbase/pocketbase/core"
)

// Client asks the hub as one person: with a session cookie on pages, with the
// header token over the API. It keeps cookies as a browser does.
type Client struct {
	t       testing.TB
	handler http.Handler
	token   string
	cookies map[string]string
	// Header is sent with every request.
	Header http.Header
}

// Response is what came back.
type Response struct {
	t      testing.TB
	Status int
	Header http.Header
	Body   string
}

// NewClient returns a client for a person, nil for a guest.
func NewClient(t testing.TB, handler http.Handler, person *core.Record) *Client {
	t.Helper()
	c := &Client{t: t, handler: handler, cookies: map[string]string{}, Header: http.Header{}}
	if person != nil {
		token, err := person.NewAuthToken()
		if err != nil {
			t.Fatal(err)
		}
		c.token = token
		c.cookies["simpul"] = token
	}
	return c
}

// Get asks for a page.
func (c *Client) Get(path string) *Response {
	c.t.Helper()
	return c.do(httptest.NewRequest(http.MethodGet, path, nil))
}

// Post sends a form; fields are name, value pairs.
func (c *Client) Post(path string, fields ...string) *Response {
	c.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	req := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return c.do(req)
}

// Change opens a form that changes a record and sends it to the same address,
// as somebody does while nobody else is at it.
func (c *Client) Change(path string, fields ...string) *Response {
	c.t.Helper()
	return c.Post(path, append(fields, "seen", c.Get(path).Seen())...)
}

// Seen is the state of the record on which a form was opened.
func (r *Response) Seen() string {
	r.t.Helper()
	return r.Doc().Find("input[name=seen]").AttrOr("value", "")
}

// Follow gets the page a response redirects to.
func (c *Client) Follow(r *Response) *Response {
	c.t.Helper()
	if r.Status != http.StatusSeeOther {
		c.t.Fatalf("status %d is no redirect: %s", r.Status, r.Body)
	}
	return c.Get(r.Header.Get("Location"))
}

// API asks PocketBase's own API with the header token and no cookie.
func (c *Client) API(method, path string, body any) *Response {
	c.t.Helper()
	var sent io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			c.t.Fatal(err)
		}
		sent = bytes.NewReader(raw)
	}
	req := httptest.NewRequest(method, path, sent)
	req.Header.Set("Content-Type", "application/json")
	if c.token != "" {
		req.Header.Set("Authorization", c.token)
	}
	return c.record(req)
}

// Cookie returns a cookie the client holds, "" if none.
func (c *Client) Cookie(name string) string { return c.cookies[name] }

// SetCookie gives the client a cookie.
func (c *Client) SetCookie(name, value string) { c.cookies[name] = value }

// Do sends any request with the client's cookies.
func (c *Client) Do(req *http.Request) *Response { return c.do(req) }

func (c *Client) do(req *http.Request) *Response {
	for name, value := range c.cookies {
		req.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	return c.record(req)
}

func (c *Client) record(req *http.Request) *Response {
	c.t.Helper()
	for name, values := range c.Header {
		req.Header[name] = values
	}
	w := httptest.NewRecorder()
	c.handler.ServeHTTP(w, req)
	for _, cookie := range w.Result().Cookies() {
		if cookie.MaxAge < 0 {
			delete(c.cookies, cookie.Name)
			continue
		}
		c.cookies[cookie.Name] = cookie.Value
	}
	return &Response{t: c.t, Status: w.Code, Header: w.Header(), Body: w.Body.String()}
}

// Doc parses the page.
func (r *Response) Doc() *goquery.Document {
	r.t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(r.Body))
	if err != nil {
		r.t.Fatal(err)
	}
	return doc
}

// Text returns the words under a selector, spaces collapsed.
func (r *Response) Text(selector string) string {
	r.t.Helper()
	return strings.Join(strings.Fields(r.Doc().Find(selector).Text()), " ")
}

// Want stops the test unless the status is as expected.
func (r *Response) Want(status int) *Response {
	r.t.Helper()
	if r.Status != status {
		r.t.Fatalf("status %d, want %d: %.600s", r.Status, status, r.Body)
	}
	return r
}

// JSON decodes an API answer into a map.
func (r *Response) JSON() map[string]any {
	r.t.Helper()
	out := map[string]any{}
	if err := json.Unmarshal([]byte(r.Body), &out); err != nil {
		r.t.Fatalf("%v: %.300s", err, r.Body)
	}
	return out
}
