package devices

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// services are the push services of the browsers' makers. The address of a device comes from the browser, so that
// anything else would let whoever is signed in have the hub ask addresses of their choice. A name that begins with a dot
// stands for all hosts under it.
var services = []string{
	"fcm.googleapis.com",         // Chrome, Edge and Opera on phones, Samsung Internet
	".push.services.mozilla.com", // Firefox
	".notify.windows.com",        // Edge on Windows
	"web.push.apple.com",         // Safari
	".push.apple.com",            // Safari, by region
}

// dialPatience and sendPatience are how long a push service may take.
const (
	dialPatience = 5 * time.Second
	sendPatience = 10 * time.Second
)

// known reports whether an address is one of a known push service: https, no other port, no password.
func known(endpoint string) bool {
	u, err := url.Parse(endpoint)
	if err != nil || u.Scheme != "https" || u.User != nil || u.Host != u.Hostname() || u.Fragment != "" || u.Path == "" {
		return false
	}
	host := strings.ToLower(u.Host)
	for _, name := range services {
		if host == name || strings.HasPrefix(name, ".") && strings.HasSuffix(host, name) {
			return true
		}
	}
	return false
}

// newClient makes the client that asks push services. It follows no redirect, goes through no proxy and connects to
// public addresses only, whatever a name resolves to.
func newClient() *http.Client {
	dialer := &net.Dialer{Timeout: dialPatience, Control: public}
	return &http.Client{
		Timeout:       sendPatience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{DialContext: dialer.DialContext, ForceAttemptHTTP2: true,
			TLSHandshakeTimeout: dialPatience, MaxIdleConnsPerHost: atOnce, IdleConnTimeout: time.Minute},
	}
}

// shared is the space of addresses behind large routers, RFC 6598.
var shared = netip.MustParsePrefix("100.64.0.0/10")

// public refuses to connect to this machine and its neighbours.
func public(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	ip := to.Addr().Unmap()
	if !ip.IsGlobalUnicast() || ip.IsPrivate() || shared.Contains(ip) {
		return fmt.Errorf("%s is no public address", ip)
	}
	return nil
}
