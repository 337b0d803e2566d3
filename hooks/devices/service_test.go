package devices_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// service stands for all push services: a real TLS server on this machine, to which every name leads.
type service struct {
	testing.TB
	server *httptest.Server
	// answer, if set, decides what is answered to an endpoint; 201 otherwise.
	answer func(endpoint string) (status int, header map[string]string)

	mu      sync.Mutex
	asked   []*request
	at, top int // how many are answered at this moment, and the most there were
	down    bool
	dialled int
}

// request is one message as it arrived.
type request struct {
	endpoint string
	header   http.Header
	body     []byte
}

func newService(t testing.TB) *service {
	t.Helper()
	s := &service{TB: t}
	s.server = httptest.NewTLSServer(http.HandlerFunc(s.take))
	t.Cleanup(s.server.Close)
	return s
}

func (s *service) take(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil || r.Method != http.MethodPost {
		s.Errorf("%s %s: %v", r.Method, r.URL, err)
	}
	endpoint := "https://" + r.Host + r.URL.Path
	s.mu.Lock()
	s.asked = append(s.asked, &request{endpoint, r.Header, body})
	s.at++
	s.top = max(s.top, s.at)
	answer := s.answer
	s.mu.Unlock()
	status, header := http.StatusCreated, map[string]string{}
	if answer != nil {
		status, header = answer(endpoint)
	}
	for name, value := range header {
		w.Header().Set(name, value)
	}
	s.mu.Lock()
	s.at--
	s.mu.Unlock()
	w.WriteHeader(status)
}

// way leads every name to this service, whose certificate is the only one trusted.
func (s *service) way() http.RoundTripper {
	trusted := x509.NewCertPool()
	trusted.AddCert(s.server.Certificate())
	return &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: trusted, ServerName: "example.com"},
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			s.mu.Lock()
			s.dialled++
			down := s.down
			s.mu.Unlock()
			if down {
				return nil, fmt.Errorf("no way to there")
			}
			return (&net.Dialer{}).DialContext(ctx, network, s.server.Listener.Addr().String())
		},
	}
}

// taken returns what arrived since the last time.
func (s *service) taken() []*request {
	s.mu.Lock()
	defer s.mu.Unlock()
	asked := s.asked
	s.asked = nil
	return asked
}

// answers has every endpoint answered alike from now on.
func (s *service) answers(status int, header map[string]string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = func(string) (int, map[string]string) { return status, header }
}

// claims checks who signed a request, as a push service does, and returns what was signed.
func (r *request) claims(public string) (claims struct {
	Aud, Sub string
	Exp      int64
}, err error) {
	rest, vapid := strings.CutPrefix(r.header.Get("Authorization"), "vapid t=")
	token, key, both := strings.Cut(rest, ", k=")
	parts := strings.Split(token, ".")
	if !vapid || !both || len(parts) != 3 || key != public {
		return claims, fmt.Errorf("signed as %q", r.header.Get("Authorization"))
	}
	raw, signature := unbase(key), unbase(parts[2])
	if len(raw) != 65 || len(signature) != 64 || !strings.Contains(string(unbase(parts[0])), `"alg":"ES256"`) {
		return claims, fmt.Errorf("a key of %d bytes, a signature of %d under %s", len(raw), len(signature), unbase(parts[0]))
	}
	signer, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), raw)
	if err != nil {
		return claims, err
	}
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if !ecdsa.Verify(signer, sum[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])) {
		return claims, fmt.Errorf("the signature does not fit")
	}
	return claims, json.Unmarshal(unbase(parts[1]), &claims)
}

func unbase(text string) []byte {
	raw, _ := text64.DecodeString(text)
	return raw
}
