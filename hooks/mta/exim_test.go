//go:build mta

package mta_test

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// Whom the server lets in.
const (
	username = "hub"
	password = "rahasia-surat"
)

// configuration takes messages for anybody from whoever signs in over TLS, and
// keeps them.
const configuration = `primary_hostname = mail.example.org
exim_path = %[2]s
spool_directory = %[1]s
log_file_path = %[1]s/%%slog
pid_file_path = %[1]s/pid
keep_environment = LD_PRELOAD : LD_LIBRARY_PATH : NSS_WRAPPER_PASSWD : NSS_WRAPPER_GROUP
log_selector = +smtp_connection
local_interfaces = 127.0.0.1
queue_only = true
tls_advertise_hosts = *
tls_certificate = %[1]s/cert.pem
tls_privatekey = %[1]s/key.pem
auth_advertise_hosts = ${if def:tls_in_cipher {*}}
acl_smtp_rcpt = signed_in
acl_smtp_data = accept
host_lookup =
begin acl
signed_in:
  accept authenticated = *
  deny message = sign in first
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${if and{{eq{$auth2}{%[3]s}}{eq{$auth3}{%[4]s}}}}
  server_set_id = $auth2
login:
  driver = plaintext
  public_name = LOGIN
  server_prompts = <| Username: | Password:
  server_condition = ${if and{{eq{$auth1}{%[3]s}}{eq{$auth2}{%[4]s}}}}
  server_set_id = $auth1
begin routers
begin transports
`

// exim is a running mail server that keeps every message in its spool.
type exim struct {
	testing.TB
	dir  string
	port int
}

// newExim starts a server on this machine that shows a certificate of an
// authority. It ends with the test.
func newExim(t *testing.T, from *authority) *exim {
	t.Helper()
	unpack(t)
	dir, err := os.MkdirTemp("", "simpul-spool-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	s := &exim{TB: t, dir: dir, port: freePort(t)}
	s.settle(from)
	cmd := exec.Command(binary(), "-C", s.file("exim.conf"), "-bdf", "-oX", fmt.Sprintf("127.0.0.1.%d", s.port))
	cmd.Env = append(os.Environ(), environment()...)
	var words bytes.Buffer
	cmd.Stdout, cmd.Stderr = &words, &words
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if s.greets() {
			return s
		}
		if time.Now().After(end) {
			t.Fatalf("Exim does not answer: %s\n%s", words.String(), s.read("mainlog"))
		}
	}
}

// settle writes configuration, certificate and the user Exim becomes: nobody's
// number when it runs as root, which it gives up, else the current user.
func (s *exim) settle(from *authority) {
	s.Helper()
	uid, gid := os.Getuid(), os.Getgid()
	if uid == 0 {
		uid, gid = 64999, 64999
	}
	cert, key := from.certify(s)
	for path, text := range map[string]string{
		s.file("exim.conf"): fmt.Sprintf(configuration, s.dir, binary(), username, password),
		s.file("cert.pem"):  cert, s.file("key.pem"): key,
		filepath.Join(unpacked, "passwd"): fmt.Sprintf("root:x:0:0::/root:/bin/sh\nDebian-exim:x:%d:%d::/nonexistent:/bin/false\n", uid, gid),
		filepath.Join(unpacked, "group"):  fmt.Sprintf("root:x:0:\nDebian-exim:x:%d:\n", gid),
	} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			s.Fatal(err)
		}
	}
	if err := os.Chmod(s.dir, 0o755); err != nil {
		s.Fatal(err)
	}
	if err := os.Chown(s.dir, uid, gid); err != nil {
		s.Fatal(err)
	}
}

func (s *exim) file(name string) string { return filepath.Join(s.dir, name) }

func (s *exim) read(name string) string {
	raw, err := os.ReadFile(s.file(name))
	if err != nil {
		return err.Error()
	}
	return string(raw)
}

func (s *exim) greets() bool {
	conn, err := net.DialTimeout("tcp", fmt.Sprintf("127.0.0.1:%d", s.port), time.Second)
	if err != nil {
		return false
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(time.Second))
	greeting, err := bufio.NewReader(conn).ReadString('\n')
	return err == nil && strings.HasPrefix(greeting, "220 ")
}

func freePort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

// accepted finds in the log what Exim took: its own id and the Message-ID.
var accepted = regexp.MustCompile(`(?m) (\S+) <= hub@hub\.example\.org .* P=(\S+) .*\bid=(\S+)`)

// messages lists the messages accepted so far, in the order they came.
func (s *exim) messages() [][]string { return accepted.FindAllStringSubmatch(s.read("mainlog"), -1) }

// message is one accepted message as a recipient would get it.
func (s *exim) letter(id string) []byte {
	s.Helper()
	cmd := exec.Command(binary(), "-C", s.file("exim.conf"), "-Mvc", id)
	cmd.Env = append(os.Environ(), environment()...)
	out, err := cmd.Output()
	if err != nil {
		s.Fatalf("read letter %s: %v", id, err)
	}
	return bytes.ReplaceAll(out, []byte("\n"), []byte("\r\n"))
}
