// Package mta tests the hub's messages against a real Exim from Debian, which is
// unpacked and started by the test itself and never installed. `make test-mta`
// runs it.
package mta
