package outbox

import (
	"bufio"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// What a peer may do instead of answering.
const (
	drop = "drop" // close the connection
	rst  = "rst"  // reset it
	hang = "hang" // never answer
	slow = "slow" // answer after the sender has lost patience
)

// script is what a peer answers to each command; "greet" is the greeting, "body" the first line of a message, "." its end.
type script map[string]string

// peer is a hand-made SMTP server for faults that a real one never shows.
type peer struct {
	port   int
	script script

	mu       sync.Mutex
	accepted []string // messages up to their dot, whatever was answered then
	heard    []string // commands
	conns    []net.Conn
}

func newPeer(t testing.TB, s script) *peer {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	p := &peer{port: listener.Addr().(*net.TCPAddr).Port, script: s}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			p.mu.Lock()
			p.conns = append(p.conns, conn)
			p.mu.Unlock()
			go p.serve(conn)
		}
	}()
	t.Cleanup(func() {
		_ = listener.Close()
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, conn := range p.conns {
			_ = conn.Close()
		}
	})
	return p
}

func (p *peer) serve(conn net.Conn) {
	defer conn.Close()
	in := bufio.NewReader(conn)
	if !p.answer(conn, "greet", "220 mail.example.org ESMTP") {
		return
	}
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		verb, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		p.mu.Lock()
		p.heard = append(p.heard, verb)
		p.mu.Unlock()
		if !p.answer(conn, verb, replies[verb]) {
			return
		}
		if verb == "DATA" && p.script["DATA"] == "" && !p.read(conn, in) {
			return
		}
		if verb == "QUIT" {
			return
		}
	}
}

// replies are what a willing server says.
var replies = map[string]string{"EHLO": "250-mail.example.org\r\n250-AUTH PLAIN LOGIN\r\n250 ENHANCEDSTATUSCODES", "HELO": "250 mail.example.org",
	"AUTH": "235 2.7.0 welcome", "MAIL": "250 2.1.0 ok", "RCPT": "250 2.1.5 ok", "DATA": "354 go on", "RSET": "250 ok", "NOOP": "250 ok", "QUIT": "221 bye"}

// read takes a message up to its dot.
func (p *peer) read(conn net.Conn, in *bufio.Reader) bool {
	var letter strings.Builder
	for {
		line, err := in.ReadString('\n')
		if err != nil || !p.answer(conn, "body", "") {
			return false
		}
		if line == ".\r\n" {
			break
		}
		letter.WriteString(line)
	}
	p.mu.Lock()
	p.accepted = append(p.accepted, letter.String())
	p.mu.Unlock()
	return p.answer(conn, ".", "250 2.0.0 queued as 1A2B3C")
}

// answer plays the script and reports whether the connection goes on.
func (p *peer) answer(conn net.Conn, verb, usual string) bool {
	p.mu.Lock()
	reply, scripted := p.script[verb]
	p.mu.Unlock()
	if !scripted {
		reply = usual
	}
	switch reply {
	case "":
		return true
	case drop:
		return false
	case rst:
		_ = conn.(*net.TCPConn).SetLinger(0)
		return false
	case hang:
		time.Sleep(15 * time.Second)
		return false
	case slow:
		time.Sleep(2 * time.Second)
		reply = usual
	}
	reply, then, _ := strings.Cut(reply, "|")
	_, err := conn.Write([]byte(reply + "\r\n"))
	return err == nil && then != drop
}

// change replaces the script for what follows.
func (p *peer) change(s script) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.script = s
}

func (p *peer) copies() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.accepted...)
}

func (p *peer) commands() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.Join(p.heard, " ")
}
