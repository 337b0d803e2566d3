package web

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
)

// Post sends a body to PocketBase's own API inside the process, so that its
// checks, rate limits and hooks hold for pages as they do for any other client.
// What it answers with 200 or 400 is decoded into answer, which must be a pointer.
func Post(e *core.RequestEvent, path string, body, answer any) (status int, err error) {
	mux, err := site(e).api()
	if err != nil {
		return 0, err
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return 0, err
	}
	ctx := context.WithoutCancel(e.Request.Context())
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, path, bytes.NewReader(raw))
	if err != nil {
		return 0, err
	}
	carry(e, req)
	w := &memory{header: http.Header{}}
	mux.ServeHTTP(w, req)
	if w.status == http.StatusOK || w.status == http.StatusBadRequest {
		err = json.Unmarshal(w.body.Bytes(), answer)
	}
	return w.status, err
}

// Refusal is how PocketBase's API says what it cannot take.
type Refusal struct {
	Data map[string]struct {
		Code string `json:"code"`
	} `json:"data"`
}

// Err returns the refusal as errors at the fields, for Form.AddErrors; nil if no
// field is to blame.
func (r Refusal) Err() error {
	fields := validation.Errors{}
	for name, said := range r.Data {
		fields[name] = validation.NewError(said.Code, said.Code)
	}
	return fields.Filter()
}

// carry hands on what the rate limit and the log look at.
func carry(e *core.RequestEvent, req *http.Request) {
	req.RemoteAddr = e.Request.RemoteAddr
	req.Host = e.Request.Host
	req.Header.Set("Content-Type", "application/json")
	for _, name := range append([]string{"User-Agent"}, e.App.Settings().TrustedProxy.Headers...) {
		if values := e.Request.Header.Values(name); len(values) > 0 {
			req.Header[http.CanonicalHeaderKey(name)] = values
		}
	}
}

// memory is a response that stays in the process.
type memory struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (m *memory) Header() http.Header { return m.header }

func (m *memory) WriteHeader(status int) {
	if m.status == 0 {
		m.status = status
	}
}

func (m *memory) Write(p []byte) (int, error) {
	m.WriteHeader(http.StatusOK)
	return m.body.Write(p)
}
