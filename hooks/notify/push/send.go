package push

import (
	"context"
	"crypto/ecdh"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/SherClockHolmes/webpush-go"
	"github.com/pocketbase/pocketbase/core"
)

// result is what a push service answered, RFC 8030.
type result struct {
	status     int // of HTTP; 0 if the service could not be reached
	retryAfter time.Duration
}

func (r result) sent() bool { return r.status >= 200 && r.status < 300 }
func (r result) gone() bool { return r.status == http.StatusNotFound || r.status == http.StatusGone }
func (r result) retry() bool {
	return r.status == 0 || r.status == http.StatusTooManyRequests || r.status >= 500
}

// sender sends the messages of one run of the worker, or one test message.
type sender struct {
	HubName    string `db:"hub_name"`
	Held       bool   `db:"mail_held"`
	PrivateKey string `db:"push_key"` // VAPID, base64url
	publicKey  string
	app        core.App
	start      time.Time // what now returned when the clock showed realStart
	realStart  time.Time
	down       sync.Map // hosts that could not be reached during this run
}

const selectSettings = `SELECT push_key, mail_held, COALESCE(NULLIF(hub_name, ''), 'Simpul Lima') AS hub_name FROM hub_settings LIMIT 1`

// newSender loads what sending needs.
func newSender(app core.App, now time.Time) (*sender, error) {
	s := &sender{app: app, start: now, realStart: time.Now()}
	if err := app.DB().NewQuery(selectSettings).One(s); err != nil {
		return nil, err
	}
	raw, _ := base64.RawURLEncoding.DecodeString(s.PrivateKey)
	key, err := ecdh.P256().NewPrivateKey(raw)
	if err != nil {
		return nil, errors.New("the VAPID key is missing or damaged: run simpul renew push")
	}
	s.publicKey = base64.RawURLEncoding.EncodeToString(key.PublicKey().Bytes())
	return s, nil
}

func (s *sender) now() time.Time { return s.start.Add(time.Since(s.realStart)) }

// send makes one attempt. A host that could not be reached is not tried again in the same run: each try costs a timeout.
func (s *sender) send(ctx context.Context, m *message) result {
	host, _, _ := strings.Cut(strings.TrimPrefix(m.Endpoint, "https://"), "/")
	if _, down := s.down.Load(host); down {
		return result{}
	}
	response, err := s.post(ctx, m)
	if err != nil {
		s.app.Logger().Warn("push: request", "error", strings.ReplaceAll(err.Error(), m.Endpoint, host))
		s.down.Store(host, true)
		return result{}
	}
	defer response.Body.Close()
	// A connection is reused only after its response was read.
	_, _ = io.CopyN(io.Discard, response.Body, 4<<10)
	seconds, _ := strconv.Atoi(response.Header.Get("Retry-After"))
	return result{response.StatusCode, time.Duration(max(seconds, 0)) * time.Second}
}

func (s *sender) post(ctx context.Context, m *message) (*http.Response, error) {
	m.payload.Title = s.HubName
	body, err := json.Marshal(m.payload)
	if err != nil {
		return nil, err
	}
	contact := s.app.Settings().Meta.AppURL
	if !strings.HasPrefix(contact, "https://") {
		contact = s.app.Settings().Meta.SenderAddress // webpush-go adds mailto:
	}
	return webpush.SendNotificationWithContext(ctx, body,
		&webpush.Subscription{Endpoint: m.Endpoint, Keys: webpush.Keys{P256dh: m.P256dh, Auth: m.Auth}},
		&webpush.Options{HTTPClient: client, Subscriber: contact, Topic: m.payload.Tag, Urgency: webpush.UrgencyNormal,
			TTL:            int(min(m.expiresAt.Sub(s.now()), 24*time.Hour).Seconds()), // for a browser that is offline
			VAPIDPublicKey: s.publicKey, VAPIDPrivateKey: s.PrivateKey})
}

// client follows no redirect, uses no proxy and connects to public addresses only, whatever a name resolves to.
var client = &http.Client{
	Timeout:       10 * time.Second,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	Transport: &http.Transport{DialContext: (&net.Dialer{Timeout: 5 * time.Second, Control: requirePublic}).DialContext,
		ForceAttemptHTTP2: true, TLSHandshakeTimeout: 5 * time.Second, MaxIdleConnsPerHost: concurrency, IdleConnTimeout: time.Minute},
}

// sharedSpace is the address space of carrier-grade NAT, RFC 6598.
var sharedSpace = netip.MustParsePrefix("100.64.0.0/10")

// requirePublic refuses to connect to this machine and its network.
func requirePublic(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	ip := to.Addr().Unmap()
	if !ip.IsGlobalUnicast() || ip.IsPrivate() || sharedSpace.Contains(ip) {
		return fmt.Errorf("%s is no public address", ip)
	}
	return nil
}
