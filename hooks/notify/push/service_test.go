package push_test

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
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

var base64url = base64.RawURLEncoding

// pushService stands for all push services: a TLS server on this machine to which every host name leads.
type pushService struct {
	testing.TB
	server *httptest.Server
	// answer, if set, decides the response to an endpoint; 201 otherwise.
	answer func(endpoint string) (status int, header map[string]string)

	mu           sync.Mutex
	requests     []*request
	open, peak   int // requests at this moment, and the most there were
	down         bool
	dialAttempts int
}

// request is one message as it arrived.
type request struct {
	endpoint string
	header   http.Header
	body     []byte
}

func newPushService(t testing.TB) *pushService {
	t.Helper()
	s := &pushService{TB: t}
	s.server = httptest.NewTLSServer(http.HandlerFunc(s.handle))
	t.Cleanup(s.server.Close)
	return s
}

func (s *pushService) handle(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil || r.Method != http.MethodPost {
		s.Errorf("%s %s: %v", r.Method, r.URL, err)
	}
	endpoint := "https://" + r.Host + r.URL.Path
	s.mu.Lock()
	s.requests = append(s.requests, &request{endpoint, r.Header, body})
	s.open++
	s.peak = max(s.peak, s.open)
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
	s.open--
	s.mu.Unlock()
	w.WriteHeader(status)
}

// transport leads every host name to this service, whose certificate is the only one trusted.
func (s *pushService) transport() http.RoundTripper {
	roots := x509.NewCertPool()
	roots.AddCert(s.server.Certificate())
	return &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: roots, ServerName: "example.com"},
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			s.mu.Lock()
			s.dialAttempts++
			down := s.down
			s.mu.Unlock()
			if down {
				return nil, fmt.Errorf("connection refused")
			}
			return (&net.Dialer{}).DialContext(ctx, network, s.server.Listener.Addr().String())
		},
	}
}

// received returns what arrived since the last call.
func (s *pushService) received() []*request {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.requests
	s.requests = nil
	return out
}

// respond sets the response to every endpoint.
func (s *pushService) respond(status int, header map[string]string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = func(string) (int, map[string]string) { return status, header }
}

// claims verifies the VAPID signature of a request (RFC 8292) and returns what was signed.
func (r *request) claims(public string) (claims struct {
	Aud, Sub string
	Exp      int64
}, err error) {
	rest, vapid := strings.CutPrefix(r.header.Get("Authorization"), "vapid t=")
	token, key, both := strings.Cut(rest, ", k=")
	parts := strings.Split(token, ".")
	if !vapid || !both || len(parts) != 3 || key != public {
		return claims, fmt.Errorf("Authorization is %q", r.header.Get("Authorization"))
	}
	raw, signature := decode(key), decode(parts[2])
	if len(raw) != 65 || len(signature) != 64 || !strings.Contains(string(decode(parts[0])), `"alg":"ES256"`) {
		return claims, fmt.Errorf("a key of %d bytes, a signature of %d under %s", len(raw), len(signature), decode(parts[0]))
	}
	signer, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), raw)
	if err != nil {
		return claims, err
	}
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if !ecdsa.Verify(signer, sum[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])) {
		return claims, fmt.Errorf("the signature does not fit")
	}
	return claims, json.Unmarshal(decode(parts[1]), &claims)
}

func decode(text string) []byte {
	raw, _ := base64url.DecodeString(text)
	return raw
}

// browser has subscribed: only it can decrypt what is sent to it.
type browser struct {
	testing.TB
	id       string // of its subscription
	endpoint string
	key      *ecdh.PrivateKey
	auth     []byte
}

func newBrowser(t testing.TB, endpoint string) *browser {
	t.Helper()
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	auth := make([]byte, 16)
	if _, err := rand.Read(auth); err != nil {
		t.Fatal(err)
	}
	return &browser{TB: t, endpoint: endpoint, key: key, auth: auth}
}

// form is what the page sends for it.
func (b *browser) form() []string {
	return []string{"endpoint", b.endpoint, "p256dh", base64url.EncodeToString(b.key.PublicKey().Bytes()), "auth", base64url.EncodeToString(b.auth)}
}

// payload is what the service worker reads.
type payload struct{ Title, Body, URL, Tag string }

// decrypt reads a message, RFC 8291.
func (b *browser) decrypt(body []byte) (p payload, err error) {
	if len(body) < 21+65 || body[20] != 65 || int(binary.BigEndian.Uint32(body[16:20])) < len(body)-86 {
		return p, fmt.Errorf("the header of %d bytes is wrong: % x", len(body), body[:min(len(body), 21)])
	}
	salt, sender, sealed := body[:16], body[21:86], body[86:]
	public, err := ecdh.P256().NewPublicKey(sender)
	if err != nil {
		return p, err
	}
	shared, err := b.key.ECDH(public)
	if err != nil {
		return p, err
	}
	info := "WebPush: info\x00" + string(b.key.PublicKey().Bytes()) + string(sender)
	ikm := b.derive(shared, b.auth, info, 32)
	block, err := aes.NewCipher(b.derive(ikm, salt, "Content-Encoding: aes128gcm\x00", 16))
	if err != nil {
		return p, err
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return p, err
	}
	plain, err := gcm.Open(nil, b.derive(ikm, salt, "Content-Encoding: nonce\x00", 12), sealed, nil)
	if err != nil {
		return p, err
	}
	text, last := bytes.CutSuffix(bytes.TrimRight(plain, "\x00"), []byte{2})
	if !last {
		return p, fmt.Errorf("the record is not marked as the last one: %q", plain)
	}
	strict := json.NewDecoder(bytes.NewReader(text))
	strict.DisallowUnknownFields()
	return p, strict.Decode(&p)
}

func (b *browser) derive(secret, salt []byte, info string, length int) []byte {
	b.Helper()
	out, err := hkdf.Key(sha256.New, secret, salt, info, length)
	if err != nil {
		b.Fatal(err)
	}
	return out
}

// bodies are what the browser shows of some requests, those it cannot decrypt left out.
func (b *browser) bodies(requests []*request) (out []string) {
	for _, r := range requests {
		if p, err := b.decrypt(r.body); err == nil {
			out = append(out, p.Body)
		}
	}
	return out
}
