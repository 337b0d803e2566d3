package outbox

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/notify/smtp"
)

// certificate makes a self-signed certificate for names or addresses and the pool that trusts it.
func certificate(t *testing.T, until time.Time, names ...string) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(t, err)
	like := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: until.Add(-time.Hour), NotAfter: until, IsCA: true, BasicConstraintsValid: true}
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			like.IPAddresses = append(like.IPAddresses, ip)
			continue
		}
		like.DNSNames = append(like.DNSNames, name)
	}
	der, err := x509.CreateCertificate(rand.Reader, like, like, &key.PublicKey, key)
	check(t, err)
	parsed, err := x509.ParseCertificate(der)
	check(t, err)
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, pool
}

// A3.
func TestProcessDue_TLSFaults_TripTheBreaker(t *testing.T) {
	valid := time.Now().Add(30 * time.Minute)
	for _, c := range []struct {
		name    string
		wrapped bool // TLS from the first byte, else STARTTLS
		trusted bool
		until   time.Time
		names   string
		channel string
	}{
		{"STARTTLS, trusted", false, true, valid, "127.0.0.1", ""},
		{"TLS, trusted", true, true, valid, "127.0.0.1", ""},
		{"STARTTLS, unknown issuer", false, false, valid, "127.0.0.1", smtp.FaultTLSUntrusted},
		{"TLS, unknown issuer", true, false, valid, "127.0.0.1", smtp.FaultTLSUntrusted},
		{"TLS, another name", true, true, valid, "mail.example.org", smtp.FaultTLSWrongName},
		{"STARTTLS, another name", false, true, valid, "mail.example.org", smtp.FaultTLSWrongName},
		{"TLS, expired", true, true, time.Now().Add(-time.Minute), "127.0.0.1", smtp.FaultTLSInvalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			config, pool := certificate(t, c.until, c.names)
			if c.trusted {
				w.sender.dial.RootCAs = pool
			} else {
				w.sender.dial.RootCAs = x509.NewCertPool()
			}
			o := newOffice(t, func(o *office) { o.TLSConfig, o.password, o.AllowInsecureAuth = config, "secret", false })
			if c.wrapped {
				o.wrapped(t, config)
			}
			w.connectTo("127.0.0.1", o.port, func(s *core.SMTPConfig) { s.TLS, s.Username, s.Password = c.wrapped, "hub", "secret" })
			w.queue(letter(1))
			w.flush(monday)
			if got := w.sender.Channel().Reason; got != c.channel {
				t.Errorf("channel %q, expected %q: %s", got, c.channel, w.sender.Channel().Detail)
			}
			if sent := len(o.got()) == 1; sent != (c.channel == "") {
				t.Errorf("sent: %v", sent)
			}
		})
	}
}

// A3.
func TestProcessDue_TLSToPlainServer_TripsTheBreaker(t *testing.T) {
	w := newWorld(t)
	o := newOffice(t)
	w.connectTo("127.0.0.1", o.port, func(s *core.SMTPConfig) { s.TLS = true })
	w.queue(letter(1))
	w.flush(monday)
	if got := w.sender.Channel().Reason; got != smtp.FaultTLSMissing {
		t.Errorf("channel %q: %s", got, w.sender.Channel().Detail)
	}
}

// 0.0.0.0 reaches this machine without being a loopback address, so it stands for a server across a network.
func TestProcessDue_PasswordWithoutTLS_IsNotSent(t *testing.T) {
	w := newWorld(t)
	p := newPeer(t, script{})
	w.connectTo("0.0.0.0", p.port, func(s *core.SMTPConfig) { s.Username, s.Password = "hub", "secret" })
	w.queue(letter(1))
	w.flush(monday)
	if got := w.sender.Channel().Reason; got != smtp.FaultTLSMissing {
		t.Errorf("channel %q: %s", got, w.sender.Channel().Detail)
	}
	if heard := p.commands(); strings.Contains(heard, "AUTH") || strings.Contains(heard, "MAIL") {
		t.Errorf("said without encryption: %s", heard)
	}
	w.connectTo("0.0.0.0", p.port, func(s *core.SMTPConfig) { s.Username = "hub" })
	w.flush(monday.Add(2 * time.Minute))
	if heard := p.commands(); strings.Contains(heard, "AUTH") {
		t.Errorf("signed in without encryption: %s", heard)
	}
}

