//go:build mta

package mta_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// unpacked is where the packages are kept from run to run.
var unpacked = filepath.Join(os.TempDir(), fmt.Sprintf("simpul-exim-%d", os.Getuid()))

// wanted are Exim and a library that shows it the user it was built for.
var wanted = []string{"exim4-daemon-light", "libnss-wrapper"}

var toInstall = regexp.MustCompile(`(?m)^Inst (\S+)`)

// unpack downloads Exim with every library that this machine lacks, and lays the
// files out below one folder. Nothing is installed.
func unpack(t *testing.T) {
	t.Helper()
	done := filepath.Join(unpacked, "done")
	if _, err := os.Stat(done); err == nil {
		return
	}
	if err := os.RemoveAll(unpacked); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(unpacked, 0o755); err != nil {
		t.Fatal(err)
	}
	names := append(missing(t), wanted...)
	run(t, "apt-get", append([]string{"download", "-qq"}, names...)...)
	found, err := filepath.Glob(filepath.Join(unpacked, "*.deb"))
	if err != nil || len(found) < len(wanted) {
		t.Fatalf("%d packages were downloaded, %v", len(found), err)
	}
	for _, deb := range found {
		run(t, "dpkg", "-x", deb, "root")
	}
	if out := run(t, "env", append(environment(), "ldd", binary())...); strings.Contains(out, "not found") {
		t.Fatalf("Exim lacks libraries:\n%s", out)
	}
	if err := os.WriteFile(done, nil, 0o644); err != nil {
		t.Fatal(err)
	}
}

// missing asks apt what it would install, without installing it.
func missing(t *testing.T) (names []string) {
	t.Helper()
	simulate := []string{"install", "--simulate", "-qq", "--no-install-recommends"}
	out, err := exec.Command("apt-get", append(simulate, wanted...)...).Output()
	if err != nil {
		// A fresh machine knows no packages yet.
		run(t, "apt-get", "update", "-qq")
		out = []byte(run(t, "apt-get", append(simulate, wanted...)...))
	}
	for _, found := range toInstall.FindAllStringSubmatch(string(out), -1) {
		names = append(names, found[1])
	}
	return names
}

func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = unpacked
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

func binary() string { return filepath.Join(unpacked, "root", "usr", "sbin", "exim4") }

// environment lets Exim find its libraries, and the user Debian-exim that only
// an installation makes.
func environment() []string {
	libraries, err := filepath.Glob(filepath.Join(unpacked, "root", "*", "lib", "*"))
	if err != nil {
		panic(err)
	}
	older, err := filepath.Glob(filepath.Join(unpacked, "root", "lib", "*"))
	if err != nil {
		panic(err)
	}
	wrapper, err := filepath.Glob(filepath.Join(unpacked, "root", "usr", "lib", "*", "libnss_wrapper.so"))
	if err != nil {
		panic(err)
	}
	return []string{
		"LD_LIBRARY_PATH=" + strings.Join(append(libraries, older...), ":"), "LD_PRELOAD=" + strings.Join(wrapper, ":"),
		"NSS_WRAPPER_PASSWD=" + filepath.Join(unpacked, "passwd"), "NSS_WRAPPER_GROUP=" + filepath.Join(unpacked, "group"),
	}
}
