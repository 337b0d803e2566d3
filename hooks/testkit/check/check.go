// Package check states what a test expects in one line each. It imports nothing
// of the project, so that every package can use it.
package check

import (
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// Equal reports a value that differs from the one wanted.
func Equal[T comparable](t testing.TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s = %#v, want %#v", what, got, want)
	}
}

// That reports a condition that does not hold, in the words of the format.
func That(t testing.TB, holds bool, format string, args ...any) {
	t.Helper()
	if !holds {
		t.Errorf(format, args...)
	}
}

var unexported = cmp.Exporter(func(reflect.Type) bool { return true })

// Same compares slices, maps and structures by their content; empty is nil.
func Same[T any](t testing.TB, what string, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), unexported); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// Contains reports each part that a text lacks.
func Contains(t testing.TB, what, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%s: no %q in %.1000q", what, part, text)
		}
	}
}

// Lacks reports each part that a text must not have and has.
func Lacks(t testing.TB, what, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if strings.Contains(text, part) {
			t.Errorf("%s: %q in %.1000q", what, part, text)
		}
	}
}

// NoError stops the test at an error.
func NoError(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Must returns a value that a test cannot go on without; an error is a panic.
func Must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