func TestProcessDue_PasswordOnLoopback_SignsIn(t *testing.T) {
	w := newWorld(t)
	o := newOffice(t, func(o *office) { o.password = "secret" })
	w.connectTo("127.0.0.1", o.port, func(s *core.SMTPConfig) { s.Username, s.Password = "hub", "wrong" })
	w.queue(letter(1))
	w.flush(monday)
	if got := w.sender.Channel(); got.Reason != smtp.FaultWrongPassword || strings.Contains(got.Detail, "wrong") {
		t.Errorf("channel %+v", got)
	}
	w.connectTo("127.0.0.1", o.port, func(s *core.SMTPConfig) { s.Username, s.Password = "hub", "secret" })
	w.flush(monday.Add(2 * time.Minute))
	w.expect(letter(1), StateSent, "")
}

func TestProcessDue_Connection_CarriesFifty(t *testing.T) {
	w := newWorld(t)
	o := newOffice(t)
	w.connectTo("127.0.0.1", o.port)
	for i := range 110 {
		w.queue(letter(i))
	}
	w.flush(monday)
	perSession := map[int]int{}
	for _, a := range o.got() {
		perSession[a.session]++
	}
	if len(perSession) != 3 || perSession[1] != 50 || perSession[2] != 50 || perSession[3] != 10 {
		t.Errorf("letters per connection: %v", perSession)
	}
	w.queue(letter(1000))
	w.flush(monday.Add(time.Minute))
	if o.sessions != 3 {
		t.Errorf("a new connection although the last one was fresh")
	}
}

func TestProcessDue_Error_EndsTheConnection(t *testing.T) {
	w := newWorld(t)
	p := newPeer(t, script{"RCPT": "550 5.7.1 no"})
	w.connectTo("127.0.0.1", p.port)
	w.queue(letter(1), letter(2), letter(3))
	w.flush(monday)
	if heard := p.commands(); strings.Count(heard, "EHLO") != 3 || strings.Count(heard, "QUIT") != 3 {
		t.Errorf("commands: %s", heard)
	}
}

func TestProcessDue_NonASCIIAddress_NeedsSMTPUTF8(t *testing.T) {
	w := newWorld(t)
	o := newOffice(t, func(o *office) { o.EnableSMTPUTF8 = true })
	w.connectTo("127.0.0.1", o.port)
	plain, accented := letter(1), letter(2)
	plain.DueAt, accented.Email = monday.Add(-time.Minute), "émil@example.org"
	w.queue(plain, accented)
	w.flush(monday)
	if len(o.options) != 2 || o.options[0].UTF8 || !o.options[1].UTF8 {
		t.Errorf("options: %+v", o.options)
	}
}

func TestProcessDue_StopWithSilentServer_ReturnsSoon(t *testing.T) {
	w := newWorld(t)
	p := newPeer(t, script{".": hang})
	w.connectTo("127.0.0.1", p.port)
	w.sender.dial.SendTimeout = time.Minute
	w.queue(letter(1))
	ctx, stop := context.WithCancel(context.Background())
	time.AfterFunc(100*time.Millisecond, stop)
	begin := time.Now()
	_, err := w.sender.ProcessDue(ctx, monday)
	if took := time.Since(begin); err != nil || took > 4*time.Second {
		t.Errorf("stopped after %v: %v", took, err)
	}
	w.expect(letter(1), StateUncertain, "")
}
